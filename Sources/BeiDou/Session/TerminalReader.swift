/// Octets of a line to what a terminal said: frames of 4.0 and sentences of text, in any order, in any pieces, with
/// noise between them.
package struct TerminalReader: Sendable {
    /// Longer than every frame and sentence: what claims to be more is none.
    private static let longest = 4096
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
        var at = 0
        while at < pending.count {
            guard pending[at] == UInt8(ascii: "$") else {
                // Ends of lines stand between sentences and are no noise.
                if pending[at] != 0x0D, pending[at] != 0x0A { skip("no sentence begins there") }
                at += 1
                continue
            }
            switch Self.look(at: pending[at...], isFinal: isFinal) {
            case .whole(let length, let event):
                endNoise(&events)
                events.append(event)
                at += length
            case .unfinished:
                pending.removeFirst(at)
                endNoise(&events)
                return events
            case .bad(let words):
                skip(words)
                at += 1
            }
        }
        pending.removeAll(keepingCapacity: true)
        endNoise(&events)
        return events
    }

    private mutating func skip(_ words: String) {
        if skipped == 0 { reason = words }
        skipped += 1
    }

    private mutating func endNoise(_ events: inout [TerminalEvent]) {
        if skipped > 0 { events.append(.noise(octets: skipped, reason: reason)) }
        skipped = 0
    }

    private enum Found {
        case whole(Int, TerminalEvent)
        case unfinished
        case bad(String)
    }

    /// What begins with the `$` in front: the sixth octet of a frame is the upper half of its length, that of a sentence
    /// a letter or digit.
    private static func look(at octets: ArraySlice<UInt8>, isFinal: Bool) -> Found {
        let letters = octets.dropFirst().prefix(4)
        guard letters.allSatisfy({ isLetter($0) }) else { return .bad("the name behind $ is none") }
        guard octets.count >= 7 else { return isFinal ? .bad("a sentence does not end") : .unfinished }
        let start = octets.startIndex
        return octets[start + 5] >= 0x30 ? sentence(octets, isFinal) : frame(octets, isFinal)
    }

    private static func frame(_ octets: ArraySlice<UInt8>, _ isFinal: Bool) -> Found {
        let start = octets.startIndex
        let length = Int(octets[start + 5]) << 8 | Int(octets[start + 6])
        guard 11...longest ~= length else { return .bad("a frame states the length \(length)") }
        guard octets.count >= length else { return isFinal ? .bad("a frame does not end") : .unfinished }
        let whole = Array(octets.prefix(length))
        guard whole.reduce(0, { $0 ^ $1 }) == 0 else { return .bad("the check of a frame is wrong") }
        return .whole(length, RDSS4Codec.decode(whole))
    }

    /// A content may hold stars, commas and dollar signs: the sentence ends with the first star whose two digits are the
    /// check of what stands in front, and behind which the line or the octets end or the next message begins.
    private static func sentence(_ octets: ArraySlice<UInt8>, _ isFinal: Bool) -> Found {
        var check: UInt8 = 0
        var at = octets.startIndex + 1
        while at < octets.endIndex, at - octets.startIndex < longest {
            let octet = octets[at]
            if octet == 0x0D || octet == 0x0A { return .bad("the check of a sentence is wrong") }
            if octet == UInt8(ascii: "*"), at + 2 < octets.endIndex,
                case let (high, low) = (ASCII.hexValue(octets[at + 1]), ASCII.hexValue(octets[at + 2])),
                high | low < 16, high << 4 | low == check
            {
                let behind = at + 3 < octets.endIndex ? octets[at + 3] : 0x0D
                if [0x0D, 0x0A, UInt8(ascii: "$")].contains(behind) {
                    let sentence = Sentence(body: octets[octets.startIndex + 1..<at])
                    let event =
                        RegionalCodec.owns(sentence) ? RegionalCodec.decode(sentence) : RDSS2Codec.decode(sentence)
                    return .whole(at + 3 - octets.startIndex, event)
                }
            }
            check ^= octet
            at += 1
        }
        return isFinal || octets.count >= longest ? .bad("a sentence does not end") : .unfinished
    }

    private static func isLetter(_ octet: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) }
}
