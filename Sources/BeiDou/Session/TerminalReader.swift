internal import Bytes

/// Octets of a line to what a terminal said: frames of 4.0 and sentences of text, in any order, in any pieces, with
/// noise between them.
package struct TerminalReader: Sendable {
    private static let noBeginning = "no sentence begins there"
    /// Milliseconds after which the rest of an unfinished message is no longer waited for.
    private static let patience: Int64 = 1000

    private var pending: [UInt8] = []
    private var lastOctet: Int64 = 0
    private var skipped = 0
    private var reason = ""

    package init() {}

    /// When ``expire(at:)`` has something to do; nil when nothing is unfinished.
    package var deadline: Int64? { pending.isEmpty ? nil : lastOctet + Self.patience }

    /// Takes octets and gives what they and those before make.
    package mutating func feed(_ octets: [UInt8], at now: Int64) -> [TerminalEvent] {
        lastOctet = now
        pending += octets
        return cut(isFinal: false)
    }

    /// Gives up the unfinished message at the end when the line has been quiet for long.
    package mutating func expire(at now: Int64) -> [TerminalEvent] {
        guard let deadline, now >= deadline else { return [] }
        return cut(isFinal: true)
    }

    private mutating func cut(isFinal: Bool) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        let octets = pending
        var at = 0
        while at < octets.count {
            guard octets[at] == ASCII.dollar else {
                // Ends of lines stand between sentences and are no noise.
                if octets[at] != ASCII.return_, octets[at] != ASCII.newline { skip(Self.noBeginning) }
                at += 1
                continue
            }
            var (framing, isSentence) = MessageScanner.frame(octets.octets, at: at, isLast: isFinal)
            // A datagram may end with the check digits, without the line's end: nothing is waited for then.
            if isSentence, case .needs = framing, octets.count >= 3, octets[octets.count - 3] == ASCII.star {
                let ended = MessageScanner.frame(octets.octets, at: at, isLast: true).framing
                if ended == .whole(octets.count - at) { framing = ended }
            }
            switch framing {
            case .whole(let length):
                endNoise(&events)
                let message = octets[at..<at + length]
                events.append(isSentence ? Self.read(sentence: message) : RDSS4Codec.decode(Array(message)))
                at += length
            case .needs where !isFinal:
                pending.removeFirst(at)
                endNoise(&events)
                return events
            case .needs:
                skip("a message does not end")
                at += 1
            case .bad(let length, let reason):
                skip(reason.description, length)
                at += length
            case .none:
                skip(Self.noBeginning)
                at += 1
            }
        }
        pending.removeAll(keepingCapacity: true)
        endNoise(&events)
        return events
    }

    private mutating func skip(_ words: String, _ count: Int = 1) {
        if skipped == 0 { reason = words }
        skipped += count
    }

    private mutating func endNoise(_ events: inout [TerminalEvent]) {
        if skipped > 0 { events.append(.noise(octets: skipped, reason: reason)) }
        skipped = 0
    }

    /// A sentence from `$` to its last check digit.
    private static func read(sentence octets: ArraySlice<UInt8>) -> TerminalEvent {
        let sentence = Sentence(body: octets.dropFirst().dropLast(3))
        return RegionalCodec.owns(sentence) ? RegionalCodec.decode(sentence) : RDSS2Codec.decode(sentence)
    }
}
