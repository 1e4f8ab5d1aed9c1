internal import Bytes

/// Eight octets of a sentence at a time, as a little-endian word: the first octet is the lowest.
enum Word {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each octet that equals `octet`, and of no other.
    @inline(__always)
    static func marks(of octet: UInt8, in word: UInt64) -> UInt64 {
        let x = word ^ (ones &* UInt64(octet))
        return ~(((x & ~highs) &+ ~highs) | x | ~highs)
    }

    /// Whether the first five octets are capital letters and the sixth is a comma.
    @inline(__always)
    static func isName(_ word: UInt64) -> Bool {
        let letters = word & 0x7F_7F7F_7F7F
        // The high bit of each octet says that it is at least A, and not over Z.
        let high = (letters &+ 0x3F_3F3F_3F3F) & ~(letters &+ 0x25_2525_2525) & 0x80_8080_8080
        return high == 0x80_8080_8080 && word & 0x8080_8080_80 == 0 && (word &>> 40) & 0xFF == UInt64(ASCII.comma)
    }

    /// The number that eight decimal digits write, the first in the lowest octet; nil when one is no digit.
    @inline(__always)
    static func number(_ word: UInt64) -> UInt64? {
        let high = word & 0xF0F0_F0F0_F0F0_F0F0
        let carried = (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
        guard (high | carried &>> 4) == 0x3333_3333_3333_3333 else { return nil }
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2_561) &>> 8
        let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
        return ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
    }
}
