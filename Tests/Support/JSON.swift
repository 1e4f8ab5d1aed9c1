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

    mutating func skipBlanks() {
        while at < octets.count {
            switch octets[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    mutating func take(_ octet: UInt8) -> Bool {
        skipBlanks()
        guard next == octet else { return false }
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
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        default: throw malformed("no value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws -> JSON {
        guard octets[at...].starts(with: word.description.utf8) else { throw malformed("no value") }
        at += word.utf8CodeUnitCount
        return value
    }

    private mutating func object() throws -> [String: JSON] {
        at += 1
        var members: [String: JSON] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw malformed("no key") }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw malformed("no colon") }
            guard members.updateValue(try value(), forKey: key) == nil else { throw malformed("'\(key)' comes twice") }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("an object does not end") }
        return members
    }

    private mutating func array() throws -> [JSON] {
        at += 1
        var values: [JSON] = []
        if take(UInt8(ascii: "]")) { return values }
        repeat { values.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("an array does not end") }
        return values
    }

    private mutating func digits() throws {
        let start = at
        while next >= 0x30, next <= 0x39 { at += 1 }
        if at == start { throw malformed("no digit") }
    }

    private mutating func number() throws -> String {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let isZero = next == UInt8(ascii: "0")
        let whole = at
        try digits()
        if isZero, at > whole + 1 { throw malformed("a number begins with a zero") }
        if next == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        return String(decoding: octets[start..<at], as: UTF8.self)
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
