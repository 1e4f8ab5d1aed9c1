internal import Bytes

/// Unsegmented time code (301.0-B-4, 3.2): a count of seconds since an epoch, and a binary fraction of a second.
public struct CUC: Sendable, Equatable {
    /// Octets of whole seconds, 1 … 7.
    public var coarse: Int
    /// Octets of fraction, 0 … 10.
    public var fine: Int
    /// What the count counts from and how.
    public var epoch: TimeEpoch

    /// A code of so many octets; refuses more than there can be.
    public init(coarse: Int, fine: Int, epoch: TimeEpoch = .ccsds) throws(TimeCodeError) {
        guard (1...7).contains(coarse) else { throw .field("octets of coarse time") }
        guard (0...10).contains(fine) else { throw .field("octets of fine time") }
        self.coarse = coarse
        self.fine = fine
        self.epoch = epoch
    }

    /// Octets of the T-field.
    public var length: Int { coarse + fine }

    /// Decimals of a second that the fraction carries.
    public var decimals: Int { [0, 3, 5, 8, 10, 13, 15, 17, 18, 18, 18][fine] }

    /// Reads the T-field at the front of some octets. Of the fraction, what is below an attosecond is cut.
    public func decode(_ bytes: RawSpan) throws(TimeCodeError) -> UTCTime {
        guard bytes.byteCount >= length else { throw .tooShort(needed: length, present: bytes.byteCount) }
        var seconds = 0
        for index in 0..<coarse { seconds = seconds << 8 | Int(bytes.u8(at: index)) }
        // The ninth and tenth octet of a fraction are below an attosecond.
        let used = min(8, fine)
        var fraction: UInt64 = 0
        for index in 0..<used { fraction = fraction << 8 | UInt64(bytes.u8(at: coarse + index)) }
        let scaled = UInt128(fraction) * UInt128(TAITime.attosecondsPerSecond)
        return epoch.time(after: seconds, attoseconds: UInt64(scaled >> UInt128(8 * used)))
    }

    /// Adds the T-field of a time at the end; the fraction is cut. Refuses times before the epoch or past the last
    /// count.
    public func encode(_ time: UTCTime, into octets: inout [UInt8]) throws(TimeCodeError) {
        let (seconds, attoseconds) = epoch.elapsed(until: time)
        guard seconds >= 0, seconds < 1 << (8 * coarse) else { throw .field("seconds since the epoch") }
        for index in (0..<coarse).reversed() { octets.append(UInt8(truncatingIfNeeded: seconds >> (8 * index))) }
        // The largest fraction that is not above the time once it is read again.
        let used = min(8, fine)
        let scaled = (UInt128(attoseconds) + 1) << UInt128(8 * used) - 1
        let fraction = UInt64(truncatingIfNeeded: scaled / UInt128(TAITime.attosecondsPerSecond))
        for index in (0..<used).reversed() { octets.append(UInt8(truncatingIfNeeded: fraction >> UInt64(8 * index))) }
        for _ in used..<fine { octets.append(0) }
    }

    /// Adds the P-field at the end, one octet or two.
    public func encodePField(into octets: inout [UInt8]) {
        let identifier: UInt8 = epoch == .ccsds ? 0b001 : 0b010
        let (c, f) = (min(coarse, 4), min(fine, 3))
        let isLong = coarse > 4 || fine > 3
        octets.append((isLong ? 0x80 : 0) | identifier << 4 | UInt8(c - 1) << 2 | UInt8(f))
        if isLong { octets.append(UInt8(coarse - c) << 5 | UInt8(fine - f) << 2) }
    }
}
