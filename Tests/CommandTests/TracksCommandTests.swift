import Foundation
import Support
import Testing

/// `tracks`: positions of terminals as people and maps read them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct TracksCommandTests {
    @Test(
        "points, gaps, jumps, repeated reports and distance are those that the logs' maker counted",
        arguments: ["receiver-serial.log", "receiver-plain.nmea"])
    func facts(_ name: String) throws {
        let facts = try JSON.lines(
            String(contentsOf: fixture("\(name).facts.json"), encoding: .utf8).replacingOccurrences(of: "\n", with: " ")
        )[0]
        let track = try #require(facts["track"])
        let rows = try Starlane.run(["tracks", "--format", "csv", name]).text.split(separator: "\r\n").dropFirst()
        let lines =
            rows.isEmpty
            ? try Starlane.run(["tracks", "--format", "csv", name]).text.split(separator: "\n").dropFirst() : rows
        func marked(_ word: String) -> Int { lines.count { $0.contains(word) } }
        func count(_ key: String) -> Int? { track[key]?.integer ?? track[key]?.array?.count }
        #expect(marked("gap") == count("gaps") && marked("jump") == count("jumps"))
        #expect(marked("repeated") == count("repeated"))
        #expect(lines.count - marked("repeated") == count("points") || lines.count == count("points"))
    }

    @Test("GeoJSON is JSON with a line a terminal")
    func geojson() throws {
        let finished = try Starlane.run(["tracks", "--format", "geojson", "terminals.pcapng"])
        let features =
            try JSON.lines(finished.text.replacingOccurrences(of: "\n", with: ""))[0]["features"]?.array ?? []
        #expect(features.count >= 7)
        #expect(
            features.allSatisfy { ["LineString", "MultiLineString", "Point"].contains($0["geometry"]?["type"]?.text) })
    }

    @Test("one terminal alone, and a file without positions")
    func selection() throws {
        let one = try Starlane.run(["tracks", "--terminal", "13957300117", "terminals.pcapng"])
        #expect(one.text.split(separator: "\n").count == 2 && one.text.contains("2 emergencies"))
        let none = try Starlane.run(["tracks", "songjiang.frames"])
        #expect(none.words.contains("no positions in it"))
    }
}
