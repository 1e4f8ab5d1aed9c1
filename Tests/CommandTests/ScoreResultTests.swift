import Foundation
import Support
import Testing

/// `starlane score`: results of all kinds, good and bad, and wrong usage.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreResultTests {
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
        let scored = try ScoreTruth.score(ScoreTruth.plain, result, status: 0)
        #expect(scored.count("packets", "found") == 3 && scored.count("rows", "all") == 3)
        #expect(scored.count("rows", "wrong_values") == 0)
    }

    @Test("columns of any name are told, and told ones go before known ones")
    func told() throws {
        let result = "apid,who,number\n5,100,17\n5,100,18\n5,101,0\n"
        _ = try ScoreTruth.score(
            ScoreTruth.plain, result, ["--column", "apid=who", "--column", "count=number"], status: 0)
        let unknown = try ScoreTruth.score(ScoreTruth.plain, result, status: 2)
        #expect(unknown.words.contains("no column tells the sequence count; there are apid, who, number"))
        #expect(unknown.words.contains("--column count=NAME"))
        #expect(
            try ScoreTruth.score(ScoreTruth.plain, "{\"a\":1}\n", status: 2).words.contains(
                "no column tells the APID; there are a:"))
        // A capture where what a decoder made of it is wanted.
        let capture = try ScoreTruth.score(ScoreTruth.plain, "\u{A}\r\r\n\0\0\0M<+\u{1A}", status: 2)
        #expect(capture.words.contains("result is no text") && capture.words.contains("starlane decode result"))
    }

    @Test("of packets with the same count a row is of the one that was made or sent when it says")
    func stored() throws {
        // The first was kept for a minute and came when the second was not far.
        func packet(_ second: Int, sent: String, _ volts: Double) -> String {
            ScoreTruth.packet(100, 17, second: second, values: "\"volts\":\(volts)")
                .replacing("\"octets\"", with: "\"sent\":\"2026-03-15T02:\(sent)Z\",\"octets\"")
        }
        let truth = [
            ScoreTruth.run, packet(3, sent: "24:03.000", 1), packet(50, sent: "22:50.600", 2), ScoreTruth.end,
        ]
        func row(_ time: String, _ volts: Double) -> String {
            #"{"time":"2026-03-15T02:\#(time)Z","apid":100,"count":17,"volts":\#(volts)}"# + "\n"
        }
        for rows in [row("24:03.004", 1) + row("22:50.603", 2), row("22:03.500", 1) + row("22:50.500", 2)] {
            let scored = try ScoreTruth.score(truth, rows, status: 0)
            #expect(scored.count("packets", "found") == 2 && scored.count("rows", "wrong_values") == 0)
        }
        let wrong = try ScoreTruth.score(truth, row("24:03.004", 2) + row("22:50.603", 1), status: 1)
        #expect(wrong.count("rows", "wrong_values") == 2)
    }

    @Test("bad lines are named and counted, and do not pass")
    func badLines() throws {
        let scored = try ScoreTruth.score(
            ScoreTruth.plain,
            ScoreTruth.good + "{\"apid\":\n\n" + ScoreTruth.line(3000, 0) + ScoreTruth.line(7, 16_384), status: 1)
        #expect(scored.count("rows", "rejected") == 3 && scored.count("packets", "found") == 3)
        for words in [
            "starlane: result, line 5: rejected: this is no JSON object: {\"apid\":",
            "line 7: rejected: the APID 3000 is none", "line 8: rejected: the sequence count 16384 is none",
        ] {
            #expect(scored.words.contains(words), "\(scored.words)")
        }
        let table = "apid,count\n100,17\n100\n\"100\"x,18\n100,18\n,\n100,\n101,0\n\"101,0\n"
        let csv = try ScoreTruth.score(ScoreTruth.plain, table, status: 1)
        #expect(
            csv.count("packets", "found") == 3 && csv.count("rows", "rejected") == 4 && csv.count("rows", "other") == 1)
        #expect(csv.words.contains("line 3: rejected: 1 fields where 2 names are"))
        #expect(csv.words.contains("line 9: rejected: a field in quotes does not end"))
        let badTruth = ScoreTruth.plain.dropLast() + ["{", #"{"record":"packet","apid":"x"}"#]
        let truth = try ScoreTruth.score(Array(badTruth), ScoreTruth.good, status: 1)
        #expect(truth.count("rows", "rejected") == 2 && truth.json["complete"] == .bool(false))
        #expect(truth.words.contains("truth.jsonl, line 10: rejected: a packet has no APID"))
        #expect(truth.words.contains("has no last record"))
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
            (["score", "--truth", "t", "x", "--least-compared", "2"], 64, "--least-compared takes 0% to 100%"),
            (["score", "--truth", "t", "--ledger", "l", "--least-compared", "1"], 64, "name a result, too"),
            (["score", "--truth", "t", "x", "--most-wrong=-1"], 64, "--most-wrong takes 0 or more"),
            (["score", "--truth", "t", "x", "--tolerance", "2"], 64, "--tolerance takes 0 to 1"),
            (["score", "--truth", "t", "x", "--most-difference", "1"], 64, "give --ledger"),
            (["score", "--truth", "t", "--ledger", "l", "--reference", "r"], 64, "name a result, too"),
            (["score", "--truth", "t", "-", "--ledger", "-"], 64, "read once only"),
            (["score", "--truth", "t", "x", "--reference-ledger", "l"], 64, "give --ledger, too"),
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
            let scored = try ScoreTruth.score(ScoreTruth.plain, result, status: 2)
            #expect(scored.finished.output.isEmpty && scored.words.contains(words), "\(scored.words)")
        }
        // An empty result found nothing.
        #expect(try ScoreTruth.score(ScoreTruth.plain, "", status: 1).count("packets", "missed") == 3)
        let alone = try ScoreTruth.score(ScoreTruth.faults, ScoreTruth.good, status: 2)
        #expect(alone.words.contains("has no record of a packet: name by --reference"))
        let nothing = try ScoreTruth.score(ScoreTruth.faults, ScoreTruth.good, status: 2, reference: "{}\n")
        #expect(nothing.words.contains("reference.jsonl has no packet"))
    }

    @Test("messages of terminals are not rated, and that is said")
    func messages() throws {
        func message(_ received: String) -> String {
            #"{"record":"message","terminal":7,"type":"text","sent":"2026-03-15T02:22:06.6Z","received":\#(received),"text":"a"}"#
        }
        let messages = [message("null"), message(#""2026-03-15T02:22:07.6Z""#), message(#""2026-03-15T02:22:08.6Z""#)]
        let both = try ScoreTruth.score(
            ScoreTruth.plain.dropLast() + messages + [ScoreTruth.end], ScoreTruth.good, status: 0)
        #expect(both.json["messages"]?["sent"]?.integer == 3 && both.json["messages"]?["received"]?.integer == 2)
        #expect(both.json["messages"]?["rated"] == .bool(false))
        let alone = try ScoreTruth.score([ScoreTruth.run] + messages + [ScoreTruth.end], ScoreTruth.good, status: 2)
        #expect(alone.words.contains("but 3 of messages of terminals (2 received), which are not rated"))
        #expect(try ScoreTruth.score(ScoreTruth.plain, ScoreTruth.good, status: 0).json["messages"] == nil)
    }

    @Test("lines are JSON by the book: escapes and blanks are read, all else is rejected")
    func json() throws {
        let good =
            #"{ "\u0061pid" : 100 ,"count":17,"mode":"NOM\u0049NAL","x":"\ud83d\ude00\/\n","volts":2.831e+1, "a":[ ],"b":{ } }"#
        let scored = try ScoreTruth.score(ScoreTruth.plain, good + "\r\n", ["--least-found", "0"], status: 0)
        #expect(scored.count("packets", "found") == 1 && scored.count("rows", "values") == 2)
        let bad =
            [
                #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, #""\q""#, #""\u12""#, #""\"#, "\"\u{1}\"", "01", "1.",
                "-", ".5",
                "+1", "1e", "Nan", "-Inf", "tru", "[1,]", "[1}", "{\"b\"}", "{1:2}", "1 2", "",
            ].map { #"{"apid":100,"count":17,"a":\#($0)}"# }
            + [
                good + "}", good + good,
                String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40),
            ]
        let rejected = try ScoreTruth.score(
            ScoreTruth.plain, bad.joined(separator: "\n"), ["--least-found", "0", "--show", "99"], status: 1)
        #expect(rejected.count("rows", "rejected") == bad.count && rejected.count("rows", "all") == 0)
    }
}
