public import BeiDou
internal import Records

/// A message that a person wants written: its name and its values, as words or as JSON.
public struct MessageRequest {
    /// The name of the sentence or frame.
    public let name: String
    private let dialect: Dialect?
    /// The values, not yet read by the kinds of parameters.
    private var values: [(name: String, value: Given)]
    /// Values in front of which the message ended that these are of.
    private var missing: [String] = []

    private enum Given {
        case word(String)
        case json(JSONText)
    }

    /// Words: the name, and `name=value` for each value.
    public init(words: [String]) throws(EncodingRefusal) {
        guard let name = words.first, !name.contains("=") else {
            throw EncodingRefusal(nil, "the first word is the name of a sentence or frame: TXA, TXSQ, 0x0200 …")
        }
        self.name = name
        dialect = nil
        values = []
        for word in words.dropFirst() {
            guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
                throw EncodingRefusal(nil, "'\(word)' is no value: values are written as name=value")
            }
            let name = String(word[..<sign])
            guard !values.contains(where: { $0.name == name }) else {
                throw EncodingRefusal(name, "is given twice; a list is written as \(name)=1,2,3")
            }
            values.append((name, .word(String(word[word.index(after: sign)...]))))
        }
    }

    /// An object with `type`, `parameters`, and where there are any `dialect`, `raw` and `invalid`, as `decode` prints it.
    /// Of a value that is not to be trusted the raw one counts.
    public init(json: String) throws(EncodingRefusal) {
        guard let object = JSONText(Array(json.utf8)) else {
            throw EncodingRefusal(nil, "this is no JSON: \(json.prefix(60))")
        }
        guard let name = object["type"]?.text else {
            throw EncodingRefusal(nil, "the object needs a member \"type\" with the name of a sentence or frame")
        }
        self.name = name
        if let word = object["dialect"]?.text {
            guard let dialect = Dialect(rawValue: word) else {
                let names = Dialect.allCases.map(\.rawValue).joined(separator: ", ")
                throw EncodingRefusal("dialect", "there is none called '\(word)'; there are \(names)")
            }
            self.dialect = dialect
        } else {
            dialect = nil
        }
        values = []
        for member in ["parameters", "raw"] {
            switch object[member] {
            case nil, .null?, .object?: continue
            default: throw EncodingRefusal(member, "is no object of names and values")
            }
        }
        let (raw, invalid) = (object["raw"], object["invalid"])
        for (key, value) in object["parameters"]?.members ?? [] {
            if let state = invalid?[key]?.text {
                if case .null = value, state == Validity.beyondEnd.word?.description { missing.append(key) }
                if raw?[key] != nil { continue }
            }
            values.append((key, .json(value)))
        }
        for (key, value) in raw?.members ?? [] { values.append(("raw." + key, .json(value))) }
    }

    /// Writes the message. Where a name has several forms, the one that has all of the values and takes them.
    public func encode(dialect wanted: Dialect? = nil) throws(EncodingRefusal) -> [UInt8] {
        let all = MessageTypes.all
        let named = all.indices.filter { all[$0].name.lowercased() == name.lowercased() }
        guard !named.isEmpty else {
            let near = Names.nearest(to: name, in: all.filter(\.isKnown).map(\.name)).joined(separator: ", ")
            throw EncodingRefusal(
                nil, "no sentence or frame is called '\(name)'" + (near.isEmpty ? "" : "; near it are \(near)"))
        }
        let dialect = wanted ?? self.dialect
        let candidates = named.filter { dialect == nil || all[$0].dialect == dialect }
        guard !candidates.isEmpty else {
            let names = Set(named.map { all[$0].dialect.rawValue }).sorted().joined(separator: ", ")
            throw EncodingRefusal(nil, "\(name) belongs to \(names)")
        }
        // What is unknown is unknown in several dialects, which have nothing else in common.
        guard candidates.count == 1 || all[candidates[0]].isKnown else {
            let names = candidates.map { all[$0].dialect.rawValue }.joined(separator: ", ")
            throw EncodingRefusal(
                "dialect", "'\(name)' stands for all that has no layout in \(names): say which of them is meant")
        }
        guard missing.isEmpty else {
            throw EncodingRefusal(
                nil,
                "the message that was decoded ends in front of \(missing.joined(separator: ", ")); to write a whole one, "
                    + "leave \"invalid\" out")
        }
        var first: EncodingRefusal?
        for candidate in candidates {
            do {
                return try MessageTypes.encode(try read(for: all[candidate]), type: candidate)
            } catch { first = first ?? error }
        }
        throw first ?? EncodingRefusal(nil, "\(name) cannot be written")
    }

    /// The values by the kinds of a type's parameters.
    private func read(for type: MessageType) throws(EncodingRefusal) -> MessageValues {
        var read = MessageValues()
        for (name, value) in values {
            let isRaw = name.hasPrefix("raw.")
            let short = isRaw ? String(name.dropFirst(4)) : name
            guard let parameter = type.parameters.first(where: { $0.shortName == short }) else {
                let near = Names.nearest(to: short, in: type.parameters.map(\.shortName))
                let hint = near.isEmpty ? type.parameters.map(\.shortName) : near
                throw EncodingRefusal(
                    name,
                    "\(type.name) has no such value; \(near.isEmpty ? "it has" : "near it are") "
                        + hint.joined(separator: ", "))
            }
            if isRaw {
                guard let value = try Self.raw(value, parameter, name) else { continue }
                read.raws[short] = value
            } else {
                guard let value = try Self.value(value, parameter, name) else { continue }
                read.parameters[short] = value
            }
        }
        return read
    }

    private static func value(
        _ given: Given, _ parameter: ParameterInfo, _ name: String
    ) throws(EncodingRefusal) -> FieldValue? {
        switch given {
        case .json(let value): return try field(value, parameter.kind == .binary, name)
        case .word(let word):
            switch parameter.kind {
            case .unsigned, .signed: return try whole(word, name)
            case .float: return try number(word, name)
            case .boolean:
                guard let value = Bool(word) else {
                    throw EncodingRefusal(name, "'\(word)' is neither true nor false")
                }
                return .boolean(value)
            case .enumeration, .string, .time: return .text(word)
            case .binary: return .octets(try octets(word, name))
            case .list:
                if word.hasPrefix("["), let list = JSONText(Array(word.utf8)) {
                    return try field(list, false, name)
                }
                return .list(
                    word.split(separator: ",").map { part in Int64(part).map { .integer($0) } ?? .text(String(part)) })
            }
        }
    }

    private static func raw(
        _ given: Given, _ parameter: ParameterInfo, _ name: String
    ) throws(EncodingRefusal) -> FieldValue? {
        switch given {
        case .json(.text(let text)) where parameter.rawKind == .text && text.hasPrefix("0x"),
            .word(let text) where parameter.rawKind == .text && text.hasPrefix("0x"):
            // Octets of a field that are no UTF-8 are printed so.
            return (try? octets(text, name)).map { .octets($0) } ?? .text(text)
        case .json(let value): return try field(value, parameter.rawKind == .bytes, name)
        case .word(let word):
            switch parameter.rawKind {
            case .unsigned, .signed: return try whole(word, name)
            case .float: return try number(word, name)
            case .bytes: return .octets(try octets(word, name))
            case .text: return .text(word)
            }
        }
    }

    private static func whole(_ word: String, _ name: String) throws(EncodingRefusal) -> FieldValue {
        guard let number = Int64(word) else { throw EncodingRefusal(name, "'\(word)' is no whole number") }
        return .integer(number)
    }

    private static func number(_ word: String, _ name: String) throws(EncodingRefusal) -> FieldValue {
        guard let number = Double(word) else { throw EncodingRefusal(name, "'\(word)' is no number") }
        return .number(number)
    }

    /// A JSON value; nil for null.
    private static func field(
        _ value: JSONText, _ isBinary: Bool, _ name: String
    ) throws(EncodingRefusal) -> FieldValue? {
        switch value {
        case .null: return nil
        case .boolean(let value): return .boolean(value)
        case .number(let digits):
            if let whole = Int64(digits) { return .integer(whole) }
            guard let number = Double(digits), number.isFinite else {
                throw EncodingRefusal(name, "'\(digits.prefix(40))' is beyond all numbers")
            }
            return Int64(exactly: number).map { .integer($0) } ?? .number(number)
        case .text(let text): return isBinary ? .octets(try octets(text, name)) : .text(text)
        case .list(let items):
            var fields: [FieldValue] = []
            for item in items { fields.append(try field(item, isBinary, name) ?? .nothing) }
            return .list(fields)
        case .object: throw EncodingRefusal(name, "an object is not allowed here")
        }
    }

    private static func octets(_ text: String, _ name: String) throws(EncodingRefusal) -> [UInt8] {
        let digits = text.hasPrefix("0x") ? text.dropFirst(2) : Substring(text)
        guard let octets = Hexadecimal.octets(of: digits) else {
            throw EncodingRefusal(name, "'\(text.prefix(40))' is no even number of hexadecimal digits")
        }
        return octets
    }
}
