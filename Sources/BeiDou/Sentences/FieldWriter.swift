/// Writes one field from a value that people read.
struct FieldWriter {
    let field: SentenceField
    /// Whether it is the last field, which may hold commas.
    let takesRest: Bool

    init(_ field: SentenceField, takesRest: Bool = false) {
        self.field = field
        self.takesRest = takesRest
    }

    /// What may be given, for people.
    var allowed: String {
        switch field.kind {
        case .text, .unitLetter: takesRest ? "a text" : "a text without commas and stars"
        case .body, .content: "octets"
        case .octets: "octets"
        case .number, .hexNumber, .level, .satellite, .minutesSeconds: "a whole number\(range)"
        case .decimal: "a number\(range)"
        case .code(let codes): "one of " + codes.map(\.label).joined(separator: ", ")
        case .flag, .anyMode: "true or false"
        case .latitude: "degrees from -90 to 90"
        case .longitude: "degrees from -180 to 180"
        case .variation: "degrees"
        case .timeOfDay: "a time as hh:mm:ss.ss"
        case .hourMinute: "a time as hh:mm"
        case .date, .dayMonthYear: "a date as yyyy-mm-dd"
        case .zone: "a zone as +hh:mm"
        case .list, .satellites, .part: "a list of \(elements)"
        case .utc: "a time as yyyy-mm-ddThh:mm:ssZ"
        case .system: "one of " + SatelliteSystem.labels.joined(separator: ", ")
        case .modeLetter: "one of " + SentenceField.modes.map(\.value).joined(separator: ", ")
        }
    }

    private var elements: String {
        guard case .list(let list) = field.kind else { return "values" }
        switch list.element {
        case .number: return "whole numbers"
        case .address: return "card addresses"
        case .decimal: return "numbers"
        case .hourMinute: return "times as hh:mm"
        }
    }

    private var range: String {
        if case .minutesSeconds = field.kind { return " from 0 to 5999" }
        guard let allowed = field.allowed else { return "" }
        return " from \(Self.decimal(allowed.lowerBound)) to \(Self.decimal(allowed.upperBound))"
    }

    private func refusal(_ value: FieldValue) -> EncodingRefusal {
        SentenceValues.refusal(field.name, value, allowed: allowed)
    }

    /// The field's octets, its inner commas included.
    func octets(_ value: FieldValue) throws(EncodingRefusal) -> [UInt8] {
        if case .octets(let octets) = value {
            switch field.kind {
            case .body, .content: return octets
            case .octets: return Hexadecimal.digits(of: octets)
            default: throw refusal(value)
            }
        }
        return Array(try text(value).utf8)
    }

    private func text(_ value: FieldValue) throws(EncodingRefusal) -> String {
        switch field.kind {
        case .text, .unitLetter:
            guard case .text(let text) = value else { throw refusal(value) }
            guard takesRest || !text.utf8.contains(where: { $0 == ASCII.comma || $0 == ASCII.star }) else {
                throw refusal(value)
            }
            return text
        case .body, .content:
            guard case .text(let text) = value else { throw refusal(value) }
            return text
        case .number: return padded(String(try whole(value)))
        case .hexNumber: return String(try whole(value), radix: 16, uppercase: true)
        case .level: return String(try whole(value))
        case .minutesSeconds:
            let seconds = try whole(value)
            guard seconds <= 5_999 else { throw refusal(value) }
            return Self.pair(Int(seconds / 60)) + Self.pair(Int(seconds % 60))
        case .decimal(let times): return try decimal(value, times)
        case .code(let codes):
            guard case .text(let label) = value, let code = codes.first(where: { $0.label == label }) else {
                throw refusal(value)
            }
            return code.code
        case .flag(let yes, let no):
            guard case .boolean(let flag) = value else { throw refusal(value) }
            return flag ? yes : no
        case .latitude(let decimals): return try angle(value, 2, decimals, 90, "N", "S")
        case .longitude(let decimals): return try angle(value, 3, decimals, 180, "E", "W")
        case .variation:
            let degrees = try number(value)
            guard abs(degrees) <= 180 else { throw refusal(value) }
            return Self.decimal(abs(degrees)) + (degrees < 0 ? ",W" : ",E")
        case .timeOfDay: return try time(value)
        case .hourMinute: return try hourMinute(value)
        case .date: return try date(value) { Self.pair($2) + Self.pair($1) + Self.pair($0 % 100) }
        case .dayMonthYear:
            return try date(value) {
                Self.pair($2) + "," + Self.pair($1) + "," + Self.pair($0 / 100) + Self.pair($0 % 100)
            }
        case .zone: return try zone(value)
        case .list(let list): return try columns(value, list)
        case .octets, .utc, .system, .satellite, .satellites, .modeLetter, .anyMode, .part: throw refusal(value)
        }
    }

    // MARK: Numbers

    private func padded(_ digits: String) -> String {
        String(repeating: "0", count: max(0, field.digits - digits.utf8.count)) + digits
    }

    private func whole(_ value: FieldValue) throws(EncodingRefusal) -> UInt64 {
        var number: Int64
        switch value {
        case .integer(let given): number = given
        case .number(let given):
            guard given.rounded() == given, abs(given) < 1e15 else { throw refusal(value) }
            number = Int64(given)
        default: throw refusal(value)
        }
        guard number >= 0, field.allowed?.contains(Double(number)) ?? true else { throw refusal(value) }
        return UInt64(number)
    }

    private func number(_ value: FieldValue) throws(EncodingRefusal) -> Double {
        let number: Double
        switch value {
        case .integer(let given): number = Double(given)
        case .number(let given): number = given
        default: throw refusal(value)
        }
        guard number.isFinite, abs(number) < 1e12, field.allowed?.contains(number) ?? true else { throw refusal(value) }
        return number
    }

    private func decimal(_ value: FieldValue, _ times: Double) throws(EncodingRefusal) -> String {
        let number = try number(value)
        // What was multiplied on reading is rounded to digits that no sentence goes beyond.
        let written = times == 1 ? number : (number / times * 1e7).rounded() / 1e7
        let text = Self.decimal(abs(written))
        let whole = text.prefix { $0 != "." }.utf8.count
        let zeros = String(repeating: "0", count: max(0, field.digits - whole))
        return (written < 0 ? "-" : "") + zeros + text
    }

    /// The shortest decimal digits that mean the number, at most nine behind the point, and no exponent.
    static func decimal(_ number: Double) -> String {
        if number.rounded() == number, abs(number) < 1e15 { return String(Int64(number)) }
        let text = "\(abs(number))"
        if !text.contains("e") { return (number < 0 ? "-" : "") + text }
        let scaled = UInt64((abs(number) * 1e9).rounded())
        var fraction = String(scaled % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
        while fraction.hasSuffix("0"), fraction.utf8.count > 1 { fraction.removeLast() }
        return (number < 0 ? "-" : "") + "\(scaled / 1_000_000_000).\(fraction)"
    }

    static func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func angle(
        _ value: FieldValue, _ degreeDigits: Int, _ decimals: Int, _ limit: Double, _ positive: String,
        _ negative: String
    ) throws(EncodingRefusal) -> String {
        let degrees = try number(value)
        guard abs(degrees) <= limit else { throw refusal(value) }
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        // In the last place of the minutes, so that 59.99999 is not written as 60.
        let units = UInt64((abs(degrees) * 60 * Double(scale)).rounded())
        let (whole, fraction) = (units / scale, String(units % scale))
        let degreeText = String(whole / 60)
        let zeros = String(repeating: "0", count: max(0, degreeDigits - degreeText.utf8.count))
        let fractionZeros = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
        return "\(zeros)\(degreeText)\(Self.pair(Int(whole % 60))).\(fractionZeros)\(fraction),"
            + (degrees < 0 ? negative : positive)
    }

    // MARK: Times

    private func parts(_ value: FieldValue, _ separator: Character, _ widths: [Int]) throws(EncodingRefusal) -> [Int] {
        guard case .text(let text) = value else { throw refusal(value) }
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == widths.count else { throw refusal(value) }
        var numbers: [Int] = []
        for (part, width) in zip(parts, widths) {
            guard part.utf8.count == width, part.utf8.allSatisfy(ASCII.isDigit), let number = Int(part) else {
                throw refusal(value)
            }
            numbers.append(number)
        }
        return numbers
    }

    private func time(_ value: FieldValue) throws(EncodingRefusal) -> String {
        guard case .text(let text) = value else { throw refusal(value) }
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first else { throw refusal(value) }
        let numbers: [Int]
        do { numbers = try parts(.text(String(first)), ":", [2, 2, 2]) } catch { throw refusal(value) }
        guard numbers[0] < 24, numbers[1] < 60, numbers[2] <= 60 else { throw refusal(value) }
        var fraction = "00"
        if halves.count == 1, field.digits == 6 { return numbers.map(Self.pair).joined() }
        if halves.count == 2 {
            fraction = String(halves[1])
            guard (1...9).contains(fraction.utf8.count), fraction.utf8.allSatisfy(ASCII.isDigit) else {
                throw refusal(value)
            }
        }
        return numbers.map(Self.pair).joined() + "." + fraction
    }

    private func hourMinute(_ value: FieldValue) throws(EncodingRefusal) -> String {
        let numbers = try parts(value, ":", [2, 2])
        guard numbers[0] < 24, numbers[1] < 60 else { throw refusal(value) }
        return numbers.map(Self.pair).joined()
    }

    private func date(
        _ value: FieldValue, _ write: (Int, Int, Int) -> String
    ) throws(EncodingRefusal) -> String {
        let numbers = try parts(value, "-", [4, 2, 2])
        guard FieldParser.Day(year: numbers[0], month: numbers[1], day: numbers[2]).isThere else {
            throw refusal(value)
        }
        if case .date = field.kind, !(1_980...2_079).contains(numbers[0]) {
            throw SentenceValues.refusal(field.name, value, allowed: "a date from 1980-01-01 to 2079-12-31")
        }
        return write(numbers[0], numbers[1], numbers[2])
    }

    private func zone(_ value: FieldValue) throws(EncodingRefusal) -> String {
        guard case .text(let text) = value, let sign = text.first, sign == "+" || sign == "-" else {
            throw refusal(value)
        }
        let numbers: [Int]
        do { numbers = try parts(.text(String(text.dropFirst())), ":", [2, 2]) } catch { throw refusal(value) }
        guard numbers[0] <= 14, numbers[1] < 60 else { throw refusal(value) }
        return (sign == "-" ? "-" : "") + Self.pair(numbers[0]) + "," + Self.pair(numbers[1])
    }

    // MARK: Lists

    private func columns(_ value: FieldValue, _ list: SentenceList) throws(EncodingRefusal) -> String {
        guard case .list(let values) = value else { throw refusal(value) }
        guard takesRest || values.count <= field.width else {
            throw SentenceValues.refusal(field.name, value, allowed: "a list of at most \(field.width)")
        }
        var columns: [String] = []
        for value in values {
            if value == .nothing, !list.skipsEmpty {
                columns.append("")
                continue
            }
            switch list.element {
            case .number: columns.append(padded(String(try whole(value))))
            case .address:
                let number = try whole(value)
                guard number <= 99_999_999 else { throw refusal(value) }
                columns.append(padded(String(number)))
            case .decimal: columns.append(try decimal(value, 1))
            case .hourMinute: columns.append(try hourMinute(value))
            }
        }
        return columns.joined(separator: ",")
    }
}
