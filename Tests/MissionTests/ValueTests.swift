import Records
import Bytes
import Mission
import Testing

/// Values of every encoding and type, worked out by hand.
struct ValueTests {
    @Test("integers of 1 to 64 bits in every coding, byte order and bit order")
    func integers() throws {
        let packet = packed([
            (0b101, 3), (0b10000, 5), (0x85, 8), (0xFE, 8), (0xFFFF_FFFF_FFFF_FFFF, 64), (0x8000_0000_0000_0000, 64),
            (0x3412, 16), (0x0000_80, 24), (0b0001, 4), (0xABC, 12), (0x334411, 24),
        ])
        let values = Decoded([try database("integers")], [packet, packet]).texts(1)
        #expect(values["a"] == "5")
        #expect(values["b"] == "-16")
        // Sign and magnitude: -5. Ones' complement of 1.
        #expect(values["c"] == "-5")
        #expect(values["d"] == "-1")
        #expect(values["e"] == "18446744073709551615")
        #expect(values["f"] == "-9223372036854775808")
        #expect(values["g"] == "4660")
        // Octets 00 00 80, least significant first: 800000h.
        #expect(values["h"] == "-8388608")
        #expect(values["i"] == "8")
        #expect(values["j"] == "2748")
        // Significances 1, 0, 2: octet 33 stands in the middle, 44 last, 11 first.
        #expect(values["k"] == "\(0x113344)")
    }

    @Test("floats of IEEE 754 and MIL-STD-1750A")
    func floats() throws {
        let packet = packed([
            (0xC100, 16), (0x3FC0_0000, 32), (0x7FF0_0000_0000_0000, 64), (0x0000_803F, 32), (0x4000_0001, 32),
            (0x8000_0000_0000, 48), (0xFFFE, 16),
        ])
        let values = Decoded([try database("floats")], [packet]).values(0)
        #expect(values["a"]?.value == "-2.5")
        #expect(values["b"]?.value == "1.5")
        #expect(values["c"]?.value == "inf")
        #expect(values["d"]?.value == "1.0")
        #expect(values["e"]?.value == "1.0")
        // Mantissa -2^39, exponent 0: -1.
        #expect(values["f"]?.value == "-1.0")
        #expect(values["g"] == Shown(raw: "-2", value: "-2.0"))
    }

    @Test("the smallest and the special halves are read")
    func halves() throws {
        let loaded = try database("floats")
        let rest = packed([(0, 32), (0, 64), (0, 32), (0, 32), (0, 48), (0, 16)])
        let decoded = Decoded([loaded], [[0x00, 0x01] + rest, [0x7C, 0x00] + rest, [0x7E, 0x00] + rest])
        #expect(decoded.texts(0)["a"] == "\(5.960464477539063e-08)")
        #expect(decoded.texts(1)["a"] == "inf")
        #expect(decoded.texts(2)["a"] == "nan")
    }

    @Test("labels by value, range, text and number; booleans by their names")
    func labels() throws {
        let loaded = try database("labels")
        let half: [UInt8] = [0x3F, 0x00, 0x00, 0x00]
        let decoded = Decoded(
            [loaded],
            [
                [0xFF] + Array("ok".utf8) + half + [0x20] + Array("no".utf8),
                [0x02] + Array("no".utf8) + [0x3F, 0x80, 0, 0] + [0x08] + Array("ye".utf8),
            ])
        #expect(
            decoded.texts(0) == [
                "mode": "NONE", "code": "GOOD", "level": "HALF", "valve": "open", "door": "closed", "word": "no",
            ])
        #expect(
            decoded.texts(1) == [
                "mode": "ON", "code": "BAD", "level": "FULL", "valve": "closed", "door": "open", "word": "True",
            ])
        #expect(decoded.values(1)["mode"]?.raw == "2")
        #expect(decoded.values(0)["code"]?.raw == "6f6b")
        #expect(decoded.ledger.rejections.isEmpty)
    }

    @Test("a value without label keeps its raw value and is told in the ledger, without octets")
    func noLabel() throws {
        let decoded = Decoded(
            [try database("labels")], [[0x04] + Array("??".utf8) + [0x40, 0, 0, 0, 0] + Array("no".utf8)])
        #expect(decoded.values(0)["mode"] == Shown(raw: "4", value: "-", validity: .noLabel))
        #expect(decoded.values(0)["code"] == Shown(raw: "3f3f", value: "-", validity: .noLabel))
        #expect(decoded.values(0)["level"] == Shown(raw: "2.0", value: "-", validity: .noLabel))
        #expect(decoded.ledger.rejections.map(\.reason) == ["enumeration has no label for the value"])
        #expect(decoded.ledger.rejections.map(\.count) == [3])
        #expect(decoded.ledger.isBalanced)
    }

    @Test("a value after all the same batch again is valid again")
    func states() throws {
        let loaded = try database("labels")
        let bad = Decoded([loaded], [[0x04] + Array("ok".utf8) + [0x3F, 0, 0, 0, 0] + Array("no".utf8)])
        #expect(bad.values(0)["mode"]?.validity == .noLabel)
        bad.again()
        #expect(bad.values(0)["mode"]?.validity == .noLabel)
        #expect(bad.values(0)["code"]?.validity == .valid)
        #expect(bad.ledger.rejections.map(\.count) == [2])
    }
}
