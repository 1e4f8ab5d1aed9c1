internal import Bytes
internal import Records

/// The time that a logger wrote in front of a line: a date and a time of day as ISO 8601 has them, blank or T between them,
/// with or without a zone (without one it is taken as UTC), or seconds since 1970 with a fraction.
enum LogStamp {
    /// Reads the first time that stands in the text, and the decimals of a second that it has; unknown brackets and words in front of it are passed over.
    static func read(_ line: RawSpan) -> (time: CaptureTime, digits: Int)? {
        var at = 0
        while at < line.byteCount {
            if ASCII.isDigit(line.u8(at: at)) {
                var cursor = Cursor(line, at)
                if let time = cursor.date() ?? cursor.epoch() { return (time, cursor.digits) }
                while at < line.byteCount, ASCII.isDigit(line.u8(at: at)) { at += 1 }
            } else {
                at += 1
            }
        }
        return nil
    }
}

private struct Cursor: ~Escapable {
    private let line: RawSpan
    private let start: Int
    private var at: Int
    /// Decimals of a second that were read.
    private(set) var digits = 0

    @_lifetime(copy line)
    init(_ line: RawSpan, _ at: Int) {
        self.line = line
        start = at
        self.at = at
    }

    /// `2024-05-01 12:00:00.250+08:00`, slashes for dashes too.
    @_lifetime(self: copy self)
    mutating func date() -> CaptureTime? {
        at = start
        guard let year = number(4), skip("-") || skip("/"), let month = number(2), skip("-") || skip("/"),
            let day = number(2), skip("T") || skip(" "), let hour = number(2), skip(":"), let minute = number(2),
            skip(":"), let second = number(2), (1970...2261).contains(year), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let fraction = self.fraction()
        let days = StatedTime.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - zone()
        return CaptureTime(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(fraction))
    }

    /// The seconds since 1970 that 64 bits of nanoseconds do not reach, in April 2262.
    private static let end = 9_223_372_036

    /// `1714560000.25`: ten digits, or thirteen of milliseconds.
    @_lifetime(self: copy self)
    mutating func epoch() -> CaptureTime? {
        at = start
        var digits = 0
        var value = 0
        while at < line.byteCount, ASCII.isDigit(line.u8(at: at)), digits < 14 {
            value = value * 10 + Int(line.u8(at: at) - 0x30)
            digits += 1
            at += 1
        }
        switch digits {
        case 10 where value < Self.end:
            return CaptureTime(nanoseconds: Int64(value) * 1_000_000_000 + Int64(fraction()))
        case 13 where value / 1_000 < Self.end:
            self.digits = 3
            return CaptureTime(nanoseconds: Int64(value) * 1_000_000)
        default: return nil
        }
    }

    @_lifetime(self: copy self)
    private mutating func number(_ digits: Int) -> Int? {
        guard line.byteCount - at >= digits else { return nil }
        var value = 0
        for index in at..<at + digits {
            guard ASCII.isDigit(line.u8(at: index)) else { return nil }
            value = value * 10 + Int(line.u8(at: index) - 0x30)
        }
        at += digits
        return value
    }

    @_lifetime(self: copy self)
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard at < line.byteCount, line.u8(at: at) == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// Nanoseconds behind a point or comma; 0 when there are none.
    @_lifetime(self: copy self)
    private mutating func fraction() -> Int {
        guard skip(".") || skip(",") else { return 0 }
        var (value, weight) = (0, 100_000_000)
        while at < line.byteCount, ASCII.isDigit(line.u8(at: at)) {
            value += Int(line.u8(at: at) - 0x30) * weight
            weight /= 10
            at += 1
            digits = min(9, digits + 1)
        }
        return value
    }

    /// Seconds that the zone is ahead of UTC; 0 where none is written.
    @_lifetime(self: copy self)
    private mutating func zone() -> Int {
        guard at < line.byteCount else { return 0 }
        let sign = line.u8(at: at) == UInt8(ascii: "-") ? -1 : 1
        guard skip("+") || skip("-"), let hours = number(2) else { return 0 }
        _ = skip(":")
        return sign * (hours * 3_600 + (number(2) ?? 0) * 60)
    }
}
