import BeiDou
import Bytes
import Records
import Support
import Testing

/// A table of contents, one a row, as a dialect would fill it.
private final class Contents {
    let table: DecodedTable
    private let memory = ByteBuffer()

    /// - Parameter isCopied: the octets stand in the table's arena, as if they had been unpacked from hex.
    init(
        _ rows: [(octets: [UInt8], bits: Int?, form: ContentForm)], only needed: Set<String>? = nil,
        isCopied: Bool = false
    ) {
        let parameters = ContentColumns.parameters(family: "test", type: "TXA")
        let type = PacketType(
            name: "TXA", shortName: "TXA", description: "", database: nil, parameters: parameters)
        table = DecodedTable(
            type: type, typeIndex: 0,
            fields: parameters.map { needed?.contains($0.shortName) == false ? nil : (info: $0, sharesCells: false) },
            selected: Array(parameters.indices))
        for row in rows { memory.append(octets: [0xAA] + row.octets) }
        var start = 0
        for (index, row) in rows.enumerated() {
            table.append(memory.extent.slice(at: start, count: row.octets.count + 1), unit: index)
            start += row.octets.count + 1
        }
        let columns = ContentColumns(table, first: 0)
        for (index, row) in rows.enumerated() {
            var range = OctetRange(start: 1, count: row.octets.count, isInArena: false)
            if isCopied {
                range = OctetRange(start: table.arena.count, count: row.octets.count, isInArena: true)
                table.arena.append(octets: row.octets)
            }
            columns.write(index, range, bits: row.bits ?? row.octets.count * 8, form: row.form, in: table)
        }
    }

    /// `name=value` of what is there, `name!state` of what is not right.
    func shown(_ row: Int = 0) -> String {
        table.columns.compactMap { column in
            let name = column.info.shortName
            let validity = column.validities[row]
            if !validity.hasValue { return validity == .notIncluded ? nil : "\(name)!\(validity)" }
            let value =
                switch column.info.kind {
                case .unsigned: String(column.values[row], radix: 16, uppercase: true)
                case .float: "\(Double(bitPattern: column.values[row]))"
                case .string: String(decoding: column.text(at: row).copied(), as: UTF8.self)
                default: hexText(column.bytes(at: row).copied())
                }
            return "\(name)\(validity == .valid ? "=" : "!\(validity)=")\(value)"
        }.joined(separator: " ")
    }
}

func hexText(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
}

private func shown(_ hex: String, _ form: ContentForm, bits: Int? = nil) -> String {
    let row = (octets: octets(hex), bits: bits, form: form)
    let inMessage = Contents([row]).shown()
    #expect(Contents([row], isCopied: true).shown() == inMessage, "the arena is read as the message is")
    return inMessage
}

@Suite struct ContentColumnsTests {
    @Test func chineseIsText() {
        #expect(shown("CED2B0AEC4E3", .chinese) == "text=我爱你 content=CED2B0AEC4E3")
        #expect(shown("", .chinese) == "text= content=")
    }

    @Test func damagedChineseIsTextWithMarks() {
        #expect(shown("CED2B0", .chinese) == "text!badText=我\u{FFFD} content=CED2B0")
        #expect(shown("FFCED2", .chinese) == "text!badText=\u{FFFD}我 content=FFCED2")
    }

    @Test func mixedTextStandsBehindItsLead() {
        #expect(
            shown("A43132335F414243BABAD7D6", .mixed)
                == "lead=A4 text=123_ABC汉字 content=3132335F414243BABAD7D6")
        #expect(shown("A468656C6C6F", .code) == "lead=A4 text=hello content=68656C6C6F")
        #expect(shown("A4", .mixed) == "lead=A4 text= content=")
    }

    @Test func mixedOctetsThatAreNoTextAreOctets() {
        #expect(shown("A4FB113383", .mixed) == "lead=A4 content=FB113383")
        #expect(shown("A4410042", .mixed) == "lead=A4 content=410042")
    }

    @Test func aUnitMayLeaveOutTheLeadOfText() {
        #expect(shown("B1B1B6B72D2140", .mixed) == "text=北斗-!@ content=B1B1B6B72D2140")
        #expect(shown("BFC9D2D4", .mixed) == "text=可以 content=BFC9D2D4", "BF is a maker's lead, and a character's")
        #expect(shown("FB00FF", .mixed) == "lead=FB content=FB00FF")
    }

    @Test func codeIsDigits() {
        #expect(shown("3132333433333335", .code) == "text=3132333433333335 content=3132333433333335")
        #expect(shown("13800138000F", .code, bits: 44) == "text=13800138000 content=13800138000F")
        #expect(shown("3A642B50", .code) == "text=3A642B50 content=3A642B50")
        #expect(shown("12345678", .code, bits: 4) == "text=1 content=12")
        #expect(shown("", .code) == "text= content=")
    }

    @Test func makersLeadsAreCarried() {
        #expect(shown("F1011EAB91", .code) == "lead=F1 content=F1011EAB91")
        #expect(shown("A1011EAB91", .code) == "lead=A1 content=A1011EAB91")
        #expect(
            shown("90000000000065C1FAF4B2E2CAD4", .code)
                == "lead=90 text=测试 content=90000000000065C1FAF4B2E2CAD4")
        #expect(shown("9001234567", .code) == "text=9001234567 content=9001234567", "a number that begins with 90")
        #expect(shown("13900000000F", .code, bits: 44) == "text=13900000000 content=13900000000F")
    }

    @Test func theLeadsThatAreKnownAreTheOnesThatAreFound() {
        let found = (0...255 as ClosedRange<UInt8>).filter { lead in
            ContentCoding.decode([lead] + [UInt8](repeating: 0, count: 9), form: .code).lead != nil
        }
        #expect(found == ContentLead.known.map(\.lead).sorted())
        // A number never begins like a payload: leads hold a digit above 9, or more of their payload is looked at.
        #expect(found.filter { $0 >> 4 < 10 && $0 & 15 < 10 } == [ContentLead.deviceMessage])
    }

    @Test func lengthsThatLieAreCutToWhatIsThere() {
        #expect(shown("CED2B0AE", .chinese, bits: 4_000) == "text=我爱 content=CED2B0AE")
        #expect(shown("CED2B0AE", .chinese, bits: 23) == "text=我 content=CED2")
        #expect(shown("CED2B0AE", .chinese, bits: -5) == "text= content=")
        #expect(shown("1234", .code, bits: 7) == "text=1 content=12")
        #expect(shown("A441", .mixed, bits: .max) == "lead=A4 text=A content=41")
    }

    @Test func aPositionPayloadIsTakenApart() throws {
        // 08:49:36.50, 113 23 40.1 E, 23 02 14.6 N, kind 0, -123 m, anomaly -6 m.
        let payload = packedBits([
            (0xA0, 8), (8, 5), (49, 6), (36, 6), (50, 7), (113, 8), (23, 6), (40, 6), (1, 4), (23, 6), (2, 6), (14, 6),
            (6, 4), (0, 2), (1, 1), (123, 14), (1, 1), (6, 8),
        ])
        #expect(
            shown(hexText(payload), .code)
                == "lead=A0 content=\(hexText(payload)) time_of_day=08:49:36.50 latitude=23.037388888888888 "
                + "longitude=113.39447222222222 height=-123.0 height_anomaly=-6.0")
        #expect(shown(hexText(Array(payload.dropLast())), .code).contains("latitude!badSize"))
    }

    @Test func aHighPositionHasNoAnomaly() {
        let payload = packedBits([
            (0xA0, 8), (0, 24), (180, 8), (0, 16), (63, 6), (0, 16), (1, 2), (5_000_000, 24),
        ])
        #expect(
            shown(hexText(payload), .code).hasSuffix(
                "time_of_day=00:00:00.00 latitude=63.0 longitude=180.0 height=5000000.0"))
    }

    @Test(arguments: [
        (24, 0, 0, 0, "time_of_day"), (0, 60, 0, 0, "time_of_day"), (0, 0, 60, 0, "time_of_day"),
        (0, 0, 0, 100, "time_of_day"),
    ])
    func timesThatCannotBeAreMalformed(_ h: UInt64, _ m: UInt64, _ s: UInt64, _ c: UInt64, _ name: String) {
        let payload = packedBits([(0xA0, 8), (h, 5), (m, 6), (s, 6), (c, 7), (0, 72)])
        #expect(shown(hexText(payload), .code).contains("\(name)!malformed latitude=0.0"))
    }

    @Test(arguments: [
        (180, 0, 0, 1), (181, 0, 0, 0), (255, 0, 0, 0), (0, 60, 0, 0), (0, 0, 60, 0), (0, 0, 0, 10),
    ])
    func anglesThatCannotBeAreMalformed(_ d: UInt64, _ m: UInt64, _ s: UInt64, _ t: UInt64) {
        let east = packedBits([(0xA0, 8), (0, 24), (d, 8), (m, 6), (s, 6), (t, 4), (0, 48)])
        #expect(shown(hexText(east), .code).contains("latitude=0.0 longitude!malformed height=0.0"))
        guard d < 64 else { return }
        let north = packedBits([(0xA0, 8), (0, 48), (d, 6), (m, 6), (s, 6), (t, 4), (0, 26)])
        #expect(shown(hexText(north), .code).contains("latitude!malformed longitude=0.0"))
    }

    @Test(arguments: [2, 3]) func unknownKindsOfHeightAreMalformed(_ kind: UInt64) {
        let payload = packedBits([(0xA0, 8), (0, 24 + 24 + 22), (kind, 2), (77, 24)])
        #expect(shown(hexText(payload), .code).hasSuffix("height!malformed height_anomaly!malformed"))
    }

    @Test func rowsAreIndependent() {
        let rows: [(octets: [UInt8], bits: Int?, form: ContentForm)] = [
            (octets("A441"), nil, .mixed), (octets("CED2"), nil, .chinese), (octets("12"), nil, .code),
        ]
        for isCopied in [false, true] {
            let contents = Contents(rows, isCopied: isCopied)
            #expect(
                (0..<3).map(contents.shown) == [
                    "lead=A4 text=A content=41", "text=我 content=CED2", "text=12 content=12",
                ])
        }
        #expect(Contents(rows, only: ["content"]).shown(1) == "content=CED2")
        #expect(Contents(rows, only: ["text"]).shown(1) == "text=我")
        #expect(Contents(rows, only: []).shown(1) == "")
    }

    @Test func anyOctetsAreReadWithoutATrap() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var content = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if !content.isEmpty, Bool.random(using: &generator) {
                content[0] = [0xA0, 0xA4, 0x90].randomElement(using: &generator) ?? 0
            }
            let bits = Int.random(in: -8..<400, using: &generator)
            for form in ContentForm.allCases { _ = Contents([(content, bits, form)]).shown() }
        }
    }
}

/// Octets from fields of so many bits.
func packedBits(_ fields: [(value: UInt64, bits: Int)]) -> [UInt8] {
    var bits: [UInt8] = []
    for field in fields {
        for bit in (0..<field.bits).reversed() { bits.append(bit > 63 ? 0 : UInt8(field.value >> UInt64(bit) & 1)) }
    }
    return stride(from: 0, to: bits.count, by: 8).map { bits[$0..<$0 + 8].reduce(0) { $0 << 1 | $1 } }
}
