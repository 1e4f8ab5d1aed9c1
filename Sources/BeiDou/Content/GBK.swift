package import Bytes

/// The character set of short messages: GBK, whose subset GB 2312 is what the air carries as Chinese text.
///
/// A character is an octet below 80 (ASCII) or two octets, the first from 81 to FE, the second from 40 to FE without
/// 7F. What that area lacks in ``GBKTable`` is not valid, and neither are the single octets 80 and FF: `iconv` reads 80
/// as U+0080 and writes the euro sign as 80, Python's codec refuses both, and so do we. Where the codecs for GB 2312 alone differ (A1A4 is U+30FB and A1AA
/// U+2015 there), GBK's reading is taken: U+00B7 and U+2014. Source: beidou-text-coding.md.
package enum GBK {
    /// How many second octets a lead has: 40 to FE.
    private static let stride = 191

    /// The code point of each code, 0 where there is none: (lead - 81) x 191 + second - 40.
    private static let scalars: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 126 * stride)
        for line in GBKTable.rows.utf8.split(separator: UInt8(ascii: "\n")) {
            var code = 0
            for digit in line.prefix(4) { code = code << 4 | Int(digit < 0x41 ? digit - 0x30 : digit - 0x37) }
            var place = (code >> 8 - 0x81) * stride + (code & 0xFF) - 0x40
            for scalar in Substring(line.dropFirst(5)).unicodeScalars {
                if scalar != "." { table[place] = UInt16(truncatingIfNeeded: scalar.value) }
                place += 1
            }
        }
        return table
    }()

    /// The code of each code point of the first plane, 0 where there is none.
    private static let codes: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 1 << 16)
        for (place, scalar) in scalars.enumerated() where scalar != 0 {
            table[Int(scalar)] = UInt16(truncatingIfNeeded: (place / stride + 0x81) << 8 | (place % stride + 0x40))
        }
        return table
    }()

    /// The character of a code of two octets, or of an ASCII octet; nil where there is none.
    package static func character(of code: UInt16) -> Unicode.Scalar? {
        if code < 0x80 { return Unicode.Scalar(code) }
        let scalars = scalars
        let scalar = scalar(lead: UInt8(code >> 8), UInt8(code & 0xFF), scalars.span)
        return scalar == 0 ? nil : Unicode.Scalar(scalar)
    }

    /// The code of a character, below 80 for ASCII; nil when GBK lacks it.
    package static func code(of character: Unicode.Scalar) -> UInt16? {
        if character.isASCII { return UInt16(character.value) }
        guard character.value <= 0xFFFF else { return nil }
        let code = codes[Int(character.value)]
        return code == 0 ? nil : code
    }

    /// Whether a code of two octets is a character of GB 2312, and not only of GBK.
    package static func isGB2312(_ code: UInt16) -> Bool {
        let (lead, second) = (code >> 8, code & 0xFF)
        guard second >= 0xA1, second <= 0xFE else { return false }
        switch lead {
        case 0xA1, 0xA3, 0xB0...0xD6, 0xD8...0xF7: return true
        case 0xA2: return 0xB1...0xE2 ~= second || 0xE5...0xEE ~= second || 0xF1...0xFC ~= second
        case 0xA4: return second <= 0xF3
        case 0xA5: return second <= 0xF6
        case 0xA6: return second <= 0xB8 || 0xC1...0xD8 ~= second
        case 0xA7: return second <= 0xC1 || 0xD1...0xF1 ~= second
        case 0xA8: return second <= 0xBA || 0xC5...0xE9 ~= second
        case 0xA9: return 0xA4...0xEF ~= second
        case 0xD7: return second <= 0xF9
        default: return false
        }
    }

    @inline(__always)
    private static func scalar(lead: UInt8, _ second: UInt8, _ table: Span<UInt16>) -> UInt16 {
        guard lead >= 0x81, lead <= 0xFE, second >= 0x40, second <= 0xFE else { return 0 }
        return table[Int(lead &- 0x81) &* stride &+ Int(second &- 0x40)]
    }
}

extension GBK {
    /// What a text may hold besides characters that are printed.
    package enum Controls: Sendable {
        /// Every ASCII octet.
        case all
        /// Tab, carriage return and line feed.
        case layout
    }

    /// Adds the text of some octets in UTF-8.
    ///
    /// - Returns: false, and nothing is added, when octets are not valid or are control characters that may not be
    ///   there.
    @discardableResult
    package static func append(_ octets: RawSpan, to buffer: ByteBuffer, controls: Controls = .all) -> Bool {
        // Text that fits one piece is checked while it is converted.
        if octets.byteCount > pieceLength, !isValid(octets, controls: controls) { return false }
        return convert(octets, to: buffer, controls: controls, isForgiving: false)
    }

    /// Adds the text of some octets in UTF-8, U+FFFD for each octet that is part of no character.
    package static func appendForgiving(_ octets: RawSpan, to buffer: ByteBuffer) {
        _ = convert(octets, to: buffer, controls: .all, isForgiving: true)
    }

    /// Whether the octets are characters from end to end.
    package static func isValid(_ octets: RawSpan, controls: Controls = .all) -> Bool {
        let scalars = scalars
        let table = scalars.span
        var at = 0
        while at < octets.byteCount {
            let octet = octets.u8(at: at)
            if octet < 0x80 {
                if controls == .layout, isBarred(octet) { return false }
                at &+= 1
            } else {
                guard at &+ 1 < octets.byteCount,
                    scalar(lead: octet, octets.u8(at: at &+ 1), table) != 0
                else { return false }
                at &+= 2
            }
        }
        return true
    }

    /// How many characters the octets are; an octet that is part of none counts as one.
    package static func characterCount(_ octets: RawSpan) -> Int {
        let scalars = scalars
        let table = scalars.span
        var (at, count) = (0, 0)
        while at < octets.byteCount {
            let octet = octets.u8(at: at)
            let isPair =
                octet >= 0x80 && at &+ 1 < octets.byteCount
                && scalar(lead: octet, octets.u8(at: at &+ 1), table) != 0
            at &+= isPair ? 2 : 1
            count &+= 1
        }
        return count
    }

    @inline(__always)
    private static func isBarred(_ octet: UInt8) -> Bool {
        octet < 0x20 && octet != 0x09 && octet != 0x0A && octet != 0x0D || octet == 0x7F
    }

    /// Octets that are converted before they are handed to the buffer. Small, because a piece costs its zeros.
    private static let pieceLength = 63

    private static func convert(
        _ octets: RawSpan, to buffer: ByteBuffer, controls: Controls, isForgiving: Bool
    ) -> Bool {
        let scalars = scalars
        let table = scalars.span
        // An octet becomes three at the most, as a forgiven one does.
        var piece = InlineArray<192, UInt8>(repeating: 0)
        let end = octets.byteCount
        var at = 0
        repeat {
            // A character may reach one octet over the end of its piece.
            let pieceEnd = min(end, at &+ pieceLength)
            var filled = 0
            while at < pieceEnd {
                let octet = octets.u8(at: at)
                if octet < 0x80 {
                    if controls == .layout, isBarred(octet) { return false }
                    piece[filled] = octet
                    filled &+= 1
                    at &+= 1
                    continue
                }
                var value = at &+ 1 < end ? scalar(lead: octet, octets.u8(at: at &+ 1), table) : 0
                at &+= value == 0 ? 1 : 2
                if value == 0 {
                    guard isForgiving else { return false }
                    value = 0xFFFD
                }
                if value < 0x800 {
                    piece[filled] = 0xC0 | UInt8(truncatingIfNeeded: value &>> 6)
                    piece[filled &+ 1] = 0x80 | UInt8(truncatingIfNeeded: value & 0x3F)
                    filled &+= 2
                } else {
                    piece[filled] = 0xE0 | UInt8(truncatingIfNeeded: value &>> 12)
                    piece[filled &+ 1] = 0x80 | UInt8(truncatingIfNeeded: value &>> 6 & 0x3F)
                    piece[filled &+ 2] = 0x80 | UInt8(truncatingIfNeeded: value & 0x3F)
                    filled &+= 3
                }
            }
            buffer.append(piece.span.octets.slice(at: 0, count: filled))
        } while at < end
        return true
    }
}
