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

    /// True when a sum folds to 0xFFFF, as that of bytes with a right checksum among them does. `sum` is below 2^48.
    @inlinable @inline(__always)
    public static func isWhole(_ sum: UInt64) -> Bool {
        // 2^16 leaves 1 when divided by 0xFFFF: two folds bring the sum below 3 * 0xFFFF, and it stays what it was modulo
        // 0xFFFF. Zero alone is a multiple that does not fold to 0xFFFF.
        let once = (sum & 0xFFFF_FFFF) &+ (sum &>> 32)
        let twice = (once & 0xFFFF) &+ (once &>> 16)
        return twice == 0xFFFF || twice == 0x1_FFFE
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
        precondition(
            offset >= 0 && count >= 0 && count <= byteCount && offset <= byteCount &- count,
            "the sum is over octets of the span")
        // All loads below lie in offset ..< offset + count, which the line above checked.
        var here = offset
        let end = offset &+ count
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while end &- here >= 32 {
            unsafe Self.add(unsafeLoadUnaligned(fromUncheckedByteOffset: here, as: UInt64.self), to: &a)
            unsafe Self.add(unsafeLoadUnaligned(fromUncheckedByteOffset: here &+ 8, as: UInt64.self), to: &b)
            unsafe Self.add(unsafeLoadUnaligned(fromUncheckedByteOffset: here &+ 16, as: UInt64.self), to: &c)
            unsafe Self.add(unsafeLoadUnaligned(fromUncheckedByteOffset: here &+ 24, as: UInt64.self), to: &d)
            here &+= 32
        }
        while end &- here >= 8 {
            unsafe Self.add(unsafeLoadUnaligned(fromUncheckedByteOffset: here, as: UInt64.self), to: &a)
            here &+= 8
        }
        // Up to seven octets are left, which go into one word as they would stand in memory, zeros behind them: the last
        // eight without those that were added, where there are eight.
        var last: UInt64 = 0
        if here < end, count >= 8 {
            last = unsafe UInt64(
                littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: end &- 8, as: UInt64.self))
            last &>>= UInt64(truncatingIfNeeded: 8 &- (end &- here)) &* 8
        } else {
            for octet in here..<end {
                last |=
                    unsafe UInt64(unsafeLoad(fromUncheckedByteOffset: octet, as: UInt8.self))
                    &<< UInt64(truncatingIfNeeded: (octet &- here) &* 8)
            }
        }
        Self.add(UInt64(littleEndian: last), to: &b)
        Self.add(b, to: &a)
        Self.add(d, to: &c)
        Self.add(c, to: &a)
        return UInt16(bigEndian: InternetChecksum.fold(a))
    }

    /// Adds with the carry brought round.
    @inline(__always)
    private static func add(_ word: UInt64, to sum: inout UInt64) {
        let (partial, carried) = sum.addingReportingOverflow(word)
        sum = partial &+ (carried ? 1 : 0)
    }
}
