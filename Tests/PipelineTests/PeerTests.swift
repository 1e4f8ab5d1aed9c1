import Records
import Bytes
import Capture
import Foundation
import Mission
import Pipeline
import Support
import Testing

/// Telemetry of real missions, value by value beside programs that others wrote.
@Suite(.enabled(if: Corpus.isThere, "\(Corpus.why)"))
struct PeerTests {
    /// The private environment that `Tools/setup test` makes.
    static let python = projectFolder.appendingPathComponent(".build-venv/bin/python").path
    static let hasPeers = FileManager.default.isExecutableFile(atPath: python)

    /// Values that JSON has no words for are written as we write them.
    private static let plain = """
        import json, math, sys, warnings
        warnings.simplefilter("ignore")
        def plain(v):
            if isinstance(v, (bytes, bytearray)): return v.hex()
            if isinstance(v, float) and not math.isfinite(v):
                return "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity"
            return v

        """

    private func peer(_ script: String, _ arguments: [URL]) throws -> [JSON] {
        let finished = try run(Self.python, ["-c", Self.plain + script] + arguments.map(\.path))
        try #require(finished.status == 0, "\(finished.words.suffix(500))")
        return try JSON.lines(finished.text)
    }

    private static func isSame(_ ours: JSON?, _ theirs: JSON?) -> Bool {
        if ours == theirs { return true }
        guard let a = ours?.double, let b = theirs?.double else { return false }
        return a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-12 * abs(b)
    }

    @Test(
        "every value of JPSS-1 and CTIM is the one that space_packet_parser gives",
        .enabled(if: hasPeers, "space_packet_parser is not installed: Tools/setup test does"),
        arguments: [
            (
                "jpss/jpss1_geolocation_xtce_v1.xml", "jpss/J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1", "CCSDSPacket",
                7200
            ),
            ("ctim/ctim_xtce_v1.xml", "ctim/ccsds_2021_155_14_39_51", "CCSDSTelemetryPacket", 1499),
        ])
    func spacePacketParser(_ spec: String, _ data: String, _ root: String, _ count: Int) throws {
        let (spec, data) = (Corpus.file("spp/\(spec)"), Corpus.file("spp/\(data)"))
        let script = """
            import space_packet_parser as spp
            database = spp.load_xtce(sys.argv[1])
            with open(sys.argv[2], "rb") as file:
                for packet in spp.ccsds_generator(file):
                    values = database.parse_bytes(packet, root_container_name="\(root)")
                    print(json.dumps({k: [plain(v), plain(v.raw_value)] for k, v in values.items()}))
            """
        let theirs = try peer(script, [spec, data])
        let ours = try DecodedFile(data, databases: [try Database.load(spec.path)]) { $0.withRaw = true }
        let lines = try ours.lines()
        #expect(lines.count == count && theirs.count == count)
        #expect(ours.explained == count)
        var (compared, wrong) = (0, 0)
        for (number, (line, values)) in zip(lines, theirs).enumerated() {
            for (name, pair) in values.object ?? [:] {
                compared += 1
                if Self.isSame(line["parameters"]?[name], pair[0]), Self.isSame(line["raw"]?[name], pair[1]) {
                    continue
                }
                wrong += 1
                if wrong < 10 {
                    let ours = "\(line["parameters"]?[name] ?? .null), raw \(line["raw"]?[name] ?? .null)"
                    Issue.record("packet \(number + 1), \(name): \(ours), the peer \(pair)")
                }
            }
        }
        #expect(wrong == 0)
        #expect(compared >= count * 27)
    }

    /// One field of a packet definition of ccsdspy.
    private struct Field {
        let name: String
        let type: String
        let offset: Int
        let bits: Int
    }

    /// The fields of a defs.csv; the elements of an array stand one behind the other.
    private static func fields(_ file: URL) throws -> [Field] {
        let text = try String(contentsOf: file, encoding: .utf8).replacing("\r\n", with: "\n").replacing(
            "\n", with: "\r\n")
        return try commaSeparated(text).dropFirst().map { row in
            let (offset, bits) = (Int(row[2]) ?? 0, Int(row[3]) ?? 0)
            let element = row[0].firstMatch(of: /\[(\d+)\]/).flatMap { Int($0.1) } ?? 0
            let name = row[0].replacing("[", with: "_").replacing("]", with: "")
            return Field(name: name, type: row[1], offset: offset + element * bits, bits: bits)
        }
    }

    /// The same definition as XTCE: each field at its place behind the primary header.
    private static func database(_ fields: [Field]) -> String {
        var (types, parameters, entries) = ("", "", "")
        for field in fields {
            let attributes = "sizeInBits=\"\(field.bits)\""
            let encoding =
                switch field.type {
                case "float": "<FloatDataEncoding \(attributes)/>"
                case "int": "<IntegerDataEncoding \(attributes) encoding=\"twosComplement\"/>"
                default: "<IntegerDataEncoding \(attributes)/>"
                }
            let kind = field.type == "float" ? "Float" : "Integer"
            types += "<\(kind)ParameterType name=\"\(field.name)_t\">\(encoding)</\(kind)ParameterType>\n"
            parameters += "<Parameter name=\"\(field.name)\" parameterTypeRef=\"\(field.name)_t\"/>\n"
            entries += """
                <ParameterRefEntry parameterRef="\(field.name)">
                <LocationInContainerInBits referenceLocation="containerStart">
                <FixedValue>\(field.offset + 48)</FixedValue></LocationInContainerInBits></ParameterRefEntry>

                """
        }
        return """
            <SpaceSystem name="hs" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
            <ParameterTypeSet>\(types)</ParameterTypeSet><ParameterSet>\(parameters)</ParameterSet>
            <ContainerSet><SequenceContainer name="P"><EntryList>
            \(entries)</EntryList></SequenceContainer></ContainerSet>
            </TelemetryMetaData></SpaceSystem>
            """
    }

    @Test(
        "every raw value of files with all oddities is the one that ccsdspy gives",
        .enabled(if: hasPeers, "ccsdspy is not installed: Tools/setup test does"),
        arguments: [("apid001", 1448), ("apid010", 3513), ("apid035", 7200)])
    func ccsdspy(_ folder: String, _ count: Int) throws {
        let data = try #require(Corpus.files(below: "ccsdspy/hs/\(folder)").first)
        let fields = try Self.fields(Corpus.file("ccsdspy/hs/\(folder)/defs.csv"))
        let definitions = fields.map {
            "PacketField('\($0.name)', '\($0.type)', \($0.bits), bit_offset=\($0.offset + 48))"
        }
        let script = """
            import ccsdspy
            from ccsdspy import FixedLength, PacketField
            columns = FixedLength([\(definitions.joined(separator: ",\n"))]).load(sys.argv[1])
            for row in zip(*columns.values()):
                print(json.dumps({k: plain(v.item()) for k, v in zip(columns, row)}))
            """
        let theirs = try peer(script, [data])
        let database = try Database(xml: Data(Self.database(fields).utf8), file: "hs.xml")
        let lines = try DecodedFile(data, databases: [database]) { $0.withRaw = true }.lines()
        #expect(lines.count == count && theirs.count == count)
        var wrong = 0
        for (number, (line, values)) in zip(lines, theirs).enumerated() {
            for (name, value) in values.object ?? [:] where !Self.isSame(line["raw"]?[name], value) {
                wrong += 1
                if wrong < 10 {
                    Issue.record("packet \(number + 1), \(name): \(line["raw"]?[name] ?? .null), the peer \(value)")
                }
            }
            #expect(values.object?.count == fields.count)
        }
        #expect(wrong == 0)
    }

    @Test(
        "inspect counts the packets of every capture as capinfos does",
        .enabled(if: hasProgram("capinfos"), "capinfos is not installed"))
    func capinfos() throws {
        let files = ["tcpdump", "pcapng", "captures", "spacecraft/pcap"].flatMap { Corpus.files(below: $0) }
        let finished = try run("capinfos", ["-T", "-r", "-c", "-m"] + files.map(\.path))
        var compared = 0
        for row in finished.text.split(separator: "\n") {
            let parts = row.components(separatedBy: ",")
            // A file that capinfos does not read to its end is no yardstick.
            guard parts.count == 2, let count = UInt64(parts[1]), !finished.words.contains("\"\(parts[0])\"") else {
                continue
            }
            let report = Inspection.run(try CaptureReader.open(parts[0]))
            #expect(report.packets == count, "\(parts[0])")
            #expect(report.interfaces.reduce(0) { $0 + $1.packets } == Int(count), "\(parts[0])")
            compared += 1
        }
        #expect(compared > 700)
    }
}
