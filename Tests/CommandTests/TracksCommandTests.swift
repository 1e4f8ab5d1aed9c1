import Foundation
import FoundationXML
import Support
import Testing

/// `tracks`: positions of terminals as people and maps read them, against what the files' maker, which shares no code with
/// the program, counted and measured.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct TracksCommandTests {
    /// Logs, with the status that their damage gives.
    static let logs: [(name: String, status: Int32)] = [
        ("receiver-serial.log", 1), ("receiver-plain.nmea", 0), ("terminal-2.1.log", 1),
    ]

    /// Each track that the maker of a log wrote down, by its terminal.
    private func facts(_ name: String) throws -> [String: JSON] {
        let facts = try MessageFixtureTests.facts(name)
        if let track = facts["track"] { return [name: track] }
        // A card's address has seven digits where we write it.
        return Dictionary(
            uniqueKeysWithValues: try #require(facts["tracks"]?.object).map { address, track in
                (String(repeating: "0", count: 7 - address.count) + address, track)
            })
    }

    /// The rows of a CSV of tracks by terminal, in their order, a value a column. No value of the logs has a comma.
    private func points(_ name: String) throws -> [String: [[String: String]]] {
        let finished = try Starlane.run(["tracks", "--format", "csv", name])
        let lines = finished.text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let head = try #require(lines.first)
        #expect(lines.allSatisfy { $0.count == head.count })
        let rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(head, $0)) }
        return Dictionary(grouping: rows) { $0["terminal"] ?? "" }
    }

    @Test("points, gaps, jumps and repeated reports are those that a log's maker wrote down", arguments: logs)
    func marks(_ log: (name: String, status: Int32)) throws {
        let (facts, tracks) = (try facts(log.name), try points(log.name))
        #expect(Set(tracks.keys) == Set(facts.keys))
        for (terminal, track) in facts {
            let rows = tracks[terminal] ?? []
            func times(_ mark: String) -> [Date] {
                rows.filter { $0["marks"]?.split(separator: " ").map(String.init).contains(mark) == true }
                    .compactMap { time($0["time"]) }
            }
            func stated(_ list: String, _ key: String) -> [Date] {
                (track[list]?.array ?? []).compactMap { time($0[key]?.text) }
            }
            #expect(times("gap") == stated("gaps", "until"), "\(terminal)")
            #expect(times("jump") == stated("jumps", "time"), "\(terminal)")
            #expect(times("repeated") == track["repeated"]?.array?.compactMap { time($0.text) } ?? [], "\(terminal)")
            // A point that is there twice is one point of the facts.
            #expect(rows.count - times("repeated").count == track["points"]?.integer, "\(terminal)")
            #expect(time(rows.first?["time"]) == time(track["first"]?.text), "\(terminal)")
            #expect(time(rows.last?["time"]) == time(track["last"]?.text), "\(terminal)")
        }
    }

    private func time(_ text: String?) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text?.contains(".") == true)
        return text.flatMap { try? style.parse($0) }
    }

    /// Half of the last decimal of a degree that tracks are written with.
    private static let halfDigit = 0.5e-7 + 1e-12

    @Test("each point stands where its message says, in the order of the log", arguments: logs)
    func places(_ log: (name: String, status: Int32)) throws {
        let messages = try JSON.lines(String(contentsOf: fixture("\(log.name).messages.jsonl"), encoding: .utf8))
        // Sentences of one second say the same place: GGA stands for all of them.
        let reports = messages.filter { message in
            guard let values = message["parameters"], values["latitude"] != nil else { return false }
            return ["GGA", "DWR", "WAA"].contains(message["type"]?.text) && values["quality"]?.text != "none"
        }
        let expected = Dictionary(grouping: reports) { message in
            message["parameters"]?["address"]?.integer.map { "0\($0)" } ?? log.name
        }
        let tracks = try points(log.name)
        #expect(Set(tracks.keys) == Set(expected.keys))
        for (terminal, reports) in expected {
            let rows = tracks[terminal] ?? []
            #expect(rows.count == reports.count, "\(terminal)")
            for (row, report) in zip(rows, reports) {
                for key in ["latitude", "longitude"] {
                    let ours = try #require(row[key].flatMap(Double.init))
                    let theirs = try #require(report["parameters"]?[key]?.double)
                    #expect(abs(ours - theirs) <= Self.halfDigit, "\(report)")
                }
                let height = report["parameters"]?["height"]?.double
                #expect(row["height"].flatMap(Double.init) == height, "\(report)")
            }
        }
    }

    // MARK: Distance

    /// Metres that two measures of a track may differ by: both are rounded to a millimetre, and the maker's formula is
    /// within a micrometre of a geodesic on each of at most 400 legs.
    private static let tolerance = 0.0015

    private func features(_ name: String) throws -> [String: JSON] {
        let collection = try JSON(Starlane.run(["tracks", "--format", "geojson", name]).text)
        #expect(collection["type"]?.text == "FeatureCollection")
        let features = try #require(collection["features"]?.array)
        return Dictionary(
            uniqueKeysWithValues: features.map { ($0["properties"]?["terminal"]?.text ?? "", $0) })
    }

    @Test("distances are those that a log's maker measured, to 1.5 mm", arguments: logs)
    func distances(_ log: (name: String, status: Int32)) throws {
        let (facts, features) = (try facts(log.name), try features(log.name))
        #expect(Set(features.keys) == Set(facts.keys))
        for (terminal, track) in facts {
            let properties = try #require(features[terminal]?["properties"])
            let (ours, theirs) = (properties["distance_m"]?.double, try #require(track["distance_m"]?.double))
            #expect(abs((ours ?? .nan) - theirs) <= Self.tolerance, "\(terminal): \(ours ?? .nan), \(theirs)")
            #expect(properties["gap"]?.integer == track["gaps"]?.array?.count, "\(terminal)")
            #expect(properties["usual_interval_s"]?.double == track["interval_s"]?.double, "\(terminal)")
        }
    }

    @Test("vehicles went as far as the places in their reports lie apart, late reports put in between")
    func vehicles() throws {
        let messages = try JSON.lines(
            String(contentsOf: fixture("terminals.pcapng.messages.jsonl"), encoding: .utf8))
        let reports = messages.compactMap { $0["parameters"] }.filter { $0["positioned"]?.bool == true }
        let vehicles = Dictionary(grouping: reports) { $0["phone"]?.text ?? "" }
        let features = try features("terminals.pcapng")
        #expect(vehicles.count == 4)
        for (phone, reports) in vehicles {
            // ISO times sort as text.
            let places = reports.sorted { ($0["utc"]?.text ?? "") < ($1["utc"]?.text ?? "") }.map {
                (latitude: $0["latitude"]?.double ?? .nan, longitude: $0["longitude"]?.double ?? .nan)
            }
            let metres = zip(places, places.dropFirst()).reduce(0) { $0 + Self.distance($1.0, $1.1) }
            let properties = try #require(features[phone]?["properties"])
            #expect(properties["points"]?.integer == places.count, "\(phone)")
            let ours = properties["distance_m"]?.double ?? .nan
            #expect(abs(ours - metres) <= Self.tolerance, "\(phone): \(ours), \(metres)")
        }
    }

    /// Metres between two places some kilometres apart: the chord through WGS 84, bent as the ellipsoid is midway in that
    /// direction. Good to a micrometre, and no geodesic's series, which the program uses.
    private static func distance(
        _ a: (latitude: Double, longitude: Double), _ b: (latitude: Double, longitude: Double)
    ) -> Double {
        let (major, square) = (6_378_137.0, 0.006_694_379_990_141_317)
        func point(_ place: (latitude: Double, longitude: Double)) -> [Double] {
            let (phi, lambda) = (place.latitude * .pi / 180, place.longitude * .pi / 180)
            let normal = major / (1 - square * sin(phi) * sin(phi)).squareRoot()
            return [
                normal * cos(phi) * cos(lambda), normal * cos(phi) * sin(lambda), normal * (1 - square) * sin(phi),
            ]
        }
        let chord = zip(point(a), point(b)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        guard chord > 0 else { return 0 }
        let phi = (a.latitude + b.latitude) / 2 * .pi / 180
        let root = (1 - square * sin(phi) * sin(phi)).squareRoot()
        let (normal, meridian) = (major / root, major * (1 - square) / (root * root * root))
        let north = (b.latitude - a.latitude) * .pi / 180 * meridian
        let east = (b.longitude - a.longitude) * .pi / 180 * normal * cos(phi)
        let azimuth = atan2(east, north)
        let radius = 1 / (cos(azimuth) * cos(azimuth) / meridian + sin(azimuth) * sin(azimuth) / normal)
        return 2 * radius * asin(chord / (2 * radius))
    }

    // MARK: Forms

    @Test("a table has a line a track, with its points and its kilometres", arguments: logs)
    func table(_ log: (name: String, status: Int32)) throws {
        let finished = try Starlane.run(["tracks", log.name])
        let lines = finished.text.split(separator: "\n").map(String.init)
        let facts = try facts(log.name)
        #expect(
            lines.first?.split(separator: " ") == [
                "TRACKS", "points", "first", "last", "duration", "distance", "marks",
            ])
        #expect(lines.count == facts.count + 1)
        for (terminal, track) in facts {
            let line = try #require(lines.first { $0.contains(" \(terminal) ") })
            let words = line.split(separator: " ").map(String.init)
            let points = (track["points"]?.integer ?? 0) + (track["repeated"]?.array?.count ?? 0)
            #expect(words.dropFirst(2).first == "\(points)", "\(line)")
            // Three or four digits of kilometres.
            let unit = try #require(words.firstIndex(of: "km"), "\(line)")
            let kilometres = words[unit - 1]
            let decimals = kilometres.split(separator: ".").dropFirst().first?.count ?? 0
            let theirs = try #require(track["distance_m"]?.double) / 1000
            #expect(kilometres == String(format: "%.\(decimals)f", theirs), "\(line)")
            #expect(kilometres.filter(\.isNumber).count >= 3, "\(line)")
            for (mark, list) in [("gap", "gaps"), ("jump", "jumps"), ("repeated", "repeated")] {
                let count = track[list]?.array?.count ?? 0
                #expect(line.contains(" 1 \(mark)") == (count == 1), "\(line)")
            }
        }
    }

    @Test("GPX is well-formed, with a point for each place that is neither a jump nor repeated", arguments: logs)
    func gpx(_ log: (name: String, status: Int32)) throws {
        let finished = try Starlane.run(["tracks", "--format", "gpx", log.name])
        let document = GPX(finished.output)
        #expect(document.error == nil)
        let facts = try facts(log.name)
        let all = facts.values.reduce(0) { $0 + ($1["points"]?.integer ?? 0) - ($1["jumps"]?.array?.count ?? 0) }
        #expect(document.count["gpx"] == 1 && document.count["trk"] == facts.count)
        #expect(document.count["trkpt"] == all)
        // A gap begins another segment.
        let gaps = facts.values.reduce(0) { $0 + ($1["gaps"]?.array?.count ?? 0) }
        #expect(document.count["trkseg"] == facts.count + gaps)
        #expect(document.places.count == all)
        #expect(document.places.allSatisfy { (30...32).contains($0.latitude) && (119...122).contains($0.longitude) })
    }

    @Test("GeoJSON has a line a terminal, of two places or more")
    func geojson() throws {
        let features = try features("terminals.pcapng")
        let terminals = [
            "13916540001", "13916540002", "13957300117", "13805710202", "0311900", "0312017", "0312025",
            "tcp 10.21.4.40:50022 > 10.21.0.10:9100",
        ]
        #expect(Set(features.keys) == Set(terminals))
        for (terminal, feature) in features {
            let geometry = feature["geometry"]
            let isMany = geometry?["type"]?.text == "MultiLineString"
            #expect(isMany || geometry?["type"]?.text == "LineString", "\(terminal)")
            let coordinates = geometry?["coordinates"]?.array ?? []
            let lines = isMany ? coordinates : [.array(coordinates)]
            // RFC 7946, 3.1.4: a line has two positions or more.
            #expect(!lines.isEmpty && lines.allSatisfy { ($0.array?.count ?? 0) >= 2 }, "\(terminal)")
        }
    }

    // MARK: Selection and status

    @Test("one terminal alone, and a file without positions")
    func selection() throws {
        let one = try Starlane.run(["tracks", "--terminal", "13957300117", "terminals.pcapng"])
        #expect(one.text.split(separator: "\n").count == 2 && one.text.contains("2 emergencies"))
        let none = try Starlane.run(["tracks", "songjiang.frames"])
        #expect(none.words.contains("no positions in it"))
    }

    @Test(
        "the status is 0, 1 where something is damaged, and 2 where a file cannot be read",
        arguments: ["table", "csv", "gpx", "geojson"])
    func status(_ format: String) throws {
        for log in Self.logs {
            let finished = try Starlane.run(["tracks", "--format", format, log.name])
            #expect(finished.status == log.status, "\(log.name)")
            #expect(finished.words.contains("checksum of a sentence is wrong") == (log.status == 1), "\(log.name)")
        }
        let absent = try Starlane.run(["tracks", "--format", format, "no-such.log"])
        #expect(absent.status == 2)
        #expect(absent.words.contains("no-such.log cannot be opened: No such file or directory"))
        let both = try Starlane.run(["tracks", "--format", format, "receiver-plain.nmea", "no-such.log"])
        #expect(both.status == 2 && both.text.contains("receiver-plain.nmea"))
    }
}

/// What a reader of XML that is not ours finds in a GPX file.
private final class GPX: NSObject, XMLParserDelegate {
    /// How often each element comes.
    private(set) var count: [String: Int] = [:]
    /// Where the points of tracks are.
    private(set) var places: [(latitude: Double, longitude: Double)] = []
    /// Why it is not well-formed, or nil.
    private(set) var error: String?

    init(_ data: Data) {
        super.init()
        let parser = XMLParser(data: data)
        parser.delegate = self
        if !parser.parse() { error = parser.parserError.map { "\($0)" } ?? "not well-formed" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        count[name, default: 0] += 1
        guard name == "trkpt", let latitude = attributes["lat"].flatMap(Double.init),
            let longitude = attributes["lon"].flatMap(Double.init)
        else { return }
        places.append((latitude, longitude))
    }
}
