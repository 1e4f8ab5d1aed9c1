public import Bytes
public import Mission
internal import Records

/// A packet that a person wants made: its type and its values, as words or as a line of JSON.
public struct PacketRequest: Sendable {
    /// The name of the packet type; nil where the line tells none.
    public let type: String?
    /// The values by parameter.
    public let values: PacketValues
    /// When it was captured; unknown where nothing tells.
    public let time: CaptureTime

    /// Why words or a line are no request.
    public struct Refusal: Error, Equatable, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    /// Words: the name of the type, and `name=value` for each value; `raw.name=value` for one as it stands in the packet.
    public init(words: [String]) throws(Refusal) {
        guard let name = words.first, !name.contains("=") else {
            throw Refusal(description: "the first word is the name of a packet type, those behind it are name=value")
        }
        type = name
        time = .unknown
        var values = PacketValues()
        var seen: Set<String> = []
        for word in words.dropFirst() {
            guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
                throw Refusal(description: "'\(word)' is no value: values are written as name=value")
            }
            let name = String(word[..<sign])
            guard seen.insert(name).inserted else { throw Refusal(description: "\(name) is given twice") }
            let isRaw = name.hasPrefix("raw.")
            values.set(
                isRaw ? String(name.dropFirst(4)) : name,
                to: .text(String(word[word.index(after: sign)...])), isRaw: isRaw)
        }
        self.values = values
    }

    /// A line with `type`, `parameters` and where there are any `raw` and `invalid`, as `decode --format jsonl` writes it.
    /// Raw values go before engineering values, which have to agree with them.
    ///
    /// - Parameter standard: the type where the line tells none.
    public init(line: [UInt8], type standard: String? = nil) throws(Refusal) {
        guard let object = JSONText(line), case .object = object else {
            throw Refusal(description: "this is no JSON object: \(MessageInput.words(Array(line.prefix(60))))")
        }
        if object["dialect"] != nil {
            throw Refusal(description: "this is a message: 'starlane message encode --json' writes it")
        }
        switch object["type"] {
        case .text(let name)?: type = name
        case nil: type = standard
        case .null?:
            guard let standard else {
                throw Refusal(description: "no database explains this packet: it has no type to make it of")
            }
            type = standard
        default: throw Refusal(description: "\"type\" is no name of a packet type")
        }
        guard type != nil else {
            throw Refusal(description: "the object needs a member \"type\" with the name of a packet type")
        }
        if let text = object["time"]?.text, let read = StatedTime.read(text) {
            let whole = read.time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
            time =
                whole.overflow
                ? .unknown
                : CaptureTime(nanoseconds: whole.partialValue &+ Int64(read.time.attoseconds / 1_000_000_000))
        } else {
            time = .unknown
        }
        var values = PacketValues()
        let invalid = object["invalid"]
        for (member, isRaw) in [("parameters", false), ("raw", true)] {
            switch object[member] {
            case nil, .null?, .object?: break
            default: throw Refusal(description: "\"\(member)\" is no object of names and values")
            }
            var seen: Set<String> = []
            for (name, value) in object[member]?.members ?? [] {
                guard seen.insert(name).inserted else {
                    throw Refusal(description: "\"\(name)\" stands twice in \"\(member)\"")
                }
                let state = invalid?[name]?.text
                if !isRaw, state == Self.beyondEnd || state == Self.badSize { values.missing.append(name) }
                // A text that was not in its character set is not what stood there.
                if !isRaw, state == Self.badText, object["raw"]?[name] != nil { continue }
                guard let read = try Self.read(value, name) else { continue }
                values.set(name, to: read, isRaw: isRaw, isTrusted: state == nil)
            }
        }
        self.values = values
    }

    private static let beyondEnd = Validity.beyondEnd.word?.description
    private static let badSize = Validity.badSize.word?.description
    private static let badText = Validity.badText.word?.description

    private static func read(_ value: JSONText, _ name: String) throws(Refusal) -> PacketValue? {
        switch value {
        case .null: return nil
        case .boolean(let isTrue): return .truth(isTrue)
        case .text(let text): return .text(text)
        case .number(let digits):
            // The sign of a negative zero is one that a float has.
            if digits != "-0", let whole = Int128(digits) { return .integer(whole) }
            guard let number = Double(digits) else { return .text(digits) }
            return .number(number)
        case .list, .object:
            throw Refusal(description: "\"\(name)\" is a list or an object, a number or a text is wanted")
        }
    }
}
