internal import Bytes

extension RDSS4Family {
    /// What is wrong with octets that should be one frame and nothing else; nil when they are. Slow and exact, for
    /// people: the offset is that of the first octet of what is wrong.
    package static func explain(_ bytes: RawSpan) -> (offset: Int, reason: String)? {
        let present = bytes.byteCount
        guard present > 0 else { return (0, "no octet is there: a frame has \(RDSS4Layout.shortest) or more") }
        guard bytes.u8(at: 0) == 0x24 else {
            return (0, "\(hex(bytes.u8(at: 0))) stands here: a frame begins with 24 ($)")
        }
        for index in 1...4 where index < present {
            let octet = bytes.u8(at: index)
            guard (0x41...0x5A).contains(octet) else {
                return (index, "\(hex(octet)) stands here: a name has four letters from 41 (A) to 5A (Z)")
            }
        }
        guard present >= 7 else {
            return (present, "ends after \(octets(present)), before name and length are whole")
        }
        let letters = bytes.u32(at: 1)
        let name = String(decoding: bytes.slice(at: 1, count: 4).copied(), as: UTF8.self)
        let longest = RDSS4Names.all.entry(letters).map { Int($0.longest) } ?? RDSS4Layout.longest
        let declared = Int(bytes.u16(at: 5))
        guard declared >= RDSS4Layout.shortest, declared <= longest else {
            return (
                5,
                "the length says \(declared): \(RDSS4Layout.shortest) to \(longest) are allowed for \(name)"
                    + wholeWords(bytes)
            )
        }
        guard declared <= present else {
            return (5, "the length says \(declared), \(octets(present)) are there" + wholeWords(bytes))
        }
        let found = bytes.u8(at: declared - 1)
        let right = RDSS4Framing.parity(bytes.slice(at: 0, count: declared - 1))
        guard found == right else {
            return (
                declared - 1,
                "the check of \(octets(declared)) is \(hex(found)), the XOR of those in front is \(hex(right))"
                    + (declared < present
                        ? "; the length says \(declared), \(octets(present)) are there" + wholeWords(bytes) : "")
            )
        }
        guard declared == present else {
            return (
                declared,
                "the frame ends here: the length says \(declared), \(octets(present)) are there"
            )
        }
        return wrongValue(of: bytes)
    }

    /// What the last octet says when all octets are taken for the frame: whether the length alone may be wrong.
    private static func wholeWords(_ bytes: RawSpan) -> String {
        let count = bytes.byteCount
        guard count >= RDSS4Layout.shortest else { return "" }
        let found = bytes.u8(at: count - 1)
        let right = RDSS4Framing.parity(bytes.slice(at: 0, count: count - 1))
        if found == right { return "; the check of all \(count) is right, so the length is what is wrong" }
        return "; of all \(count) the last is \(hex(found)), the XOR of those in front \(hex(right))"
    }

    private static func octets(_ count: Int) -> String { count == 1 ? "1 octet" : "\(count) octets" }

    private static func hex(_ octet: UInt8) -> String { Hexadecimal.text(octet, digits: 2) }
}
