import Foundation
import Support
import Testing

/// What `--control` and keys make of a replay: what goes out is what was asked for, no packet twice and none left out.
@Suite(.serialized, .enabled(if: Starlane.isThere, Starlane.why))
struct ReplayControlTests {
    private static let capture = "songjiang-packets.pcap"

    /// Runs a replay to standard output that begins paused, with these commands; gives what went out and the answers.
    private func play(
        _ commands: [String], _ file: String = capture, _ more: [String] = ["--payload", "link"]
    ) throws -> (sent: Data, answers: [JSON], finished: Finished) {
        let finished = try Starlane.run(
            ["replay", file, "--control", "--paused", "--to", "-"] + more,
            input: Data(commands.joined(separator: "\n").utf8))
        let lines = finished.words.split(separator: "\n").filter { $0.hasPrefix("{") }.joined(separator: "\n")
        return (finished.output, try JSON.lines(lines), finished)
    }

    /// The packets of a capture as they are sent, by `export`; a classic pcap has 24 octets, and 16 in front of each packet.
    private func packets(_ file: String, _ conditions: [String] = []) throws -> [Data] {
        let folder = try TemporaryFolder()
        let path = folder.file("out.pcap")
        let finished = try Starlane.run(["export", file, "-o", path.path] + conditions)
        #expect(finished.status == 0, "\(finished.words)")
        let octets = try Data(contentsOf: path)
        var packets: [Data] = []
        var place = 24
        while place + 16 <= octets.count {
            let length = (0..<4).reduce(0) { $0 | Int(octets[place + 8 + $1]) << (8 * $1) }
            packets.append(octets[place + 16..<place + 16 + length])
            place += 16 + length
        }
        return packets
    }

    private func joined(_ packets: some Sequence<Data>) -> Data { packets.reduce(into: Data()) { $0.append($1) } }

    /// The capture as an archive of several members.
    private func archive(_ folder: TemporaryFolder) throws -> String {
        let path = folder.file("day.pcapng.gz").path
        for (index, file) in [Self.capture, "songjiang-pass.pcapng", Self.capture].enumerated() {
            let command = index == 0 ? ["archive", file, "-o", path] : ["archive", "append", path, file]
            let finished = try Starlane.run(command)
            #expect(finished.status == 0, "\(finished.words)")
        }
        return path
    }

    @Test("pauses and steps lose nothing and send nothing twice")
    func pauses() throws {
        let (sent, answers, finished) = try play(
            ["status", "step", "step 4", "pause", "asap", "step 30", "resume", "pause", "resume"])
        #expect(finished.status == 0, "\(finished.words)")
        let all = try packets(Self.capture)
        #expect(sent == joined(all))
        #expect(answers.prefix(6).allSatisfy { $0["ok"]?.bool == true && $0["state"]?.text == "paused" })
        #expect(answers.prefix(6).map { $0["packets_sent"]?.integer } == [0, 1, 5, 5, 5, 35])
        #expect(answers[5]["packet"]?.integer == 35)
        #expect(answers[5]["octets_sent"]?.integer == all.prefix(35).reduce(0) { $0 + $1.count })
    }

    @Test("the times that were paused are not made up for, and do not count as late")
    func lateness() throws {
        let folder = try TemporaryFolder()
        let report = folder.file("report.json").path
        var told: [Double] = []
        /// Whether half of the packets were hardly late.
        func isKept(_ commands: String) throws -> Bool {
            let finished = try Starlane.bash(
                "{ \(commands); } | starlane replay \(Self.capture) --control --rate 200 --to - --report \(report) >'\(folder.url.path)/out'"
            )
            #expect(finished.status == 0, "\(finished.words)")
            let said = try JSON.lines(String(contentsOfFile: report, encoding: .utf8))
            #expect(said.first?["packets_sent"]?.integer == 136)
            told.append(try #require(said.first?["lateness_us"]?["median"]?.double))
            return told.last ?? 0 < 300_000
        }
        let commands = "sleep 0.05; for i in 1 2 3; do echo pause; sleep 0.3; echo resume; sleep 0.02; done"
        try Starlane.expectInTime({ try isKept(commands) }, otherwise: { try isKept("sleep 1") }, { "\(told)" })
    }

    @Test("a seek, forwards, back, or past all, goes to what export --from gives", arguments: ["capture", "archive"])
    func seeks(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let file = kind == "archive" ? try archive(folder) : Self.capture
        let all = try packets(file)
        for time in ["02:30:20.5", "02:30:00", "02:30:44.407", "02:29:00"] {
            let moment = "2026-03-15T\(time)Z"
            let (sent, answers, finished) = try play(["step 3", "seek \(moment)", "asap", "resume"], file)
            #expect(finished.status == 0, "\(finished.words)")
            #expect(try sent == joined(all.prefix(3) + packets(file, ["--from", moment])))
            #expect(answers[1]["packet"]?.integer == nil)
        }
        let (past, _, finished) = try play(["step 3", "seek 2100-01-01", "resume"], file)
        #expect(finished.status == 0, "\(finished.words)")
        #expect(past == joined(all.prefix(3)))
    }

    @Test("seeks by seconds go from the packet that was sent last, or from where one sought")
    func relative() throws {
        let all = try packets(Self.capture)
        let (sent, answers, _) = try play([
            "step", "seek +10", "step", "seek +10", "seek -10", "seek -60", "step", "quit",
        ])
        let behind = try packets(Self.capture, ["--from", "2026-03-15T02:30:10.311151Z"])
        #expect(sent == joined([all[0], behind[0], all[0]]))
        let times = answers.compactMap { $0["time"]?.text }
        #expect(times[0] == "2026-03-15T02:30:00.311151000Z")
        #expect(times[1] == "2026-03-15T02:30:10.311151000Z")
        #expect(times[4] == times[2])
    }

    @Test(
        "another filter holds from the captured packet behind the last one", arguments: ["link", "packet", "datagram"])
    func filters(_ layer: String) throws {
        func sent(_ commands: [String], _ more: [String] = []) throws -> Data {
            let (sent, _, finished) = try play(
                commands + ["asap", "resume"], Self.capture, ["--payload", layer] + more)
            #expect(finished.status == 0, "\(finished.words)")
            return sent
        }
        let all = try sent([])
        let chosen = try sent([], ["-Y", "apid == 272"])
        #expect(!chosen.isEmpty && chosen.count < all.count)
        #expect(try sent(["filter apid == 272"]) == chosen)
        #expect(try sent(["filter"], ["-Y", "apid == 272"]) == all)
        // The first forty packets, and what is chosen of the others; and from the fortieth on everything again.
        let first = try play(["step 40", "quit"], Self.capture, ["--payload", layer]).sent
        let rest = try play(["step 40", "filter apid == 272", "asap", "resume"], Self.capture, ["--payload", layer])
        #expect(rest.sent.starts(with: first))
        #expect(chosen.suffix(rest.sent.count - first.count) == rest.sent.suffix(rest.sent.count - first.count))
        #expect(try sent(["step 40", "filter apid == 272", "filter"]) == all)
        #expect(rest.answers[1]["filter"]?.text == "apid == 272")
    }

    @Test("a seek and a filter together, and rounds: each round after the one that was sought in is whole")
    func together() throws {
        let from = "2026-03-15T02:30:30Z"
        let chosen = try packets(Self.capture, ["--from", from])
        let all = try packets(Self.capture)
        let (sent, _, _) = try play(
            ["seek \(from)", "asap", "resume"], Self.capture, ["--payload", "link", "--times", "2"])
        #expect(sent == joined(chosen + all))
    }

    @Test("the pace is what was said last, and a seek keeps it")
    func paces() throws {
        let (_, answers, _) = try play([
            "speed 2", "rate 5000", "bitrate 1000000", "asap", "seek +1", "speed 0.5", "step", "status", "quit",
        ])
        let paces = answers.map { $0["pace"]?.text }
        #expect(
            paces == [
                "speed 2", "rate 5000", "bitrate 1000000", "asap", "asap", "speed 0.5", "speed 0.5", "speed 0.5",
                "speed 0.5",
            ])
    }

    @Test(
        "what is no command, or cannot be done, is said, and nothing ends",
        arguments: [
            ("sek +1", "near it is seek; allowed are pause"), ("seek soon", "nor a time"),
            ("filter apud == 1", "no field is called 'apud'"), ("speed fast", "speed takes"),
            ("step none", "from 1 to 1000000000"), ("resume please", "takes nothing"),
        ])
    func refusals(_ command: String, _ words: String) throws {
        let (sent, answers, finished) = try play([command, "asap", "resume"])
        #expect(finished.status == 0, "\(finished.words)")
        #expect(answers[0]["ok"]?.bool == false)
        #expect(answers[0]["command"]?.text == command)
        #expect(answers[0]["error"]?.text?.contains(words) == true, "\(answers[0])")
        #expect(try sent == joined(packets(Self.capture)))
    }

    @Test("bare frames have no times to seek to or to keep, and take no filter")
    func timeless() throws {
        let (sent, answers, finished) = try play(
            ["step", "seek +10", "speed 1", "filter apid == 1", "status", "rate 10000", "resume"], "songjiang.frames",
            ["--payload", "frame", "--rate", "100"])
        #expect(finished.status == 0, "\(finished.words)")
        #expect(answers[1]["error"]?.text?.contains("have no times") == true)
        #expect(answers[2]["error"]?.text?.contains("have no times") == true)
        #expect(answers[3]["error"]?.text?.contains("a frame carries several") == true)
        #expect(answers[4]["time"]?.text == nil)
        #expect(try sent == Data(contentsOf: fixture("songjiang.frames")))
    }

    @Test(
        "what rests on times waits for the first packet, and for an end where there is none",
        arguments: [
            ("songjiang-packets.pcap", "seek +1", nil), ("songjiang-packets.pcap", "speed 2", nil),
            ("songjiang.frames", "speed 2", "have no times"), ("songjiang.frames", "seek +1", "have no times"),
            ("/dev/null", "speed 2", "it has ended"),
        ] as [(String, String, String?)])
    func patience(_ file: String, _ command: String, _ refusal: String?) throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.bash(
            """
            mkfifo '\(folder.url.path)/late'
            { sleep 0.5; cat \(file); } > '\(folder.url.path)/late' &
            printf '\(command)\nquit' |
                starlane replay '\(folder.url.path)/late' --control --paused --rate 9 --payload packet --to -
            """)
        let answer = try #require(JSON.lines(String(finished.words.prefix { $0 != "\n" })).first)
        #expect(answer["ok"]?.bool == (refusal == nil), "\(finished.words)")
        #expect(answer["error"]?.text?.contains(refusal ?? "") ?? (refusal == nil), "\(finished.words)")
    }

    @Test(
        "answers that nobody reads hold nobody up: not what is sent, nor its end, nor Ctrl-C",
        arguments: ["--asap", "--paused"])
    func unread(_ pace: String) throws {
        let folder = try TemporaryFolder()
        // Far more answers than a pipe holds, to a reader that does not read.
        let finished = try Starlane.bash(
            """
            yes status | head -3000 > '\(folder.url.path)/lines'
            mkfifo '\(folder.url.path)/answers'
            sleep 100 < '\(folder.url.path)/answers' & reader=$!
            timeout --foreground --preserve-status -k 60 -s INT \(pace == "--asap" ? "60" : "3") \
                "$STARLANE" replay \(Self.capture) --control \(pace) --to udp://127.0.0.1:9 \
                < '\(folder.url.path)/lines' > '\(folder.url.path)/answers'
            echo $?
            kill -KILL $reader
            """)
        // That nobody listens is seen where it takes long enough.
        #expect((pace == "--asap" ? ["0\n", "1\n"] : ["130\n"]).contains(finished.text), "\(finished.words)")
    }

    @Test("who quits, or leaves it paused, is told that not everything was sent")
    func quits() throws {
        let (sent, _, finished) = try play(["step 2", "quit", "step"])
        #expect(finished.status == 1)
        #expect(finished.words.contains("the rest was not sent"))
        #expect(try sent == joined(packets(Self.capture).prefix(2)))
        let (left, _, other) = try play(["step 5"])
        #expect(other.status == 1)
        #expect(try left == joined(packets(Self.capture).prefix(5)))
    }

    @Test("answers are on standard output where packets go elsewhere")
    func answers() throws {
        let finished = try Starlane.run(
            ["replay", Self.capture, "--control", "--paused", "--to", "udp://127.0.0.1:9"],
            input: Data("status\r\n\nquit".utf8))
        let lines = try JSON.lines(finished.text)
        #expect(lines.map { $0["command"]?.text } == ["status", "quit"])
        #expect(lines.allSatisfy { $0["ok"]?.bool == true })
    }
}
