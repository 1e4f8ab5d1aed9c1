/// Listening to a terminal: what comes in is handed on, texts in segments are joined, and their senders are answered
/// with acknowledgements and requests for missing parts, through the same terminal and by its rules.
///
/// Like ``TerminalSession`` it does nothing by itself; times are milliseconds on a clock that only grows.
package struct ListenSession {
    /// What is to be done by who drives it.
    package enum Action: Equatable, Sendable {
        /// Octets for the terminal.
        case write([UInt8])
        /// Something to be told.
        case tell(Int64, News)
    }

    /// What is told.
    package enum News: Equatable, Sendable {
        /// What the terminal said.
        case heard(TerminalEvent)
        /// A part of a text, and how many are there now.
        case part(sender: UInt32, id: SegmentID, have: Int, total: Int)
        /// A text that was sent in parts, whole.
        case whole(sender: UInt32, id: SegmentID, text: String)
        /// Something is odd with the parts of a text, or it is given up.
        case odd(sender: UInt32, id: SegmentID, reason: String)
        /// How a reply of ours goes; no receiver where it is of all that wait (asking for the card).
        case reply(receiver: UInt32?, SessionState)
    }

    private let answers: Bool
    private let assembler: SegmentAssembler
    private var replies: TerminalSession
    private var nextDue: Int64?
    private var actions: [Action] = []

    /// Milliseconds between two looks at what is due of texts whose parts are missing.
    private static let dueInterval: Int64 = 1000

    /// A session that listens.
    ///
    /// - Parameter answers: whether senders of texts in parts are answered; else nothing is ever written.
    package init(
        answers: Bool, dialects: [Dialect] = Dialect.ofTerminals, limits: Limits = .standard,
        segments: SegmentRules = SegmentRules()
    ) {
        self.answers = answers
        assembler = SegmentAssembler(rules: segments)
        var rules = SessionRules()
        rules.limits = limits
        rules.staysOpen = true
        var plan = MessagePlan(limits: limits)
        replies = TerminalSession(dialects: dialects, rules: rules) { message, card throws(EncodingRefusal) in
            try plan.parts(of: message, for: card)
        }
    }

    /// Whether a reply is under way.
    package var isReplying: Bool { !replies.isIdle }

    /// When ``tick(at:)`` has something to do; nil when only the terminal can bring news.
    package var deadline: Int64? { [replies.deadline, nextDue].compactMap { $0 }.min() }

    /// Everything that is to be done since the last call.
    package mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// Tells what the terminal said.
    package mutating func receive(_ event: TerminalEvent, at now: Int64) {
        if case .message(let message) = event {
            take(message, event, at: now)
        } else if replies.isIdle {
            actions.append(.tell(now, .heard(event)))
        } else {
            // What is not of a reply comes back as heard.
            replies.receive(event, at: now)
        }
        collect()
    }

    /// Tells that time has passed.
    package mutating func tick(at now: Int64) {
        replies.tick(at: now)
        if let due = nextDue, now >= due { lookForDue(at: now) }
        collect()
    }

    private mutating func take(_ message: IncomingMessage, _ event: TerminalEvent, at now: Int64) {
        let content = message.content
        let isMixed = content.form == .mixed && content.octets.first == ContentLead.mixed
        let segment =
            isMixed
            ? assembler.feed(sender: UInt64(message.sender), content: Array(content.octets.dropFirst()), at: now)
            : .notOurs
        let sender = message.sender
        switch segment {
        case .notOurs, .control: actions.append(.tell(now, .heard(event)))
        case .accepted(let id, let have, let total):
            actions.append(.tell(now, .part(sender: sender, id: id, have: have, total: total)))
        case .duplicate(let id, let acknowledgement):
            actions.append(.tell(now, .odd(sender: sender, id: id, reason: "a part came again")))
            if let acknowledgement { reply(acknowledgement, to: sender, at: now) }
        case .complete(let id, let text, let acknowledgement):
            actions.append(.tell(now, .whole(sender: sender, id: id, text: text)))
            reply(acknowledgement, to: sender, at: now)
        case .conflicting(let id, let reason): actions.append(.tell(now, .odd(sender: sender, id: id, reason: reason)))
        }
        nextDue = assembler.incomplete > 0 ? nextDue ?? now + Self.dueInterval : nil
    }

    private mutating func lookForDue(at now: Int64) {
        for due in assembler.due(at: now) {
            switch due {
            case .request(let sender, _, let content): reply(content, to: UInt32(clamping: sender), at: now)
            case .abandoned(let sender, let id, let have, let total, let reason):
                let words = "given up with \(have) of \(total) parts: \(reason)"
                actions.append(.tell(now, .odd(sender: UInt32(clamping: sender), id: id, reason: words)))
            }
        }
        nextDue = assembler.incomplete > 0 ? now + Self.dueInterval : nil
    }

    private mutating func reply(_ content: EncodedContent, to receiver: UInt32, at now: Int64) {
        guard answers else { return }
        let content = MessageContent(form: content.form, octets: content.octets, bits: content.wireBits)
        replies.enqueue(OutgoingMessage(receiver: receiver, body: .content(content)), at: now)
    }

    private mutating func collect() {
        for action in replies.takeActions() {
            switch action {
            case .write(let octets): actions.append(.write(octets))
            case .report(let report):
                switch report.state {
                case .heard(let event): actions.append(.tell(report.at, .heard(event)))
                case .card(let card): actions.append(.tell(report.at, .heard(.card(card))))
                case let state:
                    actions.append(.tell(report.at, .reply(receiver: report.receiver, state)))
                }
            }
        }
    }
}
