import Foundation
import Support
import Testing

/// `simulate --to` while somebody steers it: what happens does so soon, commands are answered at once, and what ends early claims
/// nothing that did not leave.
@Suite(.enabled(if: Starlane.isThere, Starlane.why), .enabled(if: hasProgram("python3"), "no python3"))
struct SimulateSteeringTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let pass = """
        start: 2026-03-15T02:26:00Z
        duration: 3 min
        seed: 3
        spacecraft: [songjiang]
        stations: [songjiang, hefei]
        legs: {west: {from: hefei, to: songjiang, delay: 3 ms}}

        """

    /// When a line is written behind the answer to the one in front of it: see `steering.py`.
    private enum When {
        case after(seconds: Double), heard, quiet

        var json: String {
            switch self {
            case .after(let seconds): "\(seconds)"
            case .heard: "\"heard\""
            case .quiet: "\"quiet\""
            }
        }
    }

    /// Runs `steering.py`.
    private func steer(
        _ kind: String, _ script: [(when: When, line: String)], _ arguments: [String], scenario: String = pass
    ) throws -> JSON {
        try write(scenario)
        let lines = script.map { "[\($0.when.json), \"\($0.line)\"]" }.joined(separator: ", ")
        return try Starlane.script(
            "steering.py", [kind, "[\(lines)]", Starlane.program.path, "simulate", "s.yaml"] + arguments, in: folder.url
        )
    }

    @Test(
        "an event happens half a second later at the most, whatever the pace is, and has become",
        arguments: [
            (["--speed", "1"], nil), (["--rate", "5"], nil), (["--bitrate", "50000"], nil), (["--speed", "0.2"], nil),
            (["--speed", "40"], "speed 1"), (["--rate", "60"], "speed 1"),
        ] as [([String], String?)])
    func events(_ pace: [String], _ other: String?) throws {
        var script: [(when: When, line: String)] = [(.heard, other ?? "status"), (.after(seconds: 0.3), "status")]
        for station in ["songjiang", "hefei"] {
            script.append((.after(seconds: 0), "event {station: \(station), down: true}"))
        }
        func run() throws -> (said: JSON, event: Int?) {
            let said = try steer("udp", script + [(.quiet, "quit")], pace + ["--report", "r.json"])
            return (said, said["answers"]?[3]?["packets_sent"]?.integer)
        }
        var (said, answered) = try run()
        // What is fast comes to its end before it is told anything where the machine stands still for seconds.
        for _ in 0..<10 where answered == nil { (said, answered) = try run() }
        let event = try #require(answered, "\(said)")
        let report = try JSON(try String(contentsOf: folder.file("r.json"), encoding: .utf8))
        let sent = try #require(report["packets_sent"]?.integer)
        #expect(event > 3 && sent == said["datagrams"]?.integer, "\(said)")
        // At most 22 frames are due in a second; what was late leaves behind the event, too.
        let late = try #require(report["lateness_us"]?["worst"]?.double) / 1e6
        #expect(Double(sent - event) <= 22 * (0.5 + late) + 3, "\(pace) \(other ?? ""): \(report)")
    }

    /// What became of a run that was stopped, held against what a receiver got that lost nothing.
    private func score(_ name: String, _ layout: String = "tm:1115,fecf,ocf") throws -> Finished {
        try Starlane.bash(
            """
            cd '\(folder.url.path)'
            starlane decode \(name) --frames \(layout) --format jsonl -o d.jsonl 2> /dev/null
            test -s d.jsonl || echo '{"other": 1}' > d.jsonl
            starlane score --truth truth.jsonl d.jsonl
            """)
    }

    private func end() throws -> JSON {
        try #require(try JSON.lines(String(contentsOf: folder.file("truth.jsonl"), encoding: .utf8)).last)
    }

    @Test(
        "the truth of what was stopped is that of what left: who got that got all",
        arguments: ["--speed 1", "--rate 60", "--bitrate 400000", "--speed 20"],
        ["datagram", "packet", "frame"])
    func stopped(_ pace: String, _ payload: String) throws {
        try write(Self.pass)
        let finished = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            mkfifo lines
            starlane simulate s.yaml --to - --payload \(payload) \(pace) --control --truth truth.jsonl < lines > got 2> words &
            exec 3> lines
            # Until enough has left, however much else the machine has to do.
            for _ in $(seq 600); do
                [ $(stat -c %s got) -gt \(payload == "packet" ? 1000 : 16000) ] && break
                sleep 0.1
            done
            echo quit >&3
            exec 3>&-
            wait $!
            """)
        #expect(finished.status == 1, "\(finished.words)")
        let end = try end()
        #expect(end["interrupted"]?.bool == true, "\(end)")
        let got = try Data(contentsOf: folder.file("got"))
        let made = try #require(end["packets_made"]?.integer)
        #expect(got.count > 10_000 || payload == "packet" && got.count > 500)
        #expect(made > 3, "\(made)")
        switch payload {
        case "datagram":
            #expect(end["packets_out"]?.integer == got.count / 1115)
            let scored = try score("got")
            #expect(scored.text.hasSuffix("PASS\n"), "\(scored.text)")
        case "frame":
            let scored = try score("got", "tm:1115,fecf,ocf,marker")
            #expect(scored.text.hasSuffix("PASS\n"), "\(scored.text)\(scored.words)")
        default:
            let scored = try Starlane.bash(
                """
                cd '\(folder.url.path)'
                starlane decode got --format jsonl -o d.jsonl
                starlane score --truth truth.jsonl d.jsonl
                """)
            #expect(scored.text.hasSuffix("PASS\n"), "\(scored.text)")
        }
    }

    @Test("what was stopped before anything left claims nothing, by a signal as by a command")
    func nothing() throws {
        try write(Self.pass)
        for (number, signal) in ["INT", "HUP"].enumerated() {
            let finished = try Starlane.bash(
                """
                cd '\(folder.url.path)'
                mkfifo open\(number)
                exec 3<> open\(number)
                "$STARLANE" simulate s.yaml --to udp://127.0.0.1:9 --paused --control --truth truth.jsonl <&3 &
                waiting catches $! \(signal)
                for _ in $(seq 600); do ls truth.jsonl*.part > /dev/null 2>&1 && break; sleep 0.1; done
                sleep 0.5; kill -\(signal) $!
                wait $!
                """)
            #expect(finished.status == 130, "\(number): \(finished.words)")
            let truth = try JSON.lines(String(contentsOf: folder.file("truth.jsonl"), encoding: .utf8))
            #expect(truth.last?["packets_out"]?.integer == 0)
            let packets = truth.filter { $0["record"]?.text == "packet" }
            #expect(packets.allSatisfy { $0["heard"]?.array?.isEmpty ?? false })
            #expect(!truth.contains { $0["record"]?.text == "channel" || $0["record"]?.text == "fault" })
            #expect(!folder.names.contains { $0.hasSuffix(".part") })
        }
    }

    /// 2 Mbit/s in frames of 2,048 octets, from two vehicles.
    private func wide() throws -> String {
        let vehicle = try String(
            contentsOf: projectFolder.appendingPathComponent("Specs/vehicles/songjiang.yaml"), encoding: .utf8)
        let behaviour = projectFolder.appendingPathComponent("Specs/vehicles/songjiang.behaviour.yaml")
        try FileManager.default.copyItem(at: behaviour, to: folder.file("songjiang.behaviour.yaml"))
        let wide = vehicle.replacingOccurrences(of: "length: 1115", with: "length: 2048")
            .replacingOccurrences(of: "bit-rate: 64000", with: "bit-rate: 2000000")
        #expect(wide.contains("2048") && wide.contains("2000000"), "\(vehicle)")
        try Data(wide.utf8).write(to: folder.file("one.yaml"))
        try Data(wide.replacingOccurrences(of: "spacecraft: 421", with: "spacecraft: 422").utf8)
            .write(to: folder.file("other.yaml"))
        return """
            start: 2026-03-15T02:26:00Z
            duration: 30 s
            spacecraft: [one.yaml, other.yaml]
            stations: [songjiang, hefei, hangzhou]
            transport: {over: tcp}

            """
    }

    /// Whether a stream is frames of 2,048 octets behind their markers.
    private func isWhole(_ stream: Data) -> Bool {
        let octets = [UInt8](stream)
        return octets.count % 2052 == 0
            && stride(from: 0, to: octets.count, by: 2052).allSatisfy {
                octets[$0..<$0 + 4] == [0x1A, 0xCF, 0xFC, 0x1D]
            }
    }

    @Test("a stream gets whole frames, also of connections whose segments come between each other")
    func whole() throws {
        let scenario = try wide()
        try write(scenario)
        for payload in ["datagram", "frame"] {
            let finished = try Starlane.bash(
                "starlane simulate '\(path("s.yaml"))' --asap --to - --payload \(payload) > '\(path(payload))'")
            #expect(finished.status == 0, "\(finished.words)")
            let stream = try Data(contentsOf: folder.file(payload))
            #expect(stream.count > 2_000_000 && isWhole(stream))
        }
    }

    @Test("who takes nothing holds up no command; where it is ended what has begun to leave still does")
    func slow() throws {
        let scenario = try wide()
        let said = try steer(
            "slow",
            [
                (.after(seconds: 2), "status"), (.after(seconds: 0), "pause"), (.after(seconds: 0), "resume"),
                (.after(seconds: 0.2), "speed 2"), (.after(seconds: 0), "quit"),
            ], ["--asap"], scenario: scenario)
        // Nothing is taken before the last line: an answer that waited for that would be none.
        let answers = said["answers"]?.array ?? []
        #expect(answers.count == 5 && answers.allSatisfy { $0["ok"]?.bool == true }, "\(said)")
        #expect(said["status"]?.integer == 1 && said["octets"]?.integer ?? 0 > 0)
        #expect(isWhole(try Data(contentsOf: folder.file("stream"))))
        let idle = try steer(
            "idle", [(.after(seconds: 2), "status"), (.after(seconds: 0), "quit")], ["--asap"], scenario: scenario)
        // Who takes nothing has ten seconds while it goes on, and half a second when it is to end.
        let (ended, delayed) = (try #require(idle["ended"]?.double), try #require(idle["delayed"]?.double))
        #expect(ended - delayed < 8, "\(idle)")
    }

    @Test("all lines are answered, however many come at once and whenever it ends; one without an end is refused once")
    func lines() throws {
        try write(Self.pass)
        for script in ["yes status | head -3000; echo quit", "echo quit; yes status | head -3000"] {
            // In a file: whoever writes to a pipe may be cut off when it ends.
            let finished = try Starlane.bash(
                "(\(script)) > '\(path("lines"))'; starlane simulate '\(path("s.yaml"))' --to udp://127.0.0.1:9 --control "
                    + "< '\(path("lines"))'")
            let answers = try JSON.lines(finished.text)
            #expect(answers.count == 3001 && finished.status == 1, "\(finished.words)")
        }
        let finished = try Starlane.bash(
            """
            (head -c 3000000 /dev/zero | tr '\\0' x; echo; echo seek +5; echo stats; echo 'event {leg'; echo 'event {leg: east, cut: true}'
            echo 'event {spacecraft: songjiang, dawn: 3}'; echo quit) |
                starlane simulate '\(path("s.yaml"))' --to udp://127.0.0.1:9 --control
            """)
        let answers = try JSON.lines(finished.text)
        let words = answers.compactMap { $0["error"]?.text }
        #expect(answers.count == 7 && words.count == 6, "\(finished.text)")
        #expect(words.first?.contains("at most 16384 octets") ?? false)
        #expect(finished.output.count < 4000)
        #expect(words.contains { $0.contains("goes on and never back") })
        #expect(words.contains { $0.contains("near it is status") && $0.contains("event {…}") && !$0.contains("seek") })
        #expect(words.contains { $0.hasPrefix("event: '{leg' cannot be read: events are written as {leg: west") })
        #expect(words.contains { $0.hasPrefix("event: 'east' is no leg; there is west") })
    }
}
