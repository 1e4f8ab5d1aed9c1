internal import Bytes

/// Headers of IP, UDP and TCP as they were on the wire, or might have been, for octets that a socket gave without them.
///
/// With them a flow of a socket looks to all that follows as one that was captured. Checksums of IPv4 and TCP are right,
/// that of UDP over IPv4 is none (RFC 768), over IPv6, where there must be one, it is right (RFC 8200, section 8.1).
struct HeaderWriter {
    /// Octets of the longest header.
    static let most = 60

    /// What the flags of a segment say (RFC 9293, section 3.1).
    enum Flag {
        static let finish: UInt8 = 1
        static let synchronize: UInt8 = 2
        static let reset: UInt8 = 4
        static let push: UInt8 = 8
        static let acknowledge: UInt8 = 16
    }

    /// Octets that the last header has.
    private(set) var count = 0
    private(set) var octets = [UInt8](repeating: 0, count: HeaderWriter.most)
    /// Numbers that IPv4 datagrams carry, so that no two look like one repeated.
    private var identification: UInt16 = 0

    /// Writes the header of a datagram.
    mutating func datagram(from source: Endpoint, to destination: Endpoint, carrying payload: RawSpan) {
        let length = 8 + payload.byteCount
        let start = internet(source, destination, carrying: length, protocolNumber: 17)
        put(source.port, at: start)
        put(destination.port, at: start + 2)
        // A jumbogram has no length here (RFC 2675, section 4); IPv4 has none.
        put(UInt16(exactly: length) ?? 0, at: start + 4)
        put(UInt16(0), at: start + 6)
        count = start + 8
        guard source.isIPv6 else { return }
        let sum = checksum(source, destination, from: start, payload, protocolNumber: 17)
        // Zero would say that there is none.
        put(sum == 0 ? 0xFFFF : sum, at: start + 6)
    }

    /// Writes the header of a segment.
    mutating func segment(
        from source: Endpoint, to destination: Endpoint, sequence: UInt32, flags: UInt8, carrying payload: RawSpan
    ) {
        let start = internet(source, destination, carrying: 20 + payload.byteCount, protocolNumber: 6)
        put(source.port, at: start)
        put(destination.port, at: start + 2)
        put(sequence, at: start + 4)
        // What the receiver sends is not there: it has acknowledged its opening and nothing else.
        put(flags & Flag.acknowledge == 0 ? UInt32(0) : 1, at: start + 8)
        octets[start + 12] = 5 << 4
        octets[start + 13] = flags
        put(UInt16.max, at: start + 14)
        put(UInt32(0), at: start + 16)
        count = start + 20
        put(checksum(source, destination, from: start, payload, protocolNumber: 6), at: start + 16)
    }

    /// Writes an internet header and gives its length.
    private mutating func internet(
        _ source: Endpoint, _ destination: Endpoint, carrying length: Int, protocolNumber: UInt8
    ) -> Int {
        if source.isIPv6 {
            put(UInt32(0x6000_0000), at: 0)
            put(UInt16(exactly: length) ?? 0, at: 4)
            octets[6] = protocolNumber
            octets[7] = 64
            put(source.high, at: 8)
            put(source.low, at: 16)
            put(destination.high, at: 24)
            put(destination.low, at: 32)
            return 40
        }
        identification &+= 1
        put(UInt16(0x4500), at: 0)
        put(UInt16(exactly: 20 + length) ?? 0, at: 2)
        put(identification, at: 4)
        put(UInt16(0x4000), at: 6)
        octets[8] = 64
        octets[9] = protocolNumber
        put(UInt16(0), at: 10)
        put(UInt32(truncatingIfNeeded: source.low), at: 12)
        put(UInt32(truncatingIfNeeded: destination.low), at: 16)
        // The sum is of two octets each, whatever comes first: those of the addresses are taken as they are.
        let words = UInt64(0x4500) + UInt64(UInt16(exactly: 20 + length) ?? 0) + UInt64(identification) + 0x4000
        let rest = UInt64(64 << 8 | Int(protocolNumber)) + sum(source.low) + sum(destination.low)
        put(~InternetChecksum.fold(words + rest), at: 10)
        return 20
    }

    /// The checksum of what begins at `start`, with its pseudo-header, over a checksum field of zero.
    private func checksum(
        _ source: Endpoint, _ destination: Endpoint, from start: Int, _ payload: RawSpan, protocolNumber: UInt8
    ) -> UInt16 {
        var total = sum(source.high) + sum(source.low) + sum(destination.high) + sum(destination.low)
        total += UInt64(protocolNumber) + UInt64(count - start + payload.byteCount)
        for at in stride(from: start, to: count, by: 2) { total += UInt64(octets[at]) << 8 | UInt64(octets[at + 1]) }
        total += UInt64(payload.internetSum(at: 0, count: payload.byteCount))
        return ~InternetChecksum.fold(total)
    }

    /// The words of two octets of a number, added up.
    private func sum(_ word: UInt64) -> UInt64 {
        (word >> 48) + (word >> 32 & 0xFFFF) + (word >> 16 & 0xFFFF) + (word & 0xFFFF)
    }

    private mutating func put(_ value: some FixedWidthInteger & UnsignedInteger, at offset: Int) {
        let width = value.bitWidth / 8
        for index in 0..<width {
            octets[offset + index] = UInt8(truncatingIfNeeded: value >> ((width - 1 - index) * 8))
        }
    }
}
