/// Handing sentences over in their turn, and what becomes of them.
extension TerminalSession {
    /// Does what the time allows: hands the next sentence over, gives goals up, ends.
    mutating func advance(at now: Int64) {
        guard phase == .working, waiting == nil else { return }
        for index in messages.indices where !messages[index].isDone {
            if let deadline = messages[index].deadline, now >= deadline {
                fail(index, .notReached(rules.goal, seconds: Int(rules.goalTimeout / 1000)), at: now)
            }
        }
        if !queue.isEmpty {
            if now >= notBefore { hand(at: now) }
        } else if messages.allSatisfy(\.isDone) {
            rest()
        }
    }

    private mutating func hand(at now: Int64) {
        queue[0].attempts += 1
        queue[0].isSilent = false
        let job = queue[0]
        waiting = Waiting(until: now + feedbackTimeout)
        write(job.sentence)
        switch job.kind {
        case .part(let part):
            messages[job.message].standing.unknown = 1
            report(
                .handed(attempt: job.attempts, octets: job.sentence.count), message: job.message, part: part, at: now)
        case .receiptQuery: report(.receiptAsked, message: job.message, at: now)
        }
    }

    /// Time is over for what was waited for.
    mutating func wasSilent(at now: Int64) {
        guard let waiting, !queue.isEmpty else { return }
        self.waiting = nil
        if waiting.isSent {
            // The query went and no receipt came back: the next one in its turn.
            return
        }
        // It may have been sent: the window is taken as used.
        notBefore = max(now, now - feedbackTimeout + interval)
        queue[0].isSilent = true
        queue[0].silences += 1
        let seconds = rules.limits.feedbackSeconds
        // Of a query nobody asks whether it was sent.
        let isQuery = queue[0].kind == .receiptQuery
        again(isQuery ? .notReached(.receipt, seconds: seconds) : .noFeedback(seconds: seconds), at: now)
    }

    /// The first of the queue is tried again at ``notBefore``, or given up when that was done often enough: a driver hands
    /// over three times when nothing is said, and a refusal is followed by so many more tries.
    private mutating func again(_ why: SessionFailure, at now: Int64) {
        let job = queue[0]
        var part: Int?
        if case .part(let number) = job.kind { part = number }
        let most = rules.limits.tries + (job.isSilent ? 0 : 1)
        // A query is repeated until its goal is given up.
        guard part == nil || job.attempts < most else { return abandon(job.message, why, at: now) }
        report(.retrying(why, at: notBefore), message: job.message, part: part, at: now)
    }

    /// A message fails, and with it all that wait behind it: their order is kept.
    private mutating func abandon(_ index: Int, _ why: SessionFailure, at now: Int64) {
        fail(index, why, at: now)
        for other in messages.indices where !messages[other].isDone && messages[other].deadline == nil {
            fail(other, .earlier, at: now)
        }
    }

    /// Takes feedback; false when it is not ours.
    mutating func take(_ feedback: TerminalFeedback, at now: Int64) -> Bool {
        guard phase == .working, let job = queue.first, let codec = card?.dialect.codec else { return false }
        let name = job.kind == .receiptQuery ? codec.queryName : codec.messageName
        // Feedback that names no sentence is ours while we wait for some; later it may be anybody's.
        let isAwaited = waiting.map { !$0.isSent } ?? false
        let isNamed = feedback.sentence == name
        guard isAwaited ? isNamed || feedback.sentence == nil : isNamed && job.isSilent else { return false }
        switch feedback.outcome.verdict(rules.limits) {
        case nil, .lifted: return false
        case .sent:
            waiting = nil
            let told = feedback.outcome.wait.map { Int64($0 + rules.limits.reserveSeconds) * 1000 }
            notBefore = now + (told ?? interval)
            switch job.kind {
            case .part(let part): sent(part, of: job.message, feedback.outcome.wait, at: now)
            case .receiptQuery: waiting = Waiting(until: now + feedbackTimeout, isSent: true)
            }
        case .again(let seconds, let reason):
            refused()
            notBefore = now + Int64(seconds) * 1000
            again(.refused(reason, wait: feedback.outcome.wait), at: now)
        case .stopped(let reason):
            refused()
            abandon(job.message, .refused(reason, wait: feedback.outcome.wait), at: now)
        }
        return true
    }

    /// The first of the queue was not sent this time; of earlier tries it may not be known.
    private mutating func refused() {
        waiting = nil
        if queue[0].isSilent { queue[0].silences -= 1 }
        queue[0].isSilent = false
        if case .part = queue[0].kind { messages[queue[0].message].standing.unknown = min(1, queue[0].silences) }
    }

    private mutating func sent(_ part: Int, of index: Int, _ wait: Int?, at now: Int64) {
        queue.removeFirst()
        messages[index].sentMinutes[part] = Int((utcAtZero + now) / 60_000 % 1440)
        messages[index].standing.unknown = 0
        report(.sent(wait: wait), message: index, part: part, at: now)
        messages[index].standing.sent = messages[index].sentMinutes.count { $0 != nil }
        guard messages[index].standing.sent == messages[index].parts.count else { return }
        if messages[index].standing.best == nil { messages[index].standing.best = .sent }
        if rules.goal == .sent {
            messages[index].hasReached = true
            return
        }
        if messages[index].deadline == nil { messages[index].deadline = now + rules.goalTimeout }
        if rules.goal == .receipt { askReceipt(of: index) }
    }
}
