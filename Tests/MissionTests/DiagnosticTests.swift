import Records
import Foundation
import Mission
import Support
import Testing

/// What is wrong is told with the place of its first character, what is allowed, and what to do.
struct DiagnosticTests {
    /// File, line, column, and what the message begins with.
    static let refusals: [(file: String, line: Int, column: Int, message: String)] = [
        ("algorithm-criteria", 24, 13, "CustomAlgorithm in RestrictionCriteria is not supported yet"),
        ("array", 8, 7, "ArrayParameterType is not supported yet"),
        ("base-type-circle", 9, 7, "type \"y\" is its own base type"),
        ("charset", 6, 9, "encoding of StringDataEncoding is \"UTF-7\", supported are UTF-8"),
        ("coding", 6, 9, "encoding of IntegerDataEncoding is \"packedBCD\""),
        ("container-circle", 13, 7, "container \"One\" extends or includes itself (One → Two → One)"),
        ("container-end", 16, 13, "referenceLocation of LocationInContainerInBits is \"containerEnd\""),
        ("context-elsewhere", 12, 29, "parameter \"other\" does not stand in the packet before this place"),
        ("criteria-later", 24, 13, "parameter \"a\" does not stand in the packet before this place"),
        ("duplicate", 11, 7, "Parameter \"a\" is declared twice"),
        ("empty", 1, 1, "the file holds no element"),
        ("entity-bomb", 2, 1, "a document type declaration stands here"),
        ("epoch", 10, 11, "the epoch is \"yesterday\"; TAI, J2000, UNIX, GPS"),
        ("external-entity", 2, 1, "a document type declaration stands here"),
        ("float-size", 6, 9, "a float of 33 bits is not supported"),
        ("inclusion-bomb", 243, 11, "the containers unfold to over 400000 entries"),
        ("indirect-entry", 16, 11, "IndirectParameterRefEntry is not supported yet"),
        ("label", 33, 13, "\"0N\" is no label of \"m\": did you mean ON?"),
        ("math-calibrator", 7, 30, "MathOperationCalibrator is not supported yet"),
        ("no-encoding", 13, 11, "parameter \"a\" stands in a container, and its type \"u8\" has no encoding"),
        ("repeat", 16, 13, "RepeatEntry is not supported yet"),
        ("root", 2, 1, "the root element is html"),
        ("size-of-string", 10, 11, "nothing tells where the string ends"),
        ("size", 6, 9, "sizeInBits of IntegerDataEncoding is \"65\", 1 to 64 are supported"),
        ("spline-order", 7, 30, "order of SplineCalibrator is 2.0, 0 and 1 are supported"),
        ("spline-twice", 7, 30, "two points of a spline have the raw value 1.0"),
        ("time-circle", 6, 9, "the time counts from \"a\""),
        ("unknown-container", 17, 9, "container \"Al\" is not declared: did you mean All?"),
        ("unknown-parameter", 15, 11, "parameter \"aa\" is not declared: did you mean a?"),
        ("unknown-type", 10, 7, "parameter type \"u9\" is not declared: did you mean u8?"),
    ]

    @Test("a bad database is refused with file, line and column", arguments: refusals)
    func refuses(file: String, line: Int, column: Int, message: String) throws {
        let path = fixture("xtce/bad-\(file).xml").path
        let error = try #require(throws: MissionError.self) { try Database.load(path) }
        let first = try #require(error.errors.first)
        #expect(first.line == line)
        #expect(first.column == column)
        #expect(first.message.hasPrefix(message), "\(first.message)")
        #expect(first.description.hasPrefix("\(path):\(line):\(column): error: "))
    }

    @Test("text that is no XML is refused with the line")
    func malformed() throws {
        let error = try #require(throws: MissionError.self) { try database("bad-not-well-formed") }
        #expect(error.diagnostics.first?.line == 12)
        #expect(error.diagnostics.first?.message.contains("an end tag does not match its start tag") == true)
    }

    @Test("a file that is not there is refused by name")
    func absent() throws {
        let error = try #require(throws: MissionError.self) { try Database.load("/nowhere/at/all.xml") }
        #expect(error.diagnostics.first?.description.hasPrefix("/nowhere/at/all.xml:1:1: error: ") == true)
    }

    @Test("elements that nest too deep are refused, not followed")
    func deep() throws {
        let text =
            "<SpaceSystem name=\"a\">" + String(repeating: "<x>", count: 5_000)
            + String(repeating: "</x>", count: 5_000)
        let error = try #require(throws: MissionError.self) {
            try Database(xml: Data((text + "</SpaceSystem>").utf8), file: "deep")
        }
        #expect(error.diagnostics.first?.message.hasPrefix("elements nest deeper than 100") == true)
    }

    @Test("what is not supported and not used is a warning, commands are one remark")
    func unused() throws {
        let loaded = try database("unused")
        #expect(loaded.diagnostics.map(\.severity) == [.warning, .warning, .warning])
        #expect(loaded.diagnostics.map { "\($0.line):\($0.column)" } == ["8:7", "14:13", "32:3"])
        #expect(loaded.diagnostics[0].message.hasSuffix("(nothing that can be decoded uses it)"))
        #expect(loaded.diagnostics[2].message.hasPrefix("CommandMetaData is not read"))
    }

    @Test("elements and attributes that are not known are warnings")
    func unknown() throws {
        let text = """
            <SpaceSystem name="a">
              <Telemetry/>
              <TelemetryMetaData>
                <ParameterTypeSet>
                  <IntegerParameterType name="t" sized="1">
                    <IntegerDataEncoding sizeInBits="8"><Colour/></IntegerDataEncoding>
                  </IntegerParameterType>
                </ParameterTypeSet>
              </TelemetryMetaData>
            </SpaceSystem>
            """
        let loaded = try Database(xml: Data(text.utf8), file: "f")
        let places = loaded.diagnostics.map { "\($0.line):\($0.column) \($0.message.prefix(40))" }
        #expect(places.contains { $0.hasPrefix("2:3 Telemetry in SpaceSystem is not known") })
        #expect(places.contains { $0.hasPrefix("5:7 attribute sized=\"1\" of IntegerParameter") })
        #expect(places.contains { $0.hasPrefix("6:45 Colour in IntegerDataEncoding is not kno") })
        #expect(loaded.diagnostics.allSatisfy { $0.severity == .warning })
    }

    @Test("a document that was cut is refused where it was left open")
    func cut() throws {
        let text = "<SpaceSystem name=\"a\">\n  <Header>\n  </Header>\n"
        let error = try #require(throws: MissionError.self) { try Database(xml: Data(text.utf8), file: "cut") }
        #expect(error.description.hasPrefix("cut:1:1: error: the document ends inside this element SpaceSystem"))
    }

    @Test("many wrong references cost no more than few", .timeLimit(.minutes(1)))
    func manyErrors() throws {
        var text = "<SpaceSystem name=\"a\"><TelemetryMetaData><ParameterTypeSet>"
        for index in 0..<2_000 { text += "<IntegerParameterType name=\"a_rather_long_name_of_a_type_\(index)\"/>" }
        text += "</ParameterTypeSet><ParameterSet>"
        for index in 0..<2_000 {
            text += "<Parameter name=\"p\(index)\" parameterTypeRef=\"a_rather_long_name_of_a_tipe_\(index)\"/>\n"
        }
        text += "</ParameterSet></TelemetryMetaData></SpaceSystem>"
        let error = try #require(throws: MissionError.self) { try Database(xml: Data(text.utf8), file: "many") }
        #expect(error.diagnostics.count == 501)
        #expect(error.diagnostics.last?.message.hasPrefix("1500 further remarks are not shown") == true)
    }
}
