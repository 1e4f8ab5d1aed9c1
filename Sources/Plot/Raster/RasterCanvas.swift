/// A picture of pixels.
struct RasterCanvas: Canvas {
    let width: Int
    let height: Int
    /// Red, green, blue, row by row.
    private(set) var pixels: [UInt8]
    private let scale: Double
    private let theme: Theme
    private var mask: Mask

    /// A picture of a figure's size, with so many pixels for each of its own.
    init(width: Double, height: Double, scale: Int, theme: Theme) {
        self.scale = Double(scale)
        self.theme = theme
        self.width = Int(width.rounded()) * scale
        self.height = Int(height.rounded()) * scale
        pixels = [UInt8](repeating: 255, count: self.width * self.height * 3)
        mask = Mask(width: self.width, height: self.height)
    }

    mutating func fill(_ area: Area, _ paint: Paint, _ tag: Tag) {
        let (left, right) = (max(0, area.left * scale), min(Double(width), area.right * scale))
        let (top, bottom) = (max(0, area.top * scale), min(Double(height), area.bottom * scale))
        guard left < right, top < bottom else { return }
        let colour = theme.colour(paint)
        for y in Int(top)..<Int(bottom.rounded(.up)) {
            let high = min(bottom, Double(y + 1)) - max(top, Double(y))
            for x in Int(left)..<Int(right.rounded(.up)) {
                let wide = min(right, Double(x + 1)) - max(left, Double(x))
                blend(x, y, colour, colour.opacity * high * wide)
            }
        }
    }

    mutating func stroke(_ lines: [[Spot]], _ pen: Pen, _ tag: Tag) {
        var width = pen.width * scale
        let isSharp = pen.role == .grid || pen.role == .axis || pen.role == .threshold
        if isSharp { width = max(1, width.rounded()) }
        for line in lines {
            var last: Spot?
            for spot in line {
                var spot = Spot(spot.x * scale, spot.y * scale)
                // Straight lines along the axes fill whole pixels.
                if isSharp {
                    let shift = Int(width) % 2 == 0 ? 0 : 0.5
                    spot = Spot(spot.x.rounded(.down) + shift, spot.y.rounded(.down) + shift)
                }
                if let before = last {
                    add(before, spot, width / 2, pen)
                } else if line.count == 1 {
                    add(spot, spot, width / 2, pen)
                }
                last = spot
            }
        }
        paint(theme.colour(pen.paint))
    }

    private mutating func add(_ from: Spot, _ to: Spot, _ halfWidth: Double, _ pen: Pen) {
        guard pen.dash > 0 else { return mask.add(from: from, to: to, halfWidth: halfWidth, isRound: pen.isRound) }
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let dash = pen.dash * scale
        var start = 0.0
        while start < length {
            let end = min(length, start + dash)
            mask.add(
                from: Spot(from.x + dx * start / length, from.y + dy * start / length),
                to: Spot(from.x + dx * end / length, from.y + dy * end / length), halfWidth: halfWidth,
                isRound: pen.isRound)
            start += dash * 2
        }
    }

    mutating func text(_ words: String, _ spot: Spot, _ font: Font, _ anchor: Anchor, _ paint: Paint, _ tag: Tag) {
        let unit = font.size * scale / StrokeFont.em
        let length = StrokeFont.width(words) * font.size * scale
        var x = spot.x * scale
        switch anchor {
        case .start: break
        case .middle: x -= length / 2
        case .end: x -= length
        }
        // Base lines on whole pixels make all letters of a line alike.
        let base = (spot.y * scale).rounded()
        let half = max(0.5, (font.isBold ? 2.4 : 1.6) * unit / 2)
        for scalar in words.unicodeScalars {
            let glyph = StrokeFont.glyph(scalar)
            for stroke in glyph.strokes {
                let spots = stroke.map { Spot(x + $0.x * unit, base - $0.y * unit) }
                for (from, to) in zip(spots, spots.dropFirst()) {
                    mask.add(from: from, to: to, halfWidth: half, isRound: true)
                }
            }
            x += glyph.advance * unit
        }
        self.paint(theme.colour(paint))
    }

    // MARK: Colour

    private mutating func paint(_ colour: Colour) {
        for y in mask.rows {
            for x in mask.columns {
                let cover = mask[x, y]
                if cover > 0 { blend(x, y, colour, colour.opacity * Double(cover) / 255) }
            }
        }
        mask.removeAll()
    }

    @inline(__always)
    private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ part: Double) {
        let place = (y &* width &+ x) &* 3
        let weight = Int(part * 256 + 0.5)
        pixels[place] = Self.mix(pixels[place], colour.red, weight)
        pixels[place + 1] = Self.mix(pixels[place + 1], colour.green, weight)
        pixels[place + 2] = Self.mix(pixels[place + 2], colour.blue, weight)
    }

    @inline(__always)
    private static func mix(_ below: UInt8, _ above: UInt8, _ weight: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (Int(below) * (256 - weight) + Int(above) * weight + 128) >> 8)
    }
}
