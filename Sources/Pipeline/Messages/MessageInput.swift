internal import BeiDou
internal import Bytes

/// A message as a person gives it on a command line: a sentence as text, or octets in hexadecimal.
public struct MessageInput: Sendable {
    /// The octets.
    public let octets: [UInt8]
    /// Whether they were given in hexadecimal.
    public let isHex: Bool

    /// Reads a message; nil when the text is neither a sentence nor hexadecimal.
    ///
    /// Characters beyond ASCII are taken as GBK, which terminals send, unless the sentence's check was made over UTF-8.
    public init?(_ text: String) {
        let text = text.drop { $0.isWhitespace }
        if text.contains("$") {
            let octets = Array(text.utf8)
            isHex = false
            if octets.contains(where: { $0 >= 0x80 }), MessageTypes.explain(octets.octets) != nil,
                let coded = try? GBK.encode(String(text))
            {
                self.octets = coded
            } else {
                self.octets = octets
            }
            return
        }
        var octets: [UInt8] = []
        var high: UInt8?
        for character in text where !character.isWhitespace && character != ":" {
            guard let digit = character.hexDigitValue else { return nil }
            if let half = high {
                octets.append(half << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        guard high == nil, !octets.isEmpty else { return nil }
        self.octets = octets
        isHex = true
    }

    /// Reads a line of a file or a terminal's log, which need not be UTF-8: a sentence as it stands, or hexadecimal; nil when
    /// it is neither.
    public init?(line: [UInt8]) {
        if let text = String(validating: line, as: UTF8.self) {
            self.init(text)
        } else {
            guard line.contains(0x24) else { return nil }
            self.init(octets: line, isHex: false)
        }
    }

    private init(octets: [UInt8], isHex: Bool) {
        self.octets = octets
        self.isHex = isHex
    }

    /// A line in words for people, whatever it is coded in; what is no text, or commands a terminal, is a point.
    public static func words(_ line: [UInt8]) -> String {
        let text = String(validating: line, as: UTF8.self) ?? chinese(line)
        let scalars = text.map { Array($0.unicodeScalars) } ?? line.map { $0 < 0x80 ? Unicode.Scalar($0) : "·" }
        return String(
            String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? "·" : $0 }))
    }

    /// Octets as they are.
    public init(octets: [UInt8]) {
        self.octets = octets
        isHex = !octets.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D }
    }

    /// The octets as a person gives them, so that reading the text gives them back: a sentence as text in UTF-8, all else,
    /// and a sentence with octets that are no text, in hexadecimal.
    public var text: String {
        if octets.count > 5, octets[0] == 0x24, octets[5] >= 0x20 {
            let text = String(validating: octets, as: UTF8.self) ?? Self.chinese(octets)
            if let text, !text.contains(where: \.isNewline), MessageInput(text)?.octets == octets { return text }
        }
        return String(decoding: Hexadecimal.digits(of: octets), as: UTF8.self).lowercased()
    }

    private static func chinese(_ octets: [UInt8]) -> String? {
        let buffer = ByteBuffer(capacity: octets.count)
        return GBK.append(octets.octets, to: buffer) ? String(decoding: buffer.bytes.copied(), as: UTF8.self) : nil
    }

    /// The message on a line, and a caret under the octet that is wrong, both for people.
    public func pointing(at offset: Int) -> (line: String, caret: String) {
        if isHex {
            let line = octets.map { Hexadecimal.text($0, digits: 2) }.joined(separator: " ")
            return (line, String(repeating: " ", count: min(offset, octets.count) * 3) + "^^")
        }
        // What is no text of its own is shown as a point, so that the caret stands right.
        let line = String(octets.map { $0 >= 0x20 && $0 < 0x7F ? Character(Unicode.Scalar($0)) : "·" })
        return (line, String(repeating: " ", count: min(offset, octets.count)) + "^")
    }
}
