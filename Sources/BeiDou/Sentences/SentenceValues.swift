internal import Records

/// The values of a sentence that is to be written, and the words of refusals.
struct SentenceValues {
    var values: MessageValues

    init(_ values: MessageValues) { self.values = values }

    /// What a value is, for people.
    static func words(_ value: FieldValue) -> String {
        switch value {
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .text(let text): "the text \"\(text.prefix(40))\""
        case .octets(let octets): "\(octets.count) octets"
        case .list(let list): "a list of \(list.count)"
        case .nothing: "nothing"
        }
    }

    static func refusal(_ name: String, _ value: FieldValue, allowed: String) -> EncodingRefusal {
        EncodingRefusal(name, "\(words(value)) was given; allowed is \(allowed)")
    }

    /// Refuses names that the sentence does not have.
    func refuseOthers(than names: [String], derived: [String]) throws(EncodingRefusal) {
        for name in values.parameters.keys.sorted() where !names.contains(name) { throw Self.unknown(name, names) }
        for name in values.raws.keys.sorted() where !names.contains(name) || derived.contains(name) {
            // As decoding prints it: a value that follows from others has nothing of its own in the sentence.
            if values.raws[name] == .text("") { continue }
            if names.contains(name) { throw EncodingRefusal(name, "has no raw value: it follows from other fields") }
            throw Self.unknown(name, names)
        }
    }

    private static func unknown(_ name: String, _ names: [String]) -> EncodingRefusal {
        let near = Names.nearest(to: name, in: names)
        let hint = near.isEmpty ? names.joined(separator: ", ") : near.joined(separator: ", ")
        return EncodingRefusal(
            name, "the sentence has no such parameter; \(near.isEmpty ? "it has" : "near are") \(hint)")
    }

    /// What is given of a parameter, as people read it or as it stands.
    func isGiven(_ name: String) -> Bool { values.parameters[name] != nil || values.raws[name] != nil }

    /// Letters or digits of a name: a talker, a sentence.
    func name(_ parameter: String, digits: ClosedRange<Int>, preset: String? = nil) throws(EncodingRefusal) -> String {
        guard let value = values.raws[parameter] ?? values.parameters[parameter] else {
            if let preset { return preset }
            throw EncodingRefusal(
                parameter, "is missing; \(digits.lowerBound) to \(digits.upperBound) capital letters are needed")
        }
        var text = ""
        switch value {
        case .text(let given): text = given
        case .octets(let given): text = String(decoding: given, as: UTF8.self)
        default: break
        }
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(ASCII.isNameOctet)
        else {
            throw Self.refusal(
                parameter, value, allowed: "\(digits.lowerBound) to \(digits.upperBound) capital letters or digits")
        }
        if let other = values.parameters[parameter], other != .text(text), other != value {
            throw EncodingRefusal(parameter, "raw and value differ: \(Self.words(value)), \(Self.words(other))")
        }
        return text
    }

    /// Octets, given as such or as a text; nil: not given.
    func octets(_ parameter: String) throws(EncodingRefusal) -> [UInt8]? {
        guard let value = values.raws[parameter] ?? values.parameters[parameter] else { return nil }
        return switch value {
        case .octets(let octets): octets
        case .text(let text): Array(text.utf8)
        default: throw Self.refusal(parameter, value, allowed: "octets")
        }
    }
}

/// The last step of writing a sentence.
enum SentenceWriter {
    /// Puts `$` in front and the check behind.
    ///
    /// - Throws: a refusal of what would not be found again as one sentence.
    static func closed(_ contents: [UInt8]) throws(EncodingRefusal) -> [UInt8] {
        if let control = contents.first(where: { $0 < 0x20 }) {
            throw EncodingRefusal(
                nil, "the octet \(Hexadecimal.text(control, digits: 2)) is a control character; a sentence holds none")
        }
        guard contents.count + 4 <= SentenceFraming.longest else {
            throw EncodingRefusal(
                nil, "the sentence would have \(contents.count + 4) octets; \(SentenceFraming.longest) are allowed")
        }
        let check = contents.reduce(0, ^)
        return [ASCII.dollar] + contents + [ASCII.star] + Hexadecimal.digits(of: [check])
    }
}
