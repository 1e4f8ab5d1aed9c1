package import Bytes

/// Stub: ASCII and one character, until the real table is merged.
package enum GBK {
    package static func append(_ octets: RawSpan, to buffer: ByteBuffer) -> Bool {
        var out: [UInt8] = []
        var index = 0
        while index < octets.byteCount {
            let octet = octets.u8(at: index)
            if octet < 0x80 {
                out.append(octet)
                index += 1
            } else if index + 1 < octets.byteCount, octets.u16(at: index) == 0xD4C1 {
                out += Array("\u{7CA4}".utf8)
                index += 2
            } else {
                return false
            }
        }
        buffer.append(octets: out)
        return true
    }

    package static func encode(_ text: String) throws(EncodingRefusal) -> [UInt8] {
        var out: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                out.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if scalar.value == 0x7CA4 {
                out += [0xD4, 0xC1]
            } else {
                throw EncodingRefusal(nil, "U+\(String(scalar.value, radix: 16)) is not in GBK")
            }
        }
        return out
    }
}
