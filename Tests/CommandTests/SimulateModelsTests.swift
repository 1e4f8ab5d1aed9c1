import Foundation
import Support
import Testing

/// Values of every kind that a database can have, by models: what other programs read of the packets is what the truth tells.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SimulateModelsTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func fixture(_ name: String) -> String {
        projectFolder.appendingPathComponent("Fixtures/simulation/\(name)").path
    }

    private func scenario(_ vehicle: String, _ more: String = "") throws -> String {
        let text = """
            start: 2026-03-15T02:24:00Z
            duration: 4 min
            spacecraft: [\(vehicle)]
            stations: [songjiang]
            \(more)
            """
        return try write(text)
    }

    private static let hasOrbits = (try? Support.run(python, ["-c", "import skyfield, sgp4"]))?.status == 0

    @Test(
        "a receiver's position is that of the orbit when its packet is made",
        .enabled(if: hasOrbits, "no Python with skyfield and sgp4 is here"))
    func position() throws {
        try simulate("pass")
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/positions.py").path
        let vehicle = projectFolder.appendingPathComponent("Specs/vehicles/songjiang.yaml").path
        let found = try Support.run(Self.python, [script, vehicle, path("t.jsonl")])
        #expect(found.status == 0, "\(found.words)")
        let told = try JSON(found.text)
        // UT1 is 0.06 s off UTC, which are 28 m at the equator; the receiver has 1.5 m of noise and 0.02 m/s.
        #expect(
            told["compared"]?.integer == 900 && told["metres"]?.double ?? 99 < 40 && told["speed"]?.double ?? 9 < 0.2)
    }

    private func simulate(_ scenario: String) throws {
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
    }

    /// The values that a decoder's result and the truth agree about.
    private func agreed(_ database: String) throws -> Int {
        _ = try Starlane.run([
            "decode", path("a.pcapng"), "--spec", database, "--format", "jsonl", "-o", path("d.jsonl"),
        ])
        let score = try Starlane.run(["score", "--truth", path("t.jsonl"), path("d.jsonl"), "--format", "json"])
        #expect(score.status == 0, "\(score.text.prefix(1000))")
        let rows = try JSON(score.text)["rows"]
        #expect(rows?["wrong_values"]?.integer == 0 && rows?["not_compared"]?.integer == 0)
        return try #require(rows?["values"]?.integer)
    }

    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    private static let hasPeers =
        (try? Support.run(python, ["-c", "import space_packet_parser, ccsdspy"]))?.status == 0

    @Test(
        "codings, calibrators of contexts, texts, octets, sizes and times in parts are read by others as the truth has them",
        .enabled(if: hasPeers, "no Python with space_packet_parser and ccsdspy is here"),
        arguments: [
            ("peer", "Fixtures/xtce/peer.xml", "0", 10_000), ("shapes", "Fixtures/simulation/shapes.xml", "77", 6_000),
        ])
    func peers(_ vehicle: String, _ database: String, _ apid: String, _ least: Int) throws {
        try simulate(try scenario(Self.fixture("\(vehicle).yaml")))
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/simulated_values.py").path
        let database = projectFolder.appendingPathComponent(database).path
        let finished = try Support.run(
            Self.python, [script, path("a.pcapng"), path("t.jsonl"), vehicle, database, apid])
        let said = try #require(try JSON.lines(finished.text).first, "\(finished.words.suffix(600))")
        #expect(said["wrong"]?.array?.isEmpty == true && said["beyond"]?.integer == 0, "\(finished.text)")
        #expect(try #require(said["values"]?.integer) > least, "\(finished.text)")
        #expect(try agreed(database) > least)
    }

    @Test("what stands in a packet under a condition has its value where it stands there")
    func conditions() throws {
        try simulate(try scenario(Self.fixture("shapes.yaml")))
        _ = try agreed(Self.fixture("shapes.xml"))
        var (with, without) = (0, 0)
        for packet in try JSON.lines(try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8))
        where packet["type"]?.text == "optional" {
            let hasExtra = packet["values"]?["has_extra"]?.integer == 1
            if hasExtra { with += 1 } else { without += 1 }
            #expect(packet["octets"]?.integer == (hasExtra ? 27 : 17))
            #expect((packet["values"]?["extra_name"]?.text == "reserved") == hasExtra)
            #expect((packet["values"]?["extra"] != nil) == hasExtra)
        }
        #expect(with > 200 && without > 200, "\(with) \(without)")
    }

    @Test("what is the same in all packets can be held and let go, beyond what a packet holds too")
    func holds() throws {
        try simulate(
            try scenario(
                Self.fixture("shapes.yaml"),
                """
                events:
                  - {at: 1 min, spacecraft: shapes, hold: {extra_name: reserved, level: 1e9, note: ok}}
                  - {at: 2 min, spacecraft: shapes, release: [level, note]}
                """))
        _ = try agreed(Self.fixture("shapes.xml"))
        var held: Set<String> = []
        var free: Set<String> = []
        for packet in try JSON.lines(try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8))
        where packet["type"]?.text == "many" {
            let time = try #require(packet["time"]?.text).dropFirst(11).prefix(5)
            let note = try #require(packet["values"]?["note"]?.text)
            if time == "02:25" {
                held.insert(note)
                let range = packet["values"]?["range"]?.text
                #expect(packet["values"]?["level"]?.double == (range == "HIGH" ? 3176.75 : 65.535))
            } else {
                free.insert(note)
            }
        }
        #expect(held == ["ok"] && free.count == 3)
    }

    @Test(
        "what cannot be is refused with words",
        arguments: [
            ("note: 5", "this parameter is a text"), ("note: \"'ok' + 1\"", "this parameter is a text"),
            ("data: '\"no digits\"'", "Shapes.many: Shapes.data: no digits is no even number of hexadecimal digits"),
            ("note_length: 300", "note_length: 300 does not fit: raw 0 to 255"),
            ("extra_name: '\"nine octets\"'", "Shapes.extra_name"),
        ])
    func refusals(_ model: String, _ words: String) throws {
        for name in ["shapes.yaml", "shapes.xml"] {
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: Self.fixture(name)), to: folder.file(name))
        }
        try Data("parameters:\n  has_extra: 1\n  \(model)\n".utf8).write(to: folder.file("shapes.behaviour.yaml"))
        let finished = try Starlane.run(["simulate", try scenario("shapes.yaml"), "-o", path("a.pcapng")])
        #expect(finished.status == 2 && finished.words.contains(words), "\(finished.status) \(finished.words)")
    }
}
