import Records
import Bytes
import Mission
import Testing

/// Strings and binaries, whose size is fixed, terminated, tagged or given by another parameter.
struct TextTests {
    /// plain, ended, tagged, free, freeTagged, count and sized, last.
    private func packet(
        plain: [UInt8] = Array("北斗".utf8), ended: [UInt8] = Array("ab\ncd\n".utf8),
        tagged: [UInt8] = [3, 120, 121, 122, 0, 0],
        free: [UInt8] = Array("free".utf8) + [0], freeTagged: [UInt8] = [2, 0xE9, 0x41], count: UInt8 = 3,
        sized: [UInt8] = [0x17, 0x53, 0x97, 0x65, 0, 0], last: [UInt8] = [7]
    ) -> [UInt8] {
        plain + ended + tagged + free + freeTagged + [count] + sized + last
    }

    @Test("strings end where their size, terminator or tag says, and the whole buffer is raw")
    func strings() throws {
        let values = Decoded([try database("strings")], [packet()]).values(0)
        #expect(values["plain"] == Shown(raw: "e58c97e69697", value: "北斗"))
        #expect(values["ended"] == Shown(raw: "61620a63640a", value: "ab"))
        #expect(values["tagged"] == Shown(raw: "0378797a0000", value: "xyz"))
        #expect(values["free"] == Shown(raw: "6672656500", value: "free"))
        #expect(values["freeTagged"] == Shown(raw: "02e941", value: "éA"))
        // UTF-16LE, three units of which the last is the terminator.
        #expect(values["sized"] == Shown(raw: "175397650000", value: "北斗"))
        #expect(values["last"]?.value == "7")
    }

    @Test("a size tag counts bits when the option says so")
    func bitTags() throws {
        var options = Database.Options()
        options.sizeTagsCountBits = true
        let loaded = try database("strings", options: options)
        let decoded = Decoded(
            [loaded],
            [
                packet(tagged: [24, 120, 121, 122, 0, 0], freeTagged: [8, 0x41]),
                packet(tagged: [23, 120, 121, 122, 0, 0]),
            ])
        #expect(decoded.texts(0)["tagged"] == "xyz")
        #expect(decoded.texts(0)["freeTagged"] == "A")
        #expect(decoded.texts(0)["last"] == "7")
        #expect(decoded.values(1)["tagged"]?.validity == .badString)
    }

    @Test("a string without terminator or with a tag that does not fit is invalid, the rest of the packet stays")
    func badStrings() throws {
        let decoded = Decoded(
            [try database("strings")], [packet(ended: Array("abcdef".utf8), tagged: [6, 1, 2, 3, 4, 5])])
        #expect(decoded.values(0)["ended"] == Shown(raw: "616263646566", value: "-", validity: .badString))
        #expect(decoded.values(0)["tagged"] == Shown(raw: "060102030405", value: "-", validity: .badString))
        #expect(decoded.texts(0)["free"] == "free")
        #expect(decoded.texts(0)["last"] == "7")
        #expect(decoded.ledger.rejections.map(\.reason) == ["string has no terminator or does not fit its buffer"])
    }

    @Test("behind an unbounded string without end nothing is known")
    func lost() throws {
        let good = packet()
        let decoded = Decoded([try database("strings")], [Array(good.prefix(18)) + [1, 2, 3]])
        #expect(decoded.texts(0)["tagged"] == "xyz")
        for name in ["free", "freeTagged", "count", "sized", "last"] {
            #expect(decoded.values(0)[name] == Shown(raw: "-", value: "-", validity: .badSize), "\(name)")
        }
    }

    @Test("text outside its character set is repaired and marked")
    func badText() throws {
        let decoded = Decoded(
            [try database("strings")],
            [
                packet(
                    plain: [0x41, 0xC3, 0x28, 0x42, 0x43, 0x44], ended: [0x80, 10, 0, 0, 0, 0],
                    sized: [0x00, 0xD8, 0x41, 0, 0, 0])
            ])
        #expect(decoded.values(0)["plain"] == Shown(raw: "41c328424344", value: "A\u{FFFD}(BCD", validity: .badText))
        #expect(decoded.values(0)["ended"] == Shown(raw: "800a00000000", value: "\u{FFFD}", validity: .badText))
        #expect(decoded.values(0)["sized"] == Shown(raw: "00d841000000", value: "\u{FFFD}A", validity: .badText))
    }

    @Test("binaries are fixed, sized by a parameter or looked up, on octets or between them")
    func binaries() throws {
        // kind 3, odd ABC, fixed, count 4 = 16 bits after slope and intercept, two looked up, last.
        let packet: [UInt8] = [0x3A, 0xBC, 1, 2, 3, 4, 0xDE, 0xAD, 0xBE, 0xEF, 9]
        let values = Decoded([try database("binaries")], [packet]).values(0)
        #expect(values["odd"] == Shown(raw: "0abc", value: "0abc"))
        #expect(values["fixed"] == Shown(raw: "010203", value: "010203"))
        #expect(values["sized"] == Shown(raw: "dead", value: "dead"))
        #expect(values["looked"] == Shown(raw: "beef", value: "beef"))
        #expect(values["last"]?.value == "9")
    }

    @Test("a size that is negative or that no lookup gives is told, and so is what stands behind")
    func badSizes() throws {
        let negative: [UInt8] = [0x1A, 0xBC, 1, 2, 3, 1, 0xDE, 9]
        let nothing: [UInt8] = [0x4A, 0xBC, 1, 2, 3, 2, 0xBE, 9]
        let long: [UInt8] = [0x1A, 0xBC, 1, 2, 3, 200, 0xBE, 9]
        let decoded = Decoded([try database("binaries")], [negative, nothing, long])
        #expect(decoded.values(0)["sized"]?.validity == .badSize)
        #expect(decoded.values(0)["last"]?.validity == .badSize)
        #expect(decoded.values(0)["fixed"]?.value == "010203")
        #expect(decoded.values(1)["sized"] == Shown(raw: "", value: ""))
        #expect(decoded.values(1)["looked"]?.validity == .badSize)
        #expect(decoded.values(2)["sized"]?.validity == .beyondEnd)
        #expect(decoded.values(2)["last"]?.validity == .beyondEnd)
        #expect(decoded.ledger.rejections.allSatisfy { $0.stage == .parameter && $0.bytes == 0 })
    }
}
