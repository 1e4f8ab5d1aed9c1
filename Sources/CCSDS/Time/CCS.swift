internal import Bytes

/// Calendar segmented time code (301.0-B-4, 3.4): a UTC date and time in pairs of decimal digits, two an octet.
///
///     year (2 octets), month, day  or  day of the year (2 octets), hour, minute, second, 0 … 6 octets of fraction
public struct CCS: Sendable, Equatable {
    /// The date is a day of the year and not a month and a day.
    public var hasDayOfYear: Bool
    /// Octets of fraction of a second, two digits each, 0 … 6.
    public var fraction: Int

    /// A code from its parts; refuses more fraction than there can be.
    public init(hasDayOfYear: Bool, fraction: Int) throws(TimeCodeError) {
        guard (0...6).contains(fraction) else { throw .field("octets of fraction") }
        self.hasDayOfYear = hasDayOfYear
        self.fraction = fraction
    }

    /// Octets of the T-field.
    public var length: Int { 7 + fraction }

    /// Decimals of a second that it carries.
    public var decimals: Int { 2 * fraction }

    /// Reads the T-field at the front of some octets; refuses what are no digits, and dates and times that there are
    /// not.
    public func decode(_ bytes: RawSpan) throws(TimeCodeError) -> UTCTime {
        guard bytes.byteCount >= length else { throw .tooShort(needed: length, present: bytes.byteCount) }
        func pair(_ at: Int) throws(TimeCodeError) -> Int {
            let octet = bytes.u8(at: at)
            guard octet >> 4 <= 9, octet & 15 <= 9 else { throw .field("decimal digits") }
            return Int(octet >> 4) * 10 + Int(octet & 15)
        }
        let year = try pair(0) * 100 + pair(1)
        let (a, b) = (try pair(2), try pair(3))
        let (hour, minute, second) = (try pair(4), try pair(5), try pair(6))
        var attoseconds: UInt64 = 0
        for index in 0..<fraction { attoseconds = attoseconds * 100 + UInt64(try pair(7 + index)) }
        attoseconds *= UTCTime.powers[18 - decimals]
        let time =
            hasDayOfYear
            ? UTCTime(
                year: year, dayOfYear: a * 100 + b, hour: hour, minute: minute, second: second, attoseconds: attoseconds
            )
            : UTCTime(
                year: year, month: a, day: b, hour: hour, minute: minute, second: second, attoseconds: attoseconds)
        guard let time else { throw .field("a date or time of day that there is not") }
        return time
    }

    /// Adds the T-field of a time at the end; what is below its resolution is cut. Refuses years of more than four
    /// digits.
    public func encode(_ time: UTCTime, into octets: inout [UInt8]) throws(TimeCodeError) {
        func put(_ pair: Int) { octets.append(UInt8((pair / 10) << 4 | pair % 10)) }
        let date = time.date
        guard (0...9999).contains(date.year) else { throw .field("year") }
        put(date.year / 100)
        put(date.year % 100)
        put(hasDayOfYear ? time.dayOfYear / 100 : date.month)
        put(hasDayOfYear ? time.dayOfYear % 100 : date.day)
        let second = min(time.second, 86399)
        put(second / 3600)
        put(second / 60 % 60)
        put(second % 60 + time.second - second)
        for index in 0..<fraction { put(Int(time.attoseconds / UTCTime.powers[16 - 2 * index] % 100)) }
    }

    /// Adds the P-field at the end.
    public func encodePField(into octets: inout [UInt8]) {
        octets.append(0x50 | (hasDayOfYear ? 8 : 0) | UInt8(fraction))
    }
}
