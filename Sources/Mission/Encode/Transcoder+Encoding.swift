/// Text into the character sets of strings.
extension Transcoder {
    /// The octets of a text; or the first character that the set does not have.
    static func octets(
        of text: String, _ charset: StringModel.Charset
    ) -> (octets: [UInt8], stranger: Unicode.Scalar?) {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        func add(_ value: UInt32, octets: Int, isBig: Bool) {
            for index in 0..<octets {
                out.append(UInt8(truncatingIfNeeded: value >> UInt32((isBig ? octets - 1 - index : index) * 8)))
            }
        }
        for scalar in text.unicodeScalars {
            let value = scalar.value
            switch charset {
            case .utf8: out.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            case .ascii:
                guard value < 0x80 else { return (out, scalar) }
                out.append(UInt8(value))
            case .latin1:
                guard value < 0x100 else { return (out, scalar) }
                out.append(UInt8(value))
            case .windows1252:
                if let index = windows1252.firstIndex(where: { $0 != 0 && UInt32($0) == value }) {
                    out.append(UInt8(0x80 + index))
                } else {
                    guard value < 0x80 || value >= 0xA0 && value < 0x100 else { return (out, scalar) }
                    out.append(UInt8(value))
                }
            case .utf16BE, .utf16LE:
                for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] {
                    add(UInt32(unit), octets: 2, isBig: charset == .utf16BE)
                }
            case .utf32BE, .utf32LE: add(value, octets: 4, isBig: charset == .utf32BE)
            }
        }
        return (out, nil)
    }
}
