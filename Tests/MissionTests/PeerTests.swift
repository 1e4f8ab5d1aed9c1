import Records
import Foundation
import Mission
import Support
import Testing

/// Values held against space_packet_parser, where a Python with it can be found: `python3`, or the one that the
/// variable STARLANE_PYTHON names.
struct PeerTests {
    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    static let isThere = (try? run(python, ["-c", "import space_packet_parser"]))?.status == 0
    static let why = "no Python with space_packet_parser is here"

    private static let script = """
        import sys, json, warnings
        warnings.simplefilter("ignore")
        import space_packet_parser as spp
        d = spp.load_xtce(sys.argv[1])
        hexed = lambda x: x.hex() if isinstance(x, (bytes, bytearray)) else x
        plain = lambda x: float(x) if isinstance(x, (int, float)) else hexed(x)
        with open(sys.argv[2], "rb") as f:
            for b in spp.ccsds_generator(f):
                p = d.parse_bytes(b, root_container_name=sys.argv[3])
                print(json.dumps({k: [plain(v.raw_value), plain(v)] for k, v in p.items()}))
        """

    private func compare(_ spec: URL, _ data: URL, root: String) throws -> Int {
        var options = Database.Options()
        options.sizeTagsCountBits = true
        let loaded = try Database.load(spec.path, options: options)
        let peer = try run(Self.python, ["-c", Self.script, spec.path, data.path, root])
        let octets = [UInt8](try Data(contentsOf: data))
        var packets: [[UInt8]] = []
        var start = 0
        while start + 6 < octets.count {
            let length = 7 + Int(octets[start + 4]) << 8 + Int(octets[start + 5])
            packets.append(Array(octets[start..<min(start + length, octets.count)]))
            start += length
        }
        let lines = peer.text.split(separator: "\n")
        #expect(lines.count == packets.count, "\(peer.words)")
        let decoded = Decoded([loaded], packets)
        var compared = 0
        for (index, line) in lines.enumerated() {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            let quoted = line.replacingOccurrences(of: "-Infinity", with: "\"-inf\"")
                .replacingOccurrences(of: "Infinity", with: "\"inf\"").replacingOccurrences(of: "NaN", with: "\"nan\"")
            let theirs = try decoder.decode([String: [Value]].self, from: Data(quoted.utf8))
            let ours = decoded.values(index)
            for (name, value) in theirs {
                let shown = try #require(ours[name])
                #expect(value[0].equals(shown.raw), "packet \(index), raw \(name): \(shown.raw), the peer \(value[0])")
                #expect(value[1].equals(shown.value), "packet \(index), \(name): \(shown.value), the peer \(value[1])")
                compared += 1
            }
        }
        return compared
    }

    private enum Value: Decodable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func equals(_ shown: String) -> Bool {
            switch self {
            case .text(let text): return text == shown
            case .number(let number):
                // The names of truth are ours.
                guard let value = Double(shown) ?? ["True": 1, "False": 0][shown] else { return false }
                return value == number || value.isNaN && number.isNaN
                    || abs(value - number) <= max(1e-12, 1e-9 * max(abs(value), abs(number)))
            }
        }
    }

    @Test("every kind of value that both know is the same", .enabled(if: isThere, "\(why)"))
    func synthetic() throws {
        #expect(try compare(fixture("xtce/peer.xml"), fixture("xtce/peer.bin"), root: "CCSDSPacket") > 4_000)
    }

    @Test("the peer reads from packets that are made what was put into them", .enabled(if: isThere, "\(why)"))
    func made() throws {
        let spec = fixture("xtce/peer.xml")
        let encoders = PacketEncoders([try Database.load(spec.path)])
        let encoder = try encoders.encoder(for: "FixedA")
        var generator = SeededGenerator(seed: 3)
        var octets: [UInt8] = []
        for _ in 0..<40 {
            var values = PacketValues()
            for info in encoder.type.parameters.dropFirst(8) where info.kind == .unsigned || info.kind == .signed {
                var one = values
                one.set(info.name, to: .integer(Int128(generator.next() >> (generator.next() % 60))))
                if (try? encoder.encode(one)) != nil { values = one }
            }
            octets += try encoder.encode(values)
        }
        let folder = try TemporaryFolder()
        try Data(octets).write(to: folder.file("made.bin"))
        #expect(try compare(spec, folder.file("made.bin"), root: "CCSDSPacket") > 1_500)
    }

    @Test("the telemetry of JPSS-1 has the same values", .enabled(if: isThere && Corpus.isThere, "\(why)"))
    func jpss() throws {
        let count = try compare(
            Corpus.file("spp/jpss/jpss1_geolocation_xtce_v1.xml"),
            Corpus.file("spp/jpss/J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"), root: "CCSDSPacket")
        #expect(count == 194_400)
    }
}
