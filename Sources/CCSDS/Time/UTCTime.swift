/// A point in time as UTC counts it: day, second of the day and attoseconds, leap seconds included.
public struct UTCTime: Sendable, Hashable, Comparable {
    /// Days since 1958-01-01; negative before.
    public var day: Int
    /// Second of the day: 0 … 86399, 86400 in a leap second.
    public var second: Int
    /// What of the next second has gone by, 0 … 10^18 - 1.
    public var attoseconds: UInt64

    /// A time from its parts, which lie in their ranges.
    public init(day: Int, second: Int, attoseconds: UInt64 = 0) {
        precondition(second >= 0 && second <= 86400, "a second of a day")
        precondition(attoseconds < TAITime.attosecondsPerSecond, "attoseconds are less than a second")
        self.day = day
        self.second = second
        self.attoseconds = attoseconds
    }

    /// A time from the calendar (proleptic Gregorian); nil for a date that there is not, or a time of day that there is
    /// not. Second 60 is taken at 23:59 of any day: nobody knows the leap seconds to come.
    public init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, attoseconds: UInt64 = 0
    ) {
        guard (1...12).contains(month), day >= 1, day <= Calendar.days(inMonth: month, of: year) else { return nil }
        self.init(
            dayNumber: Calendar.day(year: year, month: month, day: day), hour, minute, second, attoseconds)
    }

    /// A time from a year and a day of it, 1 … 366; nil as above.
    public init?(
        year: Int, dayOfYear: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, attoseconds: UInt64 = 0
    ) {
        guard dayOfYear >= 1, dayOfYear <= (Calendar.isLeap(year) ? 366 : 365) else { return nil }
        self.init(
            dayNumber: Calendar.day(year: year, month: 1, day: 1) + dayOfYear - 1, hour, minute, second, attoseconds)
    }

    private init?(dayNumber: Int, _ hour: Int, _ minute: Int, _ second: Int, _ attoseconds: UInt64) {
        guard (0...23).contains(hour), (0...59).contains(minute), attoseconds < TAITime.attosecondsPerSecond else {
            return nil
        }
        guard (0...59).contains(second) || second == 60 && hour == 23 && minute == 59 else { return nil }
        self.init(day: dayNumber, second: hour * 3600 + minute * 60 + second, attoseconds: attoseconds)
    }

    /// Whether `a` is before `b`.
    public static func < (a: UTCTime, b: UTCTime) -> Bool {
        (a.day, a.second, a.attoseconds) < (b.day, b.second, b.attoseconds)
    }

    /// The same time as TAI. A second 86400 on a day without leap second is the first one of the next day.
    public var tai: TAITime {
        TAITime(seconds: day * 86400 + second + LeapSeconds.offset(onDay: day), attoseconds: attoseconds)
    }

    /// The date.
    public var date: (year: Int, month: Int, day: Int) { Calendar.date(ofDay: day) }

    /// The day of the year, from 1 on.
    public var dayOfYear: Int { day - Calendar.day(year: date.year, month: 1, day: 1) + 1 }

    /// Nanoseconds since 1970-01-01 as captures count them: leap seconds are not counted, the last one stands for two.
    /// Nil outside of the years 1678 to 2262.
    public var unixNanoseconds: Int64? {
        let (seconds, overflow) = (day - 4383).multipliedReportingOverflow(by: 86400)
        guard !overflow else { return nil }
        let (scaled, tooMuch) = (seconds + min(second, 86399)).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = scaled.addingReportingOverflow(Int(attoseconds / 1_000_000_000))
        return tooMuch || overflowed ? nil : Int64(sum)
    }

    /// The nearest time with so many decimals of a second, 0 … 18.
    public func rounded(toDecimals decimals: Int) -> UTCTime {
        let step = Self.powers[18 - max(0, min(18, decimals))]
        let rest = attoseconds % step
        let down = attoseconds - rest
        if rest < step - rest { return UTCTime(day: day, second: second, attoseconds: down) }
        if down + step < TAITime.attosecondsPerSecond {
            return UTCTime(day: day, second: second, attoseconds: down + step)
        }
        // The next second, which may be a leap second or belong to the next day.
        return TAITime(seconds: tai.seconds + 1).utc
    }

    /// 10^0 … 10^18.
    static let powers: [UInt64] = (0...18).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }
}

/// Days of the Gregorian calendar, counted from 1958-01-01.
enum Calendar {
    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func days(inMonth month: Int, of year: Int) -> Int {
        [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days before the first of each month of a year that begins in March.
    private static func daysBefore(marchMonth month: Int) -> Int { (153 * month + 2) / 5 }

    static func day(year: Int, month: Int, day: Int) -> Int {
        // Years that begin in March have their odd day at the end; eras are 400 of them.
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = daysBefore(marchMonth: (month + 9) % 12) + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146097 + dayOfEra - 715_085
    }

    static func date(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 715_085
        let era = (shifted >= 0 ? shifted : shifted - 146096) / 146097
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - daysBefore(marchMonth: marchMonth) + 1)
    }
}
