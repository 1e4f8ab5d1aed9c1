/// How a stream is cut into packets or frames, as its two ends have agreed on and no octet of it says: `length:4`,
/// `fixed:1115`, `marker:1ACFFC1D`.
public enum StreamFraming: Sendable, Hashable {
    /// A length in front of each piece.
    case length(LengthField)
    /// Pieces of one length.
    case fixed(Int)
    /// A marker in front of each piece, which is of a length or goes on to the next marker.
    case marker([UInt8], length: Int?)

    /// Where a length stands and what it counts.
    public struct LengthField: Sendable, Hashable {
        /// Octets of the length, big-endian: 1, 2 or 4.
        public var width: Int
        /// Octets in front of it.
        public var offset = 0
        /// What is to be added to it, so that it counts the octets behind it.
        public var adjustment = 0
        /// Octets to take off the front of each piece; nil for all in front of and with the length.
        public var strip: Int?

        /// A length at the beginning that counts what follows.
        public init(width: Int) { self.width = width }

        /// Octets up to and with the length.
        var head: Int { offset + width }
    }

    /// The longest piece that is taken, with what is in front of it: more is not waited for.
    public static let longest = 1 << 20

    /// A mistake in what was told.
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    /// Reads what the user writes; nil for `none`.
    ///
    ///     length:N              N octets, 1, 2 or 4, say how many follow; they are taken off
    ///       ,offset=N           octets in front of the length
    ///       ,adjust=N           to be added to the length: -4 where it counts itself
    ///       ,strip=N            octets to take off each piece, in place of all up to the length
    ///     fixed:N               pieces of N octets
    ///     marker:HEX            from marker to marker, which is taken off
    ///     marker:HEX,N          N octets behind each marker
    ///     none                  octets one behind the other
    public static func read(_ text: String) throws(Mistake) -> StreamFraming? {
        if text == "none" { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let head = (parts.first ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        guard head.count == 2 else { throw unknown(text) }
        switch head[0] {
        case "length": return .length(try lengthField(head[1], parts.dropFirst()))
        case "fixed":
            guard parts.count == 1 else {
                throw Mistake(description: "'\(parts[1])' is too much: fixed:N has nothing behind it")
            }
            return .fixed(try number(head[1], of: "pieces", 1...longest))
        case "marker":
            let digits = head[1].compactMap(\.hexDigitValue)
            guard digits.count == head[1].count, digits.count % 2 == 0, (2...64).contains(digits.count) else {
                throw Mistake(
                    description: "'\(head[1])' is no marker; allowed are pairs of hexadecimal digits, as in 1ACFFC1D")
            }
            guard parts.count <= 2 else {
                throw Mistake(description: "'\(parts[2])' is too much: marker:HEX,N has nothing behind it")
            }
            let octets = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
            return .marker(octets, length: try parts.count == 2 ? number(parts[1], of: "pieces", 1...longest) : nil)
        default: throw unknown(text)
        }
    }

    private static func unknown(_ text: String) -> Mistake {
        Mistake(
            description: "'\(text)' is no framing; allowed are length:N, fixed:N, marker:HEX, marker:HEX,N and none")
    }

    private static func lengthField(_ width: String, _ options: ArraySlice<String>) throws(Mistake) -> LengthField {
        guard let width = Int(width), [1, 2, 4].contains(width) else {
            throw Mistake(description: "'\(width)' is no width of a length; allowed are 1, 2 and 4 octets")
        }
        var field = LengthField(width: width)
        for option in options {
            let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = pair.count == 2 ? pair[1] : ""
            switch pair[0] {
            case "offset": field.offset = try number(value, of: "an offset", 0...65535)
            case "adjust": field.adjustment = try number(value, of: "an adjustment", -65535...65535)
            case "strip": field.strip = try number(value, of: "octets to strip", 0...65535)
            default:
                throw Mistake(
                    description: "'\(option)' is not known; allowed are offset=N, adjust=N and strip=N")
            }
        }
        return field
    }

    private static func number(
        _ text: String, of what: String, _ range: ClosedRange<Int>
    ) throws(Mistake) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw Mistake(
                description: "'\(text)' is no number of \(what); allowed is \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
