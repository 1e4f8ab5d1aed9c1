/// What shows that a message arrived: receipts of the network, acknowledgements and answers of the receiver.
extension TerminalSession {
    /// Puts a receipt query behind everything else.
    mutating func askReceipt(of index: Int) {
        guard let card, let codec = card.dialect.codec,
            let sentence = try? codec.receiptQuery(messages[index].message.receiver, from: card.address)
        else { return }
        queue.append(Job(message: index, kind: .receiptQuery, sentence: sentence))
    }

    /// Takes receipts; false when they are of no message of ours.
    mutating func takeReceipts(of receiver: UInt32, _ pairs: [ReceiptPair], at now: Int64) -> Bool {
        guard let job = queue.first, job.kind == .receiptQuery, waiting != nil,
            messages[job.message].message.receiver == receiver
        else { return false }
        let index = job.message
        waiting = nil
        queue.removeFirst()
        let minutes = messages[index].sentMinutes.compactMap { $0 }
        guard let found = Self.match(pairs, to: minutes) else {
            report(.heard(.receipts(of: receiver, pairs)), message: index, at: now)
            askReceipt(of: index)
            // A terminal that answers without feedback still used its window.
            notBefore = max(notBefore, now + interval)
            return true
        }
        reach(.receipt, index, .receipt(found), at: now)
        return true
    }

    /// The receipt of each sending; nil when one has none. The documents do not say in which zone receipts are: minutes of
    /// UTC and of Beijing's time count, one minute early or late.
    static func match(_ pairs: [ReceiptPair], to minutes: [Int]) -> [ReceiptPair]? {
        var left = pairs
        var found: [ReceiptPair] = []
        for minute in minutes {
            let place = left.firstIndex { pair in
                [0, 480].contains { zone in
                    let difference = (pair.sent - minute - zone + 2 * 1440) % 1440
                    return difference <= 1 || difference == 1439
                }
            }
            guard let place else { return nil }
            found.append(left.remove(at: place))
        }
        return found.isEmpty ? nil : found
    }

    /// Takes a message that came in; false when it says nothing of ours.
    mutating func take(_ incoming: IncomingMessage, at now: Int64) -> Bool {
        func isCandidate(_ tracked: Tracked) -> Bool {
            tracked.message.receiver == incoming.sender && tracked.standing.failure == nil
        }
        if let notice = SegmentNotice(incoming.content) {
            let index = messages.lastIndex { tracked in
                isCandidate(tracked) && notice.isOf(tracked.parts) && tracked.standing.sent > 0
            }
            guard let index else { return false }
            guard notice.missing.isEmpty else {
                sendAgain(notice.missing, of: index, at: now)
                return true
            }
            let best = messages[index].standing.best
            if best != nil, best != .answered { reach(.acknowledged, index, .acknowledged, at: now) }
            return true
        }
        // The earliest that has no answer: an answer is no evidence for two.
        let index = messages.firstIndex { tracked in
            isCandidate(tracked) && tracked.standing.best != nil && tracked.standing.best != .answered
        }
        guard let index else { return false }
        reach(.answered, index, .answered(incoming), at: now)
        return true
    }

    /// Most often that a receiver's request for missing parts is followed.
    private static let mostResends = 5

    private mutating func sendAgain(_ missing: [Int], of index: Int, at now: Int64) {
        guard let card, let codec = card.dialect.codec else { return }
        let tracked = messages[index]
        report(.partsMissing(missing), message: index, at: now)
        guard tracked.resends < Self.mostResends else { return }
        messages[index].resends += 1
        for number in missing {
            let isWaiting = queue.contains { $0.message == index && $0.kind == .part(number - 1) }
            guard tracked.parts.indices.contains(number - 1), !isWaiting,
                let sentence = try? codec.message(
                    tracked.parts[number - 1].content, to: tracked.message.receiver, from: card.address,
                    tracked.message.options)
            else { continue }
            queue.append(Job(message: index, kind: .part(number - 1), sentence: sentence))
        }
        if tracked.deadline != nil { messages[index].deadline = now + rules.goalTimeout }
    }

    /// Something better is known of a message.
    private mutating func reach(_ what: SessionGoal, _ index: Int, _ state: SessionState, at now: Int64) {
        messages[index].standing.best = max(messages[index].standing.best ?? what, what)
        report(state, message: index, at: now)
        // An acknowledgement shows that the network had it; an answer only that somebody wrote after it was sent.
        let isEnough =
            switch rules.goal {
            case .sent: true
            case .receipt: what == .receipt || what == .acknowledged
            case .acknowledged: what == .acknowledged || what == .answered
            case .answered: what == .answered
            }
        guard isEnough else { return }
        messages[index].hasReached = true
        if queue.first?.message == index { waiting = nil }
        queue.removeAll { $0.message == index }
    }
}
