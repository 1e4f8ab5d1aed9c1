internal import BeiDou
internal import Bytes

/// GPX 1.1: a `trk` a terminal, a `trkseg` for each run without a gap or a new beginning.
///
/// Jumps and repeated points are in no segment; with points, jumps stand in front as `wpt`. Speed and course have the
/// elements of Garmin's TrackPointExtension v2 (metres a second, degrees), marks one of ours. Points without a date have
/// no `time`.
struct TrackGPX {
    private let tracks: [Track]
    private let withPoints: Bool

    init(_ tracks: [Track], withPoints: Bool) {
        self.tracks = tracks
        self.withPoints = withPoints
    }

    func write(_ out: inout TrackOutput) throws(OutputFile.Failure) {
        out.text.append(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <gpx version="1.1" creator="starlane" xmlns="http://www.topografix.com/GPX/1/1" \
            xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" xmlns:starlane="urn:starlane:track">\n
            """)
        if withPoints { try jumps(&out) }
        for track in tracks {
            out.text.append("<trk>\n<name>")
            out.text.append(xml: track.terminal.name)
            out.text.append("</name>\n<type>")
            out.text.append(track.terminal.group.word)
            out.text.append("</type>\n")
            for line in track.lines {
                out.text.append("<trkseg>\n")
                for index in line {
                    point(track.points[index], "trkpt", nil, &out.text)
                    try out.pass()
                }
                out.text.append("</trkseg>\n")
            }
            out.text.append("</trk>\n")
        }
        out.text.append("</gpx>\n")
    }

    private func jumps(_ out: inout TrackOutput) throws(OutputFile.Failure) {
        for track in tracks {
            for point in track.points where point.marks.contains(.jump) {
                self.point(point, "wpt", track.terminal, &out.text)
                try out.pass()
            }
        }
    }

    /// The order of the elements is that of the schema's wptType: ele, time, name, type, extensions.
    private func point(_ point: TrackPoint, _ element: StaticString, _ name: Terminal?, _ out: inout TextBuffer) {
        let position = point.position
        out.append("<")
        out.append(element)
        out.append(" lat=\"")
        out.append(degrees: position.latitude)
        out.append("\" lon=\"")
        // The schema's longitudes end in front of 180.
        out.append(degrees: position.longitude > 179.999_999_95 ? -180 : position.longitude)
        out.append("\">")
        if position.height.isFinite {
            out.append("<ele>")
            out.append(position.height, upTo: 3)
            out.append("</ele>")
        }
        if point.clock.isDated {
            out.append("<time>")
            out.append(timeOf: point)
            out.append("</time>")
        }
        if let name {
            out.append("<name>")
            out.append(xml: name.name)
            out.append("</name><type>jump</type>")
        }
        extensions(point, &out)
        out.append("</")
        out.append(element)
        out.append(">\n")
    }

    private func extensions(_ point: TrackPoint, _ out: inout TextBuffer) {
        let (speed, course) = (point.position.speed, point.position.course)
        guard speed.isFinite || course.isFinite || point.isMarked else { return }
        out.append("<extensions>")
        if speed.isFinite || course.isFinite {
            out.append("<gpxtpx:TrackPointExtension>")
            if speed.isFinite {
                out.append("<gpxtpx:speed>")
                out.append(speed / 3.6, upTo: 3)
                out.append("</gpxtpx:speed>")
            }
            if course.isFinite {
                out.append("<gpxtpx:course>")
                out.append(course.truncatingRemainder(dividingBy: 360), upTo: 3)
                out.append("</gpxtpx:course>")
            }
            out.append("</gpxtpx:TrackPointExtension>")
        }
        if point.isMarked {
            out.append("<starlane:marks>")
            out.append(marksOf: point)
            out.append("</starlane:marks>")
        }
        out.append("</extensions>")
    }
}

extension TextBuffer {
    /// Adds text for XML 1.0. What it cannot have stands as a question mark.
    mutating func append(xml text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": append("&lt;")
            case ">": append("&gt;")
            case "&": append("&amp;")
            case "\"": append("&quot;")
            case "\t", "\n", "\r": append(" ")
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": append("?")
            default: append(String(scalar))
            }
        }
    }
}
