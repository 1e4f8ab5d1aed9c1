/// The Internet checksum: the ones' complement sum of 16-bit words (RFC 1071).
public enum InternetChecksum {
    /// A sum of words brought back to 16 bits by adding what carried over.
    @inlinable @inline(__always)
    public static func fold(_ sum: UInt64) -> UInt16 {
        var folded = (sum & 0xFFFF_FFFF) &+ (sum &>> 32)
        folded = (folded & 0xFFFF) &+ (folded &>> 16)
        folded = (folded & 0xFFFF) &+ (folded &>> 16)
        return UInt16(truncatingIfNeeded: (folded & 0xFFFF) &+ (folded &>> 16))
    }

    /// The sum of `bytes` taken one word after the other: what ``RawSpan/internetSum(at:count:)`` is tested against.
    public static func plainSum(_ bytes: RawSpan) -> UInt16 {
        var sum: UInt64 = 0
        for offset in stride(from: 0, to: bytes.byteCount - 1, by: 2) { sum += UInt64(bytes.u16(at: offset)) }
        if bytes.byteCount % 2 == 1 { sum += UInt64(bytes.u8(at: bytes.byteCount - 1)) << 8 }
        return fold(sum)
    }
}

extension RawSpan {
    /// The ones' complement sum, folded to 16 bits and not inverted, of `count` octets from `offset` on; behind an odd
    /// last octet a zero is understood. Bytes with a right checksum among them sum up to 0xFFFF. Traps outside the
    /// span.
    ///
    /// The sum does not depend on the order of the octets in a word (RFC 1071, section 2 (B)), nor on the width of the
    /// words added: eight octets at a time in the machine's own order, in four sums that do not wait for each other.
    public func internetSum(at offset: Int, count: Int) -> UInt16 {
        precondition(offset >= 0 && count >= 0 && offset &+ count <= byteCount, "the sum is over octets of the span")
        // All loads below lie in offset ..< offset + count, which the line above checked.
        return unsafe withUnsafeBytes { buffer -> UInt16 in
            guard var here = unsafe buffer.baseAddress.map({ unsafe $0 + offset }) else { return 0 }
            var left = count
            var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
            while left >= 32 {
                unsafe Self.add(here.loadUnaligned(as: UInt64.self), to: &a)
                unsafe Self.add(here.loadUnaligned(fromByteOffset: 8, as: UInt64.self), to: &b)
                unsafe Self.add(here.loadUnaligned(fromByteOffset: 16, as: UInt64.self), to: &c)
                unsafe Self.add(here.loadUnaligned(fromByteOffset: 24, as: UInt64.self), to: &d)
                unsafe here += 32
                left &-= 32
            }
            while left >= 8 {
                unsafe Self.add(here.loadUnaligned(as: UInt64.self), to: &a)
                unsafe here += 8
                left &-= 8
            }
            if left >= 4 {
                unsafe Self.add(UInt64(here.loadUnaligned(as: UInt32.self)), to: &b)
                unsafe here += 4
                left &-= 4
            }
            if left >= 2 {
                unsafe Self.add(UInt64(here.loadUnaligned(as: UInt16.self)), to: &c)
                unsafe here += 2
                left &-= 2
            }
            // The last odd octet is the first of its word, whatever the machine's order: a word with zero behind it.
            if left == 1 { unsafe Self.add(UInt64(UInt16(bigEndian: UInt16(here.load(as: UInt8.self)) << 8)), to: &d) }
            Self.add(b, to: &a)
            Self.add(d, to: &c)
            Self.add(c, to: &a)
            return UInt16(bigEndian: InternetChecksum.fold(a))
        }
    }

    /// Adds with the carry brought round.
    @inline(__always)
    private static func add(_ word: UInt64, to sum: inout UInt64) {
        let (partial, carried) = sum.addingReportingOverflow(word)
        sum = partial &+ (carried ? 1 : 0)
    }
}
