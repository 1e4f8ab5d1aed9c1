import Foundation
import Support
import Testing

/// `starlane score`: what is found, missed, wrong and invented, by truths and results that are written by hand.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreCommandTests {
    @Test("what decode prints passes where it holds what arrived")
    func passes() throws {
        let scored = try ScoreTruth.score(ScoreTruth.plain, ScoreTruth.good, status: 0)
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
            ScoreTruth.line(100, 17, #""volts":28.4,"mode":"NOMINAL""#) + ScoreTruth.line(100, 17, #""volts":28.31"#)
            + ScoreTruth.line(101, 0, #""mode":"SAFE","open":false,"counts":[1,3]"#) + ScoreTruth.line(102, 0)
            + ScoreTruth.line(100, 20) + ScoreTruth.line(101, 0, spacecraft: 422)
            + ScoreTruth.line(100, 19, #""volts":28.33"#)
        let scored = try ScoreTruth.score(ScoreTruth.plain, result, status: 1)
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
        let result =
            ScoreTruth.line(100, 17, #""volts":29"#) + ScoreTruth.line(101, 0) + ScoreTruth.line(102, 0)
            + ScoreTruth.line(101, 0)
        let allowed = ["--least-found", "66%", "--most-wrong", "1", "--most-invented", "1", "--most-repeated", "1"]
        _ = try ScoreTruth.score(ScoreTruth.plain, result, allowed, status: 0)
        for (place, value) in [(1, "67%"), (3, "0"), (5, "0"), (7, "0")] {
            var stricter = allowed
            stricter[place] = value
            #expect(
                try ScoreTruth.score(ScoreTruth.plain, result, stricter, status: 1).json["objections"]?.array?.count
                    == 1)
        }
        _ = try ScoreTruth.score(
            ScoreTruth.plain, result, allowed + ["--tolerance", "0.1", "--most-wrong", "0"], status: 0)
        _ = try ScoreTruth.score(
            ScoreTruth.plain, result, allowed + ["--ignore", "volts,mode", "--most-wrong", "0"], status: 0)
        let headsAlone = try ScoreTruth.score(
            ScoreTruth.plain, result, allowed + ["--ignore", "*", "--most-wrong", "0"], status: 0)
        #expect(headsAlone.count("rows", "values") == 0)
    }

    @Test("a raw number where the truth has a label is neither right nor wrong")
    func apart() throws {
        let scored = try ScoreTruth.score(
            ScoreTruth.plain, "apid,count,mode,volts\n100,17,1,28.31\n100,18,2,x\n101,0,1,\n", status: 0)
        #expect(scored.count("rows", "not_compared") == 3 && scored.count("rows", "values") == 1)
        #expect(scored.count("rows", "unreadable") == 1 && scored.count("rows", "missing_values") == 3)
        let mode = scored.json["values"]?.array?.first { $0["name"]?.text == "mode" }
        #expect(mode?["not_compared"]?.integer == 3 && mode?["compared"]?.integer == 0)
        let label = try ScoreTruth.score(
            ScoreTruth.plain, "apid,count,mode\n100,17,SAFE\n100,18,SAFE\n101,0,NOMINAL\n", status: 1)
        #expect(label.count("packets", "wrong") == 1)
    }

    @Test("rows by interface: one for each that heard it, and those of others are said")
    func interfaces() throws {
        let rows = "station,apid,count\nhuzhou,100,17\nhuzhou,100,18\nhuzhou,100,18\nhefei.songjiang,101,0\n"
        let scored = try ScoreTruth.score(ScoreTruth.plain, rows, status: 0)
        #expect(scored.count("rows", "repeated") == 1 && scored.count("rows", "elsewhere") == 1)
        let both = "station,apid,count\nhuzhou,100,17\nhuzhou,100,18\nhefei,100,18\nhuzhou,101,0\n"
        #expect(try ScoreTruth.score(ScoreTruth.plain, both, status: 0).count("rows", "repeated") == 0)
    }

    @Test("counts that come again after a round are paired by time, by values, and in order")
    func rounds() throws {
        let truth = [
            ScoreTruth.run, ScoreTruth.packet(100, 5, second: 1, values: #""n":1"#),
            ScoreTruth.packet(100, 5, second: 30, values: #""n":2"#),
            ScoreTruth.packet(100, 5, second: 59, values: #""n":3"#), ScoreTruth.end,
        ]
        // By values, whatever the order.
        let byValue = try ScoreTruth.score(truth, "apid,count,n\n100,5,3\n100,5,1\n100,5,2\n", status: 0)
        #expect(byValue.count("packets", "found") == 3)
        // By time: the second of them is wrong, and not the third.
        let byTime = try ScoreTruth.score(
            truth, "time,apid,count,n\n2026-03-15T02:22:31Z,100,5,3\n2026-03-15T02:22:59.7Z,100,5,3\n", status: 1)
        #expect(byTime.count("packets", "wrong") == 1 && byTime.json["missed"]?[0]?["line"]?.integer == 2)
        // In order.
        let inOrder = try ScoreTruth.score(truth, "apid,count\n100,5\n100,5\n100,5\n100,5\n", status: 0)
        #expect(inOrder.count("packets", "found") == 3 && inOrder.count("rows", "repeated") == 1)
    }

    @Test("two spacecraft with the same APIDs are told apart by number, by name, and by values where nothing tells")
    func spacecraft() throws {
        let truth = [
            ScoreTruth.run, ScoreTruth.packet(100, 5, second: 1, values: #""n":1"#),
            ScoreTruth.packet(100, 5, second: 1, values: #""n":2"#, heard: "\"huzhou.g60\"", spacecraft: ("g60", 710)),
            ScoreTruth.end,
        ]
        for (column, one, two) in [
            ("spacecraft", "421", "710"), ("SCID", "0x1A5", "710"), ("satellite", "Songjiang", "g60"),
        ] {
            let result = "\(column),apid,count,n\n\(two),100,5,2\n\(one),100,5,1\n"
            _ = try ScoreTruth.score(truth, result, status: 0)
            let swapped = "\(column),apid,count,n\n\(two),100,5,1\n\(one),100,5,2\n"
            #expect(try ScoreTruth.score(truth, swapped, status: 1).count("packets", "wrong") == 2)
        }
        _ = try ScoreTruth.score(truth, "apid,count,n\n100,5,2\n100,5,1\n", status: 0)
    }
}
