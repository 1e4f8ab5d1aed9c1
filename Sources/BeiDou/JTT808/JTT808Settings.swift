internal import Bytes

/// Parameters of a terminal in 0x8103 and 0x0104: id u32, length u8, value (jtt808.md).
///
/// As a text a known one is `0x0001=60` or `0x0013=gateway.example`, any other its octets: `0x0055:0A0B`.
enum JTT808Settings {
    /// The ids that are whole numbers of four octets: heartbeat interval, server port, reporting interval.
    static let numbers: Set<UInt32> = [0x0001, 0x0018, 0x0029]
    /// The id that is a text: the main server's address.
    static let texts: Set<UInt32> = [0x0013]

    /// Adds one parameter as an entry of a list in JSON.
    static func append(_ id: UInt32, _ value: RawSpan, to text: inout TextBuffer, through scratch: ByteBuffer) {
        text.append("\"0x")
        text.append(Hexadecimal.text(id, digits: 4))
        if numbers.contains(id), value.byteCount == 4 {
            text.append(UInt8(ascii: "="))
            text.append(UInt64(value.u32(at: 0)))
        } else if texts.contains(id), isText(value, scratch) {
            text.append(UInt8(ascii: "="))
            JTT808Text.appendEscaped(scratch.bytes, to: &text)
        } else {
            text.append(UInt8(ascii: ":"))
            JTT808Text.appendHex(value, to: &text)
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func isText(_ value: RawSpan, _ scratch: ByteBuffer) -> Bool {
        scratch.removeAll()
        return GBK.append(value, to: scratch)
    }

    /// The octets of a parameter that is written as ``append(_:_:to:through:)`` writes it, its id and length in front.
    static func octets(_ text: String) throws(EncodingRefusal) -> [UInt8] {
        let allowed = "as '0x0001=60' for a known one or '0x0055:0A0B' for the octets of any"
        guard text.hasPrefix("0x"), let end = text.firstIndex(where: { $0 == "=" || $0 == ":" }),
            let id = UInt32(text[text.index(text.startIndex, offsetBy: 2)..<end], radix: 16)
        else { throw EncodingRefusal("parameters", "'\(text)' is not written \(allowed)") }
        let rest = text[text.index(after: end)...]
        let value: [UInt8]
        if text[end] == ":" {
            guard let octets = Hexadecimal.octets(of: rest) else {
                throw EncodingRefusal("parameters", "'\(text)' has no pairs of hexadecimal digits behind the colon")
            }
            value = octets
        } else if numbers.contains(id) {
            guard let number = UInt32(rest) else {
                throw EncodingRefusal("parameters", "'\(text)' has no number from 0 to 4294967295 behind the sign")
            }
            value = (0..<4).map { UInt8(number >> UInt32(24 - 8 * $0) & 255) }
        } else if texts.contains(id) {
            value = try GBK.encode(String(rest))
        } else {
            throw EncodingRefusal("parameters", "what 0x\(String(id, radix: 16)) means is not known: write \(allowed)")
        }
        guard value.count <= 255 else {
            throw EncodingRefusal("parameters", "a value of \(value.count) octets; 255 are allowed")
        }
        return (0..<4).map { UInt8(id >> UInt32(24 - 8 * $0) & 255) } + [UInt8(value.count)] + value
    }
}
