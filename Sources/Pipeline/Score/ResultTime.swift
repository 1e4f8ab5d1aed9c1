internal import Bytes
internal import Records

/// Times as programs write them.
enum ResultTime {
    /// Nanoseconds since 1970 of what stands at a place; nil where nothing does, or it cannot be read.
    static func nanoseconds(_ tape: ValueTape, _ place: Int?) -> Int64? {
        guard let place else { return nil }
        let attoseconds: Int128? =
            switch JSONText(tape, place) {
            case .number(let digits): number(digits)
            case .text(let text): attoseconds(text) ?? number(text)
            case .null, .boolean, .list, .object: nil
            }
        return attoseconds.flatMap { Int64(exactly: $0 / 1_000_000_000) }
    }

    /// Attoseconds since 1970 of a time as ISO 8601, also in its basic form (`20260315T022200Z`), and with an offset without a
    /// colon (`+0800`).
    static func attoseconds(_ text: String) -> Int128? {
        TimeText.attoseconds(text) ?? extended(text).flatMap(TimeText.attoseconds)
    }

    /// The extended form of a time in another form; nil where nothing would change.
    private static func extended(_ text: String) -> String? {
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        var words = text.trimmingBlanks.uppercased()
        for zone in [" UTC", " GMT", "UTC"] where words.hasSuffix(zone) {
            words = String(words.dropLast(zone.count)) + "Z"
            break
        }
        words.replace(" Z", with: "Z")
        guard let cut = words.firstIndex(where: { $0 == "T" || $0 == " " }) else {
            return words == text ? nil : words
        }
        var date = String(words[..<cut])
        var clock = String(words[words.index(after: cut)...])
        if date.count == 8, isDigits(date) {
            date = "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
        } else if date.count == 7, isDigits(date) {
            date = "\(date.prefix(4))-\(date.suffix(3))"
        }
        if clock.first == " " { clock.removeFirst() }
        var zone = ""
        if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == "Z" }) {
            zone = String(clock[sign...])
            clock = String(clock[..<sign])
            if clock.last == " " { clock.removeLast() }
            if zone.count == 5, isDigits(zone.dropFirst()) { zone = "\(zone.prefix(3)):\(zone.suffix(2))" }
        }
        let whole = clock.prefix { $0 != "." && $0 != "," }
        if whole.count == 6 || whole.count == 4, isDigits(whole) {
            let seconds = whole.count == 6 ? ":\(whole.suffix(2))" : ""
            clock = "\(whole.prefix(2)):\(whole.dropFirst(2).prefix(2))\(seconds)\(clock.dropFirst(whole.count))"
        }
        let made = "\(date)T\(clock)\(zone)"
        return made == text ? nil : made
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { $0 &- 0x30 < 10 } }

    /// Attoseconds since 1970 of a number; what would be beyond the year 5138 in seconds is in milliseconds, microseconds or
    /// nanoseconds, by its size.
    private static func number(_ digits: String) -> Int128? {
        guard let exponent = digits.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return decimal(digits, 0) }
        // The digits of the mantissa are exact, as no binary number is.
        guard let places = Int(digits[digits.index(after: exponent)...]), abs(places) <= 30 else { return nil }
        return decimal(String(digits[..<exponent]), places)
    }

    /// A number with its point moved to the right.
    private static func decimal(_ digits: String, _ places: Int) -> Int128? {
        let isNegative = digits.hasPrefix("-")
        let parts = digits.drop { $0 == "-" || $0 == "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, digits.utf8.count <= 40, parts.contains(where: { !$0.isEmpty }),
            parts.allSatisfy({ isDigits($0) }), var value = Int128(parts.joined())
        else { return nil }
        // In attoseconds.
        var power = 18 + places - (parts.count == 2 ? parts[1].utf8.count : 0)
        while power > 0, !value.multipliedReportingOverflow(by: 10).overflow {
            (value, power) = (value * 10, power - 1)
        }
        guard power <= 0 else { return nil }
        while power < 0, value != 0 { (value, power) = (value / 10, power + 1) }
        for _ in 0..<3 where value >= 100_000_000_000 * StatedTime.attosecondsInSecond { value /= 1_000 }
        return isNegative ? -value : value
    }
}
