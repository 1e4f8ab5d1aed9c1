import Foundation
import Support
import Testing

/// `starlane score` rates what other programs read of a simulated capture, as they write it.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScorePeerTests {
    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    private static let hasPeers =
        (try? Support.run(python, ["-c", "import space_packet_parser, ccsdspy, pandas"]))?.status == 0
    private let folder: TemporaryFolder

    /// A pass of Songjiang, taken apart into packets by a reader of its own.
    init() throws {
        folder = try TemporaryFolder()
        guard Self.hasPeers else { return }
        let specs = projectFolder.appendingPathComponent("Specs")
        try #require(
            try Starlane.run(
                ["simulate", "pass", "-o", path("pass.pcapng"), "--truth", path("truth.jsonl")],
                environment: ["STARLANE_SPECS": specs.path]
            ).status == 0)
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/score_results.py").path
        let database = specs.appendingPathComponent("songjiang.xml").path
        let finished = try Support.run(Self.python, [script, path("pass.pcapng"), database, folder.url.path])
        let said = try #require(try JSON.lines(finished.text).first, "\(finished.words.suffix(600))")
        #expect(try #require(said["packets"]?.integer) > 6_000 && said["packets"] == said["parsed"])
    }

    private func path(_ name: String) -> String { folder.file(name).path }

    private func score(_ result: String, status: Int32 = 0) throws -> JSON {
        let finished = try Starlane.run([
            "score", "--truth", path("truth.jsonl"), path(result), "--format", "json", "--most-repeated", "0",
        ])
        #expect(finished.status == status, "\(finished.words)\(finished.text.prefix(2_000))")
        return try JSON(finished.text)
    }

    /// Holds that each packet was found, and so many values are right.
    private func expectAll(_ score: JSON, values: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (packets, rows) = (try #require(score["packets"]), try #require(score["rows"]))
        #expect(packets["receivable"]?.integer == 4_070 && packets["found"] == packets["receivable"])
        #expect(rows["invented"]?.integer == 0 && rows["wrong_values"]?.integer == 0, sourceLocation: sourceLocation)
        #expect(try #require(rows["values"]?.integer) >= values, sourceLocation: sourceLocation)
    }

    @Test(
        "space_packet_parser, by our database, finds each packet and no wrong value",
        .enabled(if: hasPeers, "no Python with space_packet_parser, ccsdspy and pandas is here"))
    func spacePacketParser() throws {
        let scored = try score("spp.jsonl")
        try expectAll(scored, values: 90_000)
        #expect(scored["columns"]?["apid"]?.text == "PKT_APID" && scored["columns"]?["count"]?.text == "SRC_SEQ_CTR")
        // A value that is another one is found, and a line that is gone.
        let text = try String(contentsOf: folder.file("spp.jsonl"), encoding: .utf8)
        let voltage = try #require(text.firstMatch(of: /"eps_battery_voltage": \d+\.\d+/)).output
        try Data(text.replacing(voltage, with: "\"eps_battery_voltage\": 1.5", maxReplacements: 1).utf8)
            .write(to: folder.file("worse.jsonl"))
        #expect(try score("worse.jsonl", status: 1)["rows"]?["wrong_values"]?.integer == 1)
    }

    @Test(
        "ccsdspy, with converters written by hand, finds each packet and no wrong value",
        .enabled(if: hasPeers, "no Python with space_packet_parser, ccsdspy and pandas is here"))
    func ccsdspy() throws {
        let scored = try score("ccsdspy.csv")
        try expectAll(scored, values: 10_000)
        let names = try #require(scored["values"]?.array).compactMap { $0["name"]?.text }
        #expect(names.contains("eps_charge_mode") && names.contains("eps_battery_current"))
        #expect(scored["columns"]?["apid"]?.text == "CCSDS_APID")
    }

    @Test(
        "tshark finds each packet, in a table and in lines for Elasticsearch",
        .enabled(if: hasPeers && hasProgram("tshark"), "no tshark, or no Python with the other peers"),
        arguments: [
            ["-T", "fields", "-E", "header=y", "-e", "frame.number", "-e", "ccsds.apid", "-e", "ccsds.seqnum"],
            [
                "-T", "fields", "-E", "header=y", "-E", "separator=,", "-E", "quote=d", "-e", "ccsds.apid", "-e",
                "ccsds.seqnum",
            ],
            ["-T", "ek"],
        ])
    func tshark(_ form: [String]) throws {
        let read = try Support.run("tshark", ["-r", path("packets.pcap"), "-d", "udp.port==5001,ccsds"] + form)
        try #require(read.status == 0, "\(read.words)")
        try read.output.write(to: folder.file("tshark"))
        try expectAll(try score("tshark"), values: 0)
    }
}
