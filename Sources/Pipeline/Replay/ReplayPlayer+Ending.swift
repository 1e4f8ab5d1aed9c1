internal import Bytes
internal import Links

/// How a replay ends: what was sent is to arrive, and what did not is not told.
extension ReplayPlayer {
    /// So long is waited for peers that take nothing, in the end, and where somebody ends it; in milliseconds.
    private static let patience: Int64 = 10_000, grace: Int64 = 500

    /// Hands on what is kept for peers that are slow; where it is to end at once, as long as they take something. Where the user
    /// asks to end, only packets of which a part has left.
    mutating func drain() throws(LinkError) {
        var moved = Waiting.now()
        var asked: Int64?
        while true {
            let isAsked = Interruption.isAsked
            var isDone = true
            for sender in senders {
                let (hasAll, hasMoved) = try sender.drain(onlyBegun: isAsked)
                if hasMoved { moved = Waiting.now() }
                isDone = isDone && hasAll
            }
            let now = Waiting.now()
            if isAsked { asked = asked ?? now }
            if isDone || now - moved > (isEnded ? Self.grace : Self.patience) { return }
            if let asked, now - asked > Self.grace { return }
            if SteadyClock.now() >= attention { attend(SteadyClock.now()) }
        }
    }

    /// Ends the streams, and takes back of what was told what did not arrive.
    ///
    /// - Parameter isOver: whether everything was sent.
    mutating func finish(isOver: Bool) {
        var isWhole = isOver
        for sender in senders {
            let loss = sender.finish(
                patience: isEnded ? Self.grace : Self.patience, grace: Self.grace, leavesRest: isEnded)
            report.sent -= loss.packets
            report.octets -= loss.octets
            if loss.packets > 0 {
                isWhole = false
                // What was broken is written down as it is handed over.
                if tellsFaults {
                    report.problems.append(
                        "\(sender.name): the last \(loss.packets) packets did not arrive, and the truth tells them as sent"
                    )
                }
            }
            guard loss.untaken > 0 else { continue }
            let words = "\(sender.name): the last \(loss.untaken) octets"
            if loss.isBroken || !isEnded && !Interruption.isAsked {
                report.problems.append("\(words) were not taken")
            } else {
                report.notes.append("\(words) were still on their way when it ended")
            }
        }
        hasAll = isWhole
        tellLeft()
    }

    /// Tells how many packets have left.
    mutating func tellLeft() {
        guard let steering else { return }
        let settled = senders[0].settled
        while arrived < settled, let number = onTheWay.popFirst() {
            left = max(left, number)
            arrived += 1
        }
        // What is between two packets that left, or behind the last one, needed not to be sent.
        if batch == nil, onTheWay.isEmpty, let passed = queue.passedNumber { left = max(left, passed) }
        steering.left(left)
        report.left = hasAll ? nil : left
    }
}
