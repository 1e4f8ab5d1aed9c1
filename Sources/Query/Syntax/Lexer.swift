/// Cuts the text of a filter into tokens.
struct Lexer {
    private let text: String
    private let octets: [UInt8]
    private var at = 0
    /// Whether a slice is being read: its colons are no octets'.
    private var isInSlice = false

    /// Signs, the longer ones first.
    private static let signs = [
        "==", "!=", "<=", ">=", "&&", "||", "^^", "..", "<", ">", "!", "~", "(", ")", "{", "}", "[", "]", ",", ":", "+",
        "-", "*", "/", "%", "&",
    ].map { ($0, Array($0.utf8)) }

    /// Longer filters are none: each stands on a line that a person or a file wrote.
    static let longest = 1 << 16

    init(_ text: String) {
        self.text = text
        octets = Array(text.utf8)
    }

    /// All tokens, `.end` the last.
    static func tokens(of text: String) throws(FilterError) -> [Token] {
        var lexer = Lexer(text)
        guard lexer.octets.count <= longest else {
            let range = SourceRange(longest, lexer.octets.count)
            throw FilterError(text, range, "a filter has at most \(longest) octets, this one has \(lexer.octets.count)")
        }
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        let end = lexer.octets.count
        tokens.append(Token(kind: .end, range: SourceRange(end, end), isJoined: false))
        return tokens
    }

    private mutating func next() throws(FilterError) -> Token? {
        let before = at
        while at < octets.count, octets[at] == 0x20 || (0x09...0x0D).contains(octets[at]) { at += 1 }
        guard at < octets.count else { return nil }
        let isJoined = at == before
        let start = at
        let kind = try kind()
        return Token(kind: kind, range: SourceRange(start, at), isJoined: isJoined)
    }

    private mutating func kind() throws(FilterError) -> Token.Kind {
        let start = at
        switch octets[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try quoted(escapes: true))
        case UInt8(ascii: "r") where at + 1 < octets.count && octets[at + 1] == UInt8(ascii: "\""):
            at += 1
            return .text(try quoted(escapes: false))
        default: break
        }
        if let address = address() { return .address(address) }
        if Self.isDigit(octets[at])
            || (octets[at] == UInt8(ascii: ".") && at + 1 < octets.count && Self.isDigit(octets[at + 1]))
        {
            return .number(number())
        }
        if Self.isLetter(octets[at]) {
            while at < octets.count, Self.isLetter(octets[at]) || Self.isDigit(octets[at]) || isInside(at) { at += 1 }
            return .word(String(decoding: octets[start..<at], as: UTF8.self))
        }
        for (sign, signOctets) in Self.signs where octets[at...].starts(with: signOctets) {
            at += signOctets.count
            if sign == "[" || sign == "]" { isInSlice = sign == "[" }
            return .sign(sign)
        }
        if octets[at] == UInt8(ascii: "=") {
            let isTurned = at + 1 < octets.count && (octets[at + 1] == 0x3C || octets[at + 1] == 0x3E)
            guard isTurned else { throw FilterError(text, SourceRange(at, at + 1), "'=' is no comparison: '==' is") }
            let sign = octets[at + 1] == 0x3C ? "<" : ">"
            throw FilterError(text, SourceRange(at, at + 2), "'=\(sign)' is no comparison: '\(sign)=' is")
        }
        if octets[at] == UInt8(ascii: "|") {
            throw FilterError(text, SourceRange(at, at + 1), "'|' is no operator: '||' or 'or' is")
        }
        // Letters of every script are words, so this is one octet.
        let sign = String(decoding: octets[at..<at + 1], as: UTF8.self)
        throw FilterError(
            text, SourceRange(at, at + 1), "'\(sign)' has no meaning in a filter; texts stand in quotes")
    }

    /// Points and number signs stand inside of names: `eps.battery_voltage`, `value#2`.
    private func isInside(_ place: Int) -> Bool {
        guard octets[place] == UInt8(ascii: ".") || octets[place] == UInt8(ascii: "#"), place + 1 < octets.count else {
            return false
        }
        return Self.isLetter(octets[place + 1]) || Self.isDigit(octets[place + 1])
    }

    /// A number: digits with a point and an exponent, or hexadecimal ones behind 0x.
    private mutating func number() -> String {
        let start = at
        if octets[at] == UInt8(ascii: "0"), at + 2 < octets.count, octets[at + 1] | 0x20 == UInt8(ascii: "x"),
            Self.isHex(octets[at + 2])
        {
            at += 2
            while at < octets.count, Self.isHex(octets[at]) { at += 1 }
            return String(decoding: octets[start..<at], as: UTF8.self)
        }
        while at < octets.count, Self.isDigit(octets[at]) { at += 1 }
        // Two points are a range: 1..5.
        if at + 1 < octets.count, octets[at] == UInt8(ascii: "."), Self.isDigit(octets[at + 1]) {
            at += 1
            while at < octets.count, Self.isDigit(octets[at]) { at += 1 }
        }
        if at < octets.count, octets[at] | 0x20 == UInt8(ascii: "e") {
            var behind = at + 1
            if behind < octets.count, octets[behind] == UInt8(ascii: "+") || octets[behind] == UInt8(ascii: "-") {
                behind += 1
            }
            if behind < octets.count, Self.isDigit(octets[behind]) {
                at = behind
                while at < octets.count, Self.isDigit(octets[at]) { at += 1 }
            }
        }
        return String(decoding: octets[start..<at], as: UTF8.self)
    }

    /// An IPv4 or IPv6 address, with a prefix length or without, or octets in hexadecimal with colons between them.
    private mutating func address() -> String? {
        guard !isInSlice, Self.isHex(octets[at]) || octets[at] == UInt8(ascii: ":") else { return nil }
        var end = at
        var (points, colons) = (0, 0)
        while end < octets.count,
            Self.isHex(octets[end]) || octets[end] == UInt8(ascii: ":") || octets[end] == UInt8(ascii: ".")
        {
            if octets[end] == UInt8(ascii: ".") {
                // A range of numbers has two points in a row.
                guard end + 1 < octets.count, Self.isDigit(octets[end + 1]) else { break }
                points += 1
            }
            if octets[end] == UInt8(ascii: ":") { colons += 1 }
            end += 1
        }
        guard points == 3 || colons >= 2 || colons == 1 && end == at + 5 && octets[at + 2] == UInt8(ascii: ":") else {
            return nil
        }
        guard end == octets.count || !Self.isLetter(octets[end]) else { return nil }
        if end + 1 < octets.count, octets[end] == UInt8(ascii: "/"), Self.isDigit(octets[end + 1]) {
            end += 1
            while end < octets.count, Self.isDigit(octets[end]) { end += 1 }
        }
        defer { at = end }
        return String(decoding: octets[at..<end], as: UTF8.self)
    }

    /// What stands between quotes. `\"`, `\\`, `\n`, `\r`, `\t` and `\xHH` are escapes, except in `r"…"`.
    private mutating func quoted(escapes: Bool) throws(FilterError) -> String {
        let start = at
        let quote = octets[at]
        at += 1
        var content: [UInt8] = []
        while at < octets.count, octets[at] != quote {
            guard escapes, octets[at] == UInt8(ascii: "\\") else {
                content.append(octets[at])
                at += 1
                continue
            }
            content.append(try escaped())
        }
        guard at < octets.count else {
            throw FilterError(text, SourceRange(start, octets.count), "the text that begins here has no closing quote")
        }
        at += 1
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func escaped() throws(FilterError) -> UInt8 {
        let start = at
        at += 2
        switch start + 1 < octets.count ? octets[start + 1] : 0 {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "'"): return UInt8(ascii: "'")
        case UInt8(ascii: "x"):
            let digits = String(decoding: octets[min(at, octets.count)..<min(at + 2, octets.count)], as: UTF8.self)
            if digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value < 0x80 {
                at += 2
                return value
            }
        default: break
        }
        let end = min(start + 2, octets.count)
        throw FilterError(
            text, SourceRange(start, end),
            #"no escape: \n, \r, \t, \\, \", \' and \x00 to \x7F are; a text r"…" has none"#)
    }

    private static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }
    private static func isHex(_ octet: UInt8) -> Bool { isDigit(octet) || (octet | 0x20) &- 0x61 < 6 }
    /// Letters of any script, and the low line.
    private static func isLetter(_ octet: UInt8) -> Bool {
        (octet | 0x20) &- 0x61 < 26 || octet == UInt8(ascii: "_") || octet >= 0x80
    }
}
