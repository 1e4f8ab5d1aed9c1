public import CSystem

/// Integers out of bytes, the most significant octet first unless the name says otherwise.
///
/// Every reader traps outside the span, as an array does: callers check the length of a header once, then read its
/// fields.
extension RawSpan {
    /// The octet at `offset`.
    @inlinable @inline(__always)
    public func u8(at offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    /// Two octets at `offset`, big-endian.
    @inlinable @inline(__always)
    public func u16(at offset: Int) -> UInt16 {
        unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Three octets at `offset`, big-endian.
    @inlinable @inline(__always)
    public func u24(at offset: Int) -> UInt32 { UInt32(u16(at: offset)) << 8 | UInt32(u8(at: offset + 2)) }

    /// Four octets at `offset`, big-endian.
    @inlinable @inline(__always)
    public func u32(at offset: Int) -> UInt32 {
        unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight octets at `offset`, big-endian.
    @inlinable @inline(__always)
    public func u64(at offset: Int) -> UInt64 {
        unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Two octets at `offset`, little-endian.
    @inlinable @inline(__always)
    public func u16le(at offset: Int) -> UInt16 {
        unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Four octets at `offset`, little-endian.
    @inlinable @inline(__always)
    public func u32le(at offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight octets at `offset`, little-endian.
    @inlinable @inline(__always)
    public func u64le(at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// `length` octets from `offset` on.
    @inlinable @inline(__always)
    @_lifetime(copy self)
    public func slice(at offset: Int, count length: Int) -> RawSpan { extracting(offset..<offset + length) }

    /// Asks for the cache line at `offset`, which may lie past the end: the bytes are not read.
    @inlinable @inline(__always)
    public func prefetch(at offset: Int) {
        unsafe withUnsafeBytes { buffer in
            if let base = buffer.baseAddress { unsafe csystem_prefetch(base + offset) }
        }
    }
}
