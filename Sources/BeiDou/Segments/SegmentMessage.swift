internal import Bytes

/// The short id of a text: a letter, so that the texts that a sender sends one after the other are told apart.
public struct SegmentID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The letter in ASCII, a to z or A to Z.
    let letter: UInt8

    /// The id of a letter; nil when it is none of a to z and A to Z.
    public init?(_ letter: Character) {
        guard let octet = letter.asciiValue else { return nil }
        self.init(octet: octet)
    }

    init?(octet: UInt8) {
        switch octet {
        case 0x41...0x5A, 0x61...0x7A: letter = octet
        default: return nil
        }
    }

    private init(known letter: UInt8) { self.letter = letter }

    /// The first id: a.
    public static let first = SegmentID(known: UInt8(ascii: "a"))

    /// The id of the sender's next text: a to z, then A to Z, then a again.
    public var next: SegmentID {
        switch letter {
        case UInt8(ascii: "z"): SegmentID(known: UInt8(ascii: "A"))
        case UInt8(ascii: "Z"): .first
        default: SegmentID(known: letter + 1)
        }
    }

    /// The letter.
    public var description: String { String(UnicodeScalar(letter)) }

    /// By letter.
    public static func < (a: SegmentID, b: SegmentID) -> Bool { a.letter < b.letter }
}

/// A message of the segments' protocol, which is ours and no standard's: `Specs/segments.md`. All of them are readable
/// text behind the A4 of mixed content.
public enum SegmentMessage: Sendable, Hashable {
    /// `[k3/12 7F]` and text: part 3 of 12 of text k. 7F is the first octet of the whole text's check in odd parts, the
    /// second one in even parts.
    case part(id: SegmentID, index: Int, total: Int, check: UInt8, content: [UInt8])
    /// `[k?2,5-7/12]`: of text k with its 12 parts, parts 2, 5, 6 and 7 have not come.
    case request(id: SegmentID, missing: [ClosedRange<Int>], total: Int)
    /// `[k!12 7F2A]`: text k with its 12 parts and its check has come whole.
    case acknowledgement(id: SegmentID, total: Int, check: UInt16)

    /// Parts that a text has at most; it has two at least.
    public static let mostParts = 99

    /// Octets in front of the text of a part.
    static func headerLength(index: Int, total: Int) -> Int { 7 + (index > 9 ? 2 : 1) + (total > 9 ? 2 : 1) }

    /// The octet of a text's check that a part carries.
    static func half(of check: UInt16, index: Int) -> UInt8 {
        UInt8(index.isMultiple(of: 2) ? check & 0xFF : check >> 8)
    }

    /// The octets behind the A4.
    public var octets: [UInt8] {
        switch self {
        case .part(let id, let index, let total, let check, let content):
            Array("[\(id)\(index)/\(total) \(Hexadecimal.text(check, digits: 2))]".utf8) + content
        case .request(let id, let missing, let total):
            Array("[\(id)?\(missing.map(Self.words).joined(separator: ","))/\(total)]".utf8)
        case .acknowledgement(let id, let total, let check):
            Array("[\(id)!\(total) \(Hexadecimal.text(check, digits: 4))]".utf8)
        }
    }

    /// The message as the content of a short message, in mixed form.
    public var encoded: EncodedContent {
        let octets = octets
        return EncodedContent(
            form: .mixed, octets: [ContentLead.mixed] + octets, characters: GBK.characterCount(octets.octets))
    }

    static func words(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}

extension SegmentMessage {
    /// The message that the octets behind an A4 are; nil when they are none of ours.
    public init?(_ octets: [UInt8]) {
        guard octets.first == UInt8(ascii: "[") else { return nil }
        var reader = SegmentReader(octets: octets)
        guard let message = reader.message() else { return nil }
        self = message
    }
}

/// Reads the bracket that a message begins with.
private struct SegmentReader {
    let octets: [UInt8]
    var at = 1

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < octets.count, octets[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// A number from 1 to 99, written in the one way that it is written.
    private mutating func number() -> Int? {
        var value = 0
        let start = at
        while at < octets.count, at - start < 2, 0x30...0x39 ~= octets[at] {
            value = value * 10 + Int(octets[at] - 0x30)
            at += 1
        }
        return at > start && octets[start] != 0x30 ? value : nil
    }

    private mutating func hex(digits: Int) -> UInt16? {
        guard octets.count - at >= digits else { return nil }
        var value: UInt16 = 0
        for octet in octets[at..<at + digits] {
            switch octet {
            case 0x30...0x39: value = value << 4 | UInt16(octet - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(octet - 0x37)
            default: return nil
            }
        }
        at += digits
        return value
    }

    mutating func message() -> SegmentMessage? {
        guard at < octets.count, let id = SegmentID(octet: octets[at]) else { return nil }
        at += 1
        if take("?") { return request(id) }
        if take("!") { return acknowledgement(id) }
        guard let index = number(), take("/"), let total = number(), total > 1, index <= total, take(" "),
            let check = hex(digits: 2), take("]"), at < octets.count
        else { return nil }
        return .part(id: id, index: index, total: total, check: UInt8(check), content: Array(octets[at...]))
    }

    private mutating func request(_ id: SegmentID) -> SegmentMessage? {
        var missing: [ClosedRange<Int>] = []
        repeat {
            guard let first = number(), first > missing.last?.upperBound ?? 0 else { return nil }
            var last = first
            if take("-") {
                guard let end = number(), end > first else { return nil }
                last = end
            }
            missing.append(first...last)
        } while take(",")
        guard take("/"), let total = number(), total > 1, missing.last?.upperBound ?? 0 <= total, take("]"),
            at == octets.count
        else { return nil }
        return .request(id: id, missing: missing, total: total)
    }

    private mutating func acknowledgement(_ id: SegmentID) -> SegmentMessage? {
        guard let total = number(), total > 1, take(" "), let check = hex(digits: 4), take("]"), at == octets.count
        else { return nil }
        return .acknowledgement(id: id, total: total, check: check)
    }
}
