import Foundation
import Support
import Testing

/// `starlane score`, by truths and results that are written by hand.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreCommandTests {
    private static let run =
        #"{"record":"run","truth":1,"program":"other 1","command":"simulate","scenario":"pass.yaml","seed":7}"#
    private static let end = #"{"record":"end"}"#

    /// The record of a packet.
    private static func packet(
        _ apid: Int, _ count: Int, second: Int, values: String = "", frames: String = "[3,4]",
        heard: String = #""huzhou.songjiang""#, spacecraft: (String, Int) = ("songjiang", 421), channel: Int = 0
    ) -> String {
        let time = "2026-03-15T02:22:\(second < 10 ? "0" : "")\(second).500000000Z"
        return
            #"{"record":"packet","spacecraft":"\#(spacecraft.0)","id":\#(spacecraft.1),"apid":\#(apid),"count":\#(count),"#
            + #""type":"eps_housekeeping","time":"\#(time)","octets":52,"channel":\#(channel),"frames":\#(frames),"#
            + #""heard":[\#(heard)],"values":{\#(values)}}"#
    }

    /// Three packets that arrived, at one station and at two; one that nobody heard; one that was not sent.
    private static let plain = [
        run,
        packet(100, 17, second: 3, values: #""volts":28.31,"mode":"NOMINAL","packet_time":"2026-03-15T02:22:03.5Z""#),
        packet(
            100, 18, second: 4, values: #""volts":28.32,"mode":"SAFE""#, heard: #""huzhou.songjiang","hefei.songjiang""#
        ),
        packet(101, 0, second: 5, values: #""mode":"NOMINAL","open":true,"counts":[1,2]"#),
        packet(100, 19, second: 6, values: #""volts":28.33"#, frames: "[7,8]", heard: ""),
        packet(100, 20, second: 7, frames: "null", heard: ""),
        #"{"record":"fault","kind":"bit-error","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"frame":8,"time":"2026-03-15T02:22:06.6Z","new":[1]}"#,
        #"{"record":"weather","rain":true}"#, end,
    ]

    private struct Scored {
        let finished: Finished
        let json: JSON
        /// Words of the standard error.
        var words: String { finished.words }
        func count(_ object: String, _ name: String) -> Int? { json[object]?[name]?.integer }
    }

    /// Scores a result; its name's ending does not matter.
    private func score(
        _ truth: [String], _ result: String, _ more: [String] = [], status: Int32, ledger: String? = nil,
        reference: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Scored {
        let folder = try TemporaryFolder()
        try Data((truth.joined(separator: "\n") + "\n").utf8).write(to: folder.file("truth.jsonl"))
        try Data(result.utf8).write(to: folder.file("result"))
        var arguments = ["score", "--truth", "truth.jsonl", "result", "--format", "json"] + more
        if let ledger {
            try Data(ledger.utf8).write(to: folder.file("ledger.json"))
            arguments += ["--ledger", "ledger.json"]
        }
        if let reference {
            try Data(reference.utf8).write(to: folder.file("reference.jsonl"))
            arguments += ["--reference", "reference.jsonl"]
        }
        let finished = try Starlane.run(arguments, in: folder.url)
        #expect(finished.status == status, "\(finished.words)\(finished.text)", sourceLocation: sourceLocation)
        expectWords(finished, sourceLocation: sourceLocation)
        return Scored(finished: finished, json: try JSON(finished.text.isEmpty ? "{}" : finished.text))
    }

    /// A line of `decode --format jsonl`.
    private static func line(
        _ apid: Int, _ count: Int, _ parameters: String = "", spacecraft: Int = 421, second: Int = 3
    ) -> String {
        #"{"time":"2026-03-15T02:22:0\#(second).600000000Z","packet":1,"flow":"udp 10.21.1.20:41000 > 10.21.0.10:50421","#
            + #""spacecraft":\#(spacecraft),"vcid":0,"apid":\#(apid),"sequence":\#(count),"type":"songjiang.x","parameters":{\#(parameters)},"raw":{"volts":1}}"#
            + "\n"
    }

    private static let good =
        line(100, 17, #""volts":28.310001,"mode":"NOMINAL","packet_time":"2026-03-15T02:22:03.50000000Z""#)
        + line(100, 18, #""mode":"SAFE","volts":28.32"#) + line(100, 18, #""volts":28.32,"mode":"SAFE""#)
        + line(101, 0, #""mode":"NOMINAL","open":true,"counts":[1,2],"more":1"#)

    @Test("what decode prints passes where it holds what arrived")
    func passes() throws {
        let scored = try score(Self.plain, Self.good, status: 0)
        #expect(scored.json["passes"] == .bool(true) && scored.words.isEmpty)
        let packets = [
            "made": 5, "never_sent": 1, "lost": 1, "explained": 1, "salvaged": 0, "receivable": 3, "found": 3,
            "missed": 0,
            "wrong": 0,
        ]
        for (name, count) in packets { #expect(scored.count("packets", name) == count, "\(name)") }
        let rows = [
            "all": 4, "other": 0, "invented": 0, "repeated": 0, "elsewhere": 0, "rejected": 0, "values": 10,
            "wrong_values": 0, "not_compared": 0,
        ]
        for (name, count) in rows { #expect(scored.count("rows", name) == count, "\(name)") }
        #expect(scored.json["groups"]?.array?.count == 2)
    }

    @Test("missed, wrong, invented and repeated ones are told apart, and named with their line")
    func verdicts() throws {
        let result =
            Self.line(100, 17, #""volts":28.4,"mode":"NOMINAL""#) + Self.line(100, 17, #""volts":28.31"#)
            + Self.line(101, 0, #""mode":"SAFE","open":false,"counts":[1,3]"#) + Self.line(102, 0)
            + Self.line(100, 20) + Self.line(101, 0, spacecraft: 422) + Self.line(100, 19, #""volts":28.33"#)
        let scored = try score(Self.plain, result, status: 1)
        #expect(scored.count("packets", "found") == 2 && scored.count("packets", "missed") == 1)
        #expect(scored.count("packets", "wrong") == 2 && scored.count("packets", "salvaged") == 1)
        #expect(scored.count("rows", "invented") == 3 && scored.count("rows", "repeated") == 1)
        #expect(scored.count("rows", "wrong_values") == 4)
        let missed = scored.json["missed"]?[0]
        #expect(missed?["count"]?.integer == 18 && missed?["line"]?.integer == 3)
        #expect(missed?["words"]?.text == "heard by huzhou.songjiang, hefei.songjiang")
        let wrong = scored.json["wrong"]?[0]
        #expect(wrong?["parameter"]?.text == "volts" && wrong?["expected"]?.text == "28.31")
        #expect(wrong?["found"]?.text == "28.4" && wrong?["line"]?.integer == 1 && wrong?["file"]?.text == "result")
        #expect(scored.json["invented"]?.array?.compactMap { $0["line"]?.integer } == [4, 5, 6])
        #expect(scored.json["invented"]?[1]?["words"]?.text == "it was made and never sent")
        #expect(scored.json["repeated"]?[0]?["line"]?.integer == 2)
        #expect(scored.json["objections"]?.array?.count == 3)
    }

    @Test("thresholds let through what they allow, and no more")
    func thresholds() throws {
        let result = Self.line(100, 17, #""volts":29"#) + Self.line(101, 0) + Self.line(102, 0) + Self.line(101, 0)
        let allowed = ["--least-found", "66%", "--most-wrong", "1", "--most-invented", "1", "--most-repeated", "1"]
        _ = try score(Self.plain, result, allowed, status: 0)
        for (place, value) in [(1, "67%"), (3, "0"), (5, "0"), (7, "0")] {
            var stricter = allowed
            stricter[place] = value
            #expect(try score(Self.plain, result, stricter, status: 1).json["objections"]?.array?.count == 1)
        }
        _ = try score(Self.plain, result, allowed + ["--tolerance", "0.1", "--most-wrong", "0"], status: 0)
        _ = try score(Self.plain, result, allowed + ["--ignore", "volts,mode", "--most-wrong", "0"], status: 0)
        let headsAlone = try score(Self.plain, result, allowed + ["--ignore", "*", "--most-wrong", "0"], status: 0)
        #expect(headsAlone.count("rows", "values") == 0)
    }

    @Test(
        "results of others are read: their names, their separators, raw numbers in place of labels",
        arguments: [
            // ccsdspy
            "CCSDS_VERSION_NUMBER,CCSDS_APID,CCSDS_SEQUENCE_COUNT,volts,mode\r\n0,100,17,28.31,1\r\n0,100,18,28.32,2\r\n0,101,0,,1\r\n",
            // space_packet_parser
            "PKT_APID;SRC_SEQ_CTR;VOLTS.x;a.volts;mode\n100;17;\"1;2\";28.31;NOMINAL\n100;18;;28.32;SAFE\n101;0;;;NOMINAL\n2047;5;;;\n",
            // tshark -T fields -E header=y
            "frame.number\tccsds.apid\tccsds.seqnum\n1\t100\t17\n2\t0x64\t18\n3\t101\t0\n4\t\t\n",
            // tshark -T ek
            "{\"index\":{\"_index\":\"packets\"}}\n{\"timestamp\":\"1773541323000\",\"layers\":{\"ccsds\":{\"ccsds_ccsds_apid\":\"100\",\"ccsds_ccsds_seqnum\":[\"17\"]}}}\n"
                + "{\"layers\":{\"ccsds\":{\"ccsds_ccsds_apid\":\"100\",\"ccsds_ccsds_seqnum\":\"18\"}}}\n{\"layers\":{\"ccsds\":{\"ccsds_ccsds_apid\":\"101\",\"ccsds_ccsds_seqnum\":\"0\"}}}\n",
            // Nested, in camel case, with numbers as texts and qualified names.
            #"{"packetHeader":{"pktApid":100.0,"sequenceCount":17},"/SC/eps/volts":"28.310","mode":"NOMINAL"}"# + "\n\n"
                + #"{"packetHeader":{"pktApid":100,"sequenceCount":18},"mode":null}"# + "\n"
                + #"{"packetHeader":{"pktApid":101,"sequenceCount":0},"open":1}"#,
        ])
    func others(_ result: String) throws {
        let scored = try score(Self.plain, result, status: 0)
        #expect(scored.count("packets", "found") == 3 && scored.count("rows", "all") == 3)
        #expect(scored.count("rows", "wrong_values") == 0)
    }

    @Test("a raw number where the truth has a label is neither right nor wrong")
    func apart() throws {
        let scored = try score(
            Self.plain, "apid,count,mode,volts\n100,17,1,28.31\n100,18,2,x\n101,0,1,\n", status: 0)
        #expect(scored.count("rows", "not_compared") == 4 && scored.count("rows", "values") == 1)
        let mode = scored.json["values"]?.array?.first { $0["name"]?.text == "mode" }
        #expect(mode?["not_compared"]?.integer == 3 && mode?["compared"]?.integer == 0)
        let label = try score(Self.plain, "apid,count,mode\n100,17,SAFE\n100,18,SAFE\n101,0,NOMINAL\n", status: 1)
        #expect(label.count("packets", "wrong") == 1)
    }

    @Test("columns of any name are told, and told ones go before known ones")
    func told() throws {
        let result = "apid,who,number\n5,100,17\n5,100,18\n5,101,0\n"
        _ = try score(Self.plain, result, ["--column", "apid=who", "--column", "count=number"], status: 0)
        let unknown = try score(Self.plain, result, status: 2)
        #expect(unknown.words.contains("no column tells the sequence count; there are apid, who, number"))
        #expect(unknown.words.contains("--column count=NAME"))
        #expect(
            try score(Self.plain, "{\"a\":1}\n", status: 2).words.contains("no column tells the APID; there are a:"))
    }

    @Test("rows by interface: one for each that heard it, and those of others are said")
    func interfaces() throws {
        let rows = "station,apid,count\nhuzhou,100,17\nhuzhou,100,18\nhuzhou,100,18\nhefei.songjiang,101,0\n"
        let scored = try score(Self.plain, rows, status: 0)
        #expect(scored.count("rows", "repeated") == 1 && scored.count("rows", "elsewhere") == 1)
        let both = "station,apid,count\nhuzhou,100,17\nhuzhou,100,18\nhefei,100,18\nhuzhou,101,0\n"
        #expect(try score(Self.plain, both, status: 0).count("rows", "repeated") == 0)
    }

    @Test("counts that come again after a round are paired by time, by values, and in order")
    func rounds() throws {
        let truth = [
            Self.run, Self.packet(100, 5, second: 1, values: #""n":1"#),
            Self.packet(100, 5, second: 30, values: #""n":2"#),
            Self.packet(100, 5, second: 59, values: #""n":3"#), Self.end,
        ]
        // By values, whatever the order.
        let byValue = try score(truth, "apid,count,n\n100,5,3\n100,5,1\n100,5,2\n", status: 0)
        #expect(byValue.count("packets", "found") == 3)
        // By time: the second of them is wrong, and not the third.
        let byTime = try score(
            truth, "time,apid,count,n\n2026-03-15T02:22:31Z,100,5,3\n2026-03-15T02:22:59.7Z,100,5,3\n", status: 1)
        #expect(byTime.count("packets", "wrong") == 1 && byTime.json["missed"]?[0]?["line"]?.integer == 2)
        // In order.
        let inOrder = try score(truth, "apid,count\n100,5\n100,5\n100,5\n100,5\n", status: 0)
        #expect(inOrder.count("packets", "found") == 3 && inOrder.count("rows", "repeated") == 1)
    }

    @Test("two spacecraft with the same APIDs are told apart by number, by name, and by values where nothing tells")
    func spacecraft() throws {
        let truth = [
            Self.run, Self.packet(100, 5, second: 1, values: #""n":1"#),
            Self.packet(100, 5, second: 1, values: #""n":2"#, heard: "\"huzhou.g60\"", spacecraft: ("g60", 710)),
            Self.end,
        ]
        for (column, one, two) in [
            ("spacecraft", "421", "710"), ("SCID", "0x1A5", "710"), ("satellite", "Songjiang", "g60"),
        ] {
            let result = "\(column),apid,count,n\n\(two),100,5,2\n\(one),100,5,1\n"
            _ = try score(truth, result, status: 0)
            let swapped = "\(column),apid,count,n\n\(two),100,5,1\n\(one),100,5,2\n"
            #expect(try score(truth, swapped, status: 1).count("packets", "wrong") == 2)
        }
        _ = try score(truth, "apid,count,n\n100,5,2\n100,5,1\n", status: 0)
    }

    @Test("bad lines are named and counted, and do not pass")
    func badLines() throws {
        let scored = try score(
            Self.plain, Self.good + "{\"apid\":\n\n" + Self.line(3000, 0) + Self.line(7, 16_384), status: 1)
        #expect(scored.count("rows", "rejected") == 3 && scored.count("packets", "found") == 3)
        for words in [
            "starlane: result, line 5: rejected: this is no JSON object: {\"apid\":",
            "line 7: rejected: the APID 3000 is none", "line 8: rejected: the sequence count 16384 is none",
        ] {
            #expect(scored.words.contains(words), "\(scored.words)")
        }
        let table = "apid,count\n100,17\n100\n\"100\"x,18\n100,18\n,\n100,\n101,0\n\"101,0\n"
        let csv = try score(Self.plain, table, status: 1)
        #expect(
            csv.count("packets", "found") == 3 && csv.count("rows", "rejected") == 4 && csv.count("rows", "other") == 1)
        #expect(csv.words.contains("line 3: rejected: 1 fields where 2 names are"))
        #expect(csv.words.contains("line 9: rejected: a field in quotes does not end"))
        let badTruth = Self.plain.dropLast() + ["{", #"{"record":"packet","apid":"x"}"#]
        let truth = try score(Array(badTruth), Self.good, status: 1)
        #expect(truth.count("rows", "rejected") == 2 && truth.json["complete"] == .bool(false))
        #expect(truth.words.contains("truth.jsonl, line 10: rejected: a packet has no APID"))
        #expect(truth.words.contains("has no last record"))
    }

    private static let ledger =
        #"{"file":"x","channels":[{"missing":2,"repeated":1,"late":0},{"missing":1,"repeated":0,"late":0}],"apids":[{"missing":9}],"ledger":{"bytes":9,"rejected":[{"stage":"frame","reason":"frame error control is wrong","count":3,"bytes":9}],"balanced":true}}"#
    private static let faults = [
        #"{"record":"run","truth":1,"command":"corrupt","plan":"loss=0.01","seed":7}"#,
        #"{"record":"fault","kind":"loss","source":"a","packet":1,"flow":"f"}"#,
        #"{"record":"fault","kind":"bit-error","source":"a","packet":2,"flow":"f","bits":[1]}"#,
        #"{"record":"fault","kind":"truncate","source":"a","packet":2,"flow":"f"}"#,
        #"{"record":"fault","kind":"duplicate","source":"a","packet":2,"flow":"f"}"#,
        #"{"record":"fault","kind":"bit-error","source":"a","packet":3,"flow":"f","bits":[1]}"#,
        #"{"record":"fault","kind":"duplicate","source":"a","packet":9,"flow":"f"}"#,
        #"{"record":"fault","kind":"jitter","source":"a","packet":10,"flow":"f"}"#, end,
    ]

    @Test("faults are held against a ledger: what was broken, what did not arrive whole, what came twice")
    func ledgers() throws {
        let folder = try TemporaryFolder()
        try Data(Self.faults.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
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
        "64 for wrong usage, 2 where it could not be done",
        arguments: [
            (["score", "x"], 64, "Missing expected argument '--truth"),
            (["score", "--truth", "t"], 64, "Name what a decoder wrote, or give --ledger"),
            (["score", "--truth", "t", "x", "--column", "apid"], 64, "--column takes apid=NAME, count=NAME"),
            (["score", "--truth", "t", "x", "--column", "colour=a"], 64, "not 'colour=a'"),
            (["score", "--truth", "t", "x", "--column", "apid=a", "--column", "apid=b"], 64, "apid is given twice"),
            (["score", "--truth", "t", "x", "--least-found", "101%"], 64, "--least-found takes 0% to 100%"),
            (["score", "--truth", "t", "x", "--least-found", "all"], 64, "not 'all'"),
            (["score", "--truth", "t", "x", "--most-wrong=-1"], 64, "--most-wrong takes 0 or more"),
            (["score", "--truth", "t", "x", "--tolerance", "2"], 64, "--tolerance takes 0 to 1"),
            (["score", "--truth", "t", "x", "--most-difference", "1"], 64, "give --ledger"),
            (["score", "--truth", "t", "--ledger", "l", "--reference", "r"], 64, "name a result, too"),
            (["score", "--truth", "t", "-", "--ledger", "-"], 64, "read once only"),
            (["score", "--truth", "nothing.jsonl", "x"], 2, "nothing.jsonl cannot be read: No such file"),
            (["score", "--truth", ".", "x"], 2, ". is a folder"),
            (["score", "--truth", "-", "x"], 2, "standard input cannot be read twice"),
            (["score", "--truth", "songjiang.frames.facts.json", "x"], 2, "is no truth"),
            (["score", "--truth", "/dev/null", "x"], 2, "is no regular file"),
        ])
    func usage(_ arguments: [String], _ status: Int, _ words: String) throws {
        let finished = try Starlane.run(arguments)
        #expect(finished.status == Int32(status) && finished.output.isEmpty, "\(finished.words)")
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }

    @Test("results that are none are refused, with what is wanted")
    func refused() throws {
        for (result, words) in [
            ("[{\"apid\":1}]", "line 1: a list stands there"), ("one,two\n1,2\n", "no column tells the APID"),
            ("\"a\n", "neither a JSON object nor a line of names"),
        ] {
            let scored = try score(Self.plain, result, status: 2)
            #expect(scored.finished.output.isEmpty && scored.words.contains(words), "\(scored.words)")
        }
        // An empty result found nothing.
        #expect(try score(Self.plain, "", status: 1).count("packets", "missed") == 3)
        let alone = try score(Self.faults, Self.good, status: 2)
        #expect(alone.words.contains("has no record of a packet: name by --reference"))
        let nothing = try score(Self.faults, Self.good, status: 2, reference: "{}\n")
        #expect(nothing.words.contains("reference.jsonl has no packet"))
    }
}
