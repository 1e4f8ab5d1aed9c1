import Foundation
import Support
import Testing

/// `starlane score`: faults against a ledger, of broken captures and of simulations.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreLedgerTests {
    private static let ledger =
        #"{"file":"x","channels":[{"missing":2,"repeated":1,"late":0},{"missing":1,"repeated":0,"late":0}],"apids":[{"missing":9}],"ledger":{"bytes":9,"rejected":[{"stage":"frame","reason":"frame error control is wrong","count":3,"bytes":9}],"balanced":true}}"#

    @Test("faults are held against a ledger: what was broken, what did not arrive whole, what came twice")
    func ledgers() throws {
        let folder = try TemporaryFolder()
        try Data(ScoreTruth.faults.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        try Data(Self.ledger.utf8).write(to: folder.file("ledger.json"))
        let arguments = ["score", "--truth", "truth.jsonl", "--ledger", "ledger.json", "--most-difference", "0"]
        let finished = try Starlane.run(arguments + ["--format", "json"], in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let rows = try #require(try JSON(finished.text)["ledger"]?["faults"]?.array)
        #expect(rows.map { $0["kind"]?.text } == ["broken", "missing", "repeated"])
        #expect(rows.map { $0["injected"]?.integer } == [3, 3, 1] && rows.map { $0["found"]?.integer } == [3, 3, 1])
        let text = try Starlane.run(arguments, in: folder.url).text
        #expect(text.contains(/broken \/ rejected +3 +3 +0\n/) && text.hasSuffix("\nPASS\n"), "\(text)")
        for (changed, words) in [
            (Self.ledger.replacing("\"missing\":2", with: "\"missing\":4"), "differ by 2 (missing)"),
            (Self.ledger.replacing("\"balanced\":true", with: "\"balanced\":false"), "does not balance"),
        ] {
            try Data(changed.utf8).write(to: folder.file("ledger.json"))
            let failed = try Starlane.run(arguments, in: folder.url)
            #expect(failed.status == 1 && failed.text.contains("FAIL") && failed.text.contains(words), "\(failed.text)")
        }
        // A report of `run` tells of no counts; over several lines it is read as well.
        let report = #"{"sources":[{"source":"x","ledger":{"bytes":1,"rejected":[]}}]}"#.replacing(",", with: ",\n")
        try Data(report.utf8).write(to: folder.file("ledger.json"))
        let blind = try JSON(
            try Starlane.run(Array(arguments.dropLast(2)) + ["--format", "json"], in: folder.url).text)
        #expect(blind["ledger"]?["faults"]?[1]?["found"] == .null)
        for (text, words) in [("{}", "holds no ledger"), ("{", "is no JSON"), ("", "holds no ledger")] {
            try Data(text.utf8).write(to: folder.file("ledger.json"))
            let refused = try Starlane.run(arguments, in: folder.url)
            #expect(refused.status == 2 && refused.output.isEmpty && refused.words.contains(words), "\(refused.words)")
        }
    }

    @Test("of a broken capture all that is missing is explained by its faults, and the ledger has them")
    func broken() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.bash(
            """
            set -e; pass='\(fixture("songjiang-packets.pcap").path)'
            starlane corrupt $pass -o worse.pcap --fault loss=5%,duplicate=2% --seed 3 --truth truth.jsonl 2>/dev/null
            starlane decode $pass --format jsonl > before.jsonl
            starlane decode worse.pcap --format jsonl > after.jsonl
            starlane inspect worse.pcap --format json > ledger.json
            starlane score --truth truth.jsonl --reference before.jsonl after.jsonl --ledger ledger.json --format json
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let json = try JSON(finished.text)
        #expect((json["packets"]?["lost"]?.integer ?? 0) > 0 && json["packets"]?["missed"]?.integer == 0)
        #expect(json["rows"]?["invented"]?.integer == 0 && json["rows"]?["wrong_values"]?.integer == 0)
        #expect((json["rows"]?["values"]?.integer ?? 0) > 500)
        // Without the faults the same packets are missed.
        let unexplained = try Starlane.bash(
            """
            grep -v '"loss"' truth.jsonl > none.jsonl
            starlane score --truth none.jsonl --reference before.jsonl after.jsonl --format json
            """, in: folder.url)
        #expect(unexplained.status == 1)
        #expect(try JSON(unexplained.text)["packets"]?["missed"] == json["packets"]?["lost"])
    }

    @Test(
        "what is simulated and decoded is its truth, with bit errors and fades, too, and the ledger has each of them",
        arguments: ["jsonl", "csv"])
    func simulated(_ format: String) throws {
        let folder = try TemporaryFolder()
        let scenario = """
            start: 2026-03-15T02:22:00Z
            duration: 10 min
            seed: 3
            spacecraft: [songjiang]
            stations: [songjiang, hefei]
            link: {bit-errors: {5: 1.0e-4, 20: 1.0e-5, 40: 1.0e-7}, fades: {every: 2 min, last: 4 s}, lock: 0.005}
            """
        try Data(scenario.utf8).write(to: folder.file("noisy.yaml"))
        let specs = projectFolder.appendingPathComponent("Specs").path
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs)'
            starlane simulate ./noisy.yaml -o noisy.pcapng --truth truth.jsonl
            starlane decode noisy.pcapng -o decoded.\(format) 2>/dev/null
            starlane inspect noisy.pcapng --format json > ledger.json
            starlane score --truth truth.jsonl decoded.\(format) --ledger ledger.json --format json --most-repeated 0
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let json = try JSON(finished.text)
        let packets = try #require(json["packets"])
        let (lost, explained) = (packets["lost"]?.integer ?? 0, packets["explained"]?.integer ?? 0)
        // Frames that leave as the contact begins or ends are lost without a fault.
        #expect(explained > 50 && lost - explained < 60)
        #expect(packets["missed"]?.integer == 0 && (packets["found"]?.integer ?? 0) > 1_000)
        #expect((json["rows"]?["values"]?.integer ?? 0) > 20_000 && json["rows"]?["not_compared"]?.integer == 0)
        let broken = json["ledger"]?["faults"]?[0]
        #expect((broken?["injected"]?.integer ?? 0) > 500 && broken?["difference"]?.integer == 0)
    }

    @Test(
        "late frames, copies, gaps as long as counts and few whole frames are found by inspect and decode as they were made",
        arguments: [
            "legs: {f: {from: hefei, to: hangzhou, delay: 3 ms, jitter: 900 ms}}",
            "legs: {f: {from: hefei, to: hangzhou, delay: 3 ms, loss: 0.5, duplicate: 0.5, reorder: \"10:0.5\"}}",
            "legs: {f: {from: hefei, to: hangzhou, delay: 3 ms, jitter: 3 s, loss: 0.1}}",
            "link: {bit-errors: 3e-4}",
        ], [7, 8, 9])
    func order(_ links: String, _ seed: Int) throws {
        let folder = try TemporaryFolder()
        let scenario = """
            start: 2026-03-15T02:20:00Z
            duration: 14 min
            seed: \(seed)
            spacecraft: [songjiang]
            stations: [hangzhou, hefei]
            record: [hangzhou]
            \(links)
            """
        try Data(scenario.utf8).write(to: folder.file("hard.yaml"))
        let specs = projectFolder.appendingPathComponent("Specs").path
        // Values of packets are looked at where frames are broken only: those around late frames are lost with them.
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs)'
            starlane simulate ./hard.yaml -o hard.pcapng --truth truth.jsonl
            starlane decode hard.pcapng -o decoded.jsonl 2>/dev/null
            starlane inspect hard.pcapng --format json > ledger.json
            starlane score --truth truth.jsonl decoded.jsonl --ledger ledger.json --most-difference 0 --format json \
                --least-found \(links.contains("legs") ? "20%" : "100%")
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let json = try JSON(finished.text)
        #expect((json["packets"]?["found"]?.integer ?? 0) > 50, "\(finished.text)")
        #expect(json["packets"]?["wrong"]?.integer == 0 && json["rows"]?["invented"]?.integer == 0)
    }

    @Test("frames of one count are told apart by their numbers, where the truth has these")
    func numbers() throws {
        for (numbers, explained) in [(#","numbers":[8,8]"#, 1), (#","numbers":[264,264]"#, 0), ("", 1)] {
            let truth = [
                ScoreTruth.run, ScoreTruth.packet(100, 17, second: 3),
                ScoreTruth.packet(100, 18, second: 4, frames: "[8,8]\(numbers)", heard: ""),
                #"{"record":"fault","kind":"loss","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"frame":8,"number":8,"time":"2026-03-15T02:22:06.6Z"}"#,
                ScoreTruth.end,
            ]
            let scored = try ScoreTruth.score(truth, ScoreTruth.line(100, 17), status: 0)
            #expect(scored.count("packets", "lost") == 1 && scored.count("packets", "explained") == explained)
        }
    }

    /// The fault of a copy of a frame.
    private static func fault(_ kind: String, _ number: Int, isLate: Bool = false) -> String {
        #"{"record":"fault","kind":"\#(kind)","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"#
            + #""frame":\#(number % 256),"number":\#(number)\#(isLate ? #","late":true"# : "")}"#
    }

    @Test("what counts of frames cannot tell is not expected of a ledger, and said")
    func visible() throws {
        let channel =
            #"{"record":"channel","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"modulus":256,"first":10,"last":900,"frames":580}"#
        // Two in front and behind; one by itself; a gap of 300; a late one, a late one that is doubled, and a doubled one.
        let truth =
            [ScoreTruth.run] + ([5, 901, 20] + (300..<600)).map { Self.fault("loss", $0) }
            + [Self.fault("bit-error", 30), Self.fault("reorder", 700, isLate: true), Self.fault("reorder", 701)]
            + [Self.fault("jitter", 710, isLate: true), Self.fault("duplicate", 710, isLate: true)]
            + [Self.fault("duplicate", 720), channel, ScoreTruth.end]
        let folder = try TemporaryFolder()
        func score(_ ledger: String, _ truth: [String]) throws -> Finished {
            try Data(truth.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
            let text =
                #"{"channels":[{\#(ledger)}],"ledger":{"bytes":9,"rejected":[{"stage":"frame","reason":"x","count":1}]}}"#
            try Data(text.utf8).write(to: folder.file("ledger.json"))
            return try Starlane.run(
                ["score", "--truth", "truth.jsonl", "--ledger", "ledger.json", "--most-difference", "0"], in: folder.url
            )
        }
        let right = #""missing":48,"repeated":2,"late":2"#
        let passed = try score(right, truth)
        #expect(passed.status == 0, "\(passed.text)")
        for words in [
            /not whole \/ missing +304 +48 +48 +0\n/, /doubled \/ repeated +2 +2 +2 +0\n/,
            /passed \/ late +2 +2 +2 +0\n/,
            /2 lost in front/, /256 lost in gaps/, /2 late: missing/,
        ] { #expect(passed.text.contains(words), "\(passed.text)") }
        for wrong in [
            right.replacing("48", with: "47"), right.replacing(#"late":2"#, with: #"late":3"#),
            right.replacing(#"repeated":2"#, with: #"repeated":1"#),
        ] { #expect(try score(wrong, truth).status == 1) }
        // Where nothing says which frames arrived, differences are said to mean little, and late ones are not judged.
        let blind = try score(#""missing":304,"repeated":2,"late":9"#, truth.filter { $0 != channel })
        #expect(
            blind.status == 0 && blind.text.contains("the truth does not say which frames arrived"), "\(blind.text)")
    }

    @Test("gaps lie inside of a connection: what was lost between two of TCP is told by nothing")
    func connections() throws {
        func channel(_ connection: Int, _ first: Int, _ last: Int) -> String {
            #"{"record":"channel","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"connection":\#(connection),"#
                + #""modulus":256,"first":\#(first),"last":\#(last),"frames":10}"#
        }
        let truth =
            [ScoreTruth.run] + ([5, 20, 31, 40, 59, 61, 95] + (300..<600)).map { Self.fault("loss", $0) }
            + [channel(2, 60, 90), channel(3, 200, 700), channel(1, 10, 30), ScoreTruth.end]
        let ledger =
            #"{"channels":[{"missing":46}],"ledger":{"bytes":9,"rejected":[]}}"#
        let folder = try TemporaryFolder()
        try Data(truth.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        try Data(ledger.utf8).write(to: folder.file("ledger.json"))
        let finished = try Starlane.run(
            [
                "score", "--truth", "truth.jsonl", "--ledger", "ledger.json", "--most-difference", "0", "--format",
                "json",
            ],
            in: folder.url)
        let unseen = try JSON(finished.text)["ledger"]?["unseen"]
        #expect(finished.status == 0, "\(finished.text)")
        #expect(unseen?["outside"]?.integer == 5 && unseen?["hidden"]?.integer == 256)
    }

    @Test("of a storm over TCP the ledger has what can be seen of each fault")
    func stream() throws {
        let folder = try TemporaryFolder()
        let specs = projectFolder.appendingPathComponent("Specs")
        let storm = try String(contentsOf: specs.appendingPathComponent("scenarios/storm.yaml"), encoding: .utf8)
        try Data((storm + "transport: {over: tcp, framing: \"marker:1ACFFC1D\"}\n").utf8).write(
            to: folder.file("tcp.yaml"))
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs.path)'
            starlane simulate ./tcp.yaml -o tcp.pcapng --truth truth.jsonl
            starlane inspect tcp.pcapng --format json > ledger.json
            starlane score --truth truth.jsonl --ledger ledger.json --most-difference 0 --format json
            grep -c '"connection":2' truth.jsonl
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let missing = try #require(try JSON.lines(finished.text).first?["ledger"]?["faults"]?[1])
        #expect(missing["difference"]?.integer == 0 && missing["visible"] != missing["injected"])
    }

    @Test(
        "damage that an error control field does not show is not expected of a ledger, nor are wrong values of who reads it"
    )
    func overlooked() throws {
        let folder = try TemporaryFolder()
        let channel =
            #"{"record":"channel","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"modulus":256,"first":1,"last":30,"frames":28}"#
        func hit(_ number: Int, _ more: String) -> String {
            Self.fault("bit-error", number).replacing("}", with: ",\"bits\":[9]\(more)}")
        }
        let packet = ScoreTruth.packet(
            100, 18, second: 4, values: #""volts":1.5"#, frames: #"[8,8],"numbers":[8,8]"#, heard: "")
        let ledger =
            #"{"channels":[{"missing":1,"repeated":1}],"ledger":{"bytes":9,"rejected":[{"stage":"frame","reason":"x","count":1}]}}"#
        try Data(ledger.utf8).write(to: folder.file("ledger.json"))
        try Data(ScoreTruth.line(100, 18, #""volts":2.5"#).utf8).write(to: folder.file("result"))
        for (mark, status) in [(#","undetected":true"#, 0), ("", 1)] {
            let truth = [
                ScoreTruth.run, ScoreTruth.packet(100, 17, second: 3), packet, hit(8, mark), hit(9, ""), hit(10, mark),
                Self.fault("duplicate", 10), channel, ScoreTruth.end,
            ]
            try Data(truth.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
            let finished = try Starlane.run(
                [
                    "score", "--truth", "truth.jsonl", "result", "--ledger", "ledger.json", "--most-difference", "0",
                    "--least-found", "0", "--format", "json",
                ], in: folder.url)
            #expect(finished.status == Int32(status), "\(finished.text)")
            let json = try JSON(finished.text)
            #expect(json["ledger"]?["undetected"]?.integer == (status == 0 ? 2 : nil))
            #expect(json["packets"]?["wrong"]?.integer == status && json["packets"]?["salvaged"]?.integer == 1)
        }
    }

    @Test("what a ledger had before a capture was broken is taken off")
    func before() throws {
        let folder = try TemporaryFolder()
        try Data(ScoreTruth.faults.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        let before = Self.ledger.replacing("\"missing\":2", with: "\"missing\":700").replacing(
            "\"count\":3", with: "\"count\":40")
        let after = before.replacing("\"missing\":700", with: "\"missing\":703").replacing(
            "\"count\":40", with: "\"count\":43"
        )
        .replacing("\"repeated\":1", with: "\"repeated\":2")
        try Data(before.utf8).write(to: folder.file("before.json"))
        try Data(after.utf8).write(to: folder.file("ledger.json"))
        let arguments = ["score", "--truth", "truth.jsonl", "--ledger", "ledger.json", "--most-difference", "0"]
        #expect(try Starlane.run(arguments, in: folder.url).status == 1)
        let finished = try Starlane.run(arguments + ["--reference-ledger", "before.json"], in: folder.url)
        #expect(finished.status == 0 && finished.text.contains("without what before.json has"), "\(finished.text)")
        try Data("{}".utf8).write(to: folder.file("before.json"))
        #expect(try Starlane.run(arguments + ["--reference-ledger", "before.json"], in: folder.url).status == 2)
    }

    @Test("of a storm over four stations the ledger has what can be seen of each fault")
    func storm() throws {
        let folder = try TemporaryFolder()
        let specs = projectFolder.appendingPathComponent("Specs").path
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs)'
            starlane simulate storm -o storm.pcapng --truth truth.jsonl
            starlane inspect storm.pcapng --format json > ledger.json
            starlane score --truth truth.jsonl --ledger ledger.json --most-difference 0 --format json
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        let ledger = try #require(try JSON(finished.text)["ledger"])
        let rows = try #require(ledger["faults"]?.array)
        #expect(rows.count == 4 && rows.allSatisfy { $0["difference"]?.integer == 0 }, "\(finished.text)")
        // Some of what is missing or late cannot be seen.
        #expect([rows[1], rows[3]].allSatisfy { $0["visible"] != $0["injected"] })
        #expect(["outside", "hidden", "passed"].allSatisfy { ledger["unseen"]?[$0]?.integer ?? 0 > 0 })
    }
}
