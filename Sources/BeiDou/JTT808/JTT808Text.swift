internal import Bytes

/// Texts that values are shown as.
enum JTT808Text {
    /// The zone of the clock that location reports go by (jtt808.md, 0x0200).
    static let zone = "+08:00"

    /// A message id as people write it: `0x0200`.
    static func identifier(_ id: UInt16) -> String { "0x" + hex(UInt64(id), digits: 4) }

    /// A number in so many hexadecimal digits, upper case.
    static func hex(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Adds octets in hexadecimal digits, upper case.
    static func appendHex(_ octets: RawSpan, to text: inout TextBuffer) {
        for index in 0..<octets.byteCount {
            let octet = octets.u8(at: index)
            text.append(hexDigit(octet >> 4))
            text.append(hexDigit(octet & 15))
        }
    }

    /// Adds octets of UTF-8 with what JSON has to escape (RFC 8259, 7).
    static func appendEscaped(_ octets: RawSpan, to text: inout TextBuffer) {
        for index in 0..<octets.byteCount {
            let octet = octets.u8(at: index)
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text.append(UInt8(ascii: "\\"))
                text.append(octet)
            case 0..<0x20:
                text.append("\\u00")
                text.append(hexDigit(octet >> 4))
                text.append(hexDigit(octet & 15))
            default: text.append(octet)
            }
        }
    }

    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x37 &+ value }

    /// The octets of hexadecimal digits; nil when something else stands there.
    static func octets(hex text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8 in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - 0x30
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - 0x37
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - 0x57
            default: 255
            }
        }
        guard digits.count % 2 == 0, !digits.contains(255) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
