import Records
import Bytes
import CCSDS
import Capture
import Foundation
import Mission
import Pipeline
import Support
import Testing

/// JSON lines, CSV and tables say the same of the same packets.
@Suite struct SinkTests {
    /// A value of JSON as CSV has it.
    private static func plain(_ value: JSON?) -> String {
        switch value {
        case nil, .null: ""
        case .bool(let value): value ? "True" : "False"
        case .number(let digits): digits
        case .string(let text): text
        case .array, .object: "?"
        }
    }

    @Test(
        "CSV has the values of the JSON lines, raw values and limits too",
        arguments: ["songjiang-pass.pcapng", "g60-skip4.packets", "songjiang-user0.pcap"])
    func csv(_ name: String) throws {
        let lines = try DecodedFile(fixture(name)) { $0.withRaw = true }.lines()
        let rows = try DecodedFile(fixture(name)) {
            $0.format = .csv
            $0.withRaw = true
        }.rows()
        #expect(lines.count == rows.count)
        var compared = 0
        for (line, row) in zip(lines, rows) {
            for key in ["time", "packet", "flow", "spacecraft", "vcid", "apid", "sequence", "type"] {
                #expect(row[key] == Self.plain(line[key]), "\(key)")
            }
            for (parameter, value) in line["parameters"]?.object ?? [:] {
                #expect(row[parameter] == Self.plain(value), "\(parameter)")
                #expect(row[parameter + ".raw"] == Self.plain(line["raw"]?[parameter]), "raw \(parameter)")
                compared += 2
            }
            // What the packet does not have is empty.
            let filled = row.filter { !$0.key.hasSuffix(".raw") && !$0.value.isEmpty && $0.key != "limits" }.keys
            let known = Set((line["parameters"]?.object ?? [:]).keys).union((line.object ?? [:]).keys)
            #expect(Set(filled).isSubset(of: known))
            let limits = (line["limits"]?.object ?? [:]).map { "\($0.key)=\($0.value.text ?? "")" }.sorted()
            #expect((row["limits"] ?? "").split(separator: " ").map(String.init).sorted() == limits)
        }
        #expect(compared > 800)
    }

    @Test("fields that are asked for have the values that they have among all", arguments: ["jsonl", "csv"])
    func fields(_ format: String) throws {
        let wanted = ["eps_battery_voltage", "songjiang.adcs_mode", "spacecraft", "sequence"]
        let all = try DecodedFile(fixture("songjiang-pass.pcapng")).lines()
        let few = try DecodedFile(fixture("songjiang-pass.pcapng")) {
            $0.fields = wanted
            $0.format = format == "csv" ? .csv : .jsonl
        }
        let kept = all.filter { line in
            ["eps_battery_voltage", "adcs_mode"].contains { line["parameters"]?[$0] != nil }
        }
        #expect(kept.count > 100 && kept.count < all.count)
        if format == "csv" {
            let rows = try few.rows()
            #expect(rows.count == kept.count)
            for (row, line) in zip(rows, kept) {
                #expect(row["eps_battery_voltage"] == Self.plain(line["parameters"]?["eps_battery_voltage"]))
                #expect(row["songjiang.adcs_mode"] == Self.plain(line["parameters"]?["adcs_mode"]))
                #expect(row["sequence"] == Self.plain(line["sequence"]))
                #expect(row["apid"] == nil)
            }
        } else {
            let lines = try few.lines()
            #expect(lines.count == kept.count)
            for (line, whole) in zip(lines, kept) {
                let names = Set((line["parameters"]?.object ?? [:]).keys)
                #expect(!names.isEmpty && names.isSubset(of: ["eps_battery_voltage", "adcs_mode"]))
                for name in names { #expect(line["parameters"]?[name] == whole["parameters"]?[name]) }
                #expect(line["sequence"] == whole["sequence"])
            }
        }
    }

    @Test("header fields alone keep every packet")
    func headers() throws {
        let rows = try DecodedFile(fixture("songjiang-packets.pcap")) {
            $0.fields = ["packet", "apid", "sequence"]
            $0.format = .csv
        }.rows()
        let lines = try DecodedFile(fixture("songjiang-packets.pcap")).lines()
        #expect(rows.map { $0["sequence"] } == lines.map { Self.plain($0["sequence"]) })
        #expect(rows.allSatisfy { Set($0.keys) == ["packet", "apid", "sequence"] })
    }

    @Test(
        "a field that nothing has is refused, with the nearest names",
        arguments: [
            ("eps_batery_voltage", "eps_battery_voltage"), ("EPS_BATTERY_VOLTAGE", "eps_battery_voltage"),
            ("songjiang.nosuch", "besides parameters there are time, packet"), ("voltage", "no field is called"),
            ("", "no field is called"),
        ])
    func unknownFields(_ field: String, _ words: String) throws {
        do {
            _ = try DecodedFile(fixture("g60.packets")) { $0.fields = [field] }
            Issue.record("'\(field)' is taken")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    // MARK: Numbers at the ends of their ranges

    /// One packet type of numbers as wide as they come, and a text.
    private static let wide = """
        <?xml version="1.0" encoding="UTF-8"?>
        <SpaceSystem name="Wide" xmlns="http://www.omg.org/spec/XTCE/20180204">
         <TelemetryMetaData>
          <ParameterTypeSet>
           <BinaryParameterType name="header">
            <BinaryDataEncoding><SizeInBits><FixedValue>48</FixedValue></SizeInBits></BinaryDataEncoding>
           </BinaryParameterType>
           <IntegerParameterType name="u64" signed="false" sizeInBits="64">
            <IntegerDataEncoding sizeInBits="64"/>
           </IntegerParameterType>
           <IntegerParameterType name="i64" sizeInBits="64">
            <IntegerDataEncoding sizeInBits="64" encoding="twosComplement"/>
           </IntegerParameterType>
           <FloatParameterType name="f64" sizeInBits="64"><FloatDataEncoding sizeInBits="64"/></FloatParameterType>
           <FloatParameterType name="f32"><FloatDataEncoding sizeInBits="32"/></FloatParameterType>
           <StringParameterType name="text">
            <StringDataEncoding>
             <SizeInBits>
              <Fixed><FixedValue>128</FixedValue></Fixed><TerminationChar>00</TerminationChar>
             </SizeInBits>
            </StringDataEncoding>
           </StringParameterType>
          </ParameterTypeSet>
          <ParameterSet>
           <Parameter name="h" parameterTypeRef="header"/><Parameter name="a" parameterTypeRef="u64"/>
           <Parameter name="b" parameterTypeRef="i64"/><Parameter name="c" parameterTypeRef="f64"/>
           <Parameter name="d" parameterTypeRef="f32"/><Parameter name="e" parameterTypeRef="text"/>
          </ParameterSet>
          <ContainerSet>
           <SequenceContainer name="P"><EntryList>
            <ParameterRefEntry parameterRef="h"/><ParameterRefEntry parameterRef="a"/>
            <ParameterRefEntry parameterRef="b"/><ParameterRefEntry parameterRef="c"/>
            <ParameterRefEntry parameterRef="d"/><ParameterRefEntry parameterRef="e"/>
           </EntryList></SequenceContainer>
          </ContainerSet>
         </TelemetryMetaData>
        </SpaceSystem>
        """

    struct Wide {
        let a: UInt64
        let b: Int64
        let c: Double
        let d: Float
        let e: [UInt8]

        /// A space packet that holds it.
        func packet(_ sequence: Int) -> [UInt8] {
            var data: [UInt8] = []
            for word in [a, UInt64(bitPattern: b), c.bitPattern] {
                data += (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
            }
            data += (0..<4).map { UInt8(truncatingIfNeeded: d.bitPattern >> (24 - 8 * $0)) }
            data += e + [UInt8](repeating: 0, count: 16 - e.count)
            return [0x00, 0x05, 0xC0, UInt8(sequence), 0, UInt8(data.count - 1)] + data
        }
    }

    static let values: [Wide] = [
        Wide(a: 0, b: .min, c: .nan, d: .nan, e: Array("plain".utf8)),
        Wide(a: .max, b: .max, c: .infinity, d: -.infinity, e: Array("a,b".utf8)),
        Wide(a: 1 << 53 + 1, b: -1, c: -.infinity, d: .infinity, e: Array("say \"x\"".utf8)),
        Wide(a: 9_007_199_254_740_993, b: -9_007_199_254_740_993, c: -0.0, d: -0.0, e: Array("line\r\nfeed".utf8)),
        Wide(a: 1, b: 0, c: .leastNonzeroMagnitude, d: .leastNonzeroMagnitude, e: Array("松江".utf8)),
        Wide(a: 10, b: 10, c: .greatestFiniteMagnitude, d: .greatestFiniteMagnitude, e: []),
        Wide(a: 1 << 63, b: 1 << 62, c: 0.1, d: 0.1, e: Array("\u{7F}\u{1}\\".utf8)),
        Wide(a: 7, b: -7, c: 1e300, d: 16_777_215, e: Array(repeating: 0x41, count: 15)),
    ]

    private func decoded(_ format: Decoding.Format) throws -> DecodedFile {
        let folder = try TemporaryFolder()
        let octets = Self.values.enumerated().flatMap { $0.element.packet($0.offset) }
        try Data(octets).write(to: folder.file("wide.packets"))
        let database = try Database(xml: Data(Self.wide.utf8), file: "wide.xml")
        return try DecodedFile(folder.file("wide.packets"), databases: [database], told: ToldLayout(skip: 0)) {
            $0.format = format
            $0.withRaw = true
        }
    }

    @Test("64-bit integers, NaN, infinities, zeros with a sign and the ends of the floats survive a round trip")
    func roundTrip() throws {
        let lines = try decoded(.jsonl).lines()
        let rows = try decoded(.csv).rows()
        #expect(lines.count == Self.values.count && rows.count == Self.values.count)
        for ((line, row), value) in zip(zip(lines, rows), Self.values) {
            let found = try #require(line["parameters"])
            #expect(found["a"] == .number(String(value.a)))
            #expect(found["b"] == .number(String(value.b)))
            for (name, number) in [("c", value.c), ("d", Double(value.d))] {
                let back = try #require(found[name]?.double)
                #expect(
                    number.isNaN ? back.isNaN : back.bitPattern == number.bitPattern, "\(name): \(found[name] ?? .null)"
                )
                let csv = try #require(Double(row[name] ?? ""))
                #expect(number.isNaN ? csv.isNaN : csv.bitPattern == number.bitPattern, "\(name): \(row[name] ?? "")")
            }
            let text = String(decoding: value.e, as: UTF8.self)
            #expect(found["e"] == .string(text))
            #expect(row["e"] == text)
            #expect(row["a"] == String(value.a) && row["b"] == String(value.b))
            #expect(line["raw"]?["a"] == found["a"] && line["raw"]?["b"] == found["b"])
        }
    }
}
