/// How much of each pixel a shape covers: shapes that overlap are one shape, so joints and crossings are no darker.
package struct Mask {
    let width: Int
    let height: Int
    private var cover: [UInt8]
    /// What of it is not empty.
    private(set) var columns: Range<Int>
    private(set) var rows: Range<Int>

    /// An empty mask.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        cover = [UInt8](repeating: 0, count: width * height)
        (columns, rows) = (0..<0, 0..<0)
    }

    /// The coverage of a pixel, 0 to 255.
    @inline(__always)
    package subscript(x: Int, y: Int) -> UInt8 { cover[y &* width &+ x] }

    /// Empties it.
    package mutating func removeAll() {
        for y in rows { for x in columns { cover[y &* width &+ x] = 0 } }
        (columns, rows) = (0..<0, 0..<0)
    }

    /// Adds a straight line with half circles, or nothing, at its ends.
    package mutating func add(from a: Spot, to b: Spot, halfWidth: Double, isRound: Bool) {
        let reach = halfWidth + 1
        guard a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else { return }
        let top = Self.clamped(min(a.y, b.y) - reach, height)
        let bottom = Self.clamped(max(a.y, b.y) + reach + 1, height)
        let left = Self.clamped(min(a.x, b.x) - reach, width)
        let right = Self.clamped(max(a.x, b.x) + reach + 1, width)
        guard top < bottom, left < right else { return }
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let (ux, uy) = length > 0 ? (dx / length, dy / length) : (1, 0)
        grow(left..<right, top..<bottom)
        for y in top..<bottom {
            let py = Double(y) + 0.5 - a.y
            // The part of the row that the line comes near: it is wider, the flatter the line is.
            var (from, to) = (left, right)
            if uy.magnitude > 1e-6 {
                let middle = a.x + py * ux / uy
                let half = reach / uy.magnitude + reach
                from = max(left, Self.clamped(middle - half, width))
                to = min(right, Self.clamped(middle + half + 1, width))
            }
            guard from < to else { continue }
            for x in from..<to {
                let px = Double(x) + 0.5 - a.x
                let along = px * ux + py * uy
                let across = (px * uy - py * ux).magnitude
                let beyond = max(-along, along - length, 0)
                let part: Double
                if isRound {
                    let distance = beyond > 0 ? (beyond * beyond + across * across).squareRoot() : across
                    part = Self.overlap(distance, halfWidth)
                } else {
                    // Pixels at the ends are covered as far as the line reaches into them.
                    let end = min(along, length - along) + 0.5
                    part = Self.overlap(across, halfWidth) * max(0, min(1, end))
                }
                guard part > 0 else { continue }
                let value = UInt8(min(255, part * 255 + 0.5))
                let place = y &* width &+ x
                if cover[place] < value { cover[place] = value }
            }
        }
    }

    /// How much of a pixel at a distance from its middle a line covers.
    @inline(__always)
    private static func overlap(_ distance: Double, _ halfWidth: Double) -> Double {
        let (low, high) = (max(distance - 0.5, -halfWidth), min(distance + 0.5, halfWidth))
        return max(0, high - low)
    }

    private static func clamped(_ value: Double, _ limit: Int) -> Int {
        Int(max(0, min(Double(limit), value.rounded(.down))))
    }

    private mutating func grow(_ columns: Range<Int>, _ rows: Range<Int>) {
        guard !self.rows.isEmpty else {
            (self.columns, self.rows) = (columns, rows)
            return
        }
        self.columns = Self.both(columns, self.columns)
        self.rows = Self.both(rows, self.rows)
    }

    private static func both(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
}
