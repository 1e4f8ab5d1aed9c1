public import CSystem

/// Octets looked for, sixteen at a time.
extension RawSpan {
    /// Writes where `octet` stands from `start` to before `end`, the first `most` places in order, into a lane from `base`
    /// on; says how many. Traps outside the span and the lane.
    @inlinable
    public func places(
        of octet: UInt8, from start: Int, to end: Int, most: Int, into lane: Lane<Int>, at base: Int
    ) -> Int {
        precondition(start >= 0 && end <= byteCount, "octets are looked for inside their span")
        precondition(base >= 0 && most >= 0 && base &+ most <= lane.count, "places are written inside their lane")
        guard start < end else { return 0 }
        return unsafe withUnsafeBytes { source in
            guard let octets = source.baseAddress else { return 0 }
            // Both bounds were checked above; the C function reads no octet behind `byteCount`.
            return unsafe csystem_places(
                octets.assumingMemoryBound(to: UInt8.self), byteCount, octet, start, end,
                lane.storage.pointee.base + base, most)
        }
    }

    /// The XOR of the octets from `start` to the first one that is `octet` or below `limit`, or to before `end`, and where that
    /// one stands. Traps outside the span.
    @inlinable
    public func xor(
        from start: Int, until octet: UInt8, orBelow limit: UInt8, to end: Int
    ) -> (sum: UInt8, place: Int) {
        precondition(start >= 0 && start <= end && end <= byteCount, "octets are looked for inside their span")
        return unsafe withUnsafeBytes { source in
            guard let octets = source.baseAddress else { return (0, start) }
            var place = 0
            // The bounds were checked above.
            let sum = unsafe csystem_xor_until(
                octets.assumingMemoryBound(to: UInt8.self), byteCount, octet, limit, start, end, &place)
            return (sum, place)
        }
    }
}
