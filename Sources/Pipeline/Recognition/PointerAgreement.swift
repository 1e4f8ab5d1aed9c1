internal import Bytes
internal import CCSDS

/// Where packets stand in the frames of a candidate: octets of header in front of the zone, and behind it.
struct Zone: Equatable {
    /// Octets in front of the packet zone, the pointer's included.
    var head: Int
    /// Octets behind it.
    var tail: Int
}

/// How often the first header pointer meets the end that the packet before foretells: the sign that settles a layout.
struct PointerAgreement {
    /// Pointers that met the foretold place; that did not.
    var agree = 0
    var disagree = 0
    /// Frames whose pointer says "only idle data" (7FE).
    var idle = 0
    /// Frames whose pointer lies outside the zone.
    var outside = 0
    /// Frames looked at.
    var frames = 0

    var share: Double { agree + disagree == 0 ? 0 : Double(agree) / Double(agree + disagree) }
    /// For choosing among zones.
    var score: Int { agree - 2 * disagree }

    static func + (a: Self, b: Self) -> Self {
        PointerAgreement(
            agree: a.agree + b.agree, disagree: a.disagree + b.disagree, idle: a.idle + b.idle,
            outside: a.outside + b.outside, frames: a.frames + b.frames)
    }
}

/// What is known between two frames of one channel.
private struct Chain {
    var count = -1
    /// Octets of the packet at hand that are still to come; -1 = not known.
    var rest = -1
    /// Octets of a header that the frame's end split, fewer than 8, and how many.
    var split: UInt64 = 0
    var splitCount = 0
}

extension PointerAgreement {
    /// Follows the packets of one virtual channel through its frames.
    init(_ candidate: FrameCandidate, starts: [Int], zone: Zone, in bytes: RawSpan) {
        var chain = Chain()
        var lastStart = -1
        let size = candidate.length - zone.head - zone.tail
        guard size > 8 else { return }
        for start in starts {
            let (count, modulus) = FrameCandidate.count(of: bytes, at: start, candidate.kind)
            if chain.count == count, lastStart >= 0,
                bytes.slice(at: start, count: candidate.length).isEqual(
                    to: bytes.slice(at: lastStart, count: candidate.length))
            {
                continue  // the same frame once more
            }
            frames += 1
            if chain.count < 0 || (count - chain.count + modulus) % modulus != 1 {
                (chain.rest, chain.splitCount) = (-1, 0)
            }
            (chain.count, lastStart) = (count, start)
            let pointer =
                candidate.kind == .tm
                ? Int(bytes.u16(at: start + 4) & 0x7FF) : Int(bytes.u16(at: start + zone.head - 2) & 0x7FF)
            follow(bytes.slice(at: start + zone.head, count: size), pointer, &chain)
        }
    }

    private mutating func follow(_ zone: RawSpan, _ pointer: Int, _ chain: inout Chain) {
        let size = zone.byteCount
        if chain.splitCount > 0 {
            // The header that the last frame's end split goes on here.
            let first = UInt8(truncatingIfNeeded: chain.split >> UInt64(8 * (chain.splitCount - 1)))
            let length = Self.headerLength(first)
            var header = chain.split
            for octet in 0..<length - chain.splitCount { header = header << 8 | UInt64(zone.u8(at: octet)) }
            chain.rest = Self.packetLength(header, length).map { $0 - chain.splitCount } ?? -1
            chain.splitCount = 0
            if chain.rest < 0 { disagree += 1 }
        }
        switch pointer {
        case 0x7FE:
            idle += 1
            chain.rest = -1
        case 0x7FF:
            guard chain.rest >= 0 else { return }
            if chain.rest >= size {
                agree += 1
                chain.rest -= size
            } else {
                disagree += 1
                chain.rest = -1
            }
        case size...:
            outside += 1
            disagree += 1
            chain.rest = -1
        default:
            if chain.rest >= 0 { if chain.rest == pointer { agree += 1 } else { disagree += 1 } }
            chain.rest = -1
            walk(zone, from: pointer, &chain)
        }
    }

    /// From a packet's header to the end of the zone.
    private mutating func walk(_ zone: RawSpan, from pointer: Int, _ chain: inout Chain) {
        var position = pointer
        while position < zone.byteCount {
            let left = zone.byteCount - position
            let headerLength = Self.headerLength(zone.u8(at: position))
            var header: UInt64 = 0
            for octet in 0..<min(left, headerLength) { header = header << 8 | UInt64(zone.u8(at: position + octet)) }
            if left < headerLength {
                (chain.split, chain.splitCount) = (header, left)
                return
            }
            guard let length = Self.packetLength(header, headerLength) else {
                disagree += 1
                return
            }
            position += length
        }
        chain.rest = position - zone.byteCount
    }

    /// Octets of a header that begins with this octet: 6 of a space packet, 1 to 8 of an encapsulation packet.
    static func headerLength(_ first: UInt8) -> Int { first >> 5 == 7 ? [1, 2, 4, 8][Int(first & 3)] : 6 }

    /// Octets of the packet whose whole header is this number; nil when it is none.
    static func packetLength(_ header: UInt64, _ headerLength: Int) -> Int? {
        let first = UInt8(truncatingIfNeeded: header >> UInt64(8 * (headerLength - 1)))
        switch first >> 5 {
        case 0: return Int(header & 0xFFFF) + 7
        case 7:
            let length: Int
            switch headerLength {
            case 1: return first == 0xE0 ? 1 : nil
            case 2: length = Int(header & 0xFF)
            case 4: length = Int(header & 0xFFFF)
            default: length = Int(header & 0xFFFF_FFFF)
            }
            return length >= headerLength ? length : nil
        default: return nil
        }
    }
}
