internal import Bytes

/// The primary header of an AOS transfer frame (732.0-B-4, 4.1.2): six octets, or eight with header error control.
///
///     bits   0-1      2-9   10-15  16-39                  40      41              42-43  44-47
///            version  SCID  VCID   virtual channel count  replay  cycle in use    spare  cycle
///            48-63 (managed) header error control
public struct AOSFrameHeader: Sendable, Equatable {
    /// Octets of the header without its error control.
    public static let length = 6
    /// The virtual channel of frames with only idle data.
    public static let idleVCID: UInt8 = 63

    /// Spacecraft id, 8 bits.
    public var spacecraft: UInt8
    /// Virtual channel id, 6 bits.
    public var vcid: UInt8
    /// Virtual channel frame count, 24 bits.
    public var count: UInt32
    /// The frame was stored aboard and is sent again.
    public var isReplay: Bool
    /// The cycle extends the count to 28 bits.
    public var usesCycle: Bool
    /// Virtual channel frame count cycle, 4 bits; 0 when it is not used.
    public var cycle: UInt8
    /// The header ends in its own error control, two octets (``HeaderErrorControl``).
    public var hasErrorControl: Bool

    /// A header from its fields.
    public init(
        spacecraft: UInt8, vcid: UInt8, count: UInt32, isReplay: Bool = false, usesCycle: Bool = false,
        cycle: UInt8 = 0,
        hasErrorControl: Bool = false
    ) {
        self.spacecraft = spacecraft
        self.vcid = vcid
        self.count = count
        self.isReplay = isReplay
        self.usesCycle = usesCycle
        self.cycle = cycle
        self.hasErrorControl = hasErrorControl
    }

    /// Reads the header at the front of some octets; with error control up to two wrong nibbles are put right. Refuses
    /// too few octets, versions other than 1, and a header that its error control cannot put right.
    public init(_ bytes: RawSpan, hasErrorControl: Bool = false) throws(HeaderError) {
        let needed = hasErrorControl ? 8 : 6
        guard bytes.byteCount >= needed else { throw .tooShort(needed: needed, present: bytes.byteCount) }
        var identifiers = bytes.u16(at: 0)
        var signalling = bytes.u8(at: 5)
        if hasErrorControl {
            guard
                let right = HeaderErrorControl.correct(
                    identifiers: identifiers, signalling: signalling, field: bytes.u16(at: 6))
            else { throw .outOfRange("frame header error control") }
            identifiers = right.identifiers
            signalling = right.signalling
        }
        guard identifiers >> 14 == 1 else { throw .version(found: Int(identifiers >> 14), expected: 1) }
        self.init(
            spacecraft: UInt8(identifiers >> 6 & 0xFF), vcid: UInt8(identifiers & 0x3F), count: bytes.u24(at: 2),
            isReplay: signalling & 0x80 != 0, usesCycle: signalling & 0x40 != 0, cycle: signalling & 0x0F,
            hasErrorControl: hasErrorControl)
    }

    /// Adds the six or eight octets at the end; refuses values that do not fit their fields.
    public func encode(into octets: inout [UInt8]) throws(HeaderError) {
        try fits(vcid <= 63, "virtual channel id")
        try fits(count <= 0xFF_FFFF, "virtual channel frame count")
        try fits(cycle <= 15, "virtual channel frame count cycle")
        let identifiers = 0x4000 | UInt16(spacecraft) << 6 | UInt16(vcid)
        let signalling = (isReplay ? 0x80 : 0) | (usesCycle ? 0x40 : 0) | cycle
        octets.append(big: identifiers)
        octets.append(UInt8(count >> 16))
        octets.append(big: UInt16(truncatingIfNeeded: count))
        octets.append(signalling)
        if hasErrorControl {
            octets.append(big: HeaderErrorControl.field(identifiers: identifiers, signalling: signalling))
        }
    }
}
