internal import Records

/// A point of the time axis as a calendar has it.
struct CalendarTime {
    var year: Int
    var month: Int
    var day: Int
    /// Nanoseconds since the day began.
    var time: Int64

    static let second: Int64 = 1_000_000_000
    static let day: Int64 = 86_400 * second

    /// From nanoseconds since 1970.
    init(_ nanoseconds: Int64) {
        var (days, rest) = nanoseconds.quotientAndRemainder(dividingBy: Self.day)
        if rest < 0 { (days, rest) = (days - 1, rest + Self.day) }
        (year, month, day) = StatedTime.date(daysSince1970: Int(days))
        time = rest
    }

    /// `2026-03-01`.
    var date: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// `Mar 1`.
    var shortDate: String { "\(Self.months[month - 1]) \(day)" }

    /// `Mar`.
    var monthName: String { Self.months[month - 1] }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `04:00`, `04:00:01`, or with decimals of a second (0 to 9).
    func clock(seconds: Bool, decimals: Int = 0) -> String {
        let whole = Int(time / Self.second)
        var text = "\(Self.padded(whole / 3600, 2)):\(Self.padded(whole / 60 % 60, 2))"
        if seconds || decimals > 0 { text += ":\(Self.padded(whole % 60, 2))" }
        if decimals > 0 { text += "." + Self.padded(Int(time % Self.second), 9).prefix(min(9, decimals)) }
        return text
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Nanoseconds since 1970 of the first of a month; nil outside of the years 1678 to 2262.
    static func firstOf(year: Int, month: Int) -> Int64? {
        guard (1678...2262).contains(year) else { return nil }
        let (value, overflow) = Int64(StatedTime.days(year: year, month: month, day: 1))
            .multipliedReportingOverflow(by: day)
        return overflow ? nil : value
    }
}
