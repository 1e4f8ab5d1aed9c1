internal import Bytes
internal import Records

/// A field of a sentence that is not written as it must be.
package struct MalformedField: Sendable, Equatable {
    /// The short name of its parameter.
    package let name: String
    /// Where it begins in the sentence, and how many octets it has.
    package let offset: Int
    package let count: Int
    /// What was found and what is allowed.
    package let reason: String
}

extension SentenceFamily {
    /// The first thing that is not right in a sentence, and at which octet; nil when nothing is. A line's end behind it
    /// may be there.
    package static func explain(_ bytes: RawSpan) -> (offset: Int, reason: String)? {
        guard bytes.byteCount > 0, bytes.u8(at: 0) == ASCII.dollar else {
            return (0, "\(found(bytes, 0)) where a sentence begins with $")
        }
        if let wrong = explainName(bytes) { return wrong }
        switch SentenceFraming.frame(bytes, at: 0, isLast: true) {
        case .whole(let count):
            let sentence = bytes.slice(at: 0, count: count)
            return malformedFields(of: sentence).first.map { ($0.offset, "\($0.name): \($0.reason)") }
        case .bad(let count, let reason): return explainEnd(bytes, count, reason)
        case .needs, .none: return (0, "no sentence begins here")
        }
    }

    private static func explainName(_ bytes: RawSpan) -> (offset: Int, reason: String)? {
        var place = 1
        while place < bytes.byteCount, ASCII.isNameOctet(bytes.u8(at: place)) { place += 1 }
        let behind = place < bytes.byteCount ? bytes.u8(at: place) : ASCII.star
        let ends: [UInt8] = [ASCII.comma, ASCII.star, ASCII.dollar, ASCII.return_, ASCII.newline]
        guard ends.contains(behind), place > 1 || behind == ASCII.comma || behind == ASCII.star else {
            return (place, "\(found(bytes, place)) where talker and name are capital letters and digits, then a comma")
        }
        guard place >= 4 else { return (1, "a name of \(place - 1) letters; two for the talker and a name are needed") }
        guard ASCII.isLetter(bytes.u8(at: 1)) else {
            return (1, "\(found(bytes, 1)) where a talker begins with a letter")
        }
        return nil
    }

    private static func explainEnd(
        _ bytes: RawSpan, _ count: Int, _ reason: StaticString
    ) -> (offset: Int, reason: String) {
        var star: Int?
        for place in 0..<count where bytes.u8(at: place) == ASCII.star { star = place }
        // The sum that the digits should say: of everything up to the last star, or to the end.
        let end = star ?? count
        var sum: UInt8 = 0
        for place in 1..<max(1, end) { sum ^= bytes.u8(at: place) }
        let wanted = Hexadecimal.text(sum, digits: 2)
        switch reason.description {
        case SentenceFraming.wrongChecksum.description:
            let place = (star ?? 0) + 1
            let digits = String(decoding: bytes.slice(at: place, count: 2).copied(), as: UTF8.self)
            return (place, "the checksum says \(digits), the octets between $ and * give \(wanted)")
        case SentenceFraming.checkNotDigits.description:
            var place = (star ?? 0) + 1
            if place < count, ASCII.hexValue(bytes.u8(at: place)) < 16 { place += 1 }
            return (
                place,
                "\(place < count ? found(bytes, place) : "the sentence ends") where two hexadecimal digits stand behind *; "
                    + "the octets between $ and * give \(wanted)"
            )
        case SentenceFraming.noChecksum.description:
            return (count, "the sentence ends without * and two hexadecimal digits; its octets give \(wanted)")
        case SentenceFraming.tooLong.description:
            return (
                SentenceFraming.longest,
                "no line's end within \(SentenceFraming.longest) octets, the most that a sentence has"
            )
        default: return (count, "the next sentence begins before this one has its * and two hexadecimal digits")
        }
    }

    private static func found(_ bytes: RawSpan, _ place: Int) -> String {
        guard place < bytes.byteCount else { return "the end" }
        let octet = bytes.u8(at: place)
        return octet > 0x20 && octet < 0x7F
            ? "\"\(String(decoding: [octet], as: UTF8.self))\"" : "the octet \(Hexadecimal.text(octet, digits: 2))"
    }

    /// The fields of a whole sentence with a right checksum that are not written as its layout says.
    package static func malformedFields(of sentence: RawSpan) -> [MalformedField] {
        let type = type(of: sentence)
        let catalogue = SentenceCatalogue.shared
        guard type != catalogue.unknown else { return [] }
        let plan = catalogue.plans[type]
        let table = table(of: sentence, type: type)
        return plan.operations.compactMap { operation in
            guard !operation.field.isDerived, let column = table.fields[operation.parameter] else { return nil }
            let allowed: String
            switch column.validities[0] {
            case .malformed, .badText: allowed = operation.field.written
            case .noLabel:
                guard case .code(let codes) = operation.field.kind else { return nil }
                allowed = codes.map { "\($0.code) (\($0.label))" }.joined(separator: ", ")
            default: return nil
            }
            let range = OctetRange(cell: column.raws[0])
            let text = String(decoding: sentence.slice(at: range.start, count: range.count).copied(), as: UTF8.self)
            return MalformedField(
                name: operation.field.name, offset: range.start, count: range.count,
                reason: "\"\(text.prefix(40))\" was found; \(allowed) is allowed")
        }
    }
}

extension SentenceField {
    /// How the field is written, for people.
    var written: String {
        switch kind {
        case .text, .unitLetter, .body, .content: "text"
        case .octets: "an even number of hexadecimal digits"
        case .number, .level: "a whole number"
        case .hexNumber: "a hexadecimal number"
        case .decimal: "a decimal number"
        case .code(let codes): codes.map(\.code).joined(separator: ", ")
        case .flag(let yes, let no): "\(yes) or \(no)"
        case .latitude: "ddmm.mmmm, a comma, and N or S"
        case .longitude: "dddmm.mmmm, a comma, and E or W"
        case .variation: "degrees, a comma, and E or W"
        case .timeOfDay: "hhmmss.ss"
        case .hourMinute: "hhmm"
        case .minutesSeconds: "mmss"
        case .date: "ddmmyy"
        case .dayMonthYear: "dd,mm,yyyy"
        case .zone: "hours and minutes with a comma between"
        case .list(let list):
            switch list.element {
            case .number, .address: "whole numbers with commas between"
            case .decimal: "decimal numbers with commas between"
            case .hourMinute: "times as hhmm with commas between"
            }
        case .utc, .system, .satellite, .satellites, .modeLetter, .anyMode, .part: "what follows from other fields"
        }
    }
}
