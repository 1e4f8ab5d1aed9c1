public import Bytes

extension TextBuffer {
    /// Adds a point in time as ISO 8601 in UTC with so many decimals of a second (0 to 9):
    /// `2026-03-01T04:00:00.250000Z`. Unknown times add nothing.
    public mutating func append(_ time: CaptureTime, digits: Int) {
        guard time.isKnown else { return }
        let (seconds, nanoseconds) = Self.floored(time.nanoseconds, 1_000_000_000)
        append(secondsSince1970: seconds)
        if digits > 0 {
            append(UInt8(ascii: "."))
            append(UInt64(nanoseconds) / Self.tens[9 - min(digits, 9)], digits: min(digits, 9))
        }
        append(UInt8(ascii: "Z"))
    }

    /// Adds a date and a time of day without decimals and zone: `2026-03-01T04:00:00`.
    public mutating func append(secondsSince1970 seconds: Int64) {
        let (days, second) = Self.floored(seconds, 86_400)
        let (year, month, day) = Self.civil(days)
        if year < 0 { append(UInt8(ascii: "-")) }
        append(year.magnitude < 10_000 ? UInt64(year.magnitude) : 9_999, digits: 4)
        append(UInt8(ascii: "-"))
        append(UInt64(month), digits: 2)
        append(UInt8(ascii: "-"))
        append(UInt64(day), digits: 2)
        append(UInt8(ascii: "T"))
        append(UInt64(second / 3600), digits: 2)
        append(UInt8(ascii: ":"))
        append(UInt64(second / 60 % 60), digits: 2)
        append(UInt8(ascii: ":"))
        append(UInt64(second % 60), digits: 2)
    }

    /// Quotient and remainder of a division that rounds down, so that the remainder is never negative.
    static func floored(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are taken from March on, so that the leap day is the last of its year, in cycles of 400 years.
    static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (cycle, dayOfCycle) = floored(days + 719_468, 146_097)
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static let tens: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]
}
