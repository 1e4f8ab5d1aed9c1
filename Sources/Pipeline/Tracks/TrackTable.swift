internal import BeiDou
internal import Bytes
internal import Records

/// Tracks for people: a line a track, and with points a line a point below it.
struct TrackTable {
    private let tracks: [Track]
    private let withPoints: Bool
    private let style: TextStyle
    private let room: Int

    /// The widths of the columns behind the terminal.
    private enum Width {
        static let points = 11
        static let time = 21
        static let duration = 14
        static let distance = 13
    }

    init(_ tracks: [Track], withPoints: Bool, _ style: TextStyle) {
        self.tracks = tracks
        self.withPoints = withPoints
        self.style = style
        let longest = tracks.map { Self.name($0.terminal, .max).columns }.max() ?? 0
        room = min(48, max(12, longest))
    }

    func write(_ out: inout TrackOutput) throws(OutputFile.Failure) {
        guard !tracks.isEmpty else { return }
        let head =
            Self.left("TRACKS", room + 2) + Self.right("points", Width.points) + "  " + Self.left("first", Width.time)
            + Self.left("last", Width.time) + Self.right("duration", Width.duration)
            + Self.right("distance", Width.distance) + "  marks"
        out.text.append(style.bold)
        out.text.append(head)
        out.text.append(style.end)
        out.text.append("\n")
        for track in tracks {
            line(track, &out.text)
            guard withPoints else {
                try out.pass()
                continue
            }
            for point in track.points {
                line(point, &out.text)
                try out.pass()
            }
        }
    }

    private func line(_ track: Track, _ out: inout TextBuffer) {
        out.append("  ")
        out.append(style.name)
        let name = Self.name(track.terminal, room)
        out.append(name + String(repeating: " ", count: max(0, room - name.columns)))
        out.append(style.end)
        out.append(Self.right(Self.grouped(track.points.count), Width.points) + "  ")
        out.append(Self.left(Self.time(track.first), Width.time) + Self.left(Self.time(track.last), Width.time))
        out.append(Self.right(track.duration.map(Self.span) ?? "–", Width.duration))
        out.append(Self.right(Self.length(track.distance), Width.distance))
        let marks = marks(track)
        if !marks.isEmpty {
            out.append("  ")
            out.append(track.emergencies > 0 ? style.alarm : style.warning)
            out.append(marks)
            out.append(style.end)
        }
        out.append("\n")
    }

    private func marks(_ track: Track) -> String {
        var words: [String] = []
        func add(_ count: Int, _ one: String, _ many: String) {
            if count > 0 { words.append("\(Self.grouped(count)) \(count == 1 ? one : many)") }
        }
        add(track.emergencies, "emergency", "emergencies")
        add(track.count(of: .gapBefore), "gap", "gaps")
        add(track.count(of: .jump), "jump", "jumps")
        add(track.count(of: .repeated), "repeated", "repeated")
        add(track.count(of: .late), "late", "late")
        add(track.count(of: .relocated), "relocated", "relocated")
        add(track.dropped, "not kept", "not kept")
        return words.joined(separator: ", ")
    }

    private func line(_ point: TrackPoint, _ out: inout TextBuffer) {
        let position = point.position
        out.append("    ")
        cell(28, .left, &out) { out in
            let start = out.count
            out.append(timeOf: point)
            if out.count == start { out.append("-") }
        }
        cell(12, .right, &out) { $0.append(degrees: position.latitude) }
        cell(14, .right, &out) { $0.append(degrees: position.longitude) }
        value(position.height, "m", 12, &out)
        value(position.speed, "km/h", 13, &out)
        value(position.course, "deg", 11, &out)
        if point.isMarked {
            out.append("  ")
            out.append(position.flags.contains(.emergency) ? style.alarm : style.warning)
            out.append(marksOf: point)
            out.append(style.end)
        } else {
            // Blanks in place of a value that is not told are no text.
            while out.octet(at: out.count - 1) == UInt8(ascii: " ") { out.truncate(to: out.count - 1) }
        }
        out.append("\n")
    }

    private func value(_ value: Double, _ unit: StaticString, _ width: Int, _ out: inout TextBuffer) {
        cell(width, .right, &out) { out in
            guard value.isFinite else { return }
            out.append(value, decimals: 1)
            out.append(" ")
            out.append(unit)
        }
    }

    private enum Side { case left, right }

    /// Adds ASCII text in a column of its own.
    private func cell(_ width: Int, _ side: Side, _ out: inout TextBuffer, _ fill: (inout TextBuffer) -> Void) {
        let start = out.count
        fill(&out)
        let blanks = max(0, width - (out.count - start))
        if side == .left {
            for _ in 0..<blanks { out.append(UInt8(ascii: " ")) }
        } else if blanks > 0 {
            let text = out.bytes.slice(at: start, count: out.count - start).copied()
            out.truncate(to: start)
            for _ in 0..<blanks { out.append(UInt8(ascii: " ")) }
            for octet in text { out.append(octet) }
        }
    }

    // MARK: Words

    /// Group and name in so many columns; what would move a terminal's cursor stands as a question mark. Of a path the end
    /// says most.
    private static func name(_ terminal: Terminal, _ width: Int) -> String {
        let printable = String(
            terminal.name.unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control ? "?" : Character(scalar)
            })
        let (group, whole) = (terminal.group.word + " ", printable.columns)
        guard group.columns + whole > width else { return group + printable }
        let left = width - group.columns - 1
        guard printable.contains("/") else { return group + printable.prefix(columns: left) + "…" }
        return group + "…" + String(String(printable.reversed()).prefix(columns: left).reversed())
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.columns))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.columns)) + text
    }

    private static func grouped(_ number: Int) -> String {
        let digits = String(number)
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return out
    }

    /// A time to the second: `2026-03-01 04:00:00`.
    private static func time(_ time: CaptureTime) -> String {
        guard time.isKnown else { return "–" }
        var out = TextBuffer(capacity: 32)
        out.append(time, digits: 0)
        return String(decoding: out.bytes.copied(), as: UTF8.self).replacing("T", with: " ").replacing("Z", with: "")
    }

    private static func span(_ nanoseconds: Int64) -> String {
        let seconds = Int(nanoseconds / 1_000_000_000)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<172_800: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(grouped(seconds / 86_400)) days \(seconds / 3600 % 24) h"
        }
    }

    private static func length(_ meters: Double) -> String {
        var out = TextBuffer(capacity: 32)
        switch meters {
        case ..<1_000:
            out.append(meters, decimals: 1)
            out.append(" m")
        case ..<100_000:
            out.append(meters / 1_000, decimals: 2)
            out.append(" km")
        default: return grouped(Int((meters / 1_000).rounded())) + " km"
        }
        return String(decoding: out.bytes.copied(), as: UTF8.self)
    }
}
