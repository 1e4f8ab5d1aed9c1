internal import Bytes
internal import Transport

/// What stands between messages: line ends, what a logger wrote in front of a line, lines of text, damage.
extension MessageScanner {
    /// What comes behind octets that are no message.
    enum Follower {
        /// A message, good or bad.
        case message
        /// Something that may be the beginning of a message.
        case begins
        /// More of the flow, not seen yet.
        case more
        /// The end of the flow.
        case nothing
    }

    /// Octets of a line without its end that are kept until there is more of it.
    private static var longestPrefix: Int { 256 }

    /// Enters what is no message, line by line. Says how far that went: a line that may still get a message is left.
    func enter(
        between range: Range<Int>, of window: RawSpan, _ place: Place, _ follower: Follower, _ state: inout State,
        _ ledger: inout Ledger
    ) -> Int {
        // The usual end of a line, and nothing else.
        if range.count == 2, window.u16(at: range.lowerBound) == 0x0D0A {
            ledger.overhead += 2
            state.isAtLineStart = true
            state.stamp = .unknown
            return range.upperBound
        }
        var at = range.lowerBound
        while at < range.upperBound {
            var end = at
            while end < range.upperBound && window.u8(at: end) != 0x0A { end += 1 }
            let isWhole = end < range.upperBound
            if isWhole { end += 1 }
            if !isWhole, end - at <= Self.longestPrefix, follower == .begins || follower == .more { return at }
            enter(line: at..<end, of: window, place, isInFront: !isWhole && follower == .message, &state, &ledger)
            state.isAtLineStart = isWhole
            // A time holds for its own line.
            if isWhole { state.stamp = .unknown }
            at = end
        }
        return at
    }

    /// Enters a line, or the part of one that is no message.
    private func enter(
        line range: Range<Int>, of window: RawSpan, _ place: Place, isInFront: Bool, _ state: inout State,
        _ ledger: inout Ledger
    ) {
        let line = window.slice(at: range.lowerBound, count: range.count)
        let kind = Kind(line)
        switch kind {
        case .blank: ledger.overhead += range.count
        case .text where isInFront:
            ledger.overhead += range.count
            if isLog, state.isAtLineStart, let found = LogStamp.read(line) {
                state.stamp = found.time
                state.stampDigits = max(state.stampDigits, found.digits)
            }
        case .text: ledger.leave("text that is no message", bytes: range.count)
        case .remains, .octets:
            ledger.reject(
                .message, kind == .remains ? "sentence without its beginning" : "octets that are no message",
                bytes: range.count, packet: place.packet, offset: place.offset(of: range.lowerBound))
        }
    }

    private enum Kind {
        /// Line ends and blanks.
        case blank
        /// Text.
        case text
        /// The end of a sentence.
        case remains
        /// Anything else.
        case octets

        init(_ line: RawSpan) {
            var (blanks, end) = (0, 0)
            for index in 0..<line.byteCount {
                let octet = line.u8(at: index)
                switch octet {
                case 0x00, 0x09, 0x0A, 0x0D, 0x20: blanks += 1
                case 0x1B, 0x21...0x7E, 0x80...0xFE: end = index + 1
                default:
                    self = .octets
                    return
                }
            }
            if blanks == line.byteCount {
                self = .blank
            } else if end >= 3, line.u8(at: end - 3) == UInt8(ascii: "*"), ASCII.hexValue(line.u8(at: end - 2)) < 16,
                ASCII.hexValue(line.u8(at: end - 1)) < 16
            {
                self = .remains
            } else {
                self = .text
            }
        }
    }
}
