extension OutputRawSpan {
    /// Adds octets at the end. Traps where there is no room for them.
    @inlinable @inline(__always)
    public mutating func append(_ bytes: RawSpan) {
        let length = bytes.byteCount
        precondition(length <= freeCapacity, "octets are written where there is room for them")
        unsafe withUnsafeMutableBytes { room, count in
            unsafe bytes.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = room.baseAddress else { return }
                // There is room, by the check above, and memory that is being written is no part of a borrowed span.
                unsafe (to + count).copyMemory(from: from, byteCount: length)
                count &+= length
            }
        }
    }

    // Integers are octets without padding, which is all that the unsafe calls below rely on.

    /// Adds two octets, least significant first.
    @inlinable @inline(__always)
    public mutating func append(le value: UInt16) {
        unsafe append(value.littleEndian, as: UInt16.self)
    }

    /// Adds four octets, least significant first.
    @inlinable @inline(__always)
    public mutating func append(le value: UInt32) {
        unsafe append(value.littleEndian, as: UInt32.self)
    }

    /// Adds eight octets, least significant first.
    @inlinable @inline(__always)
    public mutating func append(le value: UInt64) {
        unsafe append(value.littleEndian, as: UInt64.self)
    }
}
