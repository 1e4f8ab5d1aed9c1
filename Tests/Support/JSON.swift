internal import Foundation

/// A value of JSON (RFC 8259), read by a reader that shares nothing with what we write. A number keeps its digits, so that
/// 64-bit integers are not rounded.
public enum JSON: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it is spelled.
    case number(String)
    /// A string, its escapes undone.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object. Keys that come twice are refused by the reader.
    case object([String: JSON])

    /// What is wrong with a text that is no JSON, and after how many octets.
    public struct Malformed: Error, CustomStringConvertible {
        /// Words for people.
        public let description: String
    }

    /// Reads one value and nothing behind it but white space.
    public init(_ text: String) throws {
        var reader = Reader(octets: Array(text.utf8))
        self = try reader.value()
        reader.skipBlanks()
        guard reader.isAtEnd else { throw reader.malformed("something stands behind the value") }
    }

    /// The values of a text that holds one on each line.
    public static func lines(_ text: String) throws -> [JSON] {
        var lines = text.components(separatedBy: "\n")
        if lines.last == "" { lines.removeLast() }
        return try lines.map { try JSON($0) }
    }

    /// The value of an object's key; nil where there is none.
    public subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The value of an array's index; nil where there is none.
    public subscript(index: Int) -> JSON? {
        if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
    }

    /// The text of a string.
    public var text: String? { if case .string(let text) = self { text } else { nil } }
    /// A number without a fraction.
    public var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
    /// A number; also "NaN", "Infinity" and "-Infinity", as we write them.
    public var double: Double? {
        switch self {
        case .number(let digits): Double(digits)
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }
    /// The values of an array.
    public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    /// The members of an object.
    public var object: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
    /// `true` or `false`.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
}

private struct Reader {
    let octets: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == octets.count }
    var next: UInt8 { at < octets.count ? octets[at] : 0 }

    func malformed(_ words: String) -> JSON.Malformed {
        JSON.Malformed(
            description: "\(words), after \(at) octets of \(String(decoding: octets.prefix(200), as: UTF8.self))")
    }

    mutating func skipBlanks() { while [0x20, 0x09, 0x0A, 0x0D].contains(next) { at += 1 } }

    mutating func take(_ octet: Character) -> Bool {
        skipBlanks()
        guard next == octet.asciiValue else { return false }
        at += 1
        return true
    }

    mutating func value() throws -> JSON {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default:
            for (word, value) in [("null", JSON.null), ("true", .bool(true)), ("false", .bool(false))]
            where octets[at...].starts(with: word.utf8) {
                at += word.utf8.count
                return value
            }
            throw malformed("no value")
        }
    }

    private mutating func object() throws -> [String: JSON] {
        at += 1
        var members: [String: JSON] = [:]
        if take("}") { return members }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw malformed("no key") }
            let key = try string()
            guard take(":") else { throw malformed("no colon") }
            guard members.updateValue(try value(), forKey: key) == nil else { throw malformed("'\(key)' comes twice") }
        } while take(",")
        guard take("}") else { throw malformed("an object does not end") }
        return members
    }

    private mutating func array() throws -> [JSON] {
        at += 1
        var values: [JSON] = []
        if take("]") { return values }
        repeat { values.append(try value()) } while take(",")
        guard take("]") else { throw malformed("an array does not end") }
        return values
    }

    private mutating func number() throws -> String {
        let start = at
        while "+-.0123456789eE".utf8.contains(next) { at += 1 }
        let digits = String(decoding: octets[start..<at], as: UTF8.self)
        guard digits.wholeMatch(of: /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/) != nil else {
            throw malformed("no number")
        }
        return digits
    }

    private mutating func string() throws -> String {
        at += 1
        let start = at
        while next != UInt8(ascii: "\"") {
            guard next >= 0x20 else { throw malformed("a string does not end or holds a control character") }
            at += next == UInt8(ascii: "\\") ? 2 : 1
        }
        at += 1
        let inner = octets[start..<at - 1]
        guard let plain = String(validating: inner, as: UTF8.self) else { throw malformed("a string is no UTF-8") }
        guard inner.contains(UInt8(ascii: "\\")) else { return plain }
        // Escapes are rare: the library undoes them.
        let quoted = Data("\"\(plain)\"".utf8)
        guard let text = try JSONSerialization.jsonObject(with: quoted, options: .fragmentsAllowed) as? String else {
            throw malformed("a string has an escape that is none")
        }
        return text
    }
}
