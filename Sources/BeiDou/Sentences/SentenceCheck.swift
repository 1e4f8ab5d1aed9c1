internal import Bytes
internal import Records

/// Reads what was written and compares it with what was asked for: a raw value and a value that mean different things,
/// or a value that follows from others and says something else, are refused.
struct SentenceCheck {
    private let values: MessageValues
    private let plan: SentencePlan
    private let type: Int

    init(_ values: MessageValues, _ plan: SentencePlan, type: Int) {
        self.values = values
        self.plan = plan
        self.type = type
    }

    func compare(_ sentence: [UInt8]) throws(EncodingRefusal) {
        let read = SentenceFamily.type(of: sentence.octets)
        guard read == type else {
            let found = SentenceFamily.types[read]
            throw EncodingRefusal(
                nil, "the sentence would be read as \(found.name), \(found.title): it has the columns of that form")
        }
        guard case .whole(sentence.count) = SentenceFraming.frame(sentence.octets, at: 0, isLast: true) else {
            throw EncodingRefusal(nil, "the sentence would end early: it holds a star and two digits that agree")
        }
        let buffer = ByteBuffer(capacity: sentence.count)
        buffer.append(sentence.octets)
        let parameters = plan.type.parameters
        let table = DecodedTable(
            type: plan.type.packetType, typeIndex: type, fields: parameters.map { ($0, false) },
            selected: Array(parameters.indices))
        table.append(buffer.extent, unit: 0)
        SentenceFamily.decode(table, type: type)
        for column in table.columns {
            guard let given = values.parameters[column.info.shortName] else { continue }
            try compare(column, given)
        }
    }

    private func compare(_ column: Column, _ given: FieldValue) throws(EncodingRefusal) {
        let name = column.info.shortName
        let isContent = column.info.aliases.contains("message.\(name)")
        guard column.validities[0].hasValue else {
            // What a content says is the content's own matter.
            if isContent || given == .list([]) { return }
            throw EncodingRefusal(name, "\(SentenceValues.words(given)) was given, and the other values leave it out")
        }
        guard Self.agrees(column, given) else {
            throw EncodingRefusal(
                name, "\(SentenceValues.words(given)) was given, and the other values say \(Self.text(column))")
        }
    }

    private static func agrees(_ column: Column, _ given: FieldValue) -> Bool {
        let cell = column.values[0]
        switch column.info.kind {
        case .unsigned:
            switch given {
            case .integer(let number): return number >= 0 && UInt64(number) == cell
            case .number(let number): return number == Double(cell)
            default: return false
            }
        case .signed: return given == .integer(Int64(bitPattern: cell))
        case .float:
            let number = Double(bitPattern: cell)
            let wanted: Double
            switch given {
            case .integer(let whole): wanted = Double(whole)
            case .number(let given): wanted = given
            default: return false
            }
            // Half a unit of the fourth decimal of a minute is 8.4e-7 degrees.
            return abs(number - wanted) <= max(1e-6, abs(wanted) * 1e-6)
        case .enumeration: return given == .text(column.info.labels[Int(cell)])
        case .boolean: return given == .boolean(cell == 1)
        case .string, .list: return agrees(String(decoding: column.text(at: 0).copied(), as: UTF8.self), given)
        case .binary:
            let octets = column.bytes(at: 0).copied()
            if case .text(let text) = given { return Array(text.utf8) == octets }
            return given == .octets(octets)
        case .time:
            guard case .text(let text) = given else { return false }
            let shown = column.time(at: 0).text(digits: 9)
            return sameTime(text, shown)
        }
    }

    /// Texts agree as they are, times without zeros behind the point, lists element by element.
    private static func agrees(_ text: String, _ given: FieldValue) -> Bool {
        switch given {
        case .text(let wanted): return text == wanted || sameTime(text, wanted)
        case .list(let elements):
            let shown = elements.map { element in
                switch element {
                case .integer(let number): "\(number)"
                case .number(let number): FieldWriter.decimal(number)
                case .text(let text): "\"\(text)\""
                case .nothing: "null"
                default: "?"
                }
            }
            return text == "[" + shown.joined(separator: ",") + "]"
        default: return false
        }
    }

    private static func sameTime(_ a: String, _ b: String) -> Bool {
        func trimmed(_ text: String) -> Substring {
            var rest = text.hasSuffix("Z") ? text.dropLast() : text[...]
            guard rest.contains("."), rest.contains(":") else { return rest }
            while rest.hasSuffix("0") { rest = rest.dropLast() }
            return rest.hasSuffix(".") ? rest.dropLast() : rest
        }
        return trimmed(a) == trimmed(b)
    }

    private static func text(_ column: Column) -> String {
        let cell = column.values[0]
        return switch column.info.kind {
        case .unsigned: "\(cell)"
        case .signed: "\(Int64(bitPattern: cell))"
        case .float: "\(Double(bitPattern: cell))"
        case .enumeration, .boolean: column.info.labels[Int(cell)]
        case .string, .list: String(decoding: column.text(at: 0).copied(), as: UTF8.self)
        case .binary: "\(column.bytes(at: 0).byteCount) other octets"
        case .time: column.time(at: 0).text(digits: column.info.timeDigits)
        }
    }
}
