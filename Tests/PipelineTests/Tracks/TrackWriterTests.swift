import BeiDou
import Bytes
import Foundation
import Pipeline
import Support
import Testing

/// Tracks with every mark, over the antimeridian, without dates, with a name that every format has to quote.
private enum Sample {
    /// 2026-03-01T00:00:00Z.
    private static let march: Int64 = 1_772_323_200_000_000_000

    private static func report(
        _ who: UInt32, _ milliseconds: Int64?, _ latitude: Double, _ longitude: Double, _ height: Double = .nan,
        _ speed: Double = .nan, _ course: Double = .nan
    ) -> Position {
        var position = Position(
            who: who, latitude: latitude, longitude: longitude, packet: 7, offset: 400)
        if let milliseconds { position.stated = CaptureTime(nanoseconds: march + milliseconds * 1_000_000) }
        (position.height, position.speed, position.course) = (height, speed, course)
        return position
    }

    static func tracks() -> [Track] {
        let terminals = [
            Terminal(group: .rdss, name: "0247911"), Terminal(group: .jtt808, name: "13912345678"),
            Terminal(group: .nmea, name: "logs/<a> & \"b\", c.nmea"),
        ]
        var help = report(0, 31_000, 10.0001, -179.9998, 12.34, 36.04, 90)
        help.flags = [.valid, .emergency]
        var captured = report(1, nil, -30, 20)
        captured.captured = CaptureTime(nanoseconds: march + 1_250_000_000)
        var untimed = report(2, nil, 1.00000004, 103.99999996)
        untimed.timeOfDay = 30_576_500_000_000
        let positions = [
            report(0, 0, 10, 179.9990, 12, 36, 90), report(0, 10_500, 10.0001, 179.9995, 12.3, 36.04, 360),
            report(0, 20_000, 60, 30), help, report(0, 25_000, 10.0001, -179.9999), help,
            report(0, 300_000, 10.0002, -179.9990), report(1, 0, -29.9999, 20), captured, untimed,
        ]
        let builder = TrackBuilder()
        var batch = Batch<Position>()
        for position in positions { batch.append(position) }
        for index in 0..<5 { batch.append(report(1, 60_000 + Int64(index) * 1000, 30, 20, 5)) }
        builder.add(batch)
        return builder.finish(terminals)
    }
}

struct TrackWriterTests {
    private func written(
        _ format: Tracking.Format, _ tracks: [Track] = Sample.tracks(), withPoints: Bool = false
    ) throws -> String {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.file("out").path)
        try TrackWriter(file, format, withPoints: withPoints).write(tracks)
        try file.close()
        return try String(contentsOf: folder.file("out"), encoding: .utf8)
    }

    /// Compares with a file of Tests/Goldens, or writes it anew where UPDATE_GOLDENS asks for that.
    private func expectGolden(_ name: String, _ text: String) throws {
        let file = projectFolder.appendingPathComponent("Tests/Goldens/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// What a program in Python says of a text.
    private func judged(_ text: String, _ program: String) throws -> String {
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: folder.file("in"))
        let finished = try run("python3", ["-c", program, folder.file("in").path])
        return finished.words + finished.text
    }

    // MARK: For people

    @Test func aTableHasALineATrack() throws {
        try expectGolden("tracks.table.txt", written(.table))
    }

    @Test func withPointsATableHasALineAPoint() throws {
        try expectGolden("tracks.points.txt", written(.table, withPoints: true))
    }

    @Test func aTableSendsNoControlCharactersToATerminal() throws {
        let builder = TrackBuilder()
        var batch = Batch<Position>()
        batch.append(Position(latitude: 0, longitude: 0))
        builder.add(batch)
        let text = try written(.table, builder.finish([Terminal(group: .jtt808, name: "a\u{1B}[2J\u{9B}\nb")]))
        #expect(text.contains("  jtt808 a?[2J??b "))
    }

    // MARK: CSV

    @Test func csvHasALineAPoint() throws {
        try expectGolden("tracks.csv", written(.csv))
    }

    @Test func csvIsReadBackWithAsManyColumns() throws {
        let lines = try commaSeparated(try written(.csv))
        #expect(lines.count == 1 + Sample.tracks().map(\.points.count).reduce(0, +))
        #expect(lines.allSatisfy { $0.count == 13 })
        #expect(lines.last?[1] == "logs/<a> & \"b\", c.nmea")
    }

    // MARK: GeoJSON

    @Test func geoJSONIsALineATrack() throws {
        try expectGolden("tracks.geojson", written(.geojson))
    }

    @Test func withPointsGeoJSONHasThoseThatAreMarked() throws {
        let features = try JSON(try written(.geojson, withPoints: true))["features"]?.array ?? []
        let points = features.filter { $0["geometry"]?["type"]?.text == "Point" }
        let marks = points.map { $0["properties"]?["marks"]?.array?.compactMap(\.text) ?? [] }
        #expect(marks == [["jump"], ["late"], [], ["repeated"], ["gap"], ["gap", "relocated"]])
        #expect(points.map { $0["properties"]?["emergency"]?.bool } == [false, false, true, true, false, false])
    }

    @Test(.enabled(if: hasProgram("python3"), "python3 is not here"), arguments: [false, true])
    func geoJSONIsAsRFC7946WantsIt(withPoints: Bool) throws {
        let program = """
            import json, sys
            whole = json.load(open(sys.argv[1], encoding="utf-8"))
            assert whole["type"] == "FeatureCollection" and set(whole) == {"type", "features"}
            def place(p):
                assert len(p) == 2 and -180 <= p[0] <= 180 and -90 <= p[1] <= 90, p
            for feature in whole["features"]:
                assert feature["type"] == "Feature" and set(feature) == {"type", "geometry", "properties"}
                kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
                lines = {"LineString": [coordinates], "MultiLineString": coordinates, "Point": []}[kind]
                if kind == "Point": place(coordinates)
                for line in lines:
                    assert len(line) >= 2
                    for p in line: place(p)
                    for a, b in zip(line, line[1:]): assert abs(a[0] - b[0]) <= 180, (a, b)
            print(len(whole["features"]))
            """
        #expect(try judged(try written(.geojson, withPoints: withPoints), program) == (withPoints ? "9\n" : "3\n"))
        #expect(try judged(try written(.geojson, [], withPoints: withPoints), program) == "0\n")
    }

    // MARK: GPX

    @Test func gpxHasASegmentARun() throws {
        try expectGolden("tracks.gpx", written(.gpx, withPoints: true))
    }

    /// The order of elements, their names and the ranges of values are those of the schema of GPX 1.1.
    @Test(.enabled(if: hasProgram("python3"), "python3 is not here"), arguments: [false, true])
    func gpxIsAsItsSchemaWantsIt(withPoints: Bool) throws {
        let program = """
            import re, sys
            import xml.etree.ElementTree as E
            gpx = "{http://www.topografix.com/GPX/1/1}"
            order = {
                "gpx": "metadata wpt rte trk extensions",
                "trk": "name cmt desc src link number type extensions trkseg",
                "trkseg": "trkpt extensions",
                "wpt": "ele time magvar geoidheight name cmt desc src link sym type fix sat hdop vdop pdop "
                       "ageofdgpsdata dgpsid extensions",
            }
            order["trkpt"] = order["wpt"]
            many = {"wpt", "rte", "trk", "trkseg", "trkpt", "link"}
            counts = {}
            def check(element):
                assert element.tag.startswith(gpx), element.tag
                name = element.tag[len(gpx):]
                counts[name] = counts.get(name, 0) + 1
                if name in ("wpt", "trkpt"):
                    assert set(element.attrib) == {"lat", "lon"}
                    assert -90 <= float(element.get("lat")) <= 90 and -180 <= float(element.get("lon")) < 180
                if name == "extensions":
                    for child in element: assert not child.tag.startswith(gpx)
                    return
                if name == "time":
                    assert re.fullmatch(r"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", element.text), element.text
                if name == "ele": float(element.text)
                if name not in order: assert len(element) == 0
                names = [child.tag[len(gpx):] for child in element]
                places = [order[name].split().index(n) for n in names]
                assert places == sorted(places), names
                assert all(names.count(n) == 1 for n in names if n not in many), names
                for child in element: check(child)
            root = E.parse(sys.argv[1]).getroot()
            assert root.tag == gpx + "gpx" and root.get("version") == "1.1" and root.get("creator")
            check(root)
            print([counts.get(n, 0) for n in ("wpt", "trk", "trkseg", "trkpt")])
            """
        let text = try written(.gpx, withPoints: withPoints)
        #expect(try judged(text, program) == (withPoints ? "[1, 3, 5, 13]\n" : "[0, 3, 5, 13]\n"))
        #expect(try judged(try written(.gpx, [], withPoints: withPoints), program) == "[0, 0, 0, 0]\n")
    }

    @Test func whatXMLCannotHaveIsAQuestionMark() throws {
        let builder = TrackBuilder()
        var batch = Batch<Position>()
        batch.append(Position(latitude: 0, longitude: 180))
        builder.add(batch)
        let text = try written(.gpx, builder.finish([Terminal(group: .nmea, name: "a\u{0}\u{1B}\n北斗\u{FFFE}")]))
        #expect(text.contains("<name>a?? 北斗?</name>"))
        // The longitudes of GPX end in front of 180.
        #expect(text.contains(#"<trkpt lat="0.0000000" lon="-180.0000000">"#))
    }

    @Test(arguments: [Tracking.Format.table, .csv, .geojson, .gpx])
    func noTracksAreAWholeFileToo(_ format: Tracking.Format) throws {
        let text = try written(format, [])
        #expect(text.isEmpty == (format == .table))
    }

    // MARK: Terminals

    @Test(arguments: [
        ("247911", true), ("0247911", true), ("rdss:0247911", true), ("RDSS:247911", true), ("jtt808:247911", false),
        ("24791", false), ("2479110", false), ("", false),
    ])
    func aTerminalIsWantedByItsName(_ name: String, _ isWanted: Bool) {
        #expect(TerminalFilter([name]).wants(Terminal(group: .rdss, name: "0247911")) == isWanted)
    }

    @Test func withoutNamesAllTerminalsAreWanted() {
        #expect(TerminalFilter([]).wants(Terminal(group: .nmea, name: "x")))
    }
}
