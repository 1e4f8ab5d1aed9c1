import Foundation
import Support
import Testing

/// Frames over TCP and in framings: `simulated.py` and `streams.py` read them on their own, and tshark does.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which reads captures on its own, is not on the path"))
struct SimulateStreamsTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let head = """
        start: 2026-03-15T02:24:00Z
        duration: 4 min
        spacecraft: [songjiang, g60]
        stations: [hangzhou, jinhua, hefei]

        """

    /// Fibres that break whatever they can.
    private static let legs = """
        link: {bit-errors: {5: 1e-5, 20: 1e-6}}
        legs:
          west: {from: hefei, to: jinhua, delay: 3 ms, jitter: 400 ms, loss: 0.05, duplicate: 0.02}
          south: {from: jinhua, to: hangzhou, delay: 2 ms, loss: 0.03, burst: 5, reorder: "3:0.05"}
        events:
          - {at: 2 min, leg: west, cut: 20 s}

        """

    /// Simulates a scenario, and holds its truth against the capture.
    private func checked(_ scenario: String, _ framing: String, length: Int = 1115) throws -> JSON {
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/simulated.py").path
        let finished = try Support.run("python3", [script, path("a.pcapng"), path("t.jsonl"), framing, "\(length)"])
        #expect(finished.status == 0, "\(finished.words)")
        let said = try #require(try JSON.lines(finished.text).first)
        #expect(said["wrong"]?.array?.isEmpty == true && said["invented"]?.integer == 0, "\(finished.text)")
        return said
    }

    /// What `decode` finds of it passes, and the ledger of `inspect` balances and has what was broken.
    private func scored(_ options: [String] = [], broken: Int) throws {
        let inspected = try Starlane.run(["inspect", path("a.pcapng"), "--format", "json"] + options)
        try Data(inspected.text.utf8).write(to: folder.file("i.json"))
        let ledger = try JSON(inspected.text)["ledger"]
        #expect(ledger?["balanced"]?.bool == true)
        let rejected = (ledger?["rejected"]?.array ?? []).reduce(0) { $0 + ($1["count"]?.integer ?? 0) }
        #expect(rejected == broken)
        _ = try Starlane.run(["decode", path("a.pcapng"), "--format", "jsonl", "-o", path("d.jsonl")] + options)
        let score = try Starlane.run([
            "score", "--truth", path("t.jsonl"), path("d.jsonl"), "--ledger", path("i.json"), "--most-repeated", "0",
        ])
        #expect(score.status == 0 && score.text.hasSuffix("PASS\n"), "\(score.text)")
    }

    private static let hasTshark = hasProgram("tshark")

    private func tshark(_ arguments: [String]) throws -> String {
        try Support.run("tshark", ["-r", path("a.pcapng")] + arguments).text
    }

    @Test("over TCP the same frames arrive at the same times, and the truth is the same")
    func same() throws {
        let text = try String(
            contentsOf: projectFolder.appendingPathComponent("Specs/scenarios/pass.yaml"), encoding: .utf8)
        let plain = try write(text)
        let datagrams = try checked(plain, "none")
        let truth = try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8).split(separator: "\n")
        let said = try checked(try write(text + "transport: tcp\n"), "marker:1ACFFC1D")
        #expect(said["frames"]?.integer == datagrams["frames"]?.integer && said["sent"] == datagrams["sent"])
        #expect(said["connections"]?["hefei.songjiang"]?.integer == 1 && said["closed"]?.integer == 2)
        let again = try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8).split(separator: "\n")
        // Only the number of the connection is said besides.
        let rest = again.dropFirst().dropLast().map { String($0).replacing("\"connection\":1,", with: "") }
        #expect(truth.dropFirst().dropLast().map(String.init) == rest)
        try scored(broken: 0)
        let sum = try Support.run("sha256sum", [path("a.pcapng")]).text.prefix(16)
        #expect(sum == "b766df821b65c483")
    }

    @Test("Wireshark has nothing to say against it, and reads the same streams", .enabled(if: hasTshark, "no tshark"))
    func wireshark() throws {
        let said = try checked(try write(Self.head + "transport: tcp\n"), "marker:1ACFFC1D")
        let experts = try tshark([
            "-q", "-z", "expert", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
        ])
        #expect(!experts.contains("Warn") && !experts.contains("Error"), "\(experts)")
        #expect(try tshark(["-Y", "tcp.analysis.flags"]).isEmpty)
        let streams = try #require(said["streams"]?.array)
        #expect(streams.count == 6)
        for (number, digest) in streams.enumerated() {
            let followed = try tshark(["-q", "-z", "follow,tcp,raw,\(number)"])
            // Lines of octets stand behind the fourth colon; those of the receiver would begin with a tab.
            let digits = followed.split(separator: "\n").filter { $0.allSatisfy(\.isHexDigit) }.joined()
            try Data(
                stride(from: 0, to: digits.utf8.count, by: 2).compactMap { index in
                    let start = digits.utf8.index(digits.startIndex, offsetBy: index)
                    return UInt8(digits[start..<digits.utf8.index(start, offsetBy: 2)], radix: 16)
                }
            ).write(to: folder.file("stream"))
            #expect(try Support.run("sha256sum", [path("stream")]).text.prefix(64) == digest.text ?? "")
        }
    }

    @Test("fibres make a stream late and break it, and nothing else: the truth says by how much and why")
    func fibres() throws {
        let scenario = try write(Self.head + "transport: tcp\n" + Self.legs)
        let said = try checked(scenario, "marker:1ACFFC1D")
        for reason in ["sent again", "put back", "waited", "cut"] {
            #expect(try #require(said["reasons"]?[reason]?.integer) > 20, "\(reason)")
        }
        #expect(said["faults"]?["loss"]?.integer == said["reasons"]?["cut"]?.integer)
        #expect(said["faults"]?["reorder"] == nil && said["legs"]?.integer == 6)
        // A cut ends the connection over the fibre, and no other.
        for name in ["songjiang", "g60"] {
            #expect(said["connections"]?["hefei.\(name)>west"]?.integer == 2)
            #expect(said["connections"]?["hefei.\(name)>west>south"]?.integer == 1)
        }
        #expect(said["closed"]?.integer == 12)
        try scored(broken: try #require(said["broken"]?.integer))
        if Self.hasTshark {
            let flags = try tshark(["-Y", "tcp.analysis.flags"]).split(separator: "\n")
            #expect(flags.count == said["faults"]?["duplicate"]?.integer, "\(flags.prefix(5))")
        }
        try Starlane.checked(["simulate", scenario, "-o", path("b.pcapng")])
        #expect(try Data(contentsOf: folder.file("a.pcapng")) == Data(contentsOf: folder.file("b.pcapng")))
    }

    @Test("what happens where nobody records is told where it is seen: copies end there, delays go on")
    func unrecorded() throws {
        let said = try checked(
            try write(Self.head + "transport: tcp\n" + Self.legs + "record: [hangzhou]\n"), "marker:1ACFFC1D")
        #expect(said["faults"]?["duplicate"] == nil && said["connections"]?["hefei.g60>west>south"]?.integer == 1)
        #expect(try #require(said["reasons"]?["sent again"]?.integer) > 20)
    }

    @Test("a fibre that loses most of it gives up: what is told is what arrives")
    func losses() throws {
        let scenario = try write(
            Self.head + "transport: {over: tcp, framing: none}\n"
                + "legs: {west: {from: hefei, to: jinhua, loss: 0.8}}\nrecord: [jinhua]\n")
        let said = try checked(scenario, "none")
        #expect(try #require(said["reasons"]?["given up"]?.integer) > 20)
        #expect(try #require(said["connections"]?["hefei.songjiang>west"]?.integer) > 1)
    }

    @Test(
        "every framing holds over both, with bit errors where the truth says",
        arguments: [
            ("udp", "none"), ("udp", "marker:1ACFFC1D"), ("udp", "length:2"), ("tcp", "none"), ("tcp", "length:4"),
            ("tcp", "length:2,offset=3,adjust=-2"),
        ])
    func framings(_ carrier: String, _ framing: String) throws {
        let scenario = try write(
            Self.head + "transport: {over: \(carrier), framing: \"\(framing)\"}\nlink: {bit-errors: 3e-7}\n")
        let said = try checked(scenario, framing)
        let broken = try #require(said["broken"]?.integer)
        #expect(broken > 10)
        try scored(framing.hasPrefix("length") ? ["--framing", framing] : [], broken: broken)
    }

    @Test("frames that are longer than a segment are cut, and bits are counted from where they begin")
    func long() throws {
        let vehicles = projectFolder.appendingPathComponent("Specs/vehicles")
        let behaviour = "songjiang.behaviour.yaml"
        try FileManager.default.copyItem(at: vehicles.appendingPathComponent(behaviour), to: folder.file(behaviour))
        var vehicle = try String(contentsOf: vehicles.appendingPathComponent("songjiang.yaml"), encoding: .utf8)
        vehicle.replace(
            /frames: .*/,
            with: "frames: {kind: tm, spacecraft: 421, length: 2047, fecf: true, ocf: true, bit-rate: 400000}")
        try write(vehicle, "wide.yaml")
        let scenario = try write(
            Self.head.replacing("[songjiang, g60]", with: "[wide.yaml]") + Self.legs + "transport: tcp\n")
        let said = try checked(scenario, "marker:1ACFFC1D", length: 2047)
        #expect(try #require(said["faults"]?["duplicate"]?.integer) > 10)
        try scored(broken: try #require(said["broken"]?.integer))
        let truth = try JSON.lines(try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8))
        #expect(truth.contains { $0["segments"]?.integer == 2 && $0["offset"]?.integer == 58 })
    }

    @Test("--check says what frames travel in, and what cannot be is refused with its line and near names")
    func refusals() throws {
        for (text, words) in [
            ("", "frames over UDP, one a datagram"),
            ("transport: tcp\n", "frames over TCP, each behind the marker 1ACFFC1D"),
            (
                "transport: {framing: \"length:2\"}\n",
                "frames over UDP, one a datagram, each behind a length of 2 octets"
            ),
            ("transport: {over: tcp, framing: none}\n", "frames over TCP, one behind the other"),
        ] {
            let said = try Starlane.checked(["simulate", try write(Self.head + text), "--check"]).text
            #expect(said.contains("  \(words)\n"), "\(said.prefix(300))")
        }
        for (text, words) in [
            ("tpc", "'tpc' is not known; here stand udp, tcp; did you mean tcp"),
            ("{over: sctp}", "transport.over: 'sctp' is not known"),
            ("{framming: none}", "did you mean framing?"), ("{framing: markr}", "did you mean marker?"),
            ("{framing: \"lenght:2\"}", "did you mean length?"), ("{framing: \"length:3\"}", "allowed are 1, 2 and 4"),
            ("{framing: \"length:1\"}", "frames of songjiang have 1115 octets: a length of 1 octets cannot say 1115"),
            ("{framing: \"length:2,strip=0\"}", "leave it out"),
            ("{framing: \"length:2,offset=2000\"}", "at most 1024"),
            ("{framing: \"length:4,adjust=2000\"}", "cannot say -885"), ("{framing: \"fixed:1114\"}", "another length"),
            ("{framing: \"marker:1ACFFC1D,9\"}", "cannot be 9 behind each marker"),
            ("{framing: \"marker:1ACFFC1\"}", "pairs of hexadecimal digits"), ("[tcp]", "s.yaml:5: transport"),
        ] {
            let finished = try Starlane.run(["simulate", try write(Self.head + "transport: \(text)\n"), "--check"])
            #expect(finished.status == 2, "\(text)")
            #expect(
                finished.words.contains("s.yaml:5: transport") && finished.words.contains(words), "\(finished.words)")
        }
    }
}
