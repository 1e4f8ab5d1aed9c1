/// Points in time as people write them in filters and options.
package enum TimeText {
    /// Attoseconds since 1970 without leap seconds; nil when the text is no time.
    ///
    /// `2026-03-01T04:00:00.25Z`, a blank for the T, seconds left out or the time of day, another zone than UTC as
    /// `+08:00`, and the day of the year as `2026-060T04:00` (CCSDS 301.0-B-4, ASCII codes A and B).
    package static func attoseconds(_ text: String) -> Int128? {
        var reader = Reader(text)
        guard let year = reader.number(4), reader.skip("-"), (1...9_999).contains(year) else { return nil }
        let days: Int
        if let dayOfYear = reader.number(3) {
            guard (1...366).contains(dayOfYear) else { return nil }
            days = StatedTime.days(year: year, month: 1, day: 1) + dayOfYear - 1
            guard StatedTime.date(daysSince1970: days).year == year else { return nil }
        } else {
            guard let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
                (1...12).contains(month), (1...31).contains(day)
            else { return nil }
            days = StatedTime.days(year: year, month: month, day: day)
            // The 31st of a month that has 30 days would be another month's first.
            guard StatedTime.date(daysSince1970: days).day == day else { return nil }
        }
        var seconds = Int128(days) * 86_400
        var fraction: Int128 = 0
        if reader.skip("T") || reader.skip(" ") {
            guard let clock = reader.clock() else { return nil }
            seconds += Int128(clock.seconds)
            fraction = clock.fraction
        }
        if !reader.skip("Z") {
            guard let zone = reader.zone() else { return nil }
            seconds -= Int128(zone)
        }
        guard reader.isAtEnd else { return nil }
        return seconds * StatedTime.attosecondsInSecond + fraction
    }

    /// The same for seconds since 1970, as decimal digits with a fraction of up to 18 digits; exact, as no binary number
    /// is. Nil for what is written in another way, or beyond the year 9999.
    package static func attosecondsSince1970(_ digits: String) -> Int128? {
        let isNegative = digits.hasPrefix("-")
        let parts = digits.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].utf8.count <= 12, parts.contains(where: { !$0.isEmpty }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let seconds = parts[0].isEmpty ? 0 : UInt64(parts[0])
        else { return nil }
        var value = Int128(seconds) * StatedTime.attosecondsInSecond
        if parts.count == 2 {
            guard let fraction = UInt64((parts[1] + String(repeating: "0", count: 18)).prefix(18)) else { return nil }
            value += Int128(fraction)
        }
        return isNegative ? -value : value
    }

    /// What may be written.
    package static let examples = "2026-03-01T04:00:00Z, 2026-03-01 12:00:00.25+08:00, 2026-060T04:00 or 2026-03-01"

    private struct Reader {
        private let octets: [UInt8]
        private var at = 0

        init(_ text: String) { octets = Array(text.utf8) }

        var isAtEnd: Bool { at == octets.count }

        /// A number of just so many digits, behind which no digit stands.
        mutating func number(_ digits: Int) -> Int? {
            var value = 0
            for index in at..<at + digits {
                guard index < octets.count, octets[index] &- 0x30 < 10 else { return nil }
                value = value * 10 + Int(octets[index] &- 0x30)
            }
            guard at + digits >= octets.count || octets[at + digits] &- 0x30 >= 10 else { return nil }
            at += digits
            return value
        }

        mutating func skip(_ sign: Character) -> Bool {
            guard at < octets.count, Character(UnicodeScalar(octets[at])) == sign else { return false }
            at += 1
            return true
        }

        mutating func clock() -> (seconds: Int, fraction: Int128)? {
            guard let hour = number(2), skip(":"), let minute = number(2), hour < 24, minute < 60 else { return nil }
            var second = 0
            var fraction: Int128 = 0
            if skip(":") {
                guard let found = number(2), found < 60 else { return nil }
                second = found
                if skip(".") || skip(",") {
                    let start = at
                    var weight = StatedTime.attosecondsInSecond
                    while at < octets.count, octets[at] &- 0x30 < 10 {
                        weight /= 10
                        fraction += Int128(octets[at] &- 0x30) * weight
                        at += 1
                    }
                    guard at > start else { return nil }
                }
            }
            return (hour * 3_600 + minute * 60 + second, fraction)
        }

        /// Seconds east of UTC; 0 where no zone is named.
        mutating func zone() -> Int? {
            guard !isAtEnd else { return 0 }
            let sign = skip("+") ? 1 : skip("-") ? -1 : 0
            guard sign != 0, let hours = number(2), hours <= 14 else { return nil }
            if isAtEnd { return sign * hours * 3_600 }
            guard skip(":"), let minutes = number(2), minutes < 60 else { return nil }
            return sign * (hours * 3_600 + minutes * 60)
        }
    }
}
