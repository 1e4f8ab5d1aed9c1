internal import Bytes

/// Frames of JT/T 808 in a stream (jtt808.md, Frame): 7E, header and body and check escaped, 7E.
///
/// The check is the XOR of header and body. 7E is written 7D 02 and 7D is written 7D 01, in the check too.
package enum JTT808Framing {
    static let delimiter: UInt8 = 0x7E
    static let escape: UInt8 = 0x7D

    /// Octets of the longest frame, every octet of it escaped: header 21, body 1023, check, delimiters.
    package static let longest = 2 * (21 + JTT808Header.longestBody + 1) + 2
    /// Octets of the shortest message with its check: a header of 2013 and no body.
    static let shortestInside = 13
    /// By how much a frame may be longer than its header says and still count as one that is not right.
    static let slack = 64

    /// What begins with the 7E at `at`.
    ///
    /// A frame is whole when the check agrees and the body is as long as its header says; it counts from 7E to 7E. A
    /// bad frame that is too short leaves its last 7E to what follows, unless another 7E stands behind it: that one may
    /// begin the next frame. What has no header that could be one is no frame, so that text with `~` is not claimed.
    ///
    /// - Parameter isLast: no more octets will come; a frame without its end still needs them.
    package static func frame(_ window: RawSpan, at: Int, isLast: Bool) -> Framing {
        guard at >= 0, at < window.byteCount, window.u8(at: at) == delimiter else { return .none }
        return judge(window, from: at + 1, opening: 1, isLast: isLast)
    }

    /// What stands at `at`, right behind the 7E that ended a frame, when that 7E begins the next frame as well.
    ///
    /// Never bad: what is no whole frame, and not the beginning of a message that is known, is none. The octets of a
    /// whole one count from `at` to its 7E; ``unescape(_:into:)`` takes it as it is.
    package static func frameBehindSharedDelimiter(_ window: RawSpan, at: Int, isLast: Bool) -> Framing {
        guard at >= 0, at < window.byteCount, window.u8(at: at) != delimiter else { return .none }
        switch judge(window, from: at, opening: 0, isLast: isLast) {
        case .whole(let count): return .whole(count)
        case .needs(let count):
            guard window.byteCount - at >= 2 else { return .needs(count) }
            return JTT808Family.isKnown(window.u16(at: at)) ? .needs(count) : .none
        case .bad, .none: return .none
        }
    }

    /// What was found between two delimiters.
    struct Inside {
        /// Where the closing 7E stands; the end of what was looked at when there is none.
        var end: Int
        var isClosed = false
        /// XOR of what is unescaped, so 0 when the check agrees.
        var check: UInt8
        /// How many escapes.
        var escapes: Int
        /// Where a 7D stands that escapes nothing; -1: nowhere.
        var bareEscape: Int
    }

    private static func judge(_ window: RawSpan, from start: Int, opening: Int, isLast: Bool) -> Framing {
        let present = window.byteCount - start
        let inside = scan(window, from: start, to: min(window.byteCount, start + longest - 1))
        guard inside.isClosed else {
            // Longer than any frame.
            if present >= longest - 1 { return .none }
            return unfinished(window, from: start, opening: opening, inside)
        }
        let length = inside.end - start - inside.escapes
        guard length >= shortestInside else { return .none }
        let octets = opening + inside.end - start + 1
        // The straight way: nothing is escaped, and all is right.
        if inside.check == 0, inside.escapes == 0, inside.bareEscape < 0 {
            let properties = window.u16(at: start + 2)
            if length == JTT808Header.length(properties) &+ Int(properties & 0x3FF) &+ 1 { return .whole(octets) }
        }
        let head = Head(window, from: start, escapes: inside.escapes, end: inside.end)
        let expected = head.expected
        if length == expected, inside.check == 0, inside.bareEscape < 0 { return .whole(octets) }
        guard head.isPlausible, length <= expected + slack else { return .none }
        guard length < expected else {
            return .bad(octets, reason(inside, length, head))
        }
        // The 7E may be the beginning of the next frame, the rest of this one being lost.
        if inside.end + 1 < window.byteCount {
            let isDoubled = window.u8(at: inside.end + 1) == delimiter
            return .bad(isDoubled ? octets : octets - 1, reason(inside, length, head))
        }
        return isLast ? .bad(octets, reason(inside, length, head)) : .needs(octets + 1)
    }

    static func reason(_ inside: Inside, _ length: Int, _ head: Head) -> StaticString {
        if inside.bareEscape >= 0 { return "JT/T 808 frame has a 7D that escapes nothing" }
        guard length != head.expected else { return "check of a JT/T 808 frame is wrong" }
        return length == head.expectedOtherwise && inside.check == 0
            ? "body length of a JT/T 808 frame is wrong: its header is of the other edition"
            : "body length of a JT/T 808 frame is wrong"
    }

    /// A frame whose 7E is not there yet.
    private static func unfinished(_ window: RawSpan, from start: Int, opening: Int, _ inside: Inside) -> Framing {
        let present = inside.end - start
        let length = present - inside.escapes
        // One more octet than a header of 2013 tells whether it can be one: a 7D at the end may be half an escape.
        guard length > shortestInside else { return .needs(opening + max(present, shortestInside) + 1) }
        let head = Head(window, from: start, escapes: inside.escapes, end: inside.end)
        guard head.isPlausible, length <= head.expected + slack else { return .none }
        return .needs(opening + max(present, head.expected + inside.escapes) + 1)
    }

    /// Goes to the next 7E, eight octets at a time where none of them is 7D.
    static func scan(_ window: RawSpan, from start: Int, to limit: Int) -> Inside {
        var inside = Inside(end: limit, check: 0, escapes: 0, bareEscape: -1)
        var sum: UInt64 = 0
        var index = start
        while true {
            while index &+ 8 <= limit {
                let word = window.u64(at: index)
                if marks(word, escape) != 0 { break }
                let ends = marks(word, delimiter)
                guard ends == 0 else {
                    // The octets in front of the first 7E, which are on top.
                    let count = ends.leadingZeroBitCount >> 3
                    sum ^= count == 0 ? 0 : word & UInt64.max << UInt64(64 &- 8 &* count)
                    inside.end = index &+ count
                    inside.isClosed = true
                    inside.check ^= folded(sum)
                    return inside
                }
                sum ^= word
                index &+= 8
            }
            let stop = min(index &+ 8, limit)
            if index >= stop { break }
            while index < stop {
                let octet = window.u8(at: index)
                if octet == delimiter {
                    inside.end = index
                    inside.isClosed = true
                    inside.check ^= folded(sum)
                    return inside
                }
                inside.check ^= octet
                index &+= 1
                guard octet == escape else { continue }
                guard index < limit else { break }
                let next = window.u8(at: index)
                if next == 1 || next == 2 {
                    // 7D ^ 01 and 7D ^ 02 are one off 7D and 7E.
                    inside.check ^= next ^ 1
                    inside.escapes &+= 1
                    index &+= 1
                } else if inside.bareEscape < 0 {
                    inside.bareEscape = index &- 1
                }
            }
        }
        inside.check ^= folded(sum)
        return inside
    }

    /// The top bit of each octet of a word that is `octet`, and no other bit.
    @inline(__always)
    static func marks(_ word: UInt64, _ octet: UInt8) -> UInt64 {
        let apart = word ^ UInt64(octet) &* 0x0101_0101_0101_0101
        let low = (apart & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F
        return ~(low | apart | 0x7F7F_7F7F_7F7F_7F7F)
    }

    @inline(__always)
    private static func folded(_ sum: UInt64) -> UInt8 {
        let half = sum ^ sum >> 32
        let quarter = half ^ half >> 16
        return UInt8(truncatingIfNeeded: quarter ^ quarter >> 8)
    }

    /// What the first octets of a frame say of it.
    struct Head {
        var messageID: UInt16
        var properties: UInt16
        var isDigits: Bool

        /// The frame has 13 unescaped octets at least.
        init(_ window: RawSpan, from start: Int, escapes: Int, end: Int) {
            if escapes == 0 {
                let first = window.u32(at: start)
                messageID = UInt16(truncatingIfNeeded: first >> 16)
                properties = UInt16(truncatingIfNeeded: first)
                isDigits = true
                checkDigits(window, start + (properties & JTT808Header.versionBit == 0 ? 4 : 5))
                return
            }
            var octets: InlineArray<12, UInt8> = .init(repeating: 0)
            var index = start
            for place in 0..<12 where index < end {
                var octet = window.u8(at: index)
                index += 1
                if octet == escape, index < end, window.u8(at: index) == 1 || window.u8(at: index) == 2 {
                    octet = window.u8(at: index) == 1 ? 0x7D : 0x7E
                    index += 1
                }
                octets[place] = octet
            }
            messageID = UInt16(octets[0]) << 8 | UInt16(octets[1])
            properties = UInt16(octets[2]) << 8 | UInt16(octets[3])
            isDigits = true
            let first = properties & JTT808Header.versionBit == 0 ? 4 : 5
            for place in first..<first + 6 where octets[place] >> 4 > 9 || octets[place] & 15 > 9 { isDigits = false }
        }

        /// The first six octets of the phone number.
        private mutating func checkDigits(_ window: RawSpan, _ at: Int) {
            let digits = UInt64(window.u32(at: at)) << 16 | UInt64(window.u16(at: at + 4))
            // A digit over 9 has bit 3 and one of bits 2 and 1.
            isDigits = digits >> 3 & (digits >> 2 | digits >> 1) & 0x1111_1111_1111 == 0
        }

        /// How many octets the message has with its check, by its header.
        var expected: Int { JTT808Header.length(properties) + Int(properties & 0x3FF) + 1 }
        /// The same, had it the header of the other version.
        var expectedOtherwise: Int { expected + (properties & JTT808Header.versionBit == 0 ? 5 : -5) }

        /// Whether it may be a header: an id outside the printable ASCII letters, no encryption but RSA, the reserved
        /// bit off, and digits for a phone number.
        var isPlausible: Bool {
            isDigits && properties & 0x9800 == 0 && !(0x2000..<0x7F00).contains(messageID)
        }
    }
}
