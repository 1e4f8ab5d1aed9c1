internal import BeiDou
internal import Bytes
internal import Records

/// GeoJSON (RFC 7946): a collection with a feature for each track, a line each.
///
/// A track is a LineString, or a MultiLineString where gaps, new beginnings or the antimeridian divide it (RFC 7946, 3.1.9).
/// A line has two ends at the least, so the only point of one stands in it twice. Jumps and repeated points are in no line;
/// with points, each marked one is a feature of its own behind its track. Heights are properties and not coordinates,
/// because those would be above the ellipsoid and ours are above the sea.
struct TrackGeoJSON {
    private let tracks: [Track]
    private let withPoints: Bool

    init(_ tracks: [Track], withPoints: Bool) {
        self.tracks = tracks
        self.withPoints = withPoints
    }

    func write(_ out: inout TrackOutput) throws(OutputFile.Failure) {
        out.text.append("{\"type\":\"FeatureCollection\",\"features\":[")
        var isFirst = true
        for track in tracks {
            begin(&isFirst, &out.text)
            try feature(track, &out)
            guard withPoints else { continue }
            for point in track.points where point.isMarked {
                begin(&isFirst, &out.text)
                feature(point, track.terminal, &out.text)
                try out.pass()
            }
        }
        out.text.append("\n]}\n")
    }

    private func begin(_ isFirst: inout Bool, _ out: inout TextBuffer) {
        out.append(isFirst ? "\n" : ",\n")
        isFirst = false
    }

    private func feature(_ track: Track, _ out: inout TrackOutput) throws(OutputFile.Failure) {
        let parts = track.lines.flatMap { Self.parts(of: $0.map { track.points[$0].position }) }
        out.text.append("{\"type\":\"Feature\",\"geometry\":{\"type\":\"")
        out.text.append(parts.count == 1 ? "LineString" : "MultiLineString")
        out.text.append("\",\"coordinates\":")
        if parts.count != 1 { out.text.append("[") }
        for (index, part) in parts.enumerated() {
            if index > 0 { out.text.append(",") }
            try line(part, &out)
        }
        if parts.count != 1 { out.text.append("]") }
        out.text.append("},\"properties\":")
        properties(track, &out.text)
        out.text.append("}")
    }

    private func line(_ part: [Place], _ out: inout TrackOutput) throws(OutputFile.Failure) {
        out.text.append("[")
        for (index, place) in (part.count == 1 ? part + part : part).enumerated() {
            if index > 0 { out.text.append(",") }
            coordinates(place, &out.text)
            try out.pass()
        }
        out.text.append("]")
    }

    private func coordinates(_ place: Place, _ out: inout TextBuffer) {
        out.append("[")
        out.append(degrees: place.longitude)
        out.append(",")
        out.append(degrees: place.latitude)
        out.append("]")
    }

    private func properties(_ track: Track, _ out: inout TextBuffer) {
        out.append("{")
        out.member("terminal", track.terminal.name)
        out.member("group", track.terminal.group.word)
        out.member("points", track.points.count)
        out.member("first")
        out.appendJSON(track.first, digits: 3)
        out.member("last")
        out.appendJSON(track.last, digits: 3)
        out.member("duration_s", thousandths: track.duration.map { Double($0) / 1e9 })
        out.member("distance_m", thousandths: track.distance)
        out.member("usual_interval_s", thousandths: track.usualInterval.map { Double($0) / 1e9 })
        for (index, name) in TrackPoint.Marks.names.enumerated() { out.member(name.name, track.counts[index]) }
        out.member("emergency", track.emergencies)
        out.member("dropped", track.dropped)
        out.append("}")
    }

    private func feature(_ point: TrackPoint, _ terminal: Terminal, _ out: inout TextBuffer) {
        let position = point.position
        out.append("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":")
        coordinates(Place(latitude: position.latitude, longitude: position.longitude), &out)
        out.append("},\"properties\":{")
        out.member("terminal", terminal.name)
        out.member("group", terminal.group.word)
        out.member("time")
        out.append(point.clock.isDated || point.clock == .timeOfDay ? "\"" : "null")
        if point.clock != .none {
            out.append(timeOf: point)
            out.append("\"")
        }
        out.member("height_m", thousandths: position.height.isFinite ? position.height : nil)
        out.member("speed_kmh", thousandths: position.speed.isFinite ? position.speed : nil)
        out.member("course_deg", thousandths: position.course.isFinite ? position.course : nil)
        out.member("marks", TrackPoint.Marks.names.filter { point.marks.contains($0.mark) }) { name, out in
            out.append("\"")
            out.append(name.name)
            out.append("\"")
        }
        out.member("emergency", position.flags.contains(.emergency))
        out.append("}}")
    }

    /// A place of a line.
    struct Place: Equatable {
        var latitude: Double
        var longitude: Double
    }

    /// A line cut at the antimeridian: each part ends and begins on it, at the latitude between its neighbours.
    static func parts(of line: [Position]) -> [[Place]] {
        var parts: [[Place]] = []
        var part: [Place] = []
        for position in line {
            let place = Place(latitude: position.latitude, longitude: position.longitude)
            if let last = part.last, (place.longitude - last.longitude).magnitude > 180 {
                let edge: Double = last.longitude > 0 ? 180 : -180
                let (before, behind) = ((edge - last.longitude).magnitude, (place.longitude + edge).magnitude)
                let share = before + behind > 0 ? before / (before + behind) : 0
                let latitude = last.latitude + (place.latitude - last.latitude) * share
                if before > 0 { part.append(Place(latitude: latitude, longitude: edge)) }
                parts.append(part)
                part = behind > 0 ? [Place(latitude: latitude, longitude: -edge)] : []
            }
            part.append(place)
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }
}
