/// Letters and digits of messages.
enum ASCII {
    static let dollar = UInt8(ascii: "$")
    static let star = UInt8(ascii: "*")
    static let comma = UInt8(ascii: ",")
    static let point = UInt8(ascii: ".")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let zero = UInt8(ascii: "0")
    static let return_ = UInt8(ascii: "\r")
    static let newline = UInt8(ascii: "\n")

    /// The value of a hexadecimal digit in either case; over 15 when it is none.
    @inline(__always)
    static func hexValue(_ octet: UInt8) -> UInt8 {
        let digit = octet &- 0x30
        if digit < 10 { return digit }
        let letter = (octet | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : 0xFF
    }

    /// The upper-case hexadecimal digit of a value under 16.
    @inline(__always)
    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x37 &+ value }

    /// Whether it may stand in a sentence's name.
    @inline(__always)
    static func isNameOctet(_ octet: UInt8) -> Bool { octet &- 0x41 < 26 || octet &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ octet: UInt8) -> Bool { octet &- 0x41 < 26 }

    @inline(__always)
    static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }
}
