internal import Bytes

/// A part of a long text, ready to be sent.
public struct SegmentPart: Sendable, Hashable {
    /// Its number, from 1.
    public let index: Int
    /// How many there are.
    public let total: Int
    /// The text that it carries.
    public let text: String
    /// What is sent, in mixed form.
    public let content: EncodedContent
}

/// Cuts long texts into parts that fit a message each. `Specs/segments.md`.
public enum SegmentSplitter {
    /// The fewest bits that a part needs: the A4, the shortest header, and one Chinese character.
    public static let smallestCapacity = (1 + SegmentMessage.headerLength(index: 1, total: 2) + 2) * 8

    /// The check of a text: CRC-16 (0x1021, preset to ones, as ``CRC16`` has it) over its octets in GBK.
    public static func check(of text: String) throws(EncodingRefusal) -> UInt16 {
        let octets = try GBK.encode(text)
        return CRC16.of(octets.octets)
    }

    /// The parts of a text.
    ///
    /// A text that fits one message is one part without a header, unless its beginning reads like a header. Cuts lie
    /// between what a reader sees as characters, so never inside a character of GBK.
    ///
    /// - Parameters:
    ///   - capacityBits: of a message on the air, from ``Limits/capacity(level:generation:isEncrypted:isExpress:frequencyPoint:)``.
    ///   - id: of the text; the sender's next text takes ``SegmentID/next``.
    /// - Throws: a refusal of characters that GBK lacks, of a capacity without room for a header and a character, and of
    ///   texts that need more than 99 parts.
    public static func split(
        _ text: String, capacityBits: Int, id: SegmentID
    ) throws(EncodingRefusal) -> [SegmentPart] {
        let octets = try GBK.encode(text)
        let capacity = capacityBits / 8 - 1
        if octets.count <= capacity, SegmentMessage(octets) == nil {
            return [SegmentPart(index: 1, total: 1, text: text, content: try ContentCoding.encode(text, form: .mixed))]
        }
        guard capacityBits >= smallestCapacity else {
            throw EncodingRefusal(
                "text",
                "a part of a long text needs \(smallestCapacity) bits, the message has \(capacityBits); shorten the text"
            )
        }
        let check = CRC16.of(octets.octets)
        let pieces = try pieces(of: text)
        // The header is longer when there are more than nine parts.
        for most in [9, SegmentMessage.mostParts] {
            guard var parts = cut(pieces, capacity: capacity, most: most) else { continue }
            // One part would have fitted without a header: its beginning reads like one.
            if parts.count == 1 {
                parts = cut(pieces, capacity: capacity, most: most, first: pieces.count / 2) ?? parts
            }
            return parts.enumerated().map { offset, part in
                let message = SegmentMessage.part(
                    id: id, index: offset + 1, total: parts.count,
                    check: SegmentMessage.half(of: check, index: offset + 1), content: part.flatMap(\.octets))
                return SegmentPart(
                    index: offset + 1, total: parts.count, text: part.map(\.text).joined(),
                    content: message.encoded)
            }
        }
        let room = capacity - SegmentMessage.headerLength(index: 99, total: 99)
        throw EncodingRefusal(
            "text",
            "\(octets.count) octets do not fit \(SegmentMessage.mostParts) parts of \(max(0, room)) octets; shorten the text"
        )
    }

    /// What a reader sees as a character, with its octets.
    private struct Piece {
        var text: String
        var octets: [UInt8]
    }

    /// The characters of a text. What a reader sees as one is one of GBK's, or a line end of CR and LF: two octets at the
    /// most, which every part has room for.
    private static func pieces(of text: String) throws(EncodingRefusal) -> [Piece] {
        var pieces: [Piece] = []
        for character in text {
            pieces.append(Piece(text: String(character), octets: try GBK.encode(String(character))))
        }
        return pieces
    }

    /// The pieces of each part, as many as fit; nil when more parts are needed than `most`.
    ///
    /// - Parameter first: the most pieces that the first part takes; nil: what fits.
    private static func cut(_ pieces: [Piece], capacity: Int, most: Int, first: Int? = nil) -> [ArraySlice<Piece>]? {
        var parts: [ArraySlice<Piece>] = []
        var start = 0
        while start < pieces.count {
            guard parts.count < most else { return nil }
            let room = capacity - SegmentMessage.headerLength(index: parts.count + 1, total: most)
            var (end, used) = (start, 0)
            while end < pieces.count, used + pieces[end].octets.count <= room {
                if parts.isEmpty, let first, end - start >= first { break }
                used += pieces[end].octets.count
                end += 1
            }
            guard end > start else { return nil }
            parts.append(pieces[start..<end])
            start = end
        }
        return parts
    }
}
