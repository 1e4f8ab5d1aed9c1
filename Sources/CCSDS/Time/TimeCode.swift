internal import Bytes

/// Why octets are no time of a code, or a time cannot be put into it.
public enum TimeCodeError: Error, Sendable, Equatable {
    /// There are fewer octets than the code needs.
    case tooShort(needed: Int, present: Int)
    /// A field is out of its range, or names something that 301.0-B-4 does not define; the field in words.
    case field(String)
}

/// What a count of seconds counts from, and how.
public struct TimeEpoch: Sendable, Equatable {
    /// The moment of count 0.
    public var start: TAITime
    /// Whether leap seconds are counted, as a clock aboard does; without, the count follows UTC as Unix time does.
    public var countsLeapSeconds: Bool

    /// An epoch.
    public init(_ start: TAITime, countsLeapSeconds: Bool = true) {
        self.start = start
        self.countsLeapSeconds = countsLeapSeconds
    }

    /// An epoch given in UTC.
    public init(_ start: UTCTime, countsLeapSeconds: Bool = true) {
        self.init(start.tai, countsLeapSeconds: countsLeapSeconds)
    }

    /// 1958-01-01T00:00:00 TAI, the epoch of CCSDS (301.0-B-4, 3.2).
    public static let ccsds = TimeEpoch(TAITime(seconds: 0))
    /// 1970-01-01T00:00:00 UTC without leap seconds.
    public static let unix = TimeEpoch(UTCTime(day: 4383, second: 0), countsLeapSeconds: false)
    /// 1980-01-06T00:00:00 UTC, leap seconds counted.
    public static let gps = TimeEpoch(UTCTime(day: 8040, second: 0))
    /// 2000-01-01T00:00:00 UTC, leap seconds counted.
    public static let year2000 = TimeEpoch(UTCTime(day: 15340, second: 0))
    /// 2000-01-01T12:00:00 TT, which is 32.184 s ahead of TAI.
    public static let j2000 = TimeEpoch(TAITime(seconds: 15340 * 86400 + 43167, attoseconds: 816_000_000_000_000_000))

    /// The time that much after the epoch.
    public func time(after seconds: Int, attoseconds: UInt64 = 0) -> UTCTime {
        if countsLeapSeconds { return start.adding(seconds: seconds, attoseconds: attoseconds).utc }
        let sum = start.utc.linear.adding(seconds: seconds, attoseconds: attoseconds)
        let day = sum.seconds >= 0 ? sum.seconds / 86400 : (sum.seconds - 86399) / 86400
        return UTCTime(day: day, second: sum.seconds - day * 86400, attoseconds: sum.attoseconds)
    }

    /// How much after the epoch a time is; negative seconds before it.
    public func elapsed(until time: UTCTime) -> (seconds: Int, attoseconds: UInt64) {
        countsLeapSeconds ? time.tai.since(start) : time.linear.since(start.utc.linear)
    }
}

extension UTCTime {
    /// Days of 86,400 seconds, whatever they had: a leap second falls on the second behind it.
    fileprivate var linear: TAITime { TAITime(seconds: day * 86400 + second, attoseconds: attoseconds) }
}

/// A time code as its P-field tells (301.0-B-4, 3): how the octets of a time are to be read.
public enum TimeCode: Sendable, Equatable {
    /// Unsegmented.
    case cuc(CUC)
    /// Day segmented.
    case cds(CDS)
    /// Calendar segmented.
    case ccs(CCS)

    /// Reads the P-field at the front of some octets.
    ///
    /// - Parameter agencyEpoch: what the codes with an epoch of the agency count from: the P-field does not say.
    /// - Returns: the code, and how many octets the P-field has.
    public static func read(
        pField bytes: RawSpan, agencyEpoch: TimeEpoch = .year2000
    ) throws(TimeCodeError) -> (code: TimeCode, length: Int) {
        guard bytes.byteCount >= 1 else { throw .tooShort(needed: 1, present: 0) }
        let first = bytes.u8(at: 0)
        let isLong = first & 0x80 != 0
        switch first >> 4 & 7 {
        case 0b001, 0b010:
            var coarse = Int(first >> 2 & 3) + 1
            var fine = Int(first & 3)
            if isLong {
                guard bytes.byteCount >= 2 else { throw .tooShort(needed: 2, present: 1) }
                let second = bytes.u8(at: 1)
                guard second & 0x80 == 0 else { throw .field("a third octet of P-field") }
                coarse += Int(second >> 5 & 3)
                fine += Int(second >> 2 & 7)
            }
            let epoch: TimeEpoch = first >> 4 & 7 == 1 ? .ccsds : agencyEpoch
            return (.cuc(try CUC(coarse: coarse, fine: fine, epoch: epoch)), isLong ? 2 : 1)
        case 0b100:
            guard !isLong else { throw .field("a second octet of P-field") }
            let sub: CDS.Submilliseconds
            switch first & 3 {
            case 0: sub = .none
            case 1: sub = .microseconds
            case 2: sub = .picoseconds
            default: throw .field("length of the submillisecond segment")
            }
            let day = first & 8 != 0 ? agencyEpoch.start.utc.day : 0
            return (.cds(CDS(hasLongDay: first & 4 != 0, submilliseconds: sub, epochDay: day)), 1)
        case 0b101:
            guard !isLong else { throw .field("a second octet of P-field") }
            return (.ccs(try CCS(hasDayOfYear: first & 8 != 0, fraction: Int(first & 7))), 1)
        default: throw .field("time code identification")
        }
    }

    /// Octets of the T-field.
    public var length: Int {
        switch self {
        case .cuc(let code): code.length
        case .cds(let code): code.length
        case .ccs(let code): code.length
        }
    }

    /// Decimals of a second that it carries.
    public var decimals: Int {
        switch self {
        case .cuc(let code): code.decimals
        case .cds(let code): code.decimals
        case .ccs(let code): code.decimals
        }
    }

    /// Reads the T-field at the front of some octets.
    public func decode(_ bytes: RawSpan) throws(TimeCodeError) -> UTCTime {
        switch self {
        case .cuc(let code): try code.decode(bytes)
        case .cds(let code): try code.decode(bytes)
        case .ccs(let code): try code.decode(bytes)
        }
    }

    /// Adds the T-field of a time at the end.
    public func encode(_ time: UTCTime, into octets: inout [UInt8]) throws(TimeCodeError) {
        switch self {
        case .cuc(let code): try code.encode(time, into: &octets)
        case .cds(let code): try code.encode(time, into: &octets)
        case .ccs(let code): try code.encode(time, into: &octets)
        }
    }

    /// Adds the P-field at the end.
    public func encodePField(into octets: inout [UInt8]) {
        switch self {
        case .cuc(let code): code.encodePField(into: &octets)
        case .cds(let code): code.encodePField(into: &octets)
        case .ccs(let code): code.encodePField(into: &octets)
        }
    }
}
