internal import Bytes

/// The header of an encapsulation packet (133.1-B-3, 4.1): one, two, four or eight octets.
///
///     bits   0-2  3-5          6-7
///            111  protocol id  octets of length: 00 none, 01 one, 10 two, 11 four
///     then   one octet:   length
///            two octets:  user defined (4 bits), protocol id extension (4 bits), length (16)
///            four octets: the same, CCSDS defined (16), length (32)
///
/// The length counts the whole packet, header included.
public struct EncapsulationHeader: Sendable, Equatable {
    /// Protocol id, 3 bits: 0 idle, 1 LTP, 2 Internet protocol extension, 4 bundles, 6 extended, 7 of the mission.
    public var protocolID: UInt8
    /// Octets of the header: 1, 2, 4 or 8.
    public var length: Int
    /// Octets of the whole packet; 1 with a header of one octet.
    public var packetLength: Int
    /// User defined field, 4 bits; headers of four and eight octets only.
    public var userDefined: UInt8
    /// Protocol id extension, 4 bits; headers of four and eight octets only.
    public var protocolIDExtension: UInt8
    /// CCSDS defined field, 16 bits; headers of eight octets only.
    public var defined: UInt16

    /// A header from its fields.
    public init(
        protocolID: UInt8, length: Int, packetLength: Int, userDefined: UInt8 = 0, protocolIDExtension: UInt8 = 0,
        defined: UInt16 = 0
    ) {
        self.protocolID = protocolID
        self.length = length
        self.packetLength = packetLength
        self.userDefined = userDefined
        self.protocolIDExtension = protocolIDExtension
        self.defined = defined
    }

    /// Reads the header at the front of some octets. Refuses too few, other versions, lengths below the header's own,
    /// and a header of one octet that is not that of the idle packet.
    public init(_ bytes: RawSpan) throws(HeaderError) {
        guard bytes.byteCount >= 1 else { throw .tooShort(needed: 1, present: 0) }
        let first = bytes.u8(at: 0)
        guard first >> 5 == 7 else { throw .version(found: Int(first >> 5), expected: 7) }
        let length = 1 << Int(first & 3)
        guard bytes.byteCount >= length else { throw .tooShort(needed: length, present: bytes.byteCount) }
        self.init(protocolID: first >> 2 & 7, length: length, packetLength: 1)
        if length >= 4 {
            userDefined = bytes.u8(at: 1) >> 4
            protocolIDExtension = bytes.u8(at: 1) & 15
        }
        switch length {
        case 1: try fits(protocolID == 0, "length of length")
        case 2: packetLength = Int(bytes.u8(at: 1))
        case 4: packetLength = Int(bytes.u16(at: 2))
        default:
            defined = bytes.u16(at: 2)
            packetLength = Int(bytes.u32(at: 4))
        }
        guard packetLength >= length else { throw .length(found: packetLength, least: length) }
    }

    /// Adds the header at the end; refuses values that do not fit their fields.
    public func encode(into octets: inout [UInt8]) throws(HeaderError) {
        try fits(protocolID <= 7, "protocol id")
        try fits(userDefined <= 15, "user defined field")
        try fits(protocolIDExtension <= 15, "protocol id extension")
        guard let form = [1: 0, 2: 1, 4: 2, 8: 3][length] else { throw .outOfRange("length of length") }
        guard packetLength >= length else { throw .length(found: packetLength, least: length) }
        let most = [1, 0xFF, 0xFFFF, 0xFFFF_FFFF][form]
        try fits(packetLength <= most && (form > 0 || protocolID == 0), "packet length")
        octets.append(0xE0 | protocolID << 2 | UInt8(form))
        if form == 1 { octets.append(UInt8(packetLength)) }
        if form >= 2 { octets.append(userDefined << 4 | protocolIDExtension) }
        if form == 2 { octets.append(big: UInt16(packetLength)) }
        if form == 3 {
            octets.append(big: defined)
            octets.append(big: UInt32(packetLength))
        }
    }
}
