internal import Bytes
internal import Glibc

/// The sky over a place in characters, as a map with north above and east on the right: the horizon is the outer circle, what
/// stands overhead the middle. Shown is the way of one satellite.
public struct SkyPlot {
    /// A place in the sky, in degrees.
    public struct Point: Sendable, Equatable {
        /// From north over east.
        public let azimuth: Double
        /// Above the horizon.
        public let elevation: Double

        /// A place by its angles.
        public init(azimuth: Double, elevation: Double) { (self.azimuth, self.elevation) = (azimuth, elevation) }
    }

    private let path: [Point]
    private let marks: [(point: Point, sign: Character, words: String)]

    /// Lines of text that it takes.
    private static let rows = 21
    /// Dots of braille from the middle to the horizon.
    private static let radius = 36.0

    /// - Parameters:
    ///   - path: the satellite's places, one behind the other.
    ///   - marks: places with a sign each, and what is said of it.
    public init(path: [Point], marks: [(point: Point, sign: Character, words: String)]) {
        (self.path, self.marks) = (path, marks)
    }

    private func spot(_ point: Point) -> Spot {
        let distance = Self.radius * (90 - max(0, min(90, point.elevation))) / 90
        let angle = point.azimuth * .pi / 180
        return Spot(Self.middle.x + distance * sin(angle), Self.middle.y - distance * cos(angle))
    }

    private static let middle = Spot(Double(rows) * 2 + 6, Double(rows) * 2)

    /// The picture as lines, words beside it; on a terminal with colours.
    public func text(hasColours: Bool) -> String {
        let columns = Self.rows * 2 + 6
        let longest = marks.map(\.words.columns).max() ?? 0
        var canvas = TerminalCanvas(columns: columns + longest + 4, rows: Self.rows, hasColours: hasColours)
        for elevation in [0.0, 30, 60] {
            // Inner circles are dotted.
            let step = elevation == 0 ? 1.0 : 540 / (90 - elevation)
            for azimuth in stride(from: 0.0, to: 360, by: step) {
                let spot = spot(Point(azimuth: azimuth, elevation: elevation))
                canvas.stroke([[spot, spot]], Pen(role: .line, width: 1, paint: .axis), .none)
            }
        }
        canvas.stroke([path.map { spot($0) }], Pen(role: .line, width: 1, paint: .series(0)), .none)
        for (name, azimuth) in [("N", 0.0), ("E", 90), ("S", 180), ("W", 270)] {
            let angle = azimuth * .pi / 180
            let spot = Spot(
                Self.middle.x + (Self.radius + 5) * sin(angle), Self.middle.y - (Self.radius + 4) * cos(angle))
            canvas.text(name, spot, .title, .middle, .title, .none)
        }
        let top = Double(Self.rows) / 2 - Double(marks.count) / 2
        for (number, mark) in marks.enumerated() {
            canvas.text(String(mark.sign), spot(mark.point), .title, .start, .title, .none)
            let line = (top + Double(number)).rounded() * 4
            canvas.text("\(mark.sign) \(mark.words)", Spot(Double(columns) * 2, line), .note, .start, .text, .none)
        }
        var out = TextBuffer()
        canvas.write(into: &out)
        let bytes = out.bytes
        return String(decoding: bytes.copied(), as: UTF8.self)
    }
}
