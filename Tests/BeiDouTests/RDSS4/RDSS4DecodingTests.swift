import BeiDou
import Bytes
import Records
import Support
import Testing

struct RDSS4DecodingTests {
    @Test func aPositionIsReadFieldByField() {
        let frame = RDSS4.frame(
            "DWXX", address: 0xE2_2AC4,
            [
                0x3D, 0x02, 0x2A, 0xC3, 8, 49, 36, 50, 113, 58, 7, 5, 22, 32, 30, 9, 0x40, 0x15, 0x01, 0x07,
            ])
        let read = RDSS4.values(frame)
        let expected: [String: FieldValue] = [
            "address": .integer(0x22AC4), "category": .integer(0x3D), "origin": .text("query_answer"),
            "key": .boolean(true), "precision": .integer(1), "emergency": .boolean(true),
            "multi_valued": .boolean(false), "height_kind": .text("high"), "queried": .integer(0x22AC3),
            "time_of_day": .text("08:49:36.50"),
            "longitude": .number(Double(113 * 36_000 + 58 * 600 + 75) / 36_000),
            "latitude": .number(Double(22 * 36_000 + 32 * 600 + 309) / 36_000), "height": .number(-21),
            "height_anomaly": .number(-7),
        ]
        #expect(read == expected)
        // All 24 bits of an address stand beside its value.
        #expect(RDSS4.raws(frame)["address"] == .integer(0xE22AC4))
        #expect(RDSS4.raws(frame)["height"] == .integer(0x4015))
        #expect(RDSS4.raws(frame)["longitude"] == .integer(0x713A_0705))
    }

    @Test func whatCannotBeIsMarkedAndItsRawValueKept() {
        let frame = RDSS4.frame(
            "DWXX", [0, 0, 0, 0, 24, 0, 0, 0, 200, 0, 0, 0, 22, 60, 0, 0, 0, 0, 0, 0])
        #expect(RDSS4.validity(frame, "time_of_day") == .malformed)
        #expect(RDSS4.raws(frame)["time_of_day"] == .integer(0x1800_0000))
        #expect(RDSS4.validity(frame, "longitude") == .outOfRange)
        #expect(RDSS4.validity(frame, "latitude") == .malformed)
        let feedback = RDSS4.frame("FKXX", [0xA3, 0, 0, 0, 0])
        #expect(RDSS4.validity(feedback, "kind") == .noLabel)
        #expect(RDSS4.raws(feedback)["kind"] == .integer(0xA3))
        let time = RDSS4.frame("SJXX", [0x07, 0xEA, 2, 29, 0, 0, 0])
        #expect(RDSS4.validity(time, "utc") == .malformed)
    }

    @Test func aFrameThatIsTooShortKeepsWhatIsThere() {
        let frame = RDSS4.frame("DWXX", [0x20, 0, 0, 7, 8, 49, 36, 50, 113])
        let read = RDSS4.values(frame)
        #expect(read["queried"] == .integer(7) && read["time_of_day"] == .text("08:49:36.50"))
        #expect(RDSS4.validity(frame, "longitude") == .beyondEnd)
        #expect(RDSS4.validity(frame, "height_anomaly") == .beyondEnd)
        for name in ["TXXX", "TXSQ"] {
            let short = RDSS4.frame(name, [0x40, 0, 0, 1])
            #expect(RDSS4.validity(short, "content") == .beyondEnd)
            #expect(RDSS4.validity(short, "length") == .beyondEnd)
        }
        #expect(RDSS4.validity(RDSS4.frame("TXXX", [0x40]), "crc") == .beyondEnd)
    }

    @Test func everyTypeIsReadFromEveryLengthWithoutATrap() {
        for type in RDSS4Family.types {
            for count in 0...60 {
                for filler: UInt8 in [0, 0x24, 0x60, 0xFF] {
                    let name = type.name == "unknown" ? "QQQQ" : type.name
                    _ = RDSS4Reading(RDSS4.frame(name, [UInt8](repeating: filler, count: count))).values
                }
            }
        }
    }

    @Test func octetsBehindALayoutAreKept() {
        #expect(RDSS4.values(RDSS4.frame("XTZJ", [0, 5, 1, 2]))["extra"] == .octets([1, 2]))
        #expect(RDSS4.values(RDSS4.frame("BBDQ", [9]))["extra"] == .octets([9]))
        #expect(RDSS4.values(RDSS4.frame("ICXX", [1, 0, 0, 7, 8]))["extra"] == .octets([8]))
        #expect(RDSS4.values(RDSS4.frame("TXHZ", [0, 0, 7, 1, 8, 9, 8, 10, 77]))["extra"] == .octets([77]))
        #expect(RDSS4.validity(RDSS4.frame("XTZJ", [0, 5]), "extra") == .notIncluded)
    }

    @Test func aPositionRequestHasPressureAndTemperatureInOneNumber() {
        // 1013.2 hPa in 20 bits, -12.5 degC in a sign and 11 bits.
        let word = UInt32(10_132) << 12 | 0x800 | 125
        let octets = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        let frame = RDSS4.frame("DWSQ", [0x28, 0x80, 50, 0, 12] + octets + [0, 60])
        let read = RDSS4.values(frame)
        #expect(read["height"] == .number(-50) && read["antenna_height"] == .number(12))
        #expect(read["pressure"] == .number(1013.2) && read["temperature"] == .number(-12.5))
        #expect(read["emergency"] == .boolean(true) && read["height_mode"] == .text("method_1"))
        #expect(read["frequency"] == .integer(60))
    }

    @Test func aHighPositionRequestHasOneHeightOfFourOctets() {
        let frame = RDSS4.frame("DWSQ", [0x01, 0, 0, 0x4E, 0x20] + [0, 0, 0, 0, 0, 0])
        let read = RDSS4.values(frame)
        #expect(read["height"] == .number(20_000) && read["antenna_height"] == nil)
    }

    @Test(
        arguments: zip(
            [0x60, 0x64, 0x68, 0x70, 0x74, 0x78] as [UInt8],
            [
                "last_position", "last_two_positions", "last_three_positions", "newest_message", "message_by_sender",
                "receipt",
            ]))
    func queriesAreFormsOfTXSQ(category: UInt8, query: String) {
        let read = RDSS4.values(RDSS4.frame("TXSQ", [category, 0, 0, 9]))
        #expect(read["query"] == .text(query) && read["queried"] == .integer(9) && read["receiver"] == nil)
    }

    @Test func feedbackHasItsDetailInTheFormOfItsKind() {
        func read(_ kind: UInt8, _ detail: [UInt8]) -> [String: FieldValue] {
            RDSS4.values(RDSS4.frame("FKXX", [kind] + detail))
        }
        #expect(read(1, Array("DWSQ".utf8))["sentence"] == .text("DWSQ"))
        #expect(read(2, [0, 0, 0, 0])["sentence"] == nil)
        #expect(read(2, Array("TXSQ".utf8))["sentence"] == .text("TXSQ"))
        #expect(read(3, Array("TXSQ".utf8))["sentence"] == nil)
        #expect(RDSS4.validity(RDSS4.frame("FKXX", [0, 0, 0, 0, 0]), "sentence") == .malformed)
        // High octet first, and low octet first where that would be more than a day.
        #expect(read(4, [0, 0, 0, 58])["wait"] == .integer(58))
        #expect(read(4, [58, 0, 0, 0])["wait"] == .integer(58))
        #expect(read(4, [0, 1, 0x51, 0x80])["wait"] == .integer(86_400))
        #expect(RDSS4.validity(RDSS4.frame("FKXX", [4, 9, 9, 9, 9]), "wait") == .outOfRange)
        #expect(read(0, Array("TXSQ".utf8))["wait"] == nil)
        #expect(read(0, Array("TXSQ".utf8))["detail"] == .octets(Array("TXSQ".utf8)))
    }

    @Test func listsAreRead() {
        #expect(
            RDSS4.values(RDSS4.frame("ICXX", [3, 0x02, 0x2A, 0xC4, 0xE0, 0, 1]))["subordinates"]
                == .list([.integer(142_020), .integer(1)]))
        #expect(RDSS4.values(RDSS4.frame("ICXX", [1]))["subordinates"] == .list([]))
        let receipts = RDSS4.values(RDSS4.frame("TXHZ", [0, 0, 9, 2, 8, 49, 8, 50, 23, 59, 0, 1]))
        #expect(receipts["sent_times"] == .list([.text("08:49"), .text("23:59")]))
        #expect(receipts["received_times"] == .list([.text("08:50"), .text("00:01")]))
        #expect(receipts["count"] == .integer(2))
        // A count that promises more than there is.
        let short = RDSS4.frame("TXHZ", [0, 0, 9, 200, 8, 49, 8, 50])
        #expect(RDSS4.values(short)["sent_times"] == .list([.text("08:49")]))
        #expect(RDSS4.validity(short, "count") == .outOfRange)
        #expect(
            RDSS4.values(RDSS4.frame("TXHZ", [0, 0, 9, 1, 99, 1, 200, 5]))["sent_times"] == .list([.text("99:01")]))
        let beams = RDSS4.values(RDSS4.frame("BSSZ", [1, 2, 3, 4, 5, 255, 7]))
        #expect(beams["beams"] == .list([1, 2, 3, 4, 5, 255].map(FieldValue.integer)))
        #expect(beams["response_beam"] == .integer(7))
    }

    @Test func theMakersExtensionIsRead() {
        let position = RDSS4.values(
            RDSS4.frame(
                "GNPX",
                [0x57, 113, 30, 0, 0, 0x53, 22, 15, 0, 0, 0x80, 9, 0, 5, 1, 0x0E, 8, 3, 12, 0, 4]))
        #expect(position["longitude"] == .number(-113.5) && position["latitude"] == .number(-22.25))
        #expect(position["height"] == .number(-9) && position["stated_direction"] == .integer(270))
        #expect(position["dop"] == .number(1.2) && position["satellites"] == .integer(8))
        let time = RDSS4.values(RDSS4.frame("GNTX", [0xF8, 26, 11, 24, 8, 18, 3]))
        #expect(time["zone"] == .integer(-8) && time["stated_time"] == .text("2026-11-24T08:18:03Z"))
        let other = RDSS4.frame("GNPX", [0x41] + [UInt8](repeating: 0, count: 20))
        #expect(RDSS4.validity(other, "longitude") == .malformed)
    }

    @Test func formsOfOneNameAreToldApart() {
        #expect(RDSS4.values(RDSS4.frame("JSZL", Array("GLZK".utf8)))["sentence"] == .text("GLZK"))
        #expect(RDSS4.values(RDSS4.frame("JSZL", [0x55, 0x55, 0x55]))["word"] == .octets([0x55, 0x55, 0x55]))
        #expect(RDSS4.values(RDSS4.frame("LZXX", [0, 0, 1, 0]))["zero_value"] == .integer(256))
        #expect(RDSS4.values(RDSS4.frame("LZXX", [1, 0]))["zero_value"] == .integer(256))
        let information = [UInt8](repeating: 7, count: 32)
        #expect(RDSS4.values(RDSS4.frame("GXZR", information))["information"] == .octets(information))
        let serial = RDSS4.values(RDSS4.frame("GXZR", [0, 0, 1, 2] + information))
        #expect(serial["serial"] == .integer(258) && serial["information"] == .octets(information))
    }

    @Test func theLengthOfAContentIsTriedAsBitsAndAsOctets() {
        func state(_ length: UInt8) -> FieldValue? {
            let body: [UInt8] = [0x46, 0, 0, 9, 0, length, 0, 0x12, 0x34, 0x5F]
            return RDSS4.values(RDSS4.frame("TXSQ", body))["length_state"]
        }
        #expect(state(20) == .text("ok") && state(24) == .text("ok") && state(17) == .text("ok"))
        #expect(state(3) == .text("octets") && state(16) == .text("wrong") && state(25) == .text("wrong"))
    }

    @Test func theFormOfAContentIsABitAndALead() {
        func form(_ category: UInt8, _ first: [UInt8]) -> FieldValue? {
            RDSS4.values(RDSS4.frame("TXXX", [category, 0, 0, 9, 0, 0, 0, UInt8(first.count * 8)] + first + [0]))[
                "form"]
        }
        #expect(form(0x40, [0xA4]) == .text("chinese") && form(0x60, [0x12]) == .text("code"))
        #expect(form(0x60, [0xA4]) == .text("mixed") && form(0x60, [0xA0]) == .text("code"))
        #expect(form(0x60, []) == .text("code"))
    }

    @Test func namesWithoutALayoutCarryOctets() {
        for name in ["HXSZ", "ZHQR", "GNVX"] {
            #expect(RDSS4.values(RDSS4.frame(name, [1, 2, 3]))["body"] == .octets([1, 2, 3]))
        }
        let other = RDSS4.values(RDSS4.frame("ZZZZ", address: 5, [1]))
        #expect(other == ["frame_name": .text("ZZZZ"), "address": .integer(5), "body": .octets([1])])
    }

    @Test func aVersionIsTextAndDamagedTextIsMarked() {
        #expect(RDSS4.values(RDSS4.frame("BBXX", Array("V1.02".utf8)))["version"] == .text("V1.02"))
        #expect(RDSS4.values(RDSS4.frame("BBXX", [0xB0, 0xE6]))["version"] == .text("版"))
        let damaged = RDSS4.frame("BBXX", [0x56, 0xFF])
        #expect(RDSS4.validity(damaged, "version") == .badText)
        #expect(RDSS4.values(damaged)["version"] == .text("V\u{FFFD}"))
    }

    @Test func rowsOfATableAreReadLikeSingleFrames() {
        var random = SeededGenerator(seed: 6)
        let type = RDSS4.type("DWXX")
        let info = RDSS4Family.types[type].parameters
        let table = DecodedTable(
            type: RDSS4Family.types[type].packetType, typeIndex: type, fields: info.map { ($0, false) },
            selected: Array(info.indices))
        for _ in 0..<3 {
            let frames = (0..<50).map { _ in
                // Few different numbers, so that rows repeat each other.
                RDSS4.frame(
                    "DWXX",
                    (0..<[9, 20].randomElement(using: &random)!).map { _ in
                        UInt8.random(in: 0...60, using: &random) / 20
                    })
            }
            let buffer = ByteBuffer(capacity: 4_096)
            var starts: [Int] = []
            for frame in frames {
                starts.append(buffer.count)
                buffer.append(octets: frame)
            }
            table.removeAll()
            for (row, frame) in frames.enumerated() {
                table.append(buffer.extent.slice(at: starts[row], count: frame.count), unit: row)
            }
            RDSS4Family.decode(table, type: type)
            for (row, frame) in frames.enumerated() {
                let alone = RDSS4Reading(frame)
                for (index, column) in table.columns.enumerated() {
                    let validity = column.validities[row]
                    #expect(validity == alone.validity(index))
                    guard validity.hasValue else { continue }
                    let cell = column.values[row]
                    switch column.info.kind {
                    case .string:
                        let text = String(decoding: column.text(at: row).copied(), as: UTF8.self)
                        #expect(.text(text) == alone.value(index))
                    case .float: #expect(.number(Double(bitPattern: cell)) == alone.value(index))
                    case .unsigned: #expect(.integer(Int64(cell)) == alone.value(index))
                    default: break
                    }
                }
            }
            withExtendedLifetime(buffer) {}
        }
    }

    @Test func columnsThatNobodyNeedsAreLeftOut() {
        let type = RDSS4.type("TXXX")
        let info = RDSS4Family.types[type].parameters
        let wanted = info.firstIndex { $0.shortName == "sender" } ?? 0
        let table = DecodedTable(
            type: RDSS4Family.types[type].packetType, typeIndex: type,
            fields: info.indices.map { $0 == wanted ? (info[$0], false) : nil }, selected: [wanted])
        let buffer = ByteBuffer(capacity: 64)
        buffer.append(octets: RDSS4.frame("TXXX", [0x40, 0, 0, 9, 0, 0, 0, 0, 0]))
        table.append(buffer.extent, unit: 0)
        RDSS4Family.decode(table, type: type)
        let column = table.columns[0]
        let sender = column.values[0]
        #expect(sender == 9)
        withExtendedLifetime(buffer) {}
    }
}
