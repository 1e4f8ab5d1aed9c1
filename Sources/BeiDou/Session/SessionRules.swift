/// How long a session waits, and what for. Times are in milliseconds.
package struct SessionRules: Equatable, Sendable {
    /// Waits, tries, and what feedback means.
    package var limits = Limits.standard
    /// For the answer to a card query.
    package var cardTimeout: Int64 = 2000
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
    /// The text that it is a segment of; nil where it is whole in one part.
    package var segments: Segments?

    /// Id and check of a text in segments.
    package struct Segments: Equatable, Sendable {
        package var id: SegmentID
        package var check: UInt16

        /// Both.
        package init(id: SegmentID, check: UInt16) {
            self.id = id
            self.check = check
        }
    }

    /// A part.
    package init(
        content: MessageContent, text: String?, usedBits: Int, allowedBits: Int?, segments: Segments? = nil
    ) {
        self.content = content
        self.text = text
        self.usedBits = usedBits
        self.allowedBits = allowedBits
        self.segments = segments
    }

    /// Bits that stay free.
    package var leftBits: Int? { allowedBits.map { $0 - usedBits } }

    /// Characters that would still fit: Chinese ones, digits, or octets of mixed content.
    package var leftCharacters: Int? {
        // Not `Limits.characters(inBits:form:)`: the lead of mixed content is spent already.
        leftBits.map { max(0, $0) / (content.form == .chinese ? 14 : content.form == .code ? 4 : 8) }
    }
}
