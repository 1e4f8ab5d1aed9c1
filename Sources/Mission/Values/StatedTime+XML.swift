import Records

extension StatedTime {
    /// Attoseconds since 1970 from a date or dateTime as XML writes them; nil when it is none.
    static func parse(_ text: String) -> Int128? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard let date = halves.first, halves.count <= 2 else { return nil }
        var dateText = date
        if halves.count == 1, dateText.hasSuffix("Z") { dateText = dateText.dropLast() }
        let parts = dateText.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1...9_999).contains(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Int128(days(year: year, month: month, day: day)) * 86_400
        guard halves.count == 2 else { return seconds * attosecondsInSecond }
        var clock = halves[1]
        var zone = 0
        if clock.hasSuffix("Z") {
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let fields = clock[clock.index(after: sign)...].split(separator: ":").map { Int($0) }
            guard fields.count == 2, let hours = fields[0], let minutes = fields[1], (0...14).contains(hours),
                (0...59).contains(minutes)
            else { return nil }
            zone = (hours * 60 + minutes) * (clock[sign] == "-" ? -60 : 60)
            clock = clock[..<sign]
        }
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, let hour = Int(fields[0]), let minute = Int(fields[1]), (0...23).contains(hour),
            (0...59).contains(minute), let second = Decimal128(String(fields[2]))?.attoseconds, second >= 0,
            second < 60 * attosecondsInSecond
        else { return nil }
        seconds += Int128(hour * 3_600 + minute * 60 - zone)
        return seconds * attosecondsInSecond + second
    }
}
