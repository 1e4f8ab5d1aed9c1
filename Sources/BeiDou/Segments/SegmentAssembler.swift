internal import Bytes

/// Puts the parts of long texts together, of many senders and several texts each, in whatever order they come.
///
/// Give it every mixed content behind its A4 with ``feed(sender:content:at:)`` and ask now and then what is due with
/// ``due(at:)``. What it keeps is bounded by its ``SegmentRules``. Times are milliseconds of any clock; one that goes
/// backwards stands still. States and examples: `Specs/segments.md`.
public final class SegmentAssembler {
    /// A text that came whole.
    private struct Whole {
        let sender: UInt64
        let id: SegmentID
        let total: Int
        let check: UInt16
        var lastNews: Int64
        var lastAcknowledged: Int64
    }

    private let rules: SegmentRules
    /// In the order of their beginning.
    private var texts: [SegmentText] = []
    private var wholes: [Whole] = []
    private var abandoned: [SegmentDue] = []
    private var octets = 0
    private var now = Int64.min

    /// An assembler without texts.
    public init(rules: SegmentRules = SegmentRules()) { self.rules = rules }

    /// How many incomplete texts it keeps.
    public var incomplete: Int { texts.count }

    /// Takes a message.
    ///
    /// - Parameters:
    ///   - sender: whose message it is: texts of different senders never mix.
    ///   - content: the octets of mixed content, without the A4.
    ///   - time: milliseconds.
    public func feed(sender: UInt64, content: [UInt8], at time: Int64) -> SegmentEvent {
        now = max(now, time)
        guard content.count <= rules.longestPart, let message = SegmentMessage(content) else { return .notOurs }
        guard case .part(let id, let index, let total, let check, let octets) = message else {
            return .control(message)
        }
        if let event = repeated(sender, id, index, total, check) { return event }
        let older = texts.firstIndex { $0.sender == sender && $0.id == id }
        let place =
            self.place(sender, id, index, total, check, octets) ?? add(sender, id, total, isNewcomer: older != nil)
        let event = take(octets, index, check, at: place)
        while self.octets > rules.mostOctets, texts.count > 1 { abandonOldest() }
        return event
    }

    /// A part of a text that is whole.
    private func repeated(_ sender: UInt64, _ id: SegmentID, _ index: Int, _ total: Int, _ check: UInt8)
        -> SegmentEvent?
    {
        guard let place = wholes.lastIndex(where: { $0.sender == sender && $0.id == id }) else { return nil }
        let whole = wholes[place]
        guard whole.total == total, SegmentMessage.half(of: whole.check, index: index) == check,
            now - whole.lastNews <= rules.longestAge
        else { return nil }
        wholes[place].lastNews = now
        // A sender that repeats has not heard of it; it repeats several parts, and one acknowledgement will do.
        guard now - whole.lastAcknowledged >= rules.interval else { return .duplicate(id: id, acknowledgement: nil) }
        wholes[place].lastAcknowledged = now
        let message = SegmentMessage.acknowledgement(id: id, total: total, check: whole.check)
        return .duplicate(id: id, acknowledgement: message.encoded)
    }

    /// The text that a part belongs to: one that knows its check rather than one that does not, one that lacks it or has
    /// just this rather than one that has another form of it, a later one rather than an earlier.
    private func place(
        _ sender: UInt64, _ id: SegmentID, _ index: Int, _ total: Int, _ check: UInt8, _ octets: [UInt8]
    ) -> Int? {
        func rank(_ text: SegmentText) -> Int {
            let forms = text.parts[index - 1]
            return (text.knownHalf(index) == nil ? 0 : 2) + (forms.isEmpty || forms.contains(octets) ? 1 : 0)
        }
        return texts.indices.filter {
            texts[$0].sender == sender && texts[$0].id == id
                && texts[$0].agrees(index: index, total: total, check: check)
        }.max { (rank(texts[$0]), $0) < (rank(texts[$1]), $1) }
    }

    private func add(_ sender: UInt64, _ id: SegmentID, _ total: Int, isNewcomer: Bool) -> Int {
        if texts.count(where: { $0.sender == sender }) >= rules.mostTextsPerSender,
            let oldest = texts.indices.filter({ texts[$0].sender == sender }).min(by: {
                texts[$0].lastNews < texts[$1].lastNews
            })
        {
            abandon(oldest, "the sender has begun too many texts")
        }
        if texts.count >= rules.mostTexts { abandonOldest() }
        texts.append(SegmentText(sender: sender, id: id, total: total, now: now, isNewcomer: isNewcomer))
        return texts.count - 1
    }

    private func take(_ content: [UInt8], _ index: Int, _ check: UInt8, at place: Int) -> SegmentEvent {
        let (sender, id) = (texts[place].sender, texts[place].id)
        let forms = texts[place].parts[index - 1]
        texts[place].learn(check, from: index)
        if texts[place].isDoubtful { texts[place].repeated.insert(index) }
        if forms.contains(content) {
            if texts[place].isDoubtful { return judged(place) ?? .duplicate(id: id, acknowledgement: nil) }
            return .duplicate(id: id, acknowledgement: nil)
        }
        if forms.count == 2 {
            octets -= forms[1].count
            texts[place].parts[index - 1].removeLast()
        }
        texts[place].parts[index - 1].append(content)
        octets += content.count
        let isNew = forms.isEmpty
        if isNew { news(place) }
        if isNew, texts[place].isNewcomer, texts[place].count == 1 {
            return .conflicting(id: id, reason: "part \(index) is of another text than those before it")
        }
        if let event = judged(place) { return event }
        let (have, total) = (texts[place].count, texts[place].total)
        if isNew, texts[place].isNewcomer { replaceOlder(sender, id, by: place) }
        if isNew, !(have == total) { return .accepted(id: id, have: have, total: total) }
        if isNew { return .conflicting(id: id, reason: "all \(total) parts are there and do not make up the check") }
        return .conflicting(id: id, reason: "part \(index) has come in another form before")
    }

    private func news(_ place: Int) {
        texts[place].lastNews = now
        texts[place].requests = 0
        // The parts that come behind this one have their time, each an interval.
        texts[place].nextRequest = now + rules.quietIntervals * rules.interval
    }

    /// Looks whether a text is whole. Its event when it is, or when it is given up; nil when it goes on.
    private func judged(_ place: Int) -> SegmentEvent? {
        let text = texts[place]
        guard text.count == text.total, let check = text.check else { return nil }
        guard let whole = text.whole() else {
            if !text.isDoubtful {
                texts[place].isDoubtful = true
            } else if text.repeated.count == text.total {
                abandon(place, "its parts came twice and do not make up the check")
                return .conflicting(id: text.id, reason: "its parts came twice and do not make up the check")
            }
            return nil
        }
        for other in texts.indices.reversed() where texts[other].sender == text.sender && texts[other].id == text.id {
            if other == place {
                octets -= text.size
                texts.remove(at: other)
            } else {
                abandon(other, "the sender has used its id for another text")
            }
        }
        wholes.removeAll { $0.sender == text.sender && $0.id == text.id }
        if wholes.count >= rules.mostTexts { wholes.removeFirst() }
        wholes.append(
            Whole(
                sender: text.sender, id: text.id, total: text.total, check: check, lastNews: now, lastAcknowledged: now)
        )
        let buffer = ByteBuffer()
        GBK.appendForgiving(whole.octets, to: buffer)
        let message = SegmentMessage.acknowledgement(id: text.id, total: text.total, check: check)
        return .complete(
            id: text.id, text: String(decoding: buffer.bytes.copied(), as: UTF8.self), acknowledgement: message.encoded)
    }

    /// A second part of a newcomer shows that the sender uses the id for it: older texts of the id will not go on.
    private func replaceOlder(_ sender: UInt64, _ id: SegmentID, by place: Int) {
        texts[place].isNewcomer = false
        for other in (0..<place).reversed() where texts[other].sender == sender && texts[other].id == id {
            abandon(other, "the sender has used its id for another text")
        }
    }

    private func abandonOldest() {
        if let oldest = texts.indices.min(by: { texts[$0].lastNews < texts[$1].lastNews }) {
            abandon(oldest, "room is needed for later texts")
        }
    }

    private func abandon(_ place: Int, _ reason: String) {
        let text = texts.remove(at: place)
        octets -= text.size
        // Nobody asks what is due: the first of them are forgotten.
        if abandoned.count >= rules.mostTexts { abandoned.removeFirst() }
        abandoned.append(
            .abandoned(sender: text.sender, id: text.id, have: text.count, total: text.total, reason: reason))
    }
}

extension SegmentAssembler {
    /// The requests and abandonments that have become due since it was last asked.
    public func due(at time: Int64) -> [SegmentDue] {
        now = max(now, time)
        var requests: [SegmentDue] = []
        for place in texts.indices.reversed() {
            let text = texts[place]
            if now - text.lastNews > rules.longestAge {
                abandon(place, "no new part in \(rules.longestAge / 60_000) minutes")
            } else if now >= text.nextRequest {
                if text.isNewcomer, text.count < 2 { continue }
                if text.requests >= rules.mostRequests {
                    abandon(place, "no new part after \(text.requests) requests")
                } else {
                    requests.append(request(place))
                }
            }
        }
        wholes.removeAll { now - $0.lastNews > rules.longestAge }
        let due = abandoned + requests.reversed()
        abandoned.removeAll()
        return due
    }

    /// Asks for the first missing parts that a request has room for, and gives the sender the time to send them.
    private func request(_ place: Int) -> SegmentDue {
        let text = texts[place]
        var missing: [ClosedRange<Int>] = []
        for range in text.missing {
            let longer = SegmentMessage.request(id: text.id, missing: missing + [range], total: text.total)
            // One range always goes.
            if !missing.isEmpty, longer.encoded.airBits > rules.requestBits { break }
            missing.append(range)
        }
        let count = Int64(missing.reduce(0) { $0 + $1.count })
        texts[place].requests += 1
        texts[place].nextRequest = now + (count + rules.quietIntervals) * rules.interval
        let message = SegmentMessage.request(id: text.id, missing: missing, total: text.total)
        return .request(sender: text.sender, id: text.id, content: message.encoded)
    }
}
