/// Bit fields, bit 0 the most significant bit of the first octet.
extension RawSpan {
    /// `count` bits (1 to 64) from bit `offset` on, as an unsigned number.
    ///
    ///     octet          0               1
    ///     bit      0 1 2 3 4 5 6 7 8 9 …
    ///     bits(at: 3, count: 6)  = the six bits 3 to 8, bit 3 the most significant
    ///
    /// One wide load and a shift where eight octets can be read, octet by octet at the end of the span. Traps when the
    /// field does not lie inside the span.
    @inlinable @inline(__always)
    public func bits(at offset: Int, count: Int) -> UInt64 {
        let first = offset >> 3
        let skip = offset & 7
        if skip &+ count <= 64, first &+ 8 <= byteCount {
            return (u64(at: first) &<< UInt64(truncatingIfNeeded: skip)) &>> UInt64(truncatingIfNeeded: 64 &- count)
        }
        return bitsSlowly(at: offset, count: count)
    }

    /// The same, octet by octet: for fields over nine octets and for the last seven of the span.
    @usableFromInline
    func bitsSlowly(at offset: Int, count: Int) -> UInt64 {
        precondition(
            count >= 1 && count <= 64 && offset >= 0 && offset + count <= byteCount * 8,
            "the field lies inside the span")
        let end = offset + count
        var value: UInt64 = 0
        var bit = offset
        while bit < end {
            let take = Swift.min(8 - bit & 7, end - bit)
            let octet = UInt64(u8(at: bit >> 3))
            let part = (octet >> UInt64(8 - bit & 7 - take)) & (1 << UInt64(take) - 1)
            value = value << UInt64(take) | part
            bit += take
        }
        return value
    }
}
