internal import Bytes

/// Day segmented time code (301.0-B-4, 3.3): days since an epoch, milliseconds of the day, and what is below them. It
/// follows UTC: on a day with a leap second the milliseconds go on to 86,400,999.
public struct CDS: Sendable, Equatable {
    /// What is below the milliseconds.
    public enum Submilliseconds: Int, Sendable {
        /// Nothing.
        case none = 0
        /// 16 bits of microseconds of the millisecond, 0 … 999.
        case microseconds = 2
        /// 32 bits of picoseconds of the millisecond, 0 … 999,999,999.
        case picoseconds = 4
    }

    /// Days in 24 bits and not in 16.
    public var hasLongDay: Bool
    /// What is below the milliseconds.
    public var submilliseconds: Submilliseconds
    /// The day counted as 0, in days since 1958-01-01.
    public var epochDay: Int

    /// A code from its parts.
    public init(hasLongDay: Bool = false, submilliseconds: Submilliseconds = .none, epochDay: Int = 0) {
        self.hasLongDay = hasLongDay
        self.submilliseconds = submilliseconds
        self.epochDay = epochDay
    }

    private var dayLength: Int { hasLongDay ? 3 : 2 }

    /// Octets of the T-field.
    public var length: Int { dayLength + 4 + submilliseconds.rawValue }

    /// Decimals of a second that it carries.
    public var decimals: Int { 3 + (submilliseconds == .none ? 0 : submilliseconds == .microseconds ? 3 : 9) }

    /// Reads the T-field at the front of some octets; refuses fields over their range.
    public func decode(_ bytes: RawSpan) throws(TimeCodeError) -> UTCTime {
        guard bytes.byteCount >= length else { throw .tooShort(needed: length, present: bytes.byteCount) }
        let day = hasLongDay ? Int(bytes.u24(at: 0)) : Int(bytes.u16(at: 0))
        let milliseconds = Int(bytes.u32(at: dayLength))
        guard milliseconds <= 86_400_999 else { throw .field("milliseconds of the day") }
        var attoseconds = UInt64(milliseconds % 1000) * 1_000_000_000_000_000
        switch submilliseconds {
        case .none: break
        case .microseconds:
            let value = bytes.u16(at: dayLength + 4)
            guard value <= 999 else { throw .field("microseconds of the millisecond") }
            attoseconds += UInt64(value) * 1_000_000_000_000
        case .picoseconds:
            let value = bytes.u32(at: dayLength + 4)
            guard value <= 999_999_999 else { throw .field("picoseconds of the millisecond") }
            attoseconds += UInt64(value) * 1_000_000
        }
        return UTCTime(day: epochDay + day, second: milliseconds / 1000, attoseconds: attoseconds)
    }

    /// Adds the T-field of a time at the end; what is below its resolution is cut. Refuses days that it cannot count.
    public func encode(_ time: UTCTime, into octets: inout [UInt8]) throws(TimeCodeError) {
        let day = time.day - epochDay
        guard day >= 0, day < 1 << (8 * dayLength) else { throw .field("days since the epoch") }
        if hasLongDay { octets.append(UInt8(day >> 16)) }
        octets.append(big: UInt16(truncatingIfNeeded: day))
        octets.append(big: UInt32(time.second * 1000) + UInt32(time.attoseconds / 1_000_000_000_000_000))
        let below = time.attoseconds % 1_000_000_000_000_000
        switch submilliseconds {
        case .none: break
        case .microseconds: octets.append(big: UInt16(below / 1_000_000_000_000))
        case .picoseconds: octets.append(big: UInt32(below / 1_000_000))
        }
    }

    /// Adds the P-field at the end.
    public func encodePField(into octets: inout [UInt8]) {
        let sub: UInt8 = submilliseconds == .none ? 0 : submilliseconds == .microseconds ? 1 : 2
        octets.append(0x40 | (epochDay == 0 ? 0 : 8) | (hasLongDay ? 4 : 0) | sub)
    }
}
