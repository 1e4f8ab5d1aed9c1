internal import Bytes

/// The primary header of a space packet (133.0-B-2, 4.1.3): six octets.
///
///     bits   0-2      3     4                5-15  16-17           18-31           32-47
///            version  type  secondary header APID  sequence flags  sequence count  data length less one
public struct SpacePacketHeader: Sendable, Equatable {
    /// Octets of the header.
    public static let length = 6
    /// The APID of idle packets.
    public static let idleAPID: UInt16 = 0x7FF

    /// Which part of the data of its source a packet holds.
    public enum SequenceFlags: UInt8, Sendable {
        /// Neither the first nor the last part.
        case continuation = 0
        /// The first part.
        case first = 1
        /// The last part.
        case last = 2
        /// All of it.
        case unsegmented = 3
    }

    /// A telecommand and not telemetry.
    public var isTelecommand: Bool
    /// A secondary header follows.
    public var hasSecondaryHeader: Bool
    /// Application process identifier, 11 bits.
    public var apid: UInt16
    /// Which part of the data it holds.
    public var sequenceFlags: SequenceFlags
    /// Sequence count, 14 bits; a telecommand may have a packet name instead.
    public var sequenceCount: UInt16
    /// Octets of the data field behind the header less one; 0 … 65535.
    public var lengthField: UInt16

    /// A header from its fields.
    public init(
        isTelecommand: Bool = false, hasSecondaryHeader: Bool = false, apid: UInt16,
        sequenceFlags: SequenceFlags = .unsegmented, sequenceCount: UInt16, lengthField: UInt16
    ) {
        self.isTelecommand = isTelecommand
        self.hasSecondaryHeader = hasSecondaryHeader
        self.apid = apid
        self.sequenceFlags = sequenceFlags
        self.sequenceCount = sequenceCount
        self.lengthField = lengthField
    }

    /// Reads the header at the front of some octets; refuses fewer than six, and versions other than 0.
    public init(_ bytes: RawSpan) throws(HeaderError) {
        guard bytes.byteCount >= Self.length else {
            throw .tooShort(needed: Self.length, present: bytes.byteCount)
        }
        let word = bytes.u32(at: 0)
        guard word >> 29 == 0 else { throw .version(found: Int(word >> 29), expected: 0) }
        isTelecommand = word & 0x1000_0000 != 0
        hasSecondaryHeader = word & 0x0800_0000 != 0
        apid = UInt16(truncatingIfNeeded: word >> 16) & 0x7FF
        sequenceFlags = SequenceFlags(rawValue: UInt8(truncatingIfNeeded: word >> 14) & 3) ?? .unsegmented
        sequenceCount = UInt16(truncatingIfNeeded: word) & 0x3FFF
        lengthField = bytes.u16(at: 4)
    }

    /// Octets of the whole packet, this header included: 7 … 65542.
    public var packetLength: Int { Int(lengthField) + 7 }

    /// An idle packet.
    public var isIdle: Bool { apid == Self.idleAPID }

    /// Adds the six octets at the end; refuses an APID over 11 bits and a count over 14.
    public func encode(into octets: inout [UInt8]) throws(HeaderError) {
        try fits(apid <= 0x7FF, "application process identifier")
        try fits(sequenceCount <= 0x3FFF, "packet sequence count")
        octets.append(big: (isTelecommand ? 0x1000 : 0) | (hasSecondaryHeader ? 0x0800 : 0) | apid)
        octets.append(big: UInt16(sequenceFlags.rawValue) << 14 | sequenceCount)
        octets.append(big: lengthField)
    }
}

/// A space packet where it lies: its fields are read when asked for.
public struct SpacePacketView: ~Escapable {
    /// The packet from its first header octet to its last octet.
    public let bytes: RawSpan

    /// The packet at the front of some octets; refuses what is not whole, and versions other than 0.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(HeaderError) {
        let header = try SpacePacketHeader(bytes)
        guard bytes.byteCount >= header.packetLength else {
            throw .tooShort(needed: header.packetLength, present: bytes.byteCount)
        }
        self.bytes = bytes.slice(at: 0, count: header.packetLength)
    }

    // The initializer has seen that the header is there: six octets and one of data at least.

    /// A telecommand and not telemetry.
    public var isTelecommand: Bool { bytes.u8(at: 0) & 0x10 != 0 }
    /// A secondary header follows.
    public var hasSecondaryHeader: Bool { bytes.u8(at: 0) & 0x08 != 0 }
    /// Application process identifier, 11 bits.
    public var apid: UInt16 { bytes.u16(at: 0) & 0x7FF }
    /// Sequence count, 14 bits.
    public var sequenceCount: UInt16 { bytes.u16(at: 2) & 0x3FFF }
    /// The packet data field.
    public var data: RawSpan {
        @_lifetime(copy self)
        get { bytes.slice(at: 6, count: bytes.byteCount - 6) }
    }
}
