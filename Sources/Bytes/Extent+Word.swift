extension Extent {
    /// Eight octets at `offset`, big-endian, without a look at the length.
    ///
    /// Unsafe because the caller has to have seen that they lie inside, and that whoever keeps the bytes still does.
    @inlinable @inline(__always) @unsafe
    public func word(at offset: Int) -> UInt64 {
        unsafe UInt64(bigEndian: address.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
