import Foundation
import Support
import Testing

/// `starlane score`: files as programs write them, packed or not, and refusals that say what is wrong.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreFileTests {
    private static let rows = "apid,count,volts\n100,17,28.31\n100,18,28.32\n101,0,\n"
    private static let lines =
        [(100, 17), (100, 18), (101, 0)].map { "{\"apid\":\($0),\"count\":\($1)}\n" }.joined()

    private static func score(_ result: Data, _ more: [String] = []) throws -> Finished {
        let folder = try TemporaryFolder()
        try Data(ScoreTruth.plain.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        try result.write(to: folder.file("result"))
        return try Starlane.run(["score", "--truth", "truth.jsonl", "result"] + more, in: folder.url)
    }

    @Test("a mark of UTF-8 in front is no part of a result", arguments: [rows, lines, "\n\n" + lines])
    func mark(_ text: String) throws {
        let finished = try Self.score(Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8))
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
    }

    @Test("gzip'd results are read, and damaged ones refused", arguments: [rows, lines])
    func gzip(_ text: String) throws {
        let packed = try Support.run("gzip", ["-c"], input: Data(text.utf8)).output
        #expect(try Self.score(packed).status == 0)
        let cut = try Self.score(packed.dropLast(6))
        #expect(cut.status == 2 && cut.output.isEmpty && cut.words.contains("gzip is damaged"), "\(cut.words)")
        let folder = try TemporaryFolder()
        try packed.write(to: folder.file("t.gz"))
        try Data(text.utf8).write(to: folder.file("result"))
        let truth = try Starlane.run(["score", "--truth", "t.gz", "result"], in: folder.url)
        #expect(truth.status == 2 && truth.words.contains("t.gz is gzip'd") && truth.words.contains("gunzip -k t.gz"))
    }

    @Test(
        "what is no text in UTF-8 is refused with what to do",
        arguments: [
            (Data([0xFF, 0xFE]) + Data("apid,count\n".flatMap { Array("\($0)".utf8) + [0] }), "iconv -f UTF-16"),
            (Data([0xFE, 0xFF, 0, 0x61]), "is a text in UTF-16"),
            (Data("apid,count\n".flatMap { Array("\($0)".utf8) + [0] }), "is no text"),
            (Data([0x28, 0xB5, 0x2F, 0xFD, 1, 2]), "packed by zstd"), (Data("PK\u{3}\u{4}".utf8), "packed by zip"),
            (Data([0, 0, 0, 0, 0]), "is no text"),
        ])
    func others(_ result: Data, _ words: String) throws {
        let finished = try Self.score(result)
        #expect(finished.status == 2 && finished.output.isEmpty && finished.words.contains(words), "\(finished.words)")
    }

    @Test(
        "names that nothing has are refused, with near ones",
        arguments: [
            (
                rows, ["--column", "apid=zz"],
                "there is no zz, which --column apid=zz names; there are apid, count, volts"
            ),
            (rows, ["--column", "time=volt"], "there is no volt, which --column time=volt names; did you mean volts?"),
            (lines, ["--column", "apid=zz"], "there is no zz, which --column apid=zz names; there are apid, count"),
            (rows, ["--ignore", "vols"], "--ignore vols: no parameter of the truth is called so; did you mean volts"),
            (rows, ["--ignore", "volts,adcs_*"], "--ignore adcs_*: no parameter of the truth is called so"),
            ("{\"apid\":100}\n{\"apid\":101}\n", [], "no column tells the sequence count; there are apid:"),
            ("{\"x\":1}\n{\"apid\":101,\"b\\u001b[2J\":1}\n", [], "there are apid, b·[2J:"),
            ("apid,b\u{1B}[31m\n1,2\n", [], "there are apid, b·[31m:"),
        ])
    func names(_ result: String, _ more: [String], _ words: String) throws {
        let finished = try Self.score(Data(result.utf8), more)
        #expect(finished.status == 2 && finished.output.isEmpty && finished.words.contains(words), "\(finished.words)")
        #expect(!finished.words.utf8.contains(0x1B))
    }

    @Test("patterns leave out the parameters that they match", arguments: ["vo*", "*lts", "v*t*", "volts", "*o*t*"])
    func patterns(_ pattern: String) throws {
        let wrong = Data("apid,count,volts,mode\n100,17,1,NOMINAL\n100,18,1,SAFE\n101,0,1,NOMINAL\n".utf8)
        #expect(try Self.score(wrong).status == 1)
        let finished = try Self.score(wrong, ["--ignore", pattern])
        #expect(finished.status == 0 && finished.text.contains("3 compared of 1 parameter"), "\(finished.text)")
    }

    @Test("numbers that are not finite are read as programs write them, and are not near others")
    func notFinite() throws {
        let lines = #"{"apid":100,"count":17,"volts":NaN,"x":[-Infinity,Infinity]}"#
        let finished = try Self.score(Data(lines.utf8), ["--least-found", "0", "--format", "json"])
        let json = try JSON(finished.text)
        #expect(json["rows"]?["rejected"]?.integer == 0 && json["packets"]?["wrong"]?.integer == 1)
        #expect(json["wrong"]?[0]?["found"]?.text == "NaN")
    }

    @Test(
        "lines that are no objects say what is wrong with them",
        arguments: [
            ("{\"apid\":100,", "it ends too early"), ("[1]", "a list stands there"), ("7", "a value without a name"),
            ("{\"apid\":01}", "octet 11, '}', cannot stand there"), ("{'apid':1}", "octet 2, ''apid'"),
            ("{\"a\":\"\\q\"}", "an escape in a text is none"),
        ])
    func reasons(_ line: String, _ words: String) throws {
        let finished = try Self.score(Data((Self.lines + line).utf8))
        #expect(finished.status == 1 && finished.words.contains("line 4: rejected: this is no JSON object: "))
        #expect(finished.words.contains(words), "\(finished.words)")
    }

    @Test("names that come from files command no terminal")
    func controls() throws {
        let folder = try TemporaryFolder()
        let truth = [
            ScoreTruth.run.replacing("pass.yaml", with: "\\u001b[2J"),
            ScoreTruth.packet(100, 1, second: 1, values: #""a\u001b[31m":1"#, spacecraft: (#"s\u001b[1m"#, 4))
                .replacing("eps_housekeeping", with: "\\u001b[7m"),
            ScoreTruth.packet(100, 2, second: 2, spacecraft: (#"s\u001b[1m"#, 4)), ScoreTruth.end,
        ]
        try Data(truth.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        let rows =
            #"{"ccsds\u001b.apid":100,"count":1,"a\u001b[31m":"\u001b[3m"}"# + "\n"
            + #"{"apid":9,"count":1,"scid":"\u001b"}"#
        try Data(rows.utf8).write(to: folder.file("result"))
        let finished = try Starlane.run(["score", "--truth", "truth.jsonl", "result"], in: folder.url)
        #expect(finished.status == 1 && finished.text.contains("s·[1m/100") && finished.text.contains("a·[31m"))
        #expect(!finished.output.contains(0x1B) && !finished.words.utf8.contains(0x1B), "\(finished.text)")
    }

    @Test("a truth of another version is refused")
    func version() throws {
        let folder = try TemporaryFolder()
        let truth = ScoreTruth.plain.map { $0.replacing("\"truth\":1,", with: "\"truth\":99,") }
        try Data(truth.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        try Data(Self.rows.utf8).write(to: folder.file("result"))
        let finished = try Starlane.run(["score", "--truth", "truth.jsonl", "result"], in: folder.url)
        #expect(
            finished.status == 2 && finished.output.isEmpty && finished.words.contains("the truth is of version 99"))
    }
}
