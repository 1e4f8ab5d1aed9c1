import Bytes
import Foundation
import Mission
import Records
import Support
import Testing

/// Packets from values, each feature by a database of its own.
struct EncodingTests {
    @Test("every coding of integers goes backwards, at both ends of its range")
    func integers() throws {
        let encoders = try PacketEncoders(fixture: "integers")
        let loaded = encoders.databases
        let type = encoders.types[0]
        for end in [0, 1] {
            for parameter in type.parameters {
                // What does not fit tells what does.
                let words = refusal(encoders, "All", ["raw.\(parameter.shortName)": "99999999999999999999999"])
                let range = try #require(words.firstMatch(of: /raw (-?\d+) to (-?\d+) are allowed/), "\(words)")
                let wanted = String(end == 0 ? range.1 : range.2)
                // A field of the other octet order that does not fill its octets has gaps in its range.
                guard let octets = try? encoded(encoders, "All", ["raw.\(parameter.shortName)": wanted]) else {
                    continue
                }
                #expect(Decoded(loaded, [octets]).values(0)[parameter.shortName]?.raw == wanted)
            }
        }
    }

    @Test("floats of every coding are the nearest that the coding holds")
    func floats() throws {
        let encoders = try PacketEncoders(fixture: "floats")
        for parameter in encoders.types[0].parameters where parameter.rawKind == .float {
            for value in [0, 1, -1, 0.1, -0.1, 3.140625, 1234.5, -0.0078125, 60_000] {
                let octets = try encoded(encoders, "All", [parameter.shortName: "\(value)"])
                let back = try #require(
                    Decoded(encoders.databases, [octets]).texts(0)[parameter.shortName].flatMap(Double.init))
                // Eleven bits of fraction are the fewest.
                #expect(abs(back - value) <= abs(value) * 0x1p-11, "\(parameter.shortName): \(value) became \(back)")
            }
        }
    }

    @Test("polynomials and splines are run backwards to the nearest raw value")
    func calibrators() throws {
        let encoders = try PacketEncoders(fixture: "calibrators")
        func byte(_ index: Int, _ words: [String: String]) throws -> UInt8 {
            try encoded(encoders, "All", words)[index]
        }
        #expect(try byte(1, ["lin": "-4"]) == 0xFE)
        #expect(try byte(1, ["lin": "-4.2"]) == 0xFE)
        #expect(try byte(2, ["cub": "17.125"]) == 2)
        #expect(try byte(2, ["cub": "-1.25"]) == 0xFF)
        #expect(try byte(3, ["step": "2"]) == 10)
        #expect(try byte(3, ["step": "0"]) == 40)
        // Up from 2 to 4 and down to 0: of two raw values the smaller one.
        #expect(try byte(4, ["line": "3"]) == 15)
        #expect(try byte(4, ["line": "0"]) == 40)
        #expect(try byte(5, ["far": "-2"]) == 50 || byte(5, ["far": "-2"]) == 0)
        #expect(try byte(6, ["mode": "ON", "ctx": "500"]) == 50)
        #expect(try byte(6, ["mode": "OFF", "ctx": "1050"]) == 50)
        #expect(try byte(6, ["mode": "OFF", "ctx": "-150"]) == 150)
        #expect(try byte(7, ["whole": "1.5"]) == 3)
    }

    @Test("what the calibrators do not reach is refused with what they do")
    func beyondCalibrators() throws {
        let encoders = try PacketEncoders(fixture: "calibrators")
        #expect(
            refusal(encoders, ["lin": "61"])
                == "Test.All: lin: 61.0 does not fit: -67.0 to 60.5 (raw -128 to 127) are allowed")
        #expect(refusal(encoders, ["lin": "nan"]).contains("nan does not fit: -67.0 to 60.5"))
        #expect(refusal(encoders, ["lin": "high"]) == "Test.All: lin: high is given, a number is wanted")
        #expect(refusal(encoders, ["step": "5.5"]).contains("5.5 does not fit: 0.0 to 4.0 (raw 10 to 40) are allowed"))
        #expect(refusal(encoders, ["line": "4.5"]).contains("4.5 does not fit: 0.0 to 4.0 (raw 10 to 40) are allowed"))
        #expect(refusal(encoders, ["mode": "ON", "ctx": "3000"]).contains("3000.0 does not fit: 0.0 to 2550.0"))
        #expect(
            refusal(encoders, ["mode": "ONN"])
                == "Test.All: mode: \"ONN\" is none of its labels; near it are ON, NONE, OFF")
        #expect(refusal(encoders, ["mode": "2"]).contains("raw.mode takes the number"))
        #expect(
            refusal(encoders, ["raw.whole": "256"]) == "Test.All: whole: 256 does not fit: raw 0 to 255 are allowed")
        #expect(refusal(encoders, ["raw.whole": "1.5"]).contains("a whole number is wanted"))
        #expect(refusal(encoders, ["whole": "1.5", "raw.whole": "7"]).contains("is another value: give one of them"))
    }

    @Test("criteria of all levels are filled in, and a packet is of the type that was asked for")
    func inheritance() throws {
        let encoders = try PacketEncoders(fixture: "inheritance")
        for type in encoders.types {
            guard let octets = try? encoded(encoders, type.name) else { continue }
            #expect(Decoded(encoders.databases, [octets]).type(0) == type.shortName)
        }
        let power = try encoded(encoders, "Power")
        #expect(Decoded(encoders.databases, [power]).type(0) == "Power")
    }

    @Test("values that contradict the type are refused with those that it has")
    func contradictions() throws {
        let encoders = try PacketEncoders(fixture: "inheritance")
        let decoded = Decoded(encoders.databases, [try encoded(encoders, "Power")])
        let apid = try #require(decoded.texts(0)["apid"] ?? decoded.texts(0)["APID"])
        let name = decoded.texts(0)["apid"] == nil ? "APID" : "apid"
        let words = refusal(encoders, "Power", [name: "\((Int(apid) ?? 0) + 1)"])
        #expect(words.contains("is given, packets of this type have \(apid)"), "\(words)")
        #expect(refusal(encoders, "Powr", [:]).contains("no packet type is called 'Powr'; near it are Power"))
        #expect(refusal(encoders, "Power", ["nosuch": "1"]).contains("there is no such parameter"))
    }

    @Test(
        "strings stand with their size tags, terminators and zeros behind them, and texts that do not fit are refused")
    func strings() throws {
        let encoders = try PacketEncoders(fixture: "strings")
        let infos = encoders.types[0].parameters
        for info in infos where info.kind == .string {
            let octets = try encoded(encoders, "All", [info.shortName: "ab"])
            let text = try #require(Decoded(encoders.databases, [octets]).texts(0)[info.shortName])
            #expect(text.trimmingCharacters(in: ["\0"]) == "ab", "\(info.shortName)")
            let long = refusal(encoders, "All", [info.shortName: String(repeating: "x", count: 70_000)])
            #expect(
                long.contains("does not fit") || long.contains("octets, ") || long.contains("longer than 65542 octets"),
                "\(info.shortName): \(long)")
        }
    }

    @Test("sizes of data that are not given follow from the data, and wrong ones are refused")
    func binaries() throws {
        let encoders = try PacketEncoders(fixture: "binaries")
        for info in encoders.types[0].parameters where info.kind == .binary {
            let words = refusal(encoders, "All", [info.shortName: "0"])
            #expect(words.contains("no even number of hexadecimal digits"), "\(words)")
            let much = refusal(encoders, "All", [info.shortName: String(repeating: "ab", count: 300)])
            #expect(
                much.hasPrefix("none") || much.contains(" octets are given, it has ") || much.contains("does not fit")
                    || much.contains("its size cannot be told"),
                "\(much)")
        }
    }

    @Test("times are the counts that decode to them, and those before and after all counts are refused")
    func times() throws {
        let encoders = try PacketEncoders(fixture: "times")
        for info in encoders.types[0].parameters where info.kind == .time {
            let zero = try encoded(encoders, "All", ["raw.\(info.shortName)": "1"])
            let text = try #require(Decoded(encoders.databases, [zero]).texts(0)[info.shortName])
            let again = try encoded(encoders, "All", [info.shortName: text])
            #expect(Decoded(encoders.databases, [again]).texts(0)[info.shortName] == text, "\(info.shortName)")
            #expect(refusal(encoders, "All", [info.shortName: "yesterday"]).contains("a time is wanted"))
            let late = refusal(encoders, "All", [info.shortName: "9999-12-31T23:59:59Z"])
            #expect(late.contains("does not fit") || late.hasPrefix("none"), "\(late)")
        }
    }

    @Test("with strict nothing is left to zeros")
    func strict() throws {
        var options = PacketEncoder.Options()
        options.isStrict = true
        let encoders = PacketEncoders([try database("calibrators")], options: options)
        #expect(refusal(encoders, ["mode": "OFF"]).contains("is not given and has no initial value"))
        let all = [
            "mode": "OFF", "lin": "0", "cub": "3.25", "step": "2", "line": "2", "far": "2", "ctx": "1000", "whole": "0",
        ]
        #expect(try encoded(encoders, "All", all).count == 8)
    }

    private static let document = """
        <SpaceSystem name="T"><TelemetryMetaData><ParameterTypeSet>
        <FloatParameterType name="volt"><UnitSet><Unit>V</Unit></UnitSet><IntegerDataEncoding sizeInBits="8">
        <DefaultCalibrator><PolynomialCalibrator><Term coefficient="0.5" exponent="1"/></PolynomialCalibrator>
        </DefaultCalibrator></IntegerDataEncoding><ValidRange minInclusive="10" maxInclusive="40"/></FloatParameterType>
        <FloatParameterType name="bow" initialValue="75"><IntegerDataEncoding sizeInBits="8"><DefaultCalibrator>
        <PolynomialCalibrator><Term coefficient="100" exponent="0"/><Term coefficient="-1" exponent="2"/>
        <Term coefficient="20" exponent="1"/></PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>
        </FloatParameterType>
        <IntegerParameterType name="flag"><IntegerDataEncoding sizeInBits="8"/></IntegerParameterType>
        <StringParameterType name="name"><StringDataEncoding encoding="US-ASCII"><SizeInBits><Fixed><FixedValue>32</FixedValue>
        </Fixed><TerminationChar>00</TerminationChar></SizeInBits></StringDataEncoding></StringParameterType>
        </ParameterTypeSet><ParameterSet>
        <Parameter name="volt" parameterTypeRef="volt" initialValue="28"/><Parameter name="bow" parameterTypeRef="bow"/>
        <Parameter name="flag" parameterTypeRef="flag"/><Parameter name="extra" parameterTypeRef="flag"/>
        <Parameter name="name" parameterTypeRef="name" initialValue="abc"/>
        </ParameterSet><ContainerSet><SequenceContainer name="All"><EntryList>
        <ParameterRefEntry parameterRef="volt"/><ParameterRefEntry parameterRef="bow"/>
        <ParameterRefEntry parameterRef="flag"/><ParameterRefEntry parameterRef="extra"><IncludeCondition>
        <Comparison parameterRef="flag" value="3" comparisonOperator="&gt;"/></IncludeCondition></ParameterRefEntry>
        <ParameterRefEntry parameterRef="name"/></EntryList></SequenceContainer></ContainerSet>
        </TelemetryMetaData></SpaceSystem>
        """

    @Test("initial values stand where nothing is given, and choose among several raw values")
    func initialValues() throws {
        let encoders = PacketEncoders([try Database(xml: Data(Self.document.utf8), file: "t.xml")])
        // 75 is 100 + 20 x - x^2 at a little over 21; 100 at 0 and at 20, which is nearer to it.
        #expect(try encoded(encoders) == [56, 21, 0, 97, 98, 99, 0])
        #expect(try encoded(encoders, "All", ["bow": "100"])[1] == 20)
        #expect(try encoded(encoders, "All", ["volt": "20 V"])[0] == 40)
    }

    @Test("valid ranges hold for engineering values, and not where they are told not to")
    func validRanges() throws {
        let loaded = try Database(xml: Data(Self.document.utf8), file: "t.xml")
        let encoders = PacketEncoders([loaded])
        #expect(
            refusal(encoders, ["volt": "41"]).contains(
                "outside the valid range of the database: from 10.0 to 40.0 is allowed"))
        #expect(try encoded(encoders, "All", ["raw.volt": "200"])[0] == 200)
        var options = PacketEncoder.Options()
        options.checksValidRanges = false
        #expect(try encoded(PacketEncoders([loaded], options: options), "All", ["volt": "41"])[0] == 82)
    }

    @Test(
        "what decides that a given parameter stands in the packet follows from it, and is refused where it is against it"
    )
    func conditions() throws {
        let encoders = PacketEncoders([try Database(xml: Data(Self.document.utf8), file: "t.xml")])
        #expect(try encoded(encoders, "All", ["extra": "7"]) == [56, 21, 4, 7, 97, 98, 99, 0])
        #expect(try encoded(encoders, "All", ["extra": "7", "flag": "9"]).count == 8)
        #expect(
            refusal(encoders, ["extra": "7", "flag": "3"]).contains(
                "extra: stands in the packet only where flag is 4 to 255"))
        #expect(refusal(encoders, ["name": "abcd"]).contains("the text has 4 octets, 3 are allowed"))
        #expect(refusal(encoders, ["name": "ä"]).contains("US-ASCII has no \"ä\""))
        #expect(refusal(encoders, ["name": "a\0b"]).contains("holds its own terminator"))
        #expect(refusal(encoders, ["bow": "201"]).contains("201.0 does not fit: "))
    }
}
