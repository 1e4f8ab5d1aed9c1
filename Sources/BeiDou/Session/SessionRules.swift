/// How long a session waits and how often it tries. All times are in milliseconds. Sources: beidou-rdss-4.0.md ("FKXX
/// kinds", "Service frequency"), beidou-3-regional.md ("Limits"), beidou-text-coding.md ("Splitting").
package struct SessionRules: Equatable, Sendable {
    /// For the answer to a card query.
    package var cardTimeout: Int64 = 2000
    /// How often every dialect is asked for the card.
    package var cardRounds = 3
    /// For feedback to a request: a driver waits 8 s.
    package var feedbackTimeout: Int64 = 8000
    /// How often a part is tried again.
    package var retries = 3
    /// What is added to the service frequency and to waits that are told: a maker warns to allow 2 s more.
    package var reserve: Int64 = 2000
    /// Before a next try when the terminal failed for no reason that it told.
    package var failureWait: Int64 = 60_000
    /// Before a next try when no signal was locked: about what a receiver needs to find one. No document says it.
    package var lockWait: Int64 = 15_000
    /// Before a next try when the line damaged the sentence.
    package var checkWait: Int64 = 1000
    /// The service frequency of a card that states none: that of most cards.
    package var usualFrequency = 60
    /// For what the goal asks beyond sending, from the sending of the last part on.
    package var goalTimeout: Int64 = 300_000
    /// What is to be known of a message before the session is content.
    package var goal = SessionGoal.sent
    /// Whether the session stays open for more messages when all are done.
    package var staysOpen = false

    package init() {}
}

/// What is to be known of a message, from the least to the most.
package enum SessionGoal: String, Sendable, CaseIterable, Comparable {
    /// The terminal sent it: its feedback.
    case sent
    /// The network received it: its receipt.
    case receipt
    /// The receiver acknowledged it, or answered.
    case acknowledged = "ack"
    /// A text came back from the receiver.
    case answered = "answer"

    package static func < (a: SessionGoal, b: SessionGoal) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A message that is to be sent.
package struct OutgoingMessage: Equatable, Sendable {
    /// The address of its receiver.
    package var receiver: UInt32
    /// What it says.
    package var body: Body
    /// What it asks for besides.
    package var options: SendOptions

    /// What a message says.
    package enum Body: Equatable, Sendable {
        /// A text, coded and split as the card allows; in one form, or in the one that holds most.
        case text(String, form: ContentForm?)
        /// Content as it is.
        case content(MessageContent)
    }

    package init(receiver: UInt32, body: Body, options: SendOptions = SendOptions()) {
        self.receiver = receiver
        self.body = body
        self.options = options
    }
}

/// A part of a message: what one sentence carries.
package struct OutgoingPart: Equatable, Sendable {
    /// Its content.
    package var content: MessageContent
    /// The text in it; nil where it is none.
    package var text: String?
    /// What the content costs on the air, in bits.
    package var usedBits: Int
    /// How many bits the card allows; nil where no document says it.
    package var allowedBits: Int?
    /// The number of the message that its segments carry; nil where it is whole in one part.
    package var segmentsOf: UInt8?

    package init(
        content: MessageContent, text: String?, usedBits: Int, allowedBits: Int?, segmentsOf: UInt8? = nil
    ) {
        self.content = content
        self.text = text
        self.usedBits = usedBits
        self.allowedBits = allowedBits
        self.segmentsOf = segmentsOf
    }

    /// Bits that stay free.
    package var leftBits: Int? { allowedBits.map { $0 - usedBits } }

    /// Characters that would still fit: of 14 bits in the Chinese form, digits of 4 bits, or octets behind A4.
    package var leftCharacters: Int? {
        let cost =
            switch content.form {
            case .chinese: 14
            case .code: 4
            case .mixed: 8
            }
        return leftBits.map { max(0, $0) / cost }
    }
}
