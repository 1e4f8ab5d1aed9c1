/// Bit fields into rows of octets.
extension MutableRawSpan {
    /// Sets those of the 64 bits from octet `offset` on that are set in `word`, whose most significant bit is the first; the
    /// others stay.
    ///
    /// Unsafe because nothing looks at whether the eight octets lie inside: the caller has seen that.
    @inlinable @inline(__always) @unsafe
    public mutating func merge(_ word: UInt64, uncheckedAt offset: Int) {
        // Integers are octets without padding, and the caller vouches for the place.
        let there = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        unsafe storeBytes(of: there | word.bigEndian, toUncheckedByteOffset: offset, as: UInt64.self)
    }

    /// Puts eight octets at `offset`, the most significant one of `word` first.
    ///
    /// Unsafe as ``merge(_:uncheckedAt:)`` is.
    @inlinable @inline(__always) @unsafe
    public mutating func put(_ word: UInt64, uncheckedAt offset: Int) {
        unsafe storeBytes(of: word.bigEndian, toUncheckedByteOffset: offset, as: UInt64.self)
    }
}
