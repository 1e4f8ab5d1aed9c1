internal import Bytes

/// Texts that values are shown as.
enum JTT808Text {
    /// The zone of the clock that location reports go by (jtt808.md, 0x0200).
    static let zone = "+08:00"

    /// A message id as people write it: `0x0200`.
    static func identifier(_ id: UInt16) -> String { "0x" + Hexadecimal.text(id, digits: 4) }

    /// Adds octets in hexadecimal digits, upper case.
    static func appendHex(_ octets: RawSpan, to text: inout TextBuffer) {
        for index in 0..<octets.byteCount {
            let octet = octets.u8(at: index)
            text.append(ASCII.hexDigit(octet >> 4))
            text.append(ASCII.hexDigit(octet & 15))
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
                text.append(ASCII.hexDigit(octet >> 4))
                text.append(ASCII.hexDigit(octet & 15))
            default: text.append(octet)
            }
        }
    }
}
