import Bytes

/// Text of other character sets as UTF-8. What is wrong becomes U+FFFD.
enum Transcoder {
    static func utf8(_ bytes: RawSpan, _ charset: StringModel.Charset) -> (octets: [UInt8], isRight: Bool) {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.byteCount * 2)
        var isRight = true
        func add(_ value: UInt32?) {
            if let value, let scalar = Unicode.Scalar(value) {
                out.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            } else {
                out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                isRight = false
            }
        }
        switch charset {
        case .utf8:
            var source: [UInt8] = []
            for index in 0..<bytes.byteCount { source.append(bytes.u8(at: index)) }
            return (Array(String(decoding: source, as: UTF8.self).utf8), false)
        case .ascii:
            for index in 0..<bytes.byteCount {
                let octet = bytes.u8(at: index)
                add(octet < 0x80 ? UInt32(octet) : nil)
            }
        case .latin1: for index in 0..<bytes.byteCount { add(UInt32(bytes.u8(at: index))) }
        case .windows1252:
            for index in 0..<bytes.byteCount {
                let octet = bytes.u8(at: index)
                if octet >= 0x80, octet < 0xA0 {
                    let value = windows1252[Int(octet) - 0x80]
                    add(value == 0 ? nil : UInt32(value))
                } else {
                    add(UInt32(octet))
                }
            }
        case .utf16BE, .utf16LE:
            var index = 0
            func unit() -> UInt32 {
                defer { index += 2 }
                return UInt32(charset == .utf16BE ? bytes.u16(at: index) : bytes.u16le(at: index))
            }
            while index + 2 <= bytes.byteCount {
                let first = unit()
                if first >= 0xD800, first < 0xDC00, index + 2 <= bytes.byteCount {
                    let second = unit()
                    if second >= 0xDC00, second < 0xE000 {
                        add(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                    } else {
                        add(nil)
                        index -= 2
                    }
                } else {
                    add(first)
                }
            }
            if index < bytes.byteCount { add(nil) }
        case .utf32BE, .utf32LE:
            var index = 0
            while index + 4 <= bytes.byteCount {
                add(charset == .utf32BE ? bytes.u32(at: index) : bytes.u32le(at: index))
                index += 4
            }
            if index < bytes.byteCount { add(nil) }
        }
        return (out, isRight)
    }

    /// What Windows-1252 has at 0x80 to 0x9F; 0: nothing.
    static let windows1252: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]
}
