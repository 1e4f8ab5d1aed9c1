package import BeiDou
internal import Bytes
internal import Records

/// Writes tracks in one of the formats, piece by piece.
package struct TrackWriter {
    private let file: OutputFile
    private let format: Tracking.Format
    private let withPoints: Bool
    private let style: TextStyle

    /// A writer into a file.
    ///
    /// - Parameter withPoints: what that means, each format says.
    package init(_ file: OutputFile, _ format: Tracking.Format, withPoints: Bool, _ style: TextStyle = .plain) {
        self.file = file
        self.format = format
        self.withPoints = withPoints
        self.style = style
    }

    /// Writes all tracks and what stands around them.
    package func write(_ tracks: [Track]) throws(OutputFile.Failure) {
        var out = TrackOutput(file)
        switch format {
        case .table: try TrackTable(tracks, withPoints: withPoints, style).write(&out)
        case .geojson: try TrackGeoJSON(tracks, withPoints: withPoints).write(&out)
        case .gpx: try TrackGPX(tracks, withPoints: withPoints).write(&out)
        case .csv: try TrackCSV(tracks).write(&out)
        }
        try out.flush()
    }
}

/// Text on its way into a file, which goes out when there is enough of it.
struct TrackOutput: ~Copyable {
    private let file: OutputFile
    var text = TextBuffer(capacity: 1 << 18)

    init(_ file: OutputFile) { self.file = file }

    /// Writes what there is when it is much: called between points.
    mutating func pass() throws(OutputFile.Failure) {
        if text.count > 1 << 17 { try flush() }
    }

    mutating func flush() throws(OutputFile.Failure) { try file.write(&text) }
}

extension TextBuffer {
    /// Adds an angle in degrees with 7 decimals, a centimetre on the ground.
    mutating func append(degrees: Double) { append(degrees, decimals: 7) }

    /// Adds a finite number with so many decimals (1 to 9), rounded half away from zero.
    mutating func append(_ number: Double, decimals: Int) {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (number * scale).rounded()
        guard scaled.magnitude < 9e18 else { return append(number) }
        if scaled < 0 { append(UInt8(ascii: "-")) }
        append(UInt64(scaled.magnitude), decimals: decimals)
    }

    /// Adds a finite number with at most so many decimals: no zeros behind its last digit.
    mutating func append(_ number: Double, upTo decimals: Int) {
        // Numbers with an exponent have no zeros to spare.
        guard number.magnitude < 1e9 else { return append(number) }
        append(number, decimals: decimals)
        var end = count
        while octet(at: end - 1) == UInt8(ascii: "0") { end -= 1 }
        if octet(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
        truncate(to: end)
    }

    /// Adds the time of a point as ISO 8601 with the decimals that it has (none, 3, 6 or 9); of one without a date the time
    /// of day; of one without time nothing.
    mutating func append(timeOf point: TrackPoint) {
        if point.clock.isDated {
            append(point.time, digits: Self.digits(point.time.nanoseconds))
        } else if point.position.timeOfDay >= 0 {
            append(timeOfDay: point.position.timeOfDay)
        }
    }

    /// Adds a time of day in nanoseconds as `08:49:36.500`.
    mutating func append(timeOfDay: Int64) {
        let start = count
        let digits = Self.digits(timeOfDay)
        append(CaptureTime(nanoseconds: timeOfDay), digits: digits)
        // Without `1970-01-01T` and `Z`.
        let text = bytes.slice(at: start + 11, count: count - start - 12).copied()
        truncate(to: start)
        for octet in text { append(octet) }
    }

    private static func digits(_ nanoseconds: Int64) -> Int {
        if nanoseconds % 1_000_000_000 == 0 { return 0 }
        return nanoseconds % 1_000_000 == 0 ? 3 : nanoseconds % 1_000 == 0 ? 6 : 9
    }

    /// Adds the names of a point's marks with blanks between them, `emergency` behind them.
    mutating func append(marksOf point: TrackPoint) {
        let start = count
        for (mark, name) in TrackPoint.Marks.names where point.marks.contains(mark) {
            if count > start { append(" ") }
            append(name)
        }
        guard point.position.flags.contains(.emergency) else { return }
        if count > start { append(" ") }
        append("emergency")
    }
}

extension TrackPoint {
    /// Whether there is anything to be said of it.
    var isMarked: Bool { !marks.isEmpty || position.flags.contains(.emergency) }
}
