extension GBK {
    /// The octets of a text.
    ///
    /// - Throws: a refusal that names the characters which GBK lacks, each once, the first eight of them.
    package static func encode(_ text: String) throws(EncodingRefusal) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let code = code(of: scalar) else {
                throw lacking("GBK", in: text, "short messages carry no others: write the text without them") {
                    character in
                    character.unicodeScalars.allSatisfy { Self.code(of: $0) != nil }
                }
            }
            append(code, to: &octets)
        }
        return octets
    }

    /// Adds the octets of a code, one or two.
    static func append(_ code: UInt16, to octets: inout [UInt8]) {
        if code >= 0x80 { octets.append(UInt8(code >> 8)) }
        octets.append(UInt8(code & 0xFF))
    }

    /// A refusal of a text for the characters that something has no place for.
    static func lacking(
        _ who: String, in text: String, _ advice: String, isThere: (Character) -> Bool
    ) -> EncodingRefusal {
        let mostNamed = 8
        var seen: Set<Character> = []
        var named: [String] = []
        for character in text where !isThere(character) && seen.insert(character).inserted {
            if named.count < mostNamed { named.append(name(of: character)) }
        }
        let more = seen.count > mostNamed ? " and \(seen.count - mostNamed) more" : ""
        return EncodingRefusal("text", "\(who) lacks \(named.joined(separator: ", "))\(more); \(advice)")
    }

    /// A character and its code points: `é (U+00E9)`; of one that is not printed the code points alone.
    private static func name(of character: Character) -> String {
        let mostPoints = 4
        var points = character.unicodeScalars.prefix(mostPoints).map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        if character.unicodeScalars.count > mostPoints { points.append("…") }
        let isPrinted = character.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: scalar == "\u{200D}"
            default: true
            }
        }
        let words = points.joined(separator: " ")
        return isPrinted && character.unicodeScalars.count <= 8 ? "\(character) (\(words))" : words
    }
}
