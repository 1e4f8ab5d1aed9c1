extension ByteBuffer {
    /// Which end of the octets a run of bits stands at when it does not fill them.
    public enum BitAlignment: Sendable {
        /// At the front, zeros behind: text.
        case front
        /// At the end, zeros in front: a number, or a binary that is read as one.
        case end
    }

    /// Adds `count` bits of `bytes` from bit `offset` on, which lie inside, as whole octets.
    public func append(bitsOf bytes: RawSpan, at offset: Int, count: Int, aligned: BitAlignment) {
        precondition(offset >= 0 && count >= 0 && offset + count <= bytes.byteCount * 8, "the bits lie inside the span")
        let octets = (count + 7) / 8
        let odd = count % 8
        _ = unsafe fill(room: octets) { room in
            var from = offset
            for index in 0..<octets {
                // The short octet is the first or the last; the index is inside the room that was asked for.
                let isShort = odd != 0 && index == (aligned == .end ? 0 : octets - 1)
                let take = isShort ? odd : 8
                let value = UInt8(truncatingIfNeeded: bytes.bits(at: from, count: take))
                unsafe room[index] = isShort && aligned == .front ? value << UInt8(8 - odd) : value
                from += take
            }
            return octets
        }
    }

    /// Adds octets at the end.
    public func append(octets: [UInt8]) {
        unsafe octets.withUnsafeBytes { source in
            // The span is used while the array lends its memory, and not longer.
            unsafe append(RawSpan(_unsafeBytes: source))
        }
    }
}
