internal import Bytes

/// Where sentences begin and end: `$`, name, fields, `*`, two hexadecimal digits, the XOR of what stands between `$` and
/// `*`. Sources: beidou-nmea.md, beidou-rdss-2.1.md.
///
/// A content may hold any octets but controls, `*` and `$` among them, so the last `*` with two digits in front of the
/// line's end closes a sentence. Where something follows without a line's end, an earlier one closes it if it agrees.
package enum SentenceFraming {
    /// Octets of the longest sentence, from `$` to the second check digit.
    package static let longest = 16 << 10

    package static let wrongChecksum: StaticString = "checksum of a sentence is wrong"
    package static let noChecksum: StaticString = "sentence without a checksum"
    package static let checkNotDigits: StaticString = "checksum of a sentence is not two digits"
    package static let tooLong: StaticString = "sentence over 16 KiB"
    package static let cutOff: StaticString = "sentence is cut off by the next one"

    /// Whether a reason says that the end of a sentence is missing.
    static func isUnfinished(_ reason: StaticString) -> Bool {
        reason.description == noChecksum.description || reason.description == checkNotDigits.description
    }

    /// The longest name that is looked for; makers' own names have up to twenty letters.
    private static let longestName = 24

    /// What stands at a `$`.
    ///
    /// - Parameters:
    ///   - window: octets of a stream.
    ///   - at: where the `$` stands.
    ///   - isLast: no octets will follow those of the window.
    package static func frame(_ window: RawSpan, at: Int, isLast: Bool) -> Framing {
        // Five letters and then a comma are by far the most frequent beginning.
        let isUsual =
            window.byteCount &- at >= 9 && window.u8(at: at) == ASCII.dollar && Word.isName(window.u64le(at: at &+ 1))
        if !isUsual, let verdict = slowName(window, at: at, isLast: isLast) { return verdict }
        let end = min(window.byteCount, at &+ longest)
        let (sum, place) = window.xor(from: at &+ 1, until: ASCII.star, orBelow: 0x10, to: end)
        if closes(window, at: place, sum: sum), isFollowed(window, at: place &+ 3) { return .whole(place &+ 3 &- at) }
        return SlowFraming(window, at: at, isLast: isLast).verdict()
    }

    /// Whether `*` stands at `place` with two digits that say `sum`.
    @inline(__always)
    private static func closes(_ window: RawSpan, at place: Int, sum: UInt8) -> Bool {
        guard place &+ 2 < window.byteCount, window.u8(at: place) == ASCII.star else { return false }
        let high = ASCII.hexValue(window.u8(at: place &+ 1))
        let low = ASCII.hexValue(window.u8(at: place &+ 2))
        return high | low < 16 && high &<< 4 | low == sum
    }

    /// Whether a line's end stands there.
    @inline(__always)
    private static func isFollowed(_ window: RawSpan, at place: Int) -> Bool {
        place < window.byteCount && window.u8(at: place) < 0x20
    }

    /// What a beginning that is not the usual one says by itself; nil: it may be a sentence.
    private static func slowName(_ window: RawSpan, at: Int, isLast: Bool) -> Framing? {
        guard at < window.byteCount, window.u8(at: at) == ASCII.dollar else { return Framing.none }
        var count = 0
        while true {
            let place = at + 1 + count
            guard place < window.byteCount else {
                if !isLast { return .needs(place - at + 1) }
                return count >= 3 ? .bad(place - at, noChecksum) : Framing.none
            }
            let octet = window.u8(at: place)
            if octet == ASCII.comma || octet == ASCII.star { return count >= 3 ? nil : Framing.none }
            // A line that ends inside its name, or the next sentence, is for the slow search to word.
            if octet == ASCII.return_ || octet == ASCII.newline || octet == ASCII.dollar {
                return count >= 4 ? SlowFraming(window, at: at, isLast: isLast).verdict() : Framing.none
            }
            guard count < longestName, ASCII.isNameOctet(octet), count > 0 || ASCII.isLetter(octet) else {
                return Framing.none
            }
            count += 1
        }
    }
}

/// The whole rule, octet by octet: for what the quick search did not close.
private struct SlowFraming: ~Escapable {
    let window: RawSpan
    let at: Int
    let isLast: Bool
    /// The last `*` with two digits that agree, as the length up to the second digit, and whether it is closed by what follows.
    var agreeing: Int?
    /// Where its name ends, which a comma does, or the `*` in front of its check digits.
    private let nameEnd: Int
    private let hasComma: Bool

    @_lifetime(copy window)
    init(_ window: RawSpan, at: Int, isLast: Bool) {
        self.window = window
        self.at = at
        self.isLast = isLast
        var place = at + 1
        while place < window.byteCount, ASCII.isNameOctet(window.u8(at: place)) { place += 1 }
        nameEnd = place
        hasComma = place < window.byteCount && window.u8(at: place) == ASCII.comma
    }

    consuming func verdict() -> Framing {
        var place = at + 1
        var sum: UInt8 = 0
        var starts = 0
        let end = min(window.byteCount, at + SentenceFraming.longest)
        while place < end, !isLineEnd(place) {
            let octet = window.u8(at: place)
            if octet == ASCII.dollar, begins(at: place) == true {
                starts += 1
                if starts > Self.mostStarts { return agreeing.map { .whole($0) } ?? bad(end: place) }
            }
            if octet == ASCII.star, mayClose(at: place), place + 2 < end, let said = check(at: place + 1), said == sum {
                switch follower(at: place + 3) {
                case .closing: return .whole(place + 3 - at)
                case .unknown: return .needs(place + 3 - at + Self.nameLength + 1)
                case .content: agreeing = place + 3 - at
                }
            }
            sum ^= octet
            place += 1
        }
        if place < window.byteCount, place < end {
            return agreeing.map { .whole($0) } ?? bad(end: place)
        }
        if end - at == SentenceFraming.longest {
            return agreeing.map { .whole($0) } ?? tooLong(end: place)
        }
        if !isLast { return .needs(window.byteCount - at + 1) }
        return agreeing.map { .whole($0) } ?? bad(end: place)
    }

    /// A sentence may hold so many places where another seems to begin. A bound, so that a stream of beginnings is not
    /// searched to its end from each of them.
    private static let mostStarts = 8
    /// Letters that have to follow a `$` before it is taken for the beginning of a sentence or frame.
    private static let nameLength = 4

    private enum Follower { case closing, content, unknown }

    /// Whether a `*` may be the one in front of the check digits: what has no name is no sentence, whatever its checksum.
    private func mayClose(at star: Int) -> Bool { hasComma || star == nameEnd }

    private func isLineEnd(_ place: Int) -> Bool {
        let octet = window.u8(at: place)
        return octet == ASCII.return_ || octet == ASCII.newline
    }

    private func check(at place: Int) -> UInt8? {
        let high = ASCII.hexValue(window.u8(at: place))
        let low = ASCII.hexValue(window.u8(at: place + 1))
        return high | low < 16 ? high << 4 | low : nil
    }

    /// Whether what stands behind two digits that agree shows that the sentence ends with them.
    private func follower(at place: Int) -> Follower {
        guard place < window.byteCount else { return isLast ? .closing : .unknown }
        let octet = window.u8(at: place)
        // Contents hold no controls; 7E is the flag of JT/T 808.
        if octet < 0x20 || octet == 0x7E { return .closing }
        if octet != ASCII.dollar { return .content }
        // A doubled dollar sign begins at its second.
        let isDoubled = place + 1 < window.byteCount && window.u8(at: place + 1) == ASCII.dollar
        guard let begins = begins(at: isDoubled ? place + 1 : place) else { return .unknown }
        return begins ? .closing : .content
    }

    /// Whether a sentence or frame begins at a `$`; nil when there are too few octets to tell.
    private func begins(at place: Int) -> Bool? {
        for step in 1...Self.nameLength {
            guard place + step < window.byteCount else { return isLast ? false : nil }
            let octet = window.u8(at: place + step)
            guard ASCII.isNameOctet(octet), step > 1 || ASCII.isLetter(octet) else { return false }
        }
        return true
    }

    /// A sentence that nothing closes: it ends where the next one begins, or with its line.
    private func bad(end: Int) -> Framing {
        var last: Int?
        var place = at + 1
        while place < end {
            let octet = window.u8(at: place)
            if octet == ASCII.star { last = place }
            if octet == ASCII.dollar, begins(at: place) == true {
                let isChecked = last.map { $0 + 3 == place && check(at: $0 + 1) != nil } ?? false
                return .bad(place - at, isChecked ? SentenceFraming.wrongChecksum : SentenceFraming.cutOff)
            }
            place += 1
        }
        guard let last, mayClose(at: last) else { return .bad(end - at, SentenceFraming.noChecksum) }
        let isChecked = last + 2 < end && check(at: last + 1) != nil
        return .bad(end - at, isChecked ? SentenceFraming.wrongChecksum : SentenceFraming.checkNotDigits)
    }

    /// No line's end in the longest sentence: the next `$` is the next place to look at.
    private func tooLong(end: Int) -> Framing {
        var place = at + 1
        while place < end {
            if window.u8(at: place) == ASCII.dollar, begins(at: place) == true { break }
            place += 1
        }
        return .bad(place - at, SentenceFraming.tooLong)
    }
}
