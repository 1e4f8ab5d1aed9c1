import Foundation
import Support
import Testing

/// What was told as sent arrives, and what waits when a live source ends is read: `ending.py` is at the other end.
///
/// Nothing here depends on how fast anything is: what waits does so while the program is stopped, or has ended.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which is the other end, is not on the path"))
struct EndingTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a case of `ending.py`; gives what it says.
    private func end(_ name: String, _ arguments: [String]) throws -> JSON {
        try Starlane.script("ending.py", [name, Starlane.program.path, folder.url.path] + arguments)
    }

    @Test("a server that greets and echoes gets everything that is told as sent")
    func spokenReplay() throws {
        let said = try end(
            "spoken",
            [
                "replay", "songjiang-pass.pcapng", "--payload", "link", "--asap", "--times", "12", "--report", "-",
                "--to",
                "tcp://127.0.0.1:PORT",
            ])
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").last, "\(said)")
        #expect(said["status"]?.integer == 0 && said["broken"]?.array?.isEmpty == true, "\(said)")
        #expect(said["octets"]?.integer == 12 * 286_203)
        #expect(report["octets_sent"]?.integer == 12 * 286_203 && report["packets_sent"]?.integer == 12 * 253)
    }

    @Test("records that go to a server which speaks are all there, of decode as of run")
    func spokenRecords() throws {
        let whole = try Starlane.run(["decode", "songjiang-packets.pcap", "--format", "jsonl"]).output
        let decoded = try end(
            "spoken", ["decode", "songjiang-packets.pcap", "--format", "jsonl", "-o", "tcp://127.0.0.1:PORT"])
        #expect(decoded["status"]?.integer == 0 && decoded["broken"]?.array?.isEmpty == true, "\(decoded)")
        #expect(try Data(contentsOf: folder.file("got")) == whole)
        try pipeline("sources: [\(fixture("songjiang-packets.pcap").path)]", to: "tcp://127.0.0.1:PORT")
        let ran = try end("spoken", ["run", "FOLDER/pipeline.yaml"])
        #expect(ran["status"]?.integer == 0 && ran["broken"]?.array?.isEmpty == true, "\(ran)")
        #expect(try Data(contentsOf: folder.file("got")) == whole)
    }

    @Test("truth and report of a client that takes nothing tell what it gets", arguments: ["interrupt", "quit"])
    func slow(_ how: String) throws {
        try write(
            """
            start: 2026-03-15T02:26:00Z
            duration: 600 s
            spacecraft: [songjiang, g60]
            stations: [songjiang, hefei, hangzhou]
            transport: {over: tcp}

            """)
        let said = try end(
            "slow",
            [
                how, "simulate", path("s.yaml"), "--to", "tcp-listen://127.0.0.1:PORT", "--asap", "--control",
                "--payload",
                "frame", "--truth", "FOLDER/truth.jsonl", "--report", "FOLDER/report.json",
            ])
        #expect(said["status"]?.integer == (how == "quit" ? 1 : 130), "\(said)")
        let report = try JSON(try String(contentsOf: folder.file("report.json"), encoding: .utf8))
        let octets = try #require(said["octets"]?.integer)
        // A frame and its marker.
        #expect(report["packets_sent"]?.integer == octets / 1119 && octets > 1119 * 1000, "\(said)")
        #expect(report["octets_sent"]?.integer == octets / 1119 * 1119)
        let client = try #require(report["clients"]?.array?.first)
        #expect(client["packets"]?.integer == octets / 1119 && client["octets"]?.integer == octets)
        let scored = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            starlane decode got --frames tm:1115,fecf,ocf,marker --format jsonl -o d.jsonl 2> /dev/null
            starlane score --truth truth.jsonl d.jsonl
            """)
        #expect(scored.text.hasSuffix("PASS\n"), "\(scored.text)\(scored.words)")
    }

    private func pipeline(_ sources: String, to target: String) throws {
        try write("\(sources)\nroutes:\n  - {name: all, to: \(target), format: jsonl}\n", "p.yaml")
    }

    /// Packets of a bare file, repeated, each of one length so that it can be cut anywhere.
    private func pieces(_ count: Int) throws -> (file: String, size: Int) {
        let packets = [UInt8](try Data(contentsOf: fixture("g60.packets")))
        let size = Int(packets[4]) << 8 + Int(packets[5]) + 7
        try Data((0..<count).flatMap { _ in packets[..<size] }).write(to: folder.file("sent"))
        return (path("sent"), size)
    }

    @Test(
        "what waits for a live source when it is interrupted is read",
        arguments: [
            ["decode"], ["decode", "--duration", "3600"], ["decode", "--count", "100000"], ["run"],
        ])
    func waitingDatagrams(_ command: [String]) throws {
        // More than are read at once, and few enough for the usual buffer.
        let (file, size) = try pieces(150)
        try pipeline("sources: [udp://127.0.0.1:PORT]", to: "FOLDER/out.jsonl")
        let rest =
            command == ["run"]
            ? ["FOLDER/pipeline.yaml"] : ["udp://127.0.0.1:PORT", "--format", "jsonl", "-o", "FOLDER/out.jsonl"]
        let said = try end("queued", ["udp", file, "\(size)"] + command + rest)
        #expect(said["pieces"]?.integer == 150)
        let lines = try String(contentsOf: folder.file("out.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 150, "\(said)")
    }

    @Test("an archive keeps what waits, too")
    func waitingArchive() throws {
        let (file, size) = try pieces(150)
        let said = try end(
            "queued",
            ["udp", file, "\(size)", "archive", "write", "udp://127.0.0.1:PORT", "-o", "FOLDER/out.pcapng.gz"])
        let told = try Starlane.run(["archive", "info", path("out.pcapng.gz"), "--format", "json"])
        #expect(try JSON(told.text)["packets"]?.integer == 150, "\(said) \(told.text)")
    }

    @Test("clients that nobody has met, and what they said, are read when it is interrupted")
    func waitingClients() throws {
        let (file, size) = try pieces(4 * 200)
        let said = try end(
            "queued",
            ["tcp", file, "\(size * 200)", "decode", "tcp-listen://127.0.0.1:PORT", "--format", "jsonl"]
                + ["-o", "FOLDER/out.jsonl"])
        #expect(said["pieces"]?.integer == 4)
        let lines = try String(contentsOf: folder.file("out.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 800, "\(said)")
    }

    static let canHaveHosts =
        (try? run("unshare", ["-rm", "sh", "-c", "mount --bind /dev/null /etc/hosts && getent --version"]).status) == 0

    @Test(
        "an address that never answers leaves the others their time",
        .enabled(if: canHaveHosts, "mount namespaces or 'getent' are not to be had here"))
    func hosts() throws {
        let said = try end(
            "hosts", ["replay", "songjiang-packets.pcap", "--asap", "--payload", "link", "--to", "tcp://two.test:PORT"])
        let words = said["words"]?.text ?? ""
        #expect(words.contains("127.0.0.3") && words.contains("127.0.0.4"), "\(said)")
        #expect(said["status"]?.integer == 0 && said["octets"]?.integer ?? 0 > 10_000, "\(said)")
    }
}
