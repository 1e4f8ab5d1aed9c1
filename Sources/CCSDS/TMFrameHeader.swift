internal import Bytes

/// The primary header of a TM transfer frame (132.0-B-3, 4.1): six octets; and the length of its secondary header.
///
///     bits   0-1      2-11  12-14  15   16-23                 24-31
///            version  SCID  VCID   OCF  master channel count  virtual channel count
///            32                33    34            35-36              37-47
///            secondary header  sync  packet order  segment length id  first header pointer
public struct TMFrameHeader: Sendable, Equatable {
    /// Octets of the primary header.
    public static let length = 6
    /// The pointer of a frame in which no packet starts.
    public static let noPacketStarts: UInt16 = 0x7FF
    /// The pointer of a frame with only idle data.
    public static let onlyIdleData: UInt16 = 0x7FE

    /// Spacecraft id, 10 bits.
    public var spacecraft: UInt16
    /// Virtual channel id, 3 bits.
    public var vcid: UInt8
    /// An operational control field is in the trailer.
    public var hasOperationalControl: Bool
    /// Master channel frame count, modulo 256.
    public var masterCount: UInt8
    /// Virtual channel frame count, modulo 256.
    public var virtualCount: UInt8
    /// A secondary header follows.
    public var hasSecondaryHeader: Bool
    /// The data field is not packets or idle data in octets, and the fields behind have no meaning.
    public var syncFlag: Bool
    /// 0 when the sync flag is 0.
    public var packetOrderFlag: Bool
    /// Segment length id, 2 bits: 3 when the sync flag is 0.
    public var segmentLengthID: UInt8
    /// Where in the data field the first packet header starts that starts there, 11 bits.
    public var firstHeaderPointer: UInt16

    /// A header from its fields.
    public init(
        spacecraft: UInt16, vcid: UInt8, hasOperationalControl: Bool = false, masterCount: UInt8, virtualCount: UInt8,
        hasSecondaryHeader: Bool = false, syncFlag: Bool = false, packetOrderFlag: Bool = false,
        segmentLengthID: UInt8 = 3, firstHeaderPointer: UInt16
    ) {
        self.spacecraft = spacecraft
        self.vcid = vcid
        self.hasOperationalControl = hasOperationalControl
        self.masterCount = masterCount
        self.virtualCount = virtualCount
        self.hasSecondaryHeader = hasSecondaryHeader
        self.syncFlag = syncFlag
        self.packetOrderFlag = packetOrderFlag
        self.segmentLengthID = segmentLengthID
        self.firstHeaderPointer = firstHeaderPointer
    }

    /// Reads the header at the front of some octets; refuses fewer than six, and versions other than 0.
    public init(_ bytes: RawSpan) throws(HeaderError) {
        guard bytes.byteCount >= Self.length else { throw .tooShort(needed: Self.length, present: bytes.byteCount) }
        let identifiers = bytes.u16(at: 0)
        let status = bytes.u16(at: 4)
        guard identifiers >> 14 == 0 else { throw .version(found: Int(identifiers >> 14), expected: 0) }
        self.init(
            spacecraft: identifiers >> 4 & 0x3FF, vcid: UInt8(identifiers >> 1 & 7),
            hasOperationalControl: identifiers & 1 != 0, masterCount: bytes.u8(at: 2), virtualCount: bytes.u8(at: 3),
            hasSecondaryHeader: status & 0x8000 != 0, syncFlag: status & 0x4000 != 0,
            packetOrderFlag: status & 0x2000 != 0, segmentLengthID: UInt8(status >> 11 & 3),
            firstHeaderPointer: status & 0x7FF)
    }

    /// Adds the six octets at the end; refuses values that do not fit their fields.
    public func encode(into octets: inout [UInt8]) throws(HeaderError) {
        try fits(spacecraft <= 0x3FF, "spacecraft id")
        try fits(vcid <= 7, "virtual channel id")
        try fits(segmentLengthID <= 3, "segment length id")
        try fits(firstHeaderPointer <= 0x7FF, "first header pointer")
        octets.append(big: spacecraft << 4 | UInt16(vcid) << 1 | (hasOperationalControl ? 1 : 0))
        octets.append(masterCount)
        octets.append(virtualCount)
        let flags: UInt16 = (hasSecondaryHeader ? 0x8000 : 0) | (syncFlag ? 0x4000 : 0) | (packetOrderFlag ? 0x2000 : 0)
        octets.append(big: flags | UInt16(segmentLengthID) << 11 | firstHeaderPointer)
    }

    /// Octets of a secondary header, its first octet included, from that octet (4.1.3): 1 … 64.
    public static func secondaryHeaderLength(_ first: UInt8) -> Int { 1 + Int(first & 0x3F) }
}
