import Bytes

/// Octets of headers and packets for tests, straight from the standards' drawings, lengths and checksums filled in.
enum Make {
    /// Two octets, big-endian.
    static func u16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

    /// Four octets, big-endian.
    static func u32(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// Octets that differ from place to place and from seed to seed.
    static func data(_ count: Int, seed: Int = 0) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8 &* 13 &+ seed &* 31 &+ 1) }
    }

    static let client: [UInt8] = [10, 20, 1, 7]
    static let server: [UInt8] = [10, 20, 9, 30]
    static let client6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    static let server6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]

    /// Ethernet with the given tags (type and tag control of each) around a payload.
    static func ethernet(_ payload: [UInt8], type: Int = 0x0800, tags: [(Int, Int)] = []) -> [UInt8] {
        let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        return addresses + tags.flatMap { u16($0.0) + u16($0.1) } + u16(type) + payload
    }

    /// IPv4 with its checksum; `length` and `header` may lie.
    static func ipv4(
        _ payload: [UInt8], protocol number: UInt8 = 17, id: Int = 1, fragment: Int = 0, options: [UInt8] = [],
        length: Int? = nil, header: Int? = nil, from: [UInt8] = client, to: [UInt8] = server
    ) -> [UInt8] {
        let words = header ?? (20 + options.count) / 4
        var octets: [UInt8] = [0x40 | UInt8(words), 0]
        octets += u16(length ?? 20 + options.count + payload.count) + u16(id) + u16(fragment)
        octets += [64, number, 0, 0] + from + to + options
        octets.replaceSubrange(10..<12, with: u16(checksum(octets)))
        return octets + payload
    }

    /// IPv6; `payload` begins with what `next` names.
    static func ipv6(
        _ payload: [UInt8], next: UInt8 = 17, length: Int? = nil, from: [UInt8] = client6, to: [UInt8] = server6
    ) -> [UInt8] {
        [0x60, 0, 0, 0] + u16(length ?? payload.count) + [next, 64] + from + to + payload
    }

    /// How the checksum of UDP or TCP is filled in.
    enum Sum { case right, wrong, absent, pseudoHeader, pseudoHeaderWithoutLength }

    /// UDP; `length` may lie.
    static func udp(
        _ payload: [UInt8], from: Int = 40417, to: Int = 14010, length: Int? = nil, sum: Sum = .right,
        addresses: [UInt8] = client + server
    ) -> [UInt8] {
        let octets = u16(from) + u16(to) + u16(length ?? 8 + payload.count) + [0, 0] + payload
        return filled(octets, field: 6, 17, sum, addresses)
    }

    static let syn: UInt8 = 2
    static let fin: UInt8 = 1
    static let rst: UInt8 = 4
    static let ack: UInt8 = 16

    /// TCP; `header` (in words) may lie.
    static func tcp(
        _ payload: [UInt8], sequence: UInt32, flags: UInt8 = ack, acknowledges: UInt32 = 0, from: Int = 5000,
        to: Int = 6000, options: [UInt8] = [], header: Int? = nil, sum: Sum = .right,
        addresses: [UInt8] = client + server
    ) -> [UInt8] {
        let words = UInt8(header ?? (20 + options.count) / 4)
        let octets =
            u16(from) + u16(to) + u32(sequence) + u32(acknowledges) + [words << 4, flags, 1, 0, 0, 0, 0, 0] + options
            + payload
        return filled(octets, field: 16, 6, sum, addresses)
    }

    /// The fragments of what IPv4 carries, cut at the given places (multiples of 8).
    static func fragments(
        _ payload: [UInt8], at cuts: [Int], protocol number: UInt8 = 17, id: Int = 77
    ) -> [[UInt8]] {
        zip([0] + cuts, cuts + [payload.count]).map { start, end in
            let more = end < payload.count ? 0x2000 : 0
            return ipv4(Array(payload[start..<end]), protocol: number, id: id, fragment: start / 8 | more)
        }
    }

    /// One fragment of what IPv6 carries.
    static func fragment6(_ part: [UInt8], at offset: Int, more: Bool, next: UInt8 = 17, id: UInt32 = 99) -> [UInt8] {
        ipv6([next, 0] + u16(offset | (more ? 1 : 0)) + u32(id) + part, next: 44)
    }

    /// The checksum of octets whose field is zero.
    static func checksum(_ octets: [UInt8]) -> Int {
        Int(~InternetChecksum.plainSum(octets.octets))
    }

    private static func filled(
        _ octets: [UInt8], field: Int, _ number: UInt8, _ sum: Sum, _ addresses: [UInt8]
    ) -> [UInt8] {
        var octets = octets
        let pseudo = addresses + [0, number]
        let value: Int
        switch sum {
        case .right: value = checksum(pseudo + u16(octets.count) + octets)
        case .wrong: value = checksum(pseudo + u16(octets.count) + octets) ^ 0x5555
        case .absent: value = 0
        case .pseudoHeader: value = 0xFFFF - checksum(pseudo + u16(octets.count))
        case .pseudoHeaderWithoutLength: value = 0xFFFF - checksum(pseudo)
        }
        octets.replaceSubrange(field..<field + 2, with: u16(value))
        return octets
    }
}
