/// A step of a session: what is known now, and since when.
package struct SessionReport: Equatable, Sendable {
    /// When, in milliseconds on the session's clock.
    package var at: Int64
    /// The number of the message, from 1; nil where it is of none.
    package var message: Int?
    /// Who it is for.
    package var receiver: UInt32?
    /// The number of the part, from 1, and how many there are.
    package var part: Int?
    package var parts: Int?
    /// What is known.
    package var state: SessionState
}

/// What a session reports.
package enum SessionState: Equatable, Sendable {
    /// The terminal is asked for its card.
    case asking(Dialect, round: Int)
    /// The terminal answered in another dialect than the one that was told.
    case otherDialect(Dialect)
    /// The card is known.
    case card(CardInformation)
    /// A part waits for its turn: its place among those that wait, and when it goes at the earliest.
    case queued(OutgoingPart, position: Int, of: Int, at: Int64)
    /// The terminal has the octets, for the nth time.
    case handed(attempt: Int, octets: Int)
    /// The terminal said that it sent it; seconds to wait where it told them.
    case sent(wait: Int?)
    /// It did not go; the next try is at that time.
    case retrying(SessionFailure, at: Int64)
    /// The network is asked for receipts.
    case receiptAsked
    /// The network's receipt for the message.
    case receipt([ReceiptPair])
    /// The receiver has it: its acknowledgement came.
    case acknowledged
    /// The receiver lacks parts, numbered from 1; they are sent again.
    case partsMissing([Int])
    /// A text came back from the receiver.
    case answered(IncomingMessage)
    /// The message is not there, or not known to be, and nothing more is done.
    case failed(SessionFailure)
    /// Something else that the terminal said.
    case heard(TerminalEvent)
}

extension SessionState {
    /// A short label.
    package var label: String {
        switch self {
        case .asking: "asking"
        case .otherDialect: "other_dialect"
        case .card: "card"
        case .queued: "queued"
        case .handed: "handed"
        case .sent: "sent"
        case .retrying: "retrying"
        case .receiptAsked: "receipt_asked"
        case .receipt: "receipt"
        case .acknowledged: "acknowledged"
        case .partsMissing: "parts_missing"
        case .answered: "answered"
        case .failed: "failed"
        case .heard: "heard"
        }
    }
}

/// Why a session, a message or a try failed.
package enum SessionFailure: Error, Equatable, Sendable {
    /// The terminal did not answer a card query; octets that were no sentences came instead, or a dialect not told.
    case noAnswer(asked: [Dialect], noise: Int, other: Dialect?)
    /// There is no card in it.
    case noCard(address: UInt32)
    /// No feedback came: whether it was sent is not known.
    case noFeedback(seconds: Int)
    /// The terminal refused: the label of its reason.
    case refused(String, wait: Int?)
    /// It was sent, and what the goal asks for was not learned.
    case notReached(SessionGoal, seconds: Int)
    /// It cannot be written, or what is wanted cannot be.
    case impossible(EncodingRefusal)
    /// The link failed.
    case link(String)
    /// The user ended it.
    case stopped
    /// A message in front of it failed.
    case earlier

    /// A short label.
    package var label: String {
        switch self {
        case .noAnswer: "terminal_silent"
        case .noCard: "no_card"
        case .noFeedback: "no_feedback"
        case .refused(let reason, _): reason
        case .notReached(let goal, _): "no_\(goal.rawValue)"
        case .impossible: "impossible"
        case .link: "link"
        case .stopped: "stopped"
        case .earlier: "earlier_failed"
        }
    }

    /// What people read.
    package var words: String {
        switch self {
        case .noAnswer(let asked, let noise, let other):
            let asked = asked.map(\.rawValue).joined(separator: ", ")
            let heard =
                if let other {
                    "; it speaks \(other.rawValue): --dialect \(other.rawValue), or none"
                } else if noise > 0 {
                    "; \(noise) octets came that are no sentences: is the rate of the line right?"
                } else { "" }
            return "the terminal does not answer (asked in \(asked))\(heard)"
        case .noCard(let address): return "the terminal has no card: it gives the address \(address)"
        case .noFeedback(let seconds):
            return "no feedback within \(seconds) s: whether the terminal sent it is not known"
        case .refused(let reason, let wait):
            let told = wait.map { $0 > 0 ? ", \($0) s to wait" : "" } ?? ""
            return Self.words(reason) + told
        case .notReached(let goal, let seconds):
            let what =
                switch goal {
                case .sent: "no feedback"
                case .receipt: "no receipt of the network"
                case .acknowledged: "no acknowledgement of the receiver"
                case .answered: "no answer of the receiver"
                }
            return "\(what) within \(seconds) s"
        case .impossible(let refusal): return refusal.description
        case .link(let words): return words
        case .stopped: return "stopped"
        case .earlier: return "not tried, because a message in front of it failed"
        }
    }
}

extension SessionFailure {
    /// Words for the labels that ``Limits`` has by itself; a settings file may bring others.
    private static let words: [String: String] = [
        "too_soon": "the service frequency is not reached", "failure": "the terminal could not send",
        "none": "the terminal could not send and gives no reason",
        "signal_not_locked": "no signal of a satellite is locked", "power_not_locked": "the power is not locked",
        "crc_error": "the sentence reached the terminal damaged",
        "check_error": "the sentence reached the terminal damaged",
        "battery_low": "the battery is low", "suppressed": "the system suppresses sending",
        "radio_silence": "radio silence is set", "encryption_error": "encryption failed",
        "no_card": "the terminal has no card", "no_permission": "the card has no permission for it",
    ]

    /// What people read for the label of a reason.
    package static func words(_ label: String) -> String {
        words[label] ?? "reason \(label), which no document names"
    }
}

/// What is known of a message at the end.
package struct MessageStanding: Equatable, Sendable {
    /// How many parts it has; 0 while it is not known.
    package var parts = 0
    /// Parts that the terminal said it sent.
    package var sent = 0
    /// Parts that the terminal was handed and said nothing of.
    package var unknown = 0
    /// The best that is known of the whole: nil while not all parts are sent.
    package var best: SessionGoal?
    /// Why it failed, where it did.
    package var failure: SessionFailure?
}
