/// Finding out which card is in the terminal, and which dialect it speaks.
extension TerminalSession {
    /// A card query that is under way.
    struct Asking: Equatable {
        /// Which of the dialects is asked in.
        var index = 0
        /// How often all were asked, from 1.
        var round = 1
        var until: Int64 = 0
        /// A dialect that was answered in although it was not told.
        var other: Dialect?
        /// An answer that says there is no card; another dialect may know of one.
        var emptyAddress: UInt32?
    }

    /// Begins to ask.
    mutating func ask(at now: Int64) {
        noise = 0
        ask(Asking(), at: now)
    }

    private mutating func ask(_ asking: Asking, at now: Int64) {
        guard dialects.indices.contains(asking.index), let codec = dialects[asking.index].codec else {
            return giveUp(asking, at: now)
        }
        var asking = asking
        asking.until = now + rules.cardTimeout
        phase = .asking(asking)
        write(codec.cardQuery())
        report(.asking(dialects[asking.index], round: asking.round), at: now)
    }

    /// The one that was asked does not answer in time: the next dialect, and after the last one all of them again.
    mutating func askNext(_ asking: Asking, at now: Int64) {
        var next = asking
        next.index += 1
        if next.index == dialects.count {
            if asking.emptyAddress != nil || asking.round == rules.limits.tries { return giveUp(asking, at: now) }
            next.index = 0
            next.round += 1
        }
        ask(next, at: now)
    }

    private mutating func giveUp(_ asking: Asking, at now: Int64) {
        let why: SessionFailure =
            if let address = asking.emptyAddress { .noCard(address: address) } else {
                .noAnswer(asked: dialects, noise: noise, other: asking.other)
            }
        failAll(why, at: now)
        rest()
    }

    /// The terminal told its card, in whichever dialect.
    mutating func answered(_ card: CardInformation, _ asking: Asking, at now: Int64) {
        var asking = asking
        guard dialects.contains(card.dialect) else {
            if asking.other == nil { report(.otherDialect(card.dialect), at: now) }
            asking.other = card.dialect
            phase = .asking(asking)
            return
        }
        guard card.isUsable else {
            asking.emptyAddress = card.address
            phase = .asking(asking)
            // The answer may be that of a dialect asked before: only the last one of a round leaves nothing to ask.
            if asking.index == dialects.count - 1 { giveUp(asking, at: now) }
            return
        }
        self.card = card
        report(.card(card), at: now)
        phase = .working
        notBefore = now
        for index in messages.indices where !messages[index].isDone { plan(index, at: now) }
        reportQueue(from: 0, at: now)
    }
}
