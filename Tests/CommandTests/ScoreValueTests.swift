import Foundation
import Support
import Testing

/// `starlane score`: which values are right, which are wrong, and which were not compared at all.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreValueTests {
    private static func truth(_ value: String) -> [String] {
        [ScoreTruth.run, ScoreTruth.packet(100, 1, second: 1, values: "\"p\":\(value)"), ScoreTruth.end]
    }

    @Test(
        "infinity is no number's neighbour, and what is no number is none either",
        arguments: ["inf", "-inf", "Infinity", "1e309", "-1e999", "nan"])
    func infinities(_ value: String) throws {
        for truth in ["5.0", "-5.0", "0.0", "5", "1e308"] {
            let scored = try ScoreTruth.score(Self.truth(truth), "apid,count,p\n100,1,\(value)\n", status: 1)
            #expect(scored.count("packets", "wrong") == 1, "\(truth)")
        }
        if value.contains("e") {
            _ = try ScoreTruth.score(Self.truth("5.0"), #"{"apid":100,"count":1,"p":\#(value)}"#, status: 1)
        }
        _ = try ScoreTruth.score(
            Self.truth("\"\(value)\""), "apid,count,p\n100,1,\(value.replacing("1e309", with: "inf"))\n", status: 0)
    }

    @Test("infinity is the same infinity, and not the other one; a tolerance of 1 changes nothing")
    func same() throws {
        _ = try ScoreTruth.score(Self.truth("1e999"), "apid,count,p\n100,1,Infinity\n", status: 0)
        for other in ["-inf", "1.7e308", "nan"] {
            _ = try ScoreTruth.score(
                Self.truth("1e999"), "apid,count,p\n100,1,\(other)\n", ["--tolerance", "1"], status: 1)
        }
    }

    @Test("whole numbers are held to be the same, unless a tolerance is told")
    func whole() throws {
        for (truth, near) in [
            ("10000000", "10000001"), ("10000000", "10000001.0"), ("4000000000", "4000000001"),
            ("9223372036854775808", "9223372036854775809"), ("-10000000", "-9999999"),
        ] {
            let result = "apid,count,p\n100,1,\(near)\n"
            #expect(try ScoreTruth.score(Self.truth(truth), result, status: 1).count("packets", "wrong") == 1)
            _ = try ScoreTruth.score(Self.truth(truth), result, ["--tolerance", "1e-6"], status: 0)
            _ = try ScoreTruth.score(Self.truth(truth), "apid,count,p\n100,1,\(truth)\n", status: 0)
        }
        // What has a fraction is near.
        for near in ["10000001", "10000001.0", "10000000.5"] {
            _ = try ScoreTruth.score(Self.truth("10000000.0"), "apid,count,p\n100,1,\(near)\n", status: 0)
        }
        _ = try ScoreTruth.score(Self.truth("10000000"), "apid,count,p\n100,1,1e7\n", status: 0)
    }

    private static let two = [
        ScoreTruth.run, ScoreTruth.packet(100, 1, second: 1, values: #""a":1.5,"mode":"SAFE","open":true"#),
        ScoreTruth.packet(100, 2, second: 2, values: #""a":2.5,"mode":"SAFE","open":true"#), ScoreTruth.end,
    ]

    @Test(
        "what is missing or cannot be read is counted by parameter, and judged where that is asked for",
        arguments: [
            (#"{"apid":100,"count":1,"a":"garbage","mode":"SAFE","open":1}"#, 2, 1, 3),
            (#"{"apid":100,"count":1,"a":"28.31 V","mode":"SAFE","open":"1,446.25"}"#, 1, 2, 3),
            (#"{"apid":100,"count":1,"a":{"value":1.5},"mode":null,"open":""}"#, 0, 0, 6),
            (#"{"apid":100,"count":1,"a":[1,2],"mode":3,"open":[]}"#, 0, 2, 3),
            (#"{"apid":100,"count":1}"#, 0, 0, 6),
        ])
    func shares(_ first: String, _ compared: Int, _ unreadable: Int, _ missing: Int) throws {
        let scored = try ScoreTruth.score(Self.two, first + "\n" + #"{"apid":100,"count":2}"#, status: 0)
        let apart = 6 - compared - unreadable - missing
        for (name, count) in [
            ("values", compared), ("unreadable", unreadable), ("missing_values", missing), ("not_compared", apart),
        ] { #expect(scored.count("rows", name) == count, "\(name)") }
        let values = try #require(scored.json["values"]?.array)
        #expect(values.compactMap { $0["name"]?.text } == ["a", "mode", "open"])
        for (name, count) in [
            ("compared", compared), ("unreadable", unreadable), ("missing", missing), ("not_compared", apart),
        ] { #expect(values.compactMap { $0[name]?.integer }.reduce(0, +) == count, "\(name)") }
        let judged = try ScoreTruth.score(
            Self.two, first + "\n" + #"{"apid":100,"count":2}"#, ["--least-compared", "50%"], status: 1)
        #expect(judged.json["objections"]?[0]?.text?.hasPrefix("compared ") == true)
    }

    @Test("words say what of the values was not compared, and a whole result says nothing of that")
    func words() throws {
        let folder = try TemporaryFolder()
        try Data(Self.two.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        func score(_ result: String) throws -> String {
            try Data(result.utf8).write(to: folder.file("result"))
            return try Starlane.run(["score", "--truth", "truth.jsonl", "result"], in: folder.url).text
        }
        let part = try score("apid,count,a,mode\n100,1,28.3 V,SAFE\n100,2,2.5,1\n")
        for words in [
            "2 compared of 2 parameters, 33.33 % of 6 that the truth has", "missing in rows: open\n",
            "cannot be read: a (1 of 2)", "of another kind: mode (1 of 2)",
        ] { #expect(part.contains(words), "\(part)") }
        let whole = try score("apid,count,a,mode,open\n100,1,1.5,SAFE,1\n100,2,2.5,SAFE,1\n")
        #expect(whole.contains("6 compared of 3 parameters\n") && !whole.contains("missing in"), "\(whole)")
        #expect(try score("apid,count\n100,1\n100,2\n").contains("0 compared of 0 parameters, 0.00 % of 6"))
        // A text that is empty in the truth is not missed in a table.
        let empty = [ScoreTruth.run, ScoreTruth.packet(100, 1, second: 1, values: #""t":"","n":null"#), ScoreTruth.end]
        let none = try ScoreTruth.score(empty, "apid,count,t,n\n100,1,,\n", ["--least-compared", "1"], status: 0)
        #expect(none.count("rows", "missing_values") == 0)
    }
}
