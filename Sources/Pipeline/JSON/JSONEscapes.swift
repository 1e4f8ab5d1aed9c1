/// The escapes of JSON's texts (RFC 8259, section 7).
extension ValueTape {
    /// Puts what a text with escapes means behind the line; gives where it stands then, nil where an escape is none.
    mutating func resolve(_ place: Place) -> Place? {
        let range = Int(place.start)..<Int(place.end)
        guard octets[range].contains(UInt8(ascii: "\\")) else { return place }
        let start = octets.count
        var at = range.lowerBound
        while at < range.upperBound {
            let octet = octets[at]
            at += 1
            guard octet == UInt8(ascii: "\\") else {
                octets.append(octet)
                continue
            }
            // A backslash has an octet behind it, else the text would not end there.
            let escape = octets[at]
            at += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): octets.append(escape)
            case UInt8(ascii: "b"): octets.append(8)
            case UInt8(ascii: "f"): octets.append(12)
            case UInt8(ascii: "n"): octets.append(10)
            case UInt8(ascii: "r"): octets.append(13)
            case UInt8(ascii: "t"): octets.append(9)
            case UInt8(ascii: "u"):
                guard let scalar = Self.scalar(octets[..<range.upperBound], &at), let encoded = UTF8.encode(scalar)
                else {
                    return nil
                }
                octets.append(contentsOf: encoded)
            default: return nil
            }
        }
        return Place(start: Int32(start), end: Int32(octets.count))
    }

    /// The character of four digits, or of twice four: one beyond 16 bits is two of them.
    private static func scalar(_ octets: ArraySlice<UInt8>, _ at: inout Int) -> Unicode.Scalar? {
        guard let high = fourDigits(octets, &at) else { return nil }
        guard high >> 10 == 0xD800 >> 10 else { return Unicode.Scalar(high) }
        guard octets[at...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
        at += 2
        guard let low = fourDigits(octets, &at), low >> 10 == 0xDC00 >> 10 else { return nil }
        return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF))
    }

    private static func fourDigits(_ octets: ArraySlice<UInt8>, _ at: inout Int) -> UInt32? {
        guard at + 4 <= octets.endIndex else { return nil }
        var value: UInt32 = 0
        for octet in octets[at..<at + 4] {
            guard let digit = Character(UnicodeScalar(octet)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }
}
