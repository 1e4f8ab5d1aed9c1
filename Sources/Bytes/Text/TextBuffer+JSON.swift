extension TextBuffer {
    /// Adds a JSON string, quotes included (RFC 8259, 7).
    public mutating func appendJSON(_ text: String) {
        append(UInt8(ascii: "\""))
        for octet in text.utf8 { appendEscaped(octet) }
        append(UInt8(ascii: "\""))
    }

    /// Adds octets as a JSON string where they are UTF-8, and as one of hexadecimal digits where they are not.
    public mutating func appendJSON(text octets: RawSpan) {
        guard Self.isUTF8(octets) else {
            append("\"")
            appendHex(octets)
            append("\"")
            return
        }
        append(UInt8(ascii: "\""))
        for index in 0..<octets.byteCount { appendEscaped(octets.u8(at: index)) }
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private mutating func appendEscaped(_ octet: UInt8) {
        switch octet {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case ..<0x20, 0x7F:
            append("\\u00")
            append(Self.hexDigit(octet >> 4))
            append(Self.hexDigit(octet & 15))
        default: append(octet)
        }
    }

    /// Adds a number as JSON. NaN and the infinities, which JSON has no words for, become the strings "NaN", "Infinity"
    /// and "-Infinity", which JavaScript, Python and Swift turn back into the same numbers.
    public mutating func appendJSON(_ number: Double) {
        if number.isFinite { return append(number) }
        append(number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"")
    }

    /// Whether octets are well-formed UTF-8 (RFC 3629, 3).
    package static func isUTF8(_ octets: RawSpan) -> Bool {
        var position = 0
        let end = octets.byteCount
        while position < end {
            let first = octets.u8(at: position)
            let length: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch first {
            case 0..<0x80:
                position += 1
                continue
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, low) = (3, 0xA0)
            case 0xED: (length, high) = (3, 0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, low) = (4, 0x90)
            case 0xF4: (length, high) = (4, 0x8F)
            case 0xF1...0xF3: length = 4
            default: return false
            }
            guard position + length <= end else { return false }
            let second = octets.u8(at: position + 1)
            guard second >= low && second <= high else { return false }
            for index in position + 2..<max(position + 2, position + length) where octets.u8(at: index) & 0xC0 != 0x80 {
                return false
            }
            position += length
        }
        return true
    }

    /// Adds a JSON string, or null.
    package mutating func appendJSON(_ text: String?) {
        if let text { appendJSON(text) } else { append("null") }
    }

    /// Adds a JSON number, or null.
    package mutating func appendJSON(_ number: Int?) {
        if let number { append(number) } else { append("null") }
    }
}
