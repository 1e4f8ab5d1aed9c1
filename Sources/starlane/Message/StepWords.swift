import BeiDou

/// A step of a session as people read it: a word that says what it is, how good it is, and the rest.
struct StepWords {
    enum Mood { case plain, good, doubtful, bad }

    let word: String
    let mood: Mood
    let rest: String

    /// Words for a state; nil for what is no news to a person who sends. `clock` writes a time of the session.
    init?(_ state: SessionState, clock: (Int64) -> String) {
        switch state {
        case .asking(let dialect, let round):
            (word, mood) = ("asking", .plain)
            rest = "for the card, in \(dialect.rawValue)" + (round > 1 ? ", round \(round)" : "")
        case .otherDialect(let dialect):
            (word, mood, rest) = ("other", .doubtful, "the terminal answers in \(dialect.rawValue), which was not told")
        case .card(let card): (word, mood, rest) = ("card", .good, Self.words(card))
        case .queued(let part, let position, let count, let at):
            (word, mood) = ("queued", .plain)
            rest = "\(position) of \(count), goes \(clock(at)); " + Self.words(part)
        case .handed(let attempt, let octets):
            (word, mood) = ("handed", .plain)
            rest = "to the terminal, \(octets) octets" + (attempt > 1 ? ", try \(attempt)" : "")
        case .sent(let wait):
            (word, mood) = ("sent", .good)
            rest = "by the terminal" + (wait.map { $0 > 0 ? "; it takes the next one in \($0) s" : "" } ?? "")
        case .retrying(let why, let at):
            (word, mood, rest) = ("not yet", .doubtful, "\(why.words); again \(clock(at))")
        case .receiptAsked: (word, mood, rest) = ("asking", .plain, "the network for its receipt")
        case .receipt(let pairs):
            (word, mood) = ("receipt", .good)
            rest = "of the network: " + pairs.map(Self.words).joined(separator: "; ")
        case .acknowledged: (word, mood, rest) = ("acked", .good, "the receiver has it")
        case .partsMissing(let parts):
            (word, mood) = ("missing", .doubtful)
            rest = "the receiver lacks part \(parts.map(String.init).joined(separator: ", ")): sent again"
        case .answered(let message):
            (word, mood, rest) = ("answered", .good, Self.words(message))
        case .failed(let why): (word, mood, rest) = ("failed", .bad, why.words)
        case .heard(let event):
            guard let heard = Self.words(event) else { return nil }
            (word, mood, rest) = heard
        }
    }

    static func words(_ card: CardInformation) -> String {
        let level = card.level.map { ", level \($0)" } ?? ""
        return "\(address(card.address)) in \(card.dialect.rawValue), \(card.frequency) s between messages\(level)"
            + (card.isEncrypted ? ", encrypted" : "")
    }

    static func words(_ part: OutgoingPart) -> String {
        guard let allowed = part.allowedBits, let left = part.leftBits, let characters = part.leftCharacters else {
            return "\(part.content.form.label), \(part.usedBits) bits"
        }
        let what =
            switch part.content.form {
            case .chinese: "characters"
            case .code: "digits"
            case .mixed: "octets"
            }
        return "\(part.content.form.label), \(part.usedBits) of \(allowed) bits, \(left) left: \(characters) \(what)"
    }

    static func words(_ pair: ReceiptPair) -> String {
        "sent \(minutes(pair.sent)), received \(minutes(pair.received))"
    }

    /// "14:22" from minutes of the day.
    static func minutes(_ number: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(number / 60)):\(two(number % 60))"
    }

    /// Seven digits, or more.
    static func address(_ address: UInt32) -> String {
        let digits = String(address)
        return String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }

    static func words(_ message: IncomingMessage) -> String {
        let to = message.receiver.map { " to \(address($0))" } ?? ""
        let time = message.time.map { " at \($0)" } ?? ""
        return "from \(address(message.sender))\(to)\(time): \(ReceivedText(message.content).shown)"
    }

    /// Words for what a terminal said; nil for what a person need not know.
    static func words(_ event: TerminalEvent) -> (String, Mood, String)? {
        switch event {
        case .message(let message): return ("message", .good, words(message))
        case .receipts(let receiver, let pairs):
            let all = pairs.isEmpty ? "none" : pairs.map(words).joined(separator: "; ")
            return ("receipt", .plain, "for \(address(receiver)): \(all)")
        case .position(let position):
            let height = position.height.map { ", \(fixed($0, 0)) m" } ?? ""
            let emergency = position.isEmergency ? ", EMERGENCY" : ""
            let place = "\(fixed(position.latitude, 6)), \(fixed(position.longitude, 6))\(height)"
            return (
                "position", position.isEmergency ? .bad : .plain,
                "of \(address(position.address)) at \(position.time) UTC: \(place)\(emergency)"
            )
        case .noise(let octets, let reason): return ("noise", .doubtful, "\(octets) octets: \(reason)")
        case .feedback(let feedback): return ("terminal", .plain, words(feedback))
        case .card(let card): return ("card", .plain, words(card))
        case .power, .other: return nil
        }
    }

    /// Feedback that is of no request of ours.
    static func words(_ feedback: TerminalFeedback) -> String {
        let name = feedback.sentence ?? "a request"
        switch feedback.outcome.verdict(.standard) {
        case .sent: return "\(name) is done, which is not ours"
        case .again(_, let reason), .stopped(let reason):
            return "\(name), which is not ours: \(SessionFailure.words(reason))"
        case .lifted: return "the system suppresses sending no longer"
        case nil: return "feedback that no document names"
        }
    }

    /// A number with so many decimals.
    static func fixed(_ number: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let units = (number.magnitude * scale).rounded()
        guard units < 1e15 else { return "\(number)" }
        let whole = String(Int64(units))
        let digits = String(repeating: "0", count: max(0, decimals + 1 - whole.count)) + whole
        let sign = number < 0 && units > 0 ? "-" : ""
        guard decimals > 0 else { return sign + digits }
        return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
    }
}
