import Foundation
import Support
import Testing

/// What `simulate --to` sends with each `--payload`, and who comes to fetch it too early.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SimulateSendingTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func scenario(_ more: String) throws -> String {
        let text = """
            start: 2026-03-15T02:24:00Z
            duration: 2 min
            spacecraft: [songjiang, g60]
            stations: [hangzhou, hefei]
            link: {bit-errors: 1e-6}

            """
        return try write(text + more)
    }

    /// What goes out over a stream.
    private func sent(_ scenario: String, _ payload: String) throws -> Data {
        let finished = try Starlane.bash(
            "starlane simulate '\(scenario)' --asap --to - --payload \(payload) > '\(path(payload))'")
        #expect(finished.status == 0, "\(finished.words)")
        return try Data(contentsOf: folder.file(payload))
    }

    private static let marker: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]

    @Test(
        "datagrams go out with their framing, frames behind markers, broken ones too, whatever carries them",
        arguments: [("udp", "none"), ("udp", "length:2"), ("tcp", "marker"), ("tcp", "length:4")])
    func frames(_ carrier: String, _ framing: String) throws {
        let scenario = try scenario("transport: {over: \(carrier), framing: \"\(framing)\"}\n")
        let front: [UInt8] =
            switch framing {
            case "none": []
            case "marker": Self.marker
            case "length:2": [4, 91]
            default: [0, 0, 4, 91]
            }
        let payloads = [UInt8](try sent(scenario, "datagram"))
        let frames = [UInt8](try sent(scenario, "frame"))
        #expect(payloads.count / (front.count + 1115) * 1119 == frames.count && frames.count > 1_000_000)
        #expect(payloads.count % (front.count + 1115) == 0)
        var wanted: [UInt8] = []
        for start in stride(from: 0, to: payloads.count, by: front.count + 1115) {
            #expect(payloads[start..<start + front.count] == front[...])
            wanted += Self.marker + payloads[start + front.count..<start + front.count + 1115]
        }
        #expect(wanted == frames)
    }

    @Test("what is sent is what would be written, however far ahead it is simulated")
    func stretches() throws {
        let text = """
            start: 2026-03-15T02:27:00Z
            duration: 20 s
            spacecraft: [songjiang, g60]
            stations: [hangzhou, jinhua, hefei]
            link: {bit-errors: {5: 1e-5, 20: 1e-6}, fades: {every: 5 s, last: 1 s}}
            legs:
              west: {from: hefei, to: hangzhou, jitter: 0.2 ms, loss: 0.05, burst: 3, duplicate: 0.05, reorder: "3:0.05"}
            events:
              - {at: 5.3 s, leg: west, cut: 4.5 s}
              - {at: 12.1 s, spacecraft: songjiang, silent: 2.345 s}

            """
        try write(text)
        try Starlane.checked(["simulate", path("s.yaml"), "-o", path("a.pcapng")])
        let finished = try Starlane.bash(
            """
            starlane replay '\(path("a.pcapng"))' --payload datagram --asap --to - > '\(path("written"))'
            starlane simulate '\(path("s.yaml"))' --asap --to - > '\(path("soon"))'
            starlane simulate '\(path("s.yaml"))' --speed 9 --to - > '\(path("timed"))'
            """)
        #expect(finished.status == 0, "\(finished.words)")
        let written = try Data(contentsOf: folder.file("written"))
        #expect(written.count > 500_000)
        #expect(try Data(contentsOf: folder.file("soon")) == written)
        #expect(try Data(contentsOf: folder.file("timed")) == written)
    }

    @Test("packets are those that decode finds in the capture, in the order in which they came")
    func packets() throws {
        let scenario = try scenario("transport: tcp\n")
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng")])
        _ = try Starlane.run(["decode", path("a.pcapng"), "--format", "jsonl", "-o", path("d.jsonl")])
        let rows = try JSON.lines(try String(contentsOf: folder.file("d.jsonl"), encoding: .utf8))
        let octets = [UInt8](try sent(scenario, "packet"))
        var found: [[Int]] = []
        var at = 0
        while at + 6 < octets.count {
            let words = stride(from: at, to: at + 6, by: 2).map { Int(octets[$0]) << 8 | Int(octets[$0 + 1]) }
            found.append([words[0] & 0x7FF, words[1] & 0x3FFF])
            at += words[2] + 7
        }
        #expect(at == octets.count && found.count > 1000)
        #expect(found == rows.map { [$0["apid"]?.integer ?? -1, $0["sequence"]?.integer ?? -1] })
    }

    @Test("in one stream two spacecraft are explained, each by its database", arguments: ["frame", "packet"])
    func bothExplained(_ payload: String) throws {
        _ = try sent(try scenario("transport: tcp\n"), payload)
        let decoded = try Starlane.run(["decode", path(payload), "--format", "jsonl", "-o", path("d.jsonl")])
        #expect(decoded.status < 2, "\(decoded.words)")
        var missions: [String: Int] = [:]
        for row in try JSON.lines(try String(contentsOf: folder.file("d.jsonl"), encoding: .utf8)) {
            let type = row["type"]?.text ?? "none"
            missions[String(type.prefix { $0 != "." }), default: 0] += 1
        }
        #expect(missions.keys.sorted() == ["g60", "songjiang"] && missions.values.min()! > 100, "\(missions)")
    }

    @Test("messages of terminals are packets as well, and no frames")
    func messages() throws {
        try Data(
            """
            start: 2026-07-19T06:28:00Z
            duration: 5 min
            terminals: [walkers]

            """.utf8
        ).write(to: folder.file("t.yaml"))
        let text = String(decoding: try sent(path("t.yaml"), "packet"), as: UTF8.self)
        #expect(text.hasPrefix("$") || text.contains("$BD"), "\(text.prefix(80))")
        let nothing = try Starlane.run(["simulate", path("t.yaml"), "--asap", "--to", "-", "--payload", "frame"])
        #expect(nothing.status == 2 && nothing.words.contains("none is what was asked for"), "\(nothing.words)")
    }

    @Test("packets keep their time, too", arguments: ["frame", "packet"])
    func pace(_ payload: String) throws {
        let scenario = try scenario("transport: tcp\n")
        var told: [String] = []
        func isKept(_ payload: String) throws -> Bool {
            let finished = try Starlane.bash(
                "starlane simulate '\(scenario)' --speed 40 --to udp://127.0.0.1:9 --payload \(payload) --report "
                    + "'\(path("r.json"))'")
            // Nobody listens, which is told and makes it incomplete.
            #expect(finished.status < 2, "\(finished.words)")
            let report = try JSON(try String(contentsOf: folder.file("r.json"), encoding: .utf8))
            let seconds = try #require(report["seconds"]?.double)
            let late = try #require(report["lateness_us"]?["median"]?.double)
            let worst = try #require(report["lateness_us"]?["worst"]?.double)
            told.append("\(payload): \(seconds) s, half of it \(late) us late, at worst \(worst) us")
            // Nothing comes sooner, and what comes later is told as late.
            #expect(seconds >= 2.8 && seconds < 3.5 + worst / 1e6, "\(told)")
            return late < 20_000
        }
        try Starlane.expectInTime({ try isKept(payload) }, otherwise: { try isKept("datagram") }, { "\(told)" })
    }

    @Test("who reads a stream may come before who sends it")
    func patience() throws {
        // The second spacecraft is heard when it has long been judged what the stream carries.
        let text = """
            start: 2026-03-15T02:15:00Z
            duration: 12 min
            spacecraft: [songjiang, g60]
            stations: [hangzhou]
            transport: tcp

            """
        let scenario = path("p.yaml")
        try Data(text.utf8).write(to: folder.file("p.yaml"))
        let finished = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            port=$(waiting port)
            "$STARLANE" decode tcp://127.0.0.1:$port --format jsonl -o live.jsonl 2> words.txt &
            waiting said words.txt 'tries again'
            "$STARLANE" simulate '\(scenario)' --to tcp-listen://127.0.0.1:$port --speed 200 --truth truth.jsonl
            waiting left $port
            kill -INT $!
            wait
            cat words.txt
            "$STARLANE" score --truth truth.jsonl --least-compared 100% live.jsonl
            """)
        #expect(
            finished.text.contains(/tcp:..127.0.0.1:\d+ cannot be opened: Connection refused; tries again for 10 s/),
            "\(finished.text)")
        #expect(finished.text.hasSuffix("PASS\n"), "\(finished.text) \(finished.words)")
    }

    @Test("what cannot go out so is refused")
    func refusals() throws {
        for (arguments, words) in [
            (["-o", "x.pcap", "--payload", "packet"], "give --to ADDRESS"),
            (["--to", "udp://127.0.0.1:9", "--payload", "packets"], "packet"),
            (["--to", "pcap://lo", "--payload", "frame"], "leave --payload frame out"),
            (["-o", "x.pcapng.gz", "--level", "13"], "--level takes 0 to 12, not 13"),
        ] {
            let finished = try Starlane.run(["simulate", "pass"] + arguments)
            #expect(finished.status == 64 && finished.words.contains(words), "\(arguments): \(finished.words)")
        }
    }
}
