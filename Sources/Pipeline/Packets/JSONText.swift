/// A JSON value as it is written: members in their order, and numbers as their digits, so that none is rounded.
enum JSONText: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case text(String)
    case list([JSONText])
    case object([(name: String, value: JSONText)])

    /// Values nested deeper than that are refused.
    static let deepest = 32

    /// Reads a line; nil when it is no JSON, or holds more than one value.
    init?(_ octets: [UInt8]) {
        var reader = JSONTextReader(octets: octets)
        guard let value = reader.value(0), reader.isAtEnd else { return nil }
        self = value
    }

    /// The member of an object; nil when there is none, or this is none.
    subscript(name: String) -> JSONText? { members.first { $0.name == name }?.value }

    /// The members of an object, in their order.
    var members: [(name: String, value: JSONText)] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The text that it is, if it is one.
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    static func == (a: JSONText, b: JSONText) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }
}

/// Reads JSON (RFC 8259) octet by octet. Nil is: it is none.
private struct JSONTextReader {
    let octets: [UInt8]
    var at = 0

    init(octets: [UInt8]) { self.octets = octets }

    /// Whether nothing but blanks is left.
    var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return at == octets.count
        }
    }

    private var next: UInt8 { at < octets.count ? octets[at] : 0 }

    private mutating func skipBlanks() {
        while at < octets.count {
            switch octets[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private mutating func take(_ octet: Character) -> Bool {
        skipBlanks()
        guard let wanted = octet.asciiValue, next == wanted, at < octets.count else { return false }
        at += 1
        return true
    }

    mutating func value(_ depth: Int) -> JSONText? {
        guard depth < JSONText.deepest else { return nil }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"):
            at += 1
            var members: [(name: String, value: JSONText)] = []
            if take("}") { return .object([]) }
            repeat {
                skipBlanks()
                guard let name = string(), take(":"), let value = value(depth + 1) else { return nil }
                members.append((name, value))
            } while take(",")
            return take("}") ? .object(members) : nil
        case UInt8(ascii: "["):
            at += 1
            var values: [JSONText] = []
            if take("]") { return .list([]) }
            repeat {
                guard let value = value(depth + 1) else { return nil }
                values.append(value)
            } while take(",")
            return take("]") ? .list(values) : nil
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "t"): return word("true", .boolean(true))
        case UInt8(ascii: "f"): return word("false", .boolean(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONText) -> JSONText? {
        guard octets[at...].starts(with: word.description.utf8) else { return nil }
        at += word.utf8CodeUnitCount
        return value
    }

    private mutating func digits() -> Bool {
        let start = at
        while next >= 0x30, next <= 0x39 { at += 1 }
        return at > start
    }

    private mutating func number() -> JSONText? {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let whole = at
        guard digits(), octets[whole] != 0x30 || at == whole + 1 else { return nil }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() else { return nil }
        }
        if next | 0x20 == UInt8(ascii: "e") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            guard digits() else { return nil }
        }
        return .number(String(decoding: octets[start..<at], as: UTF8.self))
    }

    private mutating func string() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        at += 1
        let start = at
        while at < octets.count, octets[at] >= 0x20, octets[at] != 0x22, octets[at] != 0x5C { at += 1 }
        // Most have no escapes.
        if at < octets.count, octets[at] == 0x22 {
            at += 1
            return String(validating: octets[start..<at - 1], as: UTF8.self)
        }
        var out = Array(octets[start..<at])
        while at < octets.count {
            let octet = octets[at]
            at += 1
            switch octet {
            case UInt8(ascii: "\""): return String(validating: out, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(&out) else { return nil }
            case 0..<0x20: return nil
            default: out.append(octet)
            }
        }
        return nil
    }

    private mutating func escape(_ out: inout [UInt8]) -> Bool {
        let octet = next
        at += 1
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(octet)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
            guard var value = fourDigits() else { return false }
            // A character beyond 16 bits is two of them.
            if value >= 0xD800, value < 0xDC00 {
                guard next == UInt8(ascii: "\\"), at + 1 < octets.count, octets[at + 1] == UInt8(ascii: "u") else {
                    return false
                }
                at += 2
                guard let low = fourDigits(), low >= 0xDC00, low < 0xE000 else { return false }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { return false }
            out.append(contentsOf: encoded)
        default: return false
        }
        return true
    }

    private mutating func fourDigits() -> UInt32? {
        guard at + 4 <= octets.count else { return nil }
        let digits = String(decoding: octets[at..<at + 4], as: UTF8.self)
        at += 4
        return digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16) : nil
    }
}
