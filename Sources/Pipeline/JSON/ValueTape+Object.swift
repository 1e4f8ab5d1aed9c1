internal import Bytes

/// Lines that have to be objects, and what is wrong with those that are none.
extension ValueTape {
    /// Reads the line as an object; false when it is none. Numbers that are not finite are read, as programs write them that
    /// know no better: `NaN`, `Infinity`, `-Infinity`.
    mutating func readJSONObject() -> Bool { readJSON(allowsNotFinite: true) && values[0].kind == .object }

    /// Why the line is no object, for people: its beginning, and what is wrong where that can be said.
    var problem: String {
        let words = "this is no JSON object: \(MessageInput.words(Array(octets.prefix(60))))"
        return reason.map { "\(words) (\($0))" } ?? words
    }

    private var reason: String? {
        let bytes = octets.octets
        guard bytes.isUTF8 else { return "it is not UTF-8" }
        var reader = JSONReader(bytes, allowsNotFinite: true)
        guard !reader.isWhole() else {
            switch reader.values.first?.kind {
            case .list: return "a list stands there"
            case .text: return "a text stands there"
            case .number, .boolean, .null: return "a value without a name stands there"
            case .object, nil: return "an escape in a text is none"
            }
        }
        guard reader.at < octets.count else { return "it ends too early" }
        let rest = String(decoding: octets[reader.at...].prefix(24), as: UTF8.self).prefix(6)
        return "octet \(reader.at + 1), '\(MessageInput.words(Array(rest.utf8)))', cannot stand there"
    }
}
