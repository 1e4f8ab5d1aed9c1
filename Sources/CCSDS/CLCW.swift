/// A communications link control word: what a spacecraft says in an operational control field of the telecommands that
/// one of its virtual channels took (232.0-B-4, 4.2).
///
///     bits   0     1-2      3-5     6-7  8-13  14-15
///            type  version  status  COP  VCID  spare
///            16     17           18       19    20          21-22   23     24-31
///            no RF  no bit lock  lockout  wait  retransmit  FARM-B  spare  report
public struct CLCW: Sendable, Equatable {
    /// Version, 2 bits: 0.
    public var version: UInt8
    /// Status, 3 bits, of the mission.
    public var status: UInt8
    /// COP in effect, 2 bits: 1 = COP-1.
    public var cop: UInt8
    /// The virtual channel it reports on, 6 bits.
    public var vcid: UInt8
    /// Bits 14 and 15: 0.
    public var spare: UInt8
    /// No radio signal is there.
    public var noRadio: Bool
    /// The signal is there and no bits are.
    public var noBitLock: Bool
    /// The channel takes no more sequenced frames until it is unlocked.
    public var lockout: Bool
    /// The channel has no room for now.
    public var wait: Bool
    /// Frames are missing and must be sent again.
    public var retransmit: Bool
    /// Count of expedited frames, modulo 4.
    public var farmB: UInt8
    /// The next sequenced frame that is expected, N(R).
    public var report: UInt8

    /// Reads a word; nil when it is a report of type 2 (bit 0 set), which is no CLCW.
    public init?(_ word: UInt32) {
        guard word >> 31 == 0 else { return nil }
        version = UInt8(word >> 29 & 3)
        status = UInt8(word >> 26 & 7)
        cop = UInt8(word >> 24 & 3)
        vcid = UInt8(word >> 18 & 63)
        spare = UInt8(word >> 16 & 3)
        noRadio = word & 0x8000 != 0
        noBitLock = word & 0x4000 != 0
        lockout = word & 0x2000 != 0
        wait = word & 0x1000 != 0
        retransmit = word & 0x0800 != 0
        farmB = UInt8(word >> 9 & 3)
        report = UInt8(word & 0xFF)
    }

    /// A word with everything well.
    public init(vcid: UInt8, report: UInt8, farmB: UInt8 = 0, cop: UInt8 = 1, status: UInt8 = 0) {
        self.version = 0
        self.status = status
        self.cop = cop
        self.vcid = vcid
        spare = 0
        noRadio = false
        noBitLock = false
        lockout = false
        wait = false
        retransmit = false
        self.farmB = farmB
        self.report = report
    }

    /// The word; refuses values that do not fit their fields.
    public func word() throws(HeaderError) -> UInt32 {
        try fits(version <= 3, "version")
        try fits(status <= 7, "status")
        try fits(cop <= 3, "COP in effect")
        try fits(vcid <= 63, "virtual channel id")
        try fits(spare <= 3, "spare")
        try fits(farmB <= 3, "FARM-B counter")
        let identifiers = UInt32(version) << 29 | UInt32(status) << 26 | UInt32(cop) << 24 | UInt32(vcid) << 18
        let flags: UInt32 =
            (noRadio ? 0x8000 : 0) | (noBitLock ? 0x4000 : 0) | (lockout ? 0x2000 : 0) | (wait ? 0x1000 : 0)
            | (retransmit ? 0x0800 : 0)
        return identifiers | UInt32(spare) << 16 | flags | UInt32(farmB) << 9 | UInt32(report)
    }

    /// Whether the word looks like what a spacecraft in use sends: version 0, COP-1, spare bits 0.
    public var isPlausible: Bool { version == 0 && cop == 1 && spare == 0 }
}
