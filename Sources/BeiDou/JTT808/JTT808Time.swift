internal import Records

/// Times of six octets, two digits each: YYMMDDhhmmss of the years 2000 to 2099 (jtt808.md, 0x0200 and 0x8004).
enum JTT808Time {
    /// Whether there is such a day.
    static func isDate(year: Int, month: Int, day: Int) -> Bool {
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        return day <= length
    }

    /// The octets of a time as it is printed, `2018-07-15T02:10:10Z`, by a clock so many hours ahead of UTC; nil when
    /// it is not written so, is no time, has parts of a second, or lies outside the years 2000 to 2099 by that clock.
    static func octets(_ text: String, hoursAhead: Int) -> [UInt8]? {
        var letters = Array(text.utf8)
        // Decimals say nothing when they are zero.
        if letters.count > 21, letters[19] == UInt8(ascii: "."), letters.last == UInt8(ascii: "Z") {
            guard letters[20..<letters.count - 1].allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            letters.removeSubrange(19..<letters.count - 1)
        }
        guard letters.count == 20 else { return nil }
        for (index, letter) in zip(letters.indices, "0000-00-00T00:00:00Z".utf8) {
            let isDigit = (0x30...0x39).contains(letters[index])
            guard letter == UInt8(ascii: "0") ? isDigit : letters[index] == letter else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { letters[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard year >= 1, isDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let days = StatedTime.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + (hour + hoursAhead) * 3600 + minute * 60 + second
        let local = StatedTime(seconds: Int64(seconds), attoseconds: 0).calendar
        guard (2000...2099).contains(local.year) else { return nil }
        let parts = [local.year - 2000, local.month, local.day, local.hour, local.minute, local.second]
        return parts.map { UInt8(($0 / 10) * 16 + $0 % 10) }
    }
}
