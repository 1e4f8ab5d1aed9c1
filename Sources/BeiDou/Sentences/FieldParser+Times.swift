internal import Bytes

/// A short text made of digits: up to sixteen octets, the first in the lowest octet of the first word.
struct ShortText {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// 0: the field is not written as it must be.
    var count = 0
}

/// Fields of dates and times.
extension FieldParser {
    /// The two digits of a place, as a number over 99 when they are none.
    @inline(__always)
    private static func pair(_ message: RawSpan, _ at: Int) -> Int {
        let high = message.u8(at: at) &- ASCII.zero
        let low = message.u8(at: at &+ 1) &- ASCII.zero
        return high < 10 && low < 10 ? Int(high) &* 10 &+ Int(low) : 1_000
    }

    /// `hhmmss` or `hhmmss.ss` as `hh:mm:ss.ss`.
    @inline(__always)
    static func timeOfDay(_ message: RawSpan, _ start: Int, _ end: Int) -> ShortText {
        let decimals = end &- start &- 7
        guard end &- start >= 6, secondOfDay(message, start) >= 0 else { return ShortText() }
        let digits = message.u64le(at: start &- 2) &>> 16
        var text = ShortText()
        text.low = (digits & 0xFFFF) | (0x3A &<< 16) | (((digits &>> 16) & 0xFFFF) &<< 24)
        text.low |= (0x3A &<< 40) | ((digits &>> 32) &<< 48)
        text.count = 8
        if decimals < 0 { return text }
        guard message.u8(at: start &+ 6) == ASCII.point else { return ShortText() }
        // A point with nothing behind it is left out, and decimals behind the seventh are.
        let shown = min(decimals, 7)
        guard shown > 0 else { return text }
        guard fraction(message, start &+ 7, end) != nil else { return ShortText() }
        // The word that ends with the last decimal, without what stands in front of the point.
        text.high = message.u64le(at: start &+ shown &- 1) &>> UInt64(truncatingIfNeeded: (7 &- shown) &* 8)
        text.count = 9 &+ shown
        return text
    }

    /// The second of the day of `hhmmss`, 86400 for the leap second of 23:59:60; negative: none.
    @inline(__always)
    static func secondOfDay(_ message: RawSpan, _ start: Int) -> Int {
        let word = (message.u64le(at: start &- 2) & 0xFFFF_FFFF_FFFF_0000) | 0x3030
        guard let number = Word.number(word) else { return -1 }
        let (hour, rest) = (number / 10_000, number % 10_000)
        let (minute, second) = (rest / 100, rest % 100)
        guard hour < 24, minute < 60, second <= 60 else { return -1 }
        return Int(truncatingIfNeeded: (hour &* 60 &+ minute) &* 60 &+ second)
    }

    /// Decimals of a second in attoseconds.
    @inline(__always)
    static func fraction(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
        let count = end &- start
        if count <= 0 { return 0 }
        if count <= 8 {
            guard let digits = Word.number(word(message, end: end, count: count)) else { return nil }
            var value = digits &* 10_000_000_000
            for _ in count..<8 { value &*= 10 }
            return value
        }
        guard count <= 18, let digits = unsigned(message, start, end) else { return nil }
        var value = digits
        for _ in count..<18 { value &*= 10 }
        return value
    }

    /// Two digits of hour, two of minute, as `hh:mm`.
    static func hourMinute(_ message: RawSpan, _ start: Int, _ end: Int) -> ShortText {
        guard end - start == 4, pair(message, start) < 24, pair(message, start + 2) < 60 else { return ShortText() }
        let digits = UInt64(message.u32le(at: start))
        return ShortText(low: (digits & 0xFFFF) | (0x3A << 16) | ((digits >> 16) << 24), count: 5)
    }

    /// `mmss` in seconds.
    static func minutesSeconds(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
        guard end - start == 4 else { return nil }
        let (minutes, seconds) = (pair(message, start), pair(message, start + 2))
        return minutes < 100 && seconds < 60 ? UInt64(minutes * 60 + seconds) : nil
    }

    /// A date of the Gregorian calendar.
    struct Day {
        var (year, month, day) = (0, 0, 0)

        var isThere: Bool {
            guard year >= 1, month >= 1, month <= 12, day >= 1 else { return false }
            if month == 2 {
                let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
                return day <= (isLeap ? 29 : 28)
            }
            return day <= (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31)
        }

        /// `yyyy-mm-dd`
        var text: ShortText {
            func pair(_ number: Int) -> UInt64 { UInt64(0x3030 | (number / 10) | ((number % 10) << 8)) }
            return ShortText(
                low: pair(year / 100) | (pair(year % 100) << 16) | (0x2D << 32) | (pair(month) << 40) | (0x2D << 56),
                high: pair(day), count: 10)
        }
    }

    /// `ddmmyy`; years from 80 on are of the last century, when the first satellites flew.
    static func date(_ message: RawSpan, _ start: Int, _ end: Int) -> Day? {
        guard end - start == 6 else { return nil }
        let year = pair(message, start + 4)
        guard year < 100 else { return nil }
        let day = Day(
            year: year < 80 ? 2_000 + year : 1_900 + year, month: pair(message, start + 2), day: pair(message, start))
        return day.isThere ? day : nil
    }

    /// `dd,mm,yyyy`
    static func dayMonthYear(_ message: RawSpan, _ start: Int, _ end: Int) -> Day? {
        var numbers = (0, 0, 0)
        var place = start
        for column in 0..<3 {
            let from = place
            while place < end, message.u8(at: place) != ASCII.comma { place += 1 }
            guard let number = unsigned(message, from, place), number <= 9_999 else { return nil }
            switch column {
            case 0: numbers.0 = Int(number)
            case 1: numbers.1 = Int(number)
            default: numbers.2 = Int(number)
            }
            if column < 2 {
                guard place < end else { return nil }
                place += 1
            }
        }
        guard place == end else { return nil }
        let day = Day(year: numbers.2, month: numbers.1, day: numbers.0)
        return day.isThere ? day : nil
    }

    /// `-08,00` as `-08:00`.
    static func zone(_ message: RawSpan, _ start: Int, _ end: Int) -> ShortText {
        var from = start
        let sign = message.u8(at: start)
        if sign == ASCII.minus || sign == ASCII.plus { from += 1 }
        var comma = from
        while comma < end, message.u8(at: comma) != ASCII.comma { comma += 1 }
        guard comma - from >= 1, comma - from <= 2, let hours = unsigned(message, from, comma), hours <= 14 else {
            return ShortText()
        }
        var minutes: UInt64 = 0
        if comma + 1 < end {
            // Some write the sign of the minutes, too.
            let first = message.u8(at: comma + 1)
            let digits = comma + (first == ASCII.minus || first == ASCII.plus ? 2 : 1)
            guard let stated = unsigned(message, digits, end), stated < 60 else { return ShortText() }
            minutes = stated
        }
        func pair(_ number: UInt64) -> UInt64 { 0x3030 | (number / 10) | ((number % 10) << 8) }
        let shown = UInt64(sign == ASCII.minus ? ASCII.minus : ASCII.plus)
        return ShortText(low: shown | (pair(hours) << 8) | (0x3A << 24) | (pair(minutes) << 32), count: 6)
    }
}
