import Foundation
import Support
import Testing

@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SpecTests {
    @Test("the databases that are known by name are listed, those of STARLANE_SPECS first")
    func list() throws {
        let finished = try Starlane.run(["spec", "list"])
        #expect(finished.status == 0)
        #expect(
            finished.text.split(separator: "\n").map { $0.prefix { !$0.isWhitespace } } == [
                "g60", "songjiang", "zhuque2",
            ])
        let folder = try TemporaryFolder()
        let database = projectFolder.appendingPathComponent("Specs/g60.xml")
        try FileManager.default.copyItem(at: database, to: folder.file("zhangjiang.xml"))
        let more = try Starlane.run(["spec", "list"], environment: ["STARLANE_SPECS": folder.url.path])
        #expect(more.text.hasPrefix("zhangjiang"))
        #expect(more.text.contains("songjiang"))
    }

    @Test("a database that can be used is told in a line", arguments: ["songjiang", "g60"])
    func check(_ name: String) throws {
        let finished = try Starlane.run(["spec", "check", name])
        #expect(finished.status == 0)
        #expect(finished.words.isEmpty)
        #expect(finished.text.contains(/\d+ parameters, \d+ containers?, \d+ packet types/))
        #expect(finished.text.split(separator: "\n").count == 1)
    }

    /// A small database of two parameters; the second one is of type x, which line 6 defines.
    private static func database(_ line: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <SpaceSystem name="Small" xmlns="http://www.omg.org/spec/XTCE/20180204">
         <TelemetryMetaData>
          <ParameterTypeSet>
           <IntegerParameterType name="octet"><IntegerDataEncoding sizeInBits="8"/></IntegerParameterType>
           \(line)
          </ParameterTypeSet>
          <ParameterSet>
           <Parameter name="a" parameterTypeRef="octet"/>
           <Parameter name="b" parameterTypeRef="x"/>
          </ParameterSet>
          <ContainerSet>
           <SequenceContainer name="P">
            <EntryList><ParameterRefEntry parameterRef="a"/><ParameterRefEntry parameterRef="b"/></EntryList>
           </SequenceContainer>
          </ContainerSet>
         </TelemetryMetaData>
        </SpaceSystem>
        """
    }

    private static func integer(_ bits: String) -> String {
        "<IntegerParameterType name=\"x\"><IntegerDataEncoding sizeInBits=\"\(bits)\"/></IntegerParameterType>"
    }

    @Test(
        "a database that cannot be used is refused with file, line and column of what is wrong",
        arguments: [
            (integer("65"), 6), (integer("eight"), 6), (integer("0"), 6),
            ("<FloatParameterType name=\"x\"><FloatDataEncoding sizeInBits=\"17\"/></FloatParameterType>", 6),
            ("<!-- no such type -->", 10), ("<IntegerParameterType name=\"x\">", 0),
        ])
    func refused(_ line: String, _ place: Int) throws {
        let folder = try TemporaryFolder()
        try Data(Self.database(line).utf8).write(to: folder.file("small.xml"))
        let finished = try Starlane.run(["spec", "check", "small.xml"], in: folder.url)
        #expect(finished.status == 2)
        #expect(finished.output.isEmpty)
        expectWords(finished)
        let pattern = place > 0 ? "small\\.xml:\(place):\\d+: error: " : "small\\.xml:\\d+:\\d+: error: "
        #expect(finished.words.contains(try Regex(pattern)), "\(finished.words)")
        // What cannot be checked cannot be used.
        let decoded = try Starlane.run(["decode", "--spec", "small.xml", fixture("g60.packets").path], in: folder.url)
        #expect(decoded.status == 2)
        #expect(decoded.output.isEmpty)
        #expect(decoded.words.contains("spec check"))
    }

    @Test("the small database without what is wrong is used")
    func twin() throws {
        let folder = try TemporaryFolder()
        try Data(Self.database(Self.integer("8")).utf8).write(to: folder.file("small.xml"))
        #expect(try Starlane.run(["spec", "check", "small.xml"], in: folder.url).status == 0)
        let decoded = try Starlane.run(
            ["decode", "--format", "jsonl", "--spec", "small.xml", fixture("g60.packets").path], in: folder.url)
        let lines = try JSON.lines(decoded.text)
        #expect(lines.count == 95)
        #expect(lines.allSatisfy { $0["type"] == .string("Small.P") && $0["parameters"]?["a"]?.integer == 10 })
    }

    @Test("what is wrong and used by nothing is a warning")
    func unused() throws {
        let folder = try TemporaryFolder()
        let unused = Self.integer("65").replacing("\"x\"", with: "\"y\"")
        try Data(Self.database(Self.integer("8") + unused).utf8).write(to: folder.file("small.xml"))
        let finished = try Starlane.run(["spec", "check", "small.xml"], in: folder.url)
        #expect(finished.status == 0)
        #expect(finished.words.contains(/small\.xml:6:\d+: warning/))
    }

    @Test(
        "a file that is no XML, an empty one and a folder without any are refused",
        arguments: ["text", "empty", "folder"])
    func noDatabase(_ kind: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("folder"), withIntermediateDirectories: true)
        try Data("no XML at all".utf8).write(to: folder.file("text"))
        try Data().write(to: folder.file("empty"))
        let finished = try Starlane.run(["spec", "check", kind], in: folder.url)
        #expect(finished.status == 2)
        #expect(finished.words.contains(kind))
        expectWords(finished)
    }
}
