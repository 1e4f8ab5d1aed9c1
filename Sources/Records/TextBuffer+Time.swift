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

    /// Adds a time as a member of an object.
    package mutating func member(_ name: StaticString, _ value: CaptureTime, digits: Int) {
        member(name)
        appendJSON(value, digits: digits)
    }

    /// Adds a time as a JSON string, or null where it is not known.
    package mutating func appendJSON(_ time: CaptureTime, digits: Int) {
        guard time.isKnown else { return append("null") }
        append("\"")
        append(time, digits: digits)
        append("\"")
    }

    /// Adds a date and a time of day without decimals and zone: `2026-03-01T04:00:00`.
    public mutating func append(secondsSince1970 seconds: Int64) {
        let (days, second) = Self.floored(seconds, 86_400)
        let (year, month, day) = StatedTime.date(daysSince1970: Int(days))
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
    package static func floored(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static let tens: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]
}
