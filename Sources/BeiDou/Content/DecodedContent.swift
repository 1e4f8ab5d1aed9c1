internal import Bytes
internal import Records

/// What the content of a short message says, as a value of its own: for one message at a time. Whoever reads many takes
/// ``ContentColumns``, which the same code fills.
public struct DecodedContent: Sendable, Hashable {
    /// The first octet, where it says what the rest is: A4 of mixed content, A0 of a position, a maker's own.
    public let lead: UInt8?
    /// The text; nil when the content is none.
    public let text: String?
    /// True when Chinese text has octets that are no characters; U+FFFD stands for them.
    public let isTextDamaged: Bool
    /// The octets, without an A4 in front of mixed content.
    public let content: [UInt8]
    /// The position of a position payload; nil when it is none, or has a field that cannot be.
    public let position: PositionPayload?
}

extension ContentCoding {
    /// What some content says.
    ///
    /// - Parameters:
    ///   - octets: unpacked from hex, digits two in an octet.
    ///   - bits: how many bits of them count; nil: all.
    public static func decode(_ octets: [UInt8], bits: Int? = nil, form: ContentForm) -> DecodedContent {
        let span = octets.octets
        let shape = ContentShape(span, bits: bits ?? octets.count * 8, form: form)
        let buffer = ByteBuffer()
        let textLength = shape.text == .digits ? (shape.textCount + 1) / 2 : shape.textCount
        let state = ContentColumns.append(span.slice(at: shape.textStart, count: textLength), shape, to: buffer)
        return DecodedContent(
            lead: shape.lead,
            text: state == .notIncluded ? nil : String(decoding: buffer.bytes.copied(), as: UTF8.self),
            isTextDamaged: state == .badText,
            content: span.slice(at: shape.start, count: shape.count - shape.start).copied(),
            position: shape.isPosition ? PositionPayload(Array(octets.prefix(shape.count))) : nil)
    }

    /// The octets that hex digits of a text sentence stand for, in either case; nil when one is no digit or their count
    /// is odd.
    package static func octets(ofHex line: RawSpan) -> [UInt8]? {
        guard line.byteCount.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(line.byteCount / 2)
        for index in stride(from: 0, to: line.byteCount, by: 2) {
            guard let high = digit(line.u8(at: index)), let low = digit(line.u8(at: index + 1)) else { return nil }
            octets.append(high << 4 | low)
        }
        return octets
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x37
        case 0x61...0x66: octet - 0x57
        default: nil
        }
    }
}
