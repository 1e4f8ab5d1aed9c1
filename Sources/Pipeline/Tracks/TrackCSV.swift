internal import BeiDou
internal import Bytes
internal import Records

/// A table of comma-separated values (RFC 4180), a line for each point of each track.
///
/// `time` is in UTC, and what it is from stands in `clock`: `stated`, `capture`, `time_of_day` (no date), `none`. Marks are
/// separated by blanks.
struct TrackCSV {
    private let tracks: [Track]

    init(_ tracks: [Track]) { self.tracks = tracks }

    func write(_ out: inout TrackOutput) throws(OutputFile.Failure) {
        out.text.append("group,terminal,time,clock,latitude,longitude,height,speed,course,marks,captured,packet,offset")
        out.text.append("\r\n")
        for track in tracks {
            for point in track.points {
                write(point, track.terminal, &out.text)
                try out.pass()
            }
        }
    }

    private func write(_ point: TrackPoint, _ terminal: Terminal, _ out: inout TextBuffer) {
        let position = point.position
        out.append(terminal.group.word)
        out.append(",")
        let start = out.count
        out.append(terminal.name)
        out.quoteCSV(from: start)
        out.append(",")
        out.append(timeOf: point)
        out.append(",")
        out.append(point.clock.word)
        out.append(",")
        out.append(degrees: position.latitude)
        out.append(",")
        out.append(degrees: position.longitude)
        for (value, decimals) in [(position.height, 3), (position.speed, 3), (position.course, 3)] {
            out.append(",")
            if value.isFinite { out.append(value, upTo: decimals) }
        }
        out.append(",")
        out.append(marksOf: point)
        out.append(",")
        out.append(position.captured, digits: 9)
        out.append(",")
        if position.packet > 0 { out.append(position.packet) }
        out.append(",")
        out.append(position.offset)
        out.append("\r\n")
    }
}

extension TrackPoint.Clock {
    /// What sinks call it.
    var word: StaticString {
        switch self {
        case .none: "none"
        case .timeOfDay: "time_of_day"
        case .capture: "capture"
        case .stated: "stated"
        }
    }
}
