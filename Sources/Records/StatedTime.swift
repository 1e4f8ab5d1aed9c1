/// A point in time that a packet states, to the attosecond.
@frozen
public struct StatedTime: Sendable, Hashable {
    /// Whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before.
    public var seconds: Int64
    /// The rest, 0 to under 10^18; from 10^18 on inside a leap second, which follows the second ``seconds``.
    public var attoseconds: UInt64

    /// A time from its parts.
    @inlinable
    public init(seconds: Int64, attoseconds: UInt64) {
        self.seconds = seconds
        self.attoseconds = attoseconds
    }

    /// Attoseconds in a second.
    package static let attosecondsInSecond: Int128 = 1_000_000_000_000_000_000

    /// The calendar date and time of day in UTC.
    public struct Calendar: Sendable, Hashable {
        /// The year, 1 to 9999.
        public var year: Int
        /// 1 to 12.
        public var month: Int
        /// 1 to 31.
        public var day: Int
        /// 0 to 23.
        public var hour: Int
        /// 0 to 59.
        public var minute: Int
        /// 0 to 60.
        public var second: Int
        /// Below 10^18.
        public var attoseconds: UInt64
    }

    /// Date and time of day in UTC.
    public var calendar: Calendar {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let time = Int(seconds - days * 86_400)
        let date = Self.date(daysSince1970: Int(days))
        let isLeap = attoseconds >= UInt64(Self.attosecondsInSecond)
        return Calendar(
            year: date.year, month: date.month, day: date.day, hour: time / 3_600, minute: time / 60 % 60,
            second: time % 60 + (isLeap ? 1 : 0),
            attoseconds: isLeap ? attoseconds - UInt64(Self.attosecondsInSecond) : attoseconds)
    }

    /// `2026-11-24T08:18:03.25Z` with so many decimals (0 to 18); what lies behind them is cut off.
    public func text(digits: Int) -> String {
        let calendar = calendar
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        var out = "\(padded(calendar.year, 4))-\(padded(calendar.month, 2))-\(padded(calendar.day, 2))T"
        out += "\(padded(calendar.hour, 2)):\(padded(calendar.minute, 2)):\(padded(calendar.second, 2))"
        let digits = min(18, max(0, digits))
        if digits > 0 {
            let all = String(calendar.attoseconds)
            out += "." + (String(repeating: "0", count: 18 - all.count) + all).prefix(digits)
        }
        return out + "Z"
    }

    /// From attoseconds since 1970 without leap seconds; nil outside the years 1 to 9999.
    package init?(utc: Int128) {
        var whole = utc / Self.attosecondsInSecond
        var rest = utc % Self.attosecondsInSecond
        if rest < 0 {
            whole -= 1
            rest += Self.attosecondsInSecond
        }
        guard whole >= -62_135_596_800, whole <= 253_402_300_799 else { return nil }
        seconds = Int64(whole)
        attoseconds = UInt64(rest)
    }

    /// Attoseconds since 1970 without leap seconds. A time inside a leap second counts as the end of the second before.
    package var utc: Int128 {
        Int128(seconds) * Self.attosecondsInSecond + min(Int128(attoseconds), Self.attosecondsInSecond - 1)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day is
    /// the last of a year, and in eras of 400 years, which all have the same number of days.
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    package static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
