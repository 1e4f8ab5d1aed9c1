internal import Bytes
internal import Transport
internal import Records

/// What the first octets of a packet tell: a space packet (133.0-B-2, 4.1.3) or an encapsulation packet (133.1-B-3,
/// 4.1.2), told apart by the first three bits.
struct PacketHead {
    /// Octets of the whole packet; ``incomplete`` or ``none`` when that cannot be told.
    var total: Int
    var apid: UInt16 = 0
    var sequence: UInt16 = 0
    var segment: UInt8 = 3
    var marks: Unit.Marks = []

    /// The header is not all there.
    static var incomplete: Int { 0 }
    /// No packet begins like this.
    static var none: Int { -1 }

    var isIdle: Bool { marks.contains(.idle) }

    /// Reads what begins at `at`; `end` is where the octets end that may be looked at. Space packets have version 0,
    /// but for files whose maker had his own idea.
    @inline(__always)
    static func read(_ bytes: RawSpan, at: Int, end: Int, version wanted: UInt8 = 0) -> PacketHead {
        guard at < end else { return PacketHead(total: incomplete) }
        let version = bytes.u8(at: at) &>> 5
        if version == wanted {
            guard end &- at >= 6 else { return PacketHead(total: incomplete) }
            return space(bytes.u32(at: at), lengthField: bytes.u16(at: at &+ 4))
        }
        return version == 7 ? encapsulation(bytes, at: at, end: end) : PacketHead(total: none)
    }

    /// A space packet from the first four octets of its header and its length field.
    @inline(__always)
    static func space(_ word: UInt32, lengthField: UInt16) -> PacketHead {
        let apid = UInt16(truncatingIfNeeded: word &>> 16) & 0x7FF
        // Bit 28 is the packet type, bit 27 the secondary header flag; the marks have them at 4 and 32.
        var marks = UInt16(truncatingIfNeeded: word &>> 26) & 4 | UInt16(truncatingIfNeeded: word &>> 22) & 32
        if apid == 0x7FF { marks |= Unit.Marks.idle.rawValue }
        return PacketHead(
            total: Int(lengthField) &+ 7, apid: apid, sequence: UInt16(truncatingIfNeeded: word) & 0x3FFF,
            segment: UInt8(truncatingIfNeeded: word &>> 14) & 3, marks: Unit.Marks(rawValue: marks))
    }

    /// An encapsulation packet.
    static func encapsulation(_ bytes: RawSpan, at: Int, end: Int) -> PacketHead {
        let first = bytes.u8(at: at)
        let headerLength = 1 << Int(first & 3)
        guard end - at >= headerLength else { return PacketHead(total: incomplete) }
        let identifier = first >> 2 & 7
        let total: Int
        switch headerLength {
        case 1: total = identifier == 0 ? 1 : none
        case 2: total = Int(bytes.u8(at: at + 1))
        case 4: total = Int(bytes.u16(at: at + 2))
        default: total = Int(bytes.u32(at: at + 4))
        }
        guard total >= headerLength else { return PacketHead(total: none) }
        return PacketHead(
            total: total, apid: UInt16(identifier), marks: identifier == 0 ? [.idle, .encapsulation] : [.encapsulation])
    }

    /// The record of the packet.
    @inline(__always)
    func unit(_ extent: Extent, channel: UInt32, offset: UInt64, place: Place) -> Unit {
        Unit(
            extent: extent, time: place.time, packet: place.packet, offset: offset, flow: place.flow, channel: channel,
            apid: apid, sequence: sequence, segment: segment, marks: marks)
    }
}
