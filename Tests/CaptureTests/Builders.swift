import Foundation

/// Octets put together field by field, in either order.
struct Octets {
    var octets: [UInt8] = []
    var isBig: Bool

    init(big: Bool = false) { isBig = big }

    mutating func u16(_ value: Int) { number(UInt64(truncatingIfNeeded: value), 2) }
    mutating func u32(_ value: Int) { number(UInt64(truncatingIfNeeded: value), 4) }
    mutating func u64(_ value: UInt64) { number(value, 8) }
    mutating func raw(_ more: [UInt8]) { octets += more }
    mutating func pad(to multiple: Int) { while octets.count % multiple != 0 { octets.append(0) } }

    private mutating func number(_ value: UInt64, _ width: Int) {
        for index in 0..<width {
            let place = isBig ? width - 1 - index : index
            octets.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place)))
        }
    }
}

/// Packets of our own: number and size decide the octets.
func body(_ number: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) } }

/// A classic pcap file.
struct Classic {
    var magic = 0xA1B2_C3D4
    var major = 2
    var minor = 4
    var snap = 262_144
    var link = 1
    var big = false
    /// Swaps the two lengths in each record.
    var swapped = false
    /// Octets behind a record's header, as modified kinds have.
    var extra = 0

    func header() -> [UInt8] {
        var file = Octets(big: big)
        file.u32(magic)
        file.u16(major)
        file.u16(minor)
        file.u32(0)
        file.u32(0)
        file.u32(snap)
        file.u32(link)
        return file.octets
    }

    func record(_ seconds: Int, _ fraction: Int, _ octets: [UInt8], original: Int? = nil) -> [UInt8] {
        var record = Octets(big: big)
        record.u32(seconds)
        record.u32(fraction)
        record.u32(swapped ? original ?? octets.count : octets.count)
        record.u32(swapped ? octets.count : original ?? octets.count)
        record.raw([UInt8](repeating: 0xEE, count: extra))
        record.raw(octets)
        return record.octets
    }

    /// A file of `count` packets of 40 to 99 octets, a millisecond apart.
    func file(_ count: Int) -> [UInt8] {
        (0..<count).reduce(into: header()) { file, number in
            file += record(1_700_000_000 + number / 1000, number % 1000 * 1000, body(number, 40 + number % 60))
        }
    }
}

/// A pcapng, block by block.
struct Blocks {
    var octets: [UInt8] = []
    var big = false

    init(big: Bool = false) { self.big = big }

    mutating func block(_ type: Int, length: Int? = nil, trailer: Int? = nil, _ fill: (inout Octets) -> Void) {
        var body = Octets(big: big)
        fill(&body)
        body.pad(to: 4)
        var block = Octets(big: big)
        block.u32(type)
        block.u32(length ?? body.octets.count + 12)
        block.raw(body.octets)
        block.u32(trailer ?? length ?? body.octets.count + 12)
        octets += block.octets
    }

    mutating func section(major: Int = 1, minor: Int = 0, options: [(Int, [UInt8])] = []) {
        let big = big
        block(0x0A0D_0D0A) {
            $0.u32(0x1A2B_3C4D)
            $0.u16(major)
            $0.u16(minor)
            $0.u64(.max)
            Blocks.options(options, &$0, big)
        }
    }

    mutating func interface(link: Int = 1, snap: Int = 0, options: [(Int, [UInt8])] = []) {
        let big = big
        block(1) {
            $0.u16(link)
            $0.u16(0)
            $0.u32(snap)
            Blocks.options(options, &$0, big)
        }
    }

    mutating func enhanced(
        _ stamp: UInt64, _ octets: [UInt8], interface: Int = 0, original: Int? = nil, captured: Int? = nil,
        options: [(Int, [UInt8])] = []
    ) {
        let big = big
        block(6) {
            $0.u32(interface)
            $0.u32(Int(stamp >> 32))
            $0.u32(Int(stamp & 0xFFFF_FFFF))
            $0.u32(captured ?? octets.count)
            $0.u32(original ?? octets.count)
            $0.raw(octets)
            $0.pad(to: 4)
            Blocks.options(options, &$0, big)
        }
    }

    mutating func simple(_ octets: [UInt8], original: Int? = nil) {
        block(3) {
            $0.u32(original ?? octets.count)
            $0.raw(octets)
        }
    }

    mutating func obsolete(_ stamp: UInt64, _ octets: [UInt8], interface: Int = 0) {
        block(2) {
            $0.u16(interface)
            $0.u16(7)
            $0.u32(Int(stamp >> 32))
            $0.u32(Int(stamp & 0xFFFF_FFFF))
            $0.u32(octets.count)
            $0.u32(octets.count)
            $0.raw(octets)
        }
    }

    private static func options(_ options: [(Int, [UInt8])], _ body: inout Octets, _ big: Bool) {
        if options.isEmpty { return }
        for (code, value) in options {
            body.u16(code)
            body.u16(value.count)
            body.raw(value)
            body.pad(to: 4)
        }
        body.u32(0)
    }

    /// A file of one section and interface with `count` packets of 40 to 99 octets, a millisecond apart.
    static func file(_ count: Int, big: Bool = false) -> [UInt8] {
        var file = Blocks(big: big)
        file.section()
        file.interface()
        for number in 0..<count {
            file.enhanced(
                1_700_000_000_000_000 + UInt64(number) * 1000, body(number, 40 + number % 60),
                options: number % 7 == 3 ? [(1, Array("packet \(number)".utf8))] : [])
        }
        return file.octets
    }
}

/// One gzip member of stored blocks, with an extra field when there is one (RFC 1951, RFC 1952).
func gzipMember(_ octets: [UInt8], extra: [UInt8]? = nil, name: String? = nil) -> [UInt8] {
    var member = Octets()
    member.raw([0x1F, 0x8B, 8, (extra == nil ? 0 : 4) | (name == nil ? 0 : 8), 0, 0, 0, 0, 0, 255])
    if let extra {
        member.u16(extra.count)
        member.raw(extra)
    }
    if let name { member.raw(Array(name.utf8) + [0]) }
    var at = 0
    repeat {
        let length = min(60_000, octets.count - at)
        member.raw([at + length == octets.count ? 1 : 0])
        member.u16(length)
        member.u16(~length & 0xFFFF)
        member.raw(Array(octets[at..<at + length]))
        at += length
    } while at < octets.count
    member.u32(Int(crc32(octets)))
    member.u32(octets.count)
    return member.octets
}

/// CRC-32 of IEEE 802.3, bit by bit.
func crc32(_ octets: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for octet in octets {
        crc ^= UInt32(octet)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
}

/// CRC-32 by its definition, which shares nothing with ours.
func crc(_ octets: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for octet in octets {
        crc ^= UInt32(octet)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
}
