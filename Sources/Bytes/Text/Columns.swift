/// How many columns of a terminal text takes: two for what East Asian terminals draw wide, one for all else.
///
/// The rule is by blocks (Unicode Standard Annex 11, W and F): Hangul Jamo, radicals to compatibility ideographs, Hangul,
/// vertical and full-width forms, pictographs, and the planes of further ideographs. What GBK has of them is told right;
/// of other scripts the few characters that combine or are drawn in no column count one.
enum TerminalColumns {
    /// The columns of a code point.
    static func of(_ scalar: UInt32) -> Int {
        guard scalar >= 0x1100 else { return 1 }
        return switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}

extension StringProtocol {
    /// The columns that it takes on a terminal.
    package var columns: Int { unicodeScalars.reduce(0) { $0 + TerminalColumns.of($1.value) } }

    /// As much of it as has room in so many columns.
    package func prefix(columns most: Int) -> String {
        var (kept, columns) = ("", 0)
        for character in self {
            columns += String(character).columns
            guard columns <= most else { break }
            kept.append(character)
        }
        return kept
    }
}

extension RawSpan {
    /// The columns that it takes on a terminal; it is UTF-8.
    package var columns: Int { isASCII ? byteCount : prefix(columns: .max).columns }

    /// How many characters it has; it is UTF-8.
    package var characters: Int {
        (0..<byteCount).reduce(0) { u8(at: $1) & 0xC0 == 0x80 ? $0 : $0 + 1 }
    }

    /// How many of its octets, in whole characters, have room in so many columns, and how many they take; it is UTF-8.
    package func prefix(columns most: Int) -> (octets: Int, columns: Int) {
        var (place, columns) = (0, 0)
        while place < byteCount {
            var scalar = UInt32(u8(at: place))
            var end = place + 1
            if scalar >= 0xC0 { scalar &= scalar < 0xE0 ? 0x1F : scalar < 0xF0 ? 0x0F : 0x07 }
            while end < byteCount, u8(at: end) & 0xC0 == 0x80 {
                scalar = scalar << 6 | UInt32(u8(at: end) & 0x3F)
                end += 1
            }
            let width = TerminalColumns.of(scalar)
            guard columns + width <= most else { break }
            columns += width
            place = end
        }
        return (place, columns)
    }
}
