/// A talk with one terminal that sends messages: asks for the card, keeps its pace, waits for feedback, tries again by the
/// rules, and says at each step what is known.
///
/// It does nothing by itself: it is told the time, in milliseconds on a clock that only grows, and what the terminal
/// said; it gives octets to be written and reports. Who drives it calls ``tick(at:)`` when ``deadline`` is reached.
/// Sources: beidou-rdss-4.0.md, beidou-rdss-2.1.md, beidou-3-regional.md, beidou-text-coding.md ("Receipts").
package struct TerminalSession {
    /// What is to be done by who drives the session.
    package enum Action: Equatable, Sendable {
        /// Octets for the terminal.
        case write([UInt8])
        /// A step that a person may want to know.
        case report(SessionReport)
    }

    /// Makes the parts of a message, for a card.
    package typealias Planner = (OutgoingMessage, CardInformation) throws(EncodingRefusal) -> [OutgoingPart]

    /// The rules that it keeps.
    package let rules: SessionRules
    let dialects: [Dialect]
    let utcAtZero: Int64
    private let planner: Planner

    var phase = Phase.idle
    var messages: [Tracked] = []
    /// What is to be sent, in its order; the first may be under way.
    var queue: [Job] = []
    /// Until when the terminal is waited for; nil when nothing is under way.
    var waiting: Waiting?
    /// The terminal takes nothing before.
    var notBefore: Int64 = 0
    var noise = 0
    /// The card, once it is known.
    package internal(set) var card: CardInformation?
    private var actions: [Action] = []

    enum Phase: Equatable {
        case idle
        case asking(Asking)
        case working
        case over
    }

    /// A message and what became of it.
    struct Tracked {
        var message: OutgoingMessage
        var parts: [OutgoingPart] = []
        var standing = MessageStanding()
        /// When each part was sent, in minutes of the day, UTC.
        var sentMinutes: [Int?] = []
        /// When the goal is given up; nil while parts are to be sent.
        var deadline: Int64?
        var resends = 0
        var receipts: [ReceiptPair] = []
        var isDone: Bool { standing.failure != nil || hasReached }
        var hasReached = false
    }

    /// A sentence that is to be sent.
    struct Job {
        enum Kind: Equatable {
            case part(Int)
            case receiptQuery
        }
        var message: Int
        var kind: Kind
        var sentence: [UInt8]
        var attempts = 0
        /// Whether it went last time and no feedback came, which may still come.
        var isSilent = false
        /// Tries of which it is not known whether they were sent.
        var silences = 0
    }

    /// What is waited for.
    struct Waiting {
        var until: Int64
        /// Whether the sentence is sent and its answer is still to come (a receipt query).
        var isSent = false
    }

    /// A session that asks a terminal in one dialect, or in several in turn.
    ///
    /// - Parameters:
    ///   - dialects: one that was told, or ``Dialect/ofTerminals``.
    ///   - utcAtZero: milliseconds since 1970 when the session's clock was 0: receipts name minutes of the day.
    ///   - planner: makes the parts of a message.
    package init(
        dialects: [Dialect] = Dialect.ofTerminals, rules: SessionRules = SessionRules(), utcAtZero: Int64 = 0,
        planner: @escaping Planner
    ) {
        self.dialects = dialects
        self.rules = rules
        self.utcAtZero = utcAtZero
        self.planner = planner
    }

    /// Whether nothing more will happen.
    package var isOver: Bool { phase == .over }
    /// Whether no message waits; more may come when the session stays open.
    package var isIdle: Bool { phase == .idle || phase == .over }
    /// Whether every message reached its goal.
    package var hasReached: Bool { !messages.isEmpty && messages.allSatisfy(\.hasReached) }
    /// Whether a message, numbered from 0, reached its goal.
    package func hasReached(_ index: Int) -> Bool { messages.indices.contains(index) && messages[index].hasReached }
    /// What is known of each message.
    package var standings: [MessageStanding] { messages.map(\.standing) }

    /// Everything that is to be done since the last call.
    package mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// Adds messages behind the others; the first one begins the session. A text that no content can hold fails here,
    /// before the terminal is asked for anything.
    package mutating func enqueue(_ message: OutgoingMessage, at now: Int64) { enqueue([message], at: now) }

    /// The same for a list.
    package mutating func enqueue(_ added: [OutgoingMessage], at now: Int64) {
        guard phase != .over else { return }
        for message in added {
            messages.append(Tracked(message: message))
            guard case .text(let text, let form) = message.body else { continue }
            do throws(EncodingRefusal) { _ = try ContentCoding.encode(text, form: form) } catch {
                fail(messages.count - 1, .impossible(error), at: now)
            }
        }
        let first = messages.count - added.count
        guard messages[first...].contains(where: { !$0.isDone }) else {
            if isIdle { rest() }
            return
        }
        switch phase {
        case .idle where card == nil: ask(at: now)
        case .idle, .working:
            phase = .working
            let count = queue.count
            for index in first..<messages.count where !messages[index].isDone { plan(index, at: now) }
            reportQueue(from: count, at: now)
            advance(at: now)
        case .asking, .over: break
        }
    }

    /// When ``tick(at:)`` has something to do; nil when only the terminal can bring news.
    package var deadline: Int64? {
        switch phase {
        case .idle, .over: return nil
        case .asking(let asking): return asking.until
        case .working:
            if let waiting { return waiting.until }
            let goals = messages.compactMap { $0.isDone ? nil : $0.deadline }.min()
            guard !queue.isEmpty else { return goals }
            return goals.map { min($0, notBefore) } ?? notBefore
        }
    }

    /// Tells that time has passed.
    package mutating func tick(at now: Int64) {
        switch phase {
        case .idle, .over: break
        case .asking(let asking): if now >= asking.until { askNext(asking, at: now) }
        case .working:
            if let waiting {
                guard now >= waiting.until else { return }
                wasSilent(at: now)
            }
            advance(at: now)
        }
    }

    /// Tells what the terminal said.
    package mutating func receive(_ event: TerminalEvent, at now: Int64) {
        guard phase != .over else { return }
        switch event {
        case .card(let card):
            if case .asking(let asking) = phase {
                answered(card, asking, at: now)
            } else {
                report(.heard(event), at: now)
            }
        case .feedback(let feedback):
            if !take(feedback, at: now) { report(.heard(event), at: now) }
        case .message(let message):
            if !take(message, at: now) { report(.heard(event), at: now) }
        case .receipts(let receiver, let pairs):
            if !takeReceipts(of: receiver, pairs, at: now) { report(.heard(event), at: now) }
        case .noise(let octets, _):
            noise += octets
            report(.heard(event), at: now)
        case .position, .power, .other: report(.heard(event), at: now)
        }
        if phase == .working { advance(at: now) }
    }

    /// Ends the session: the user or the link does. What is known of each message stays in ``standings``.
    package mutating func stop(_ why: SessionFailure, at now: Int64) {
        guard phase != .over else { return }
        failAll(why, at: now)
        phase = .over
    }

    /// Ends the session because the link did not take the octets that were to be written last.
    package mutating func couldNotWrite(_ words: String, at now: Int64) {
        if waiting != nil, let job = queue.first, case .part = job.kind {
            messages[job.message].standing.unknown = min(1, job.silences)
        }
        stop(.link(words), at: now)
    }

    // MARK: - Shared by the parts of the session

    mutating func write(_ octets: [UInt8]) { actions.append(.write(octets)) }

    mutating func report(
        _ state: SessionState, message: Int? = nil, part: Int? = nil, at now: Int64
    ) {
        let parts = message.map { messages[$0].parts.count }
        actions.append(
            .report(
                SessionReport(
                    at: now, message: message.map { $0 + 1 }, receiver: message.map { messages[$0].message.receiver },
                    part: part.map { $0 + 1 },
                    parts: parts == 0 ? nil : parts, state: state)))
    }

    /// Nothing is left to do: the session ends, or waits for more and forgets what is done.
    mutating func rest() {
        phase = rules.staysOpen ? .idle : .over
        if rules.staysOpen { messages = [] }
    }

    /// Every message that is not done fails.
    mutating func failAll(_ why: SessionFailure, at now: Int64) {
        waiting = nil
        queue = []
        for index in messages.indices where !messages[index].isDone { fail(index, why, at: now) }
    }

    mutating func fail(_ index: Int, _ why: SessionFailure, at now: Int64) {
        queue.removeAll { $0.message == index }
        messages[index].standing.failure = why
        report(.failed(why), message: index, at: now)
    }

    /// Makes the parts of a message and puts them into the queue. All sentences are written here, so that what cannot be
    /// written is refused before anything is sent.
    mutating func plan(_ index: Int, at now: Int64) {
        guard let card, let codec = card.dialect.codec else { return }
        let message = messages[index].message
        do throws(EncodingRefusal) {
            if rules.goal != .sent, isOfMany(message.receiver, card) {
                throw EncodingRefusal(
                    "receiver",
                    "\(message.receiver) reaches many cards: nobody acknowledges; wait for nothing more than sent")
            }
            if rules.goal == .receipt { _ = try codec.receiptQuery(message.receiver, from: card.address) }
            let parts = try planner(message, card)
            if rules.goal == .receipt, parts.count > rules.limits.receiptPairs {
                throw EncodingRefusal(
                    "receipt",
                    "the network tells the last \(rules.limits.receiptPairs) receipts, the message has \(parts.count) parts"
                )
            }
            var jobs: [Job] = []
            for (part, content) in parts.enumerated() {
                let sentence = try codec.message(
                    content.content, to: message.receiver, from: card.address, message.options)
                jobs.append(Job(message: index, kind: .part(part), sentence: sentence))
            }
            messages[index].parts = parts
            messages[index].standing.parts = parts.count
            messages[index].sentMinutes = parts.map { _ in nil }
            queue += jobs
        } catch {
            fail(index, .impossible(error), at: now)
        }
    }

    /// Whether an address is that of a broadcast or a group.
    private func isOfMany(_ address: UInt32, _ card: CardInformation) -> Bool {
        card.broadcast != 0 && address == card.broadcast
            || rules.limits.broadcastAddresses.contains(Int(address))
            || rules.limits.groupAddresses.contains(Int(address))
    }

    /// Says of what waits from a place of the queue on when its turn is at the earliest.
    mutating func reportQueue(from first: Int, at now: Int64) {
        for position in first..<max(first, queue.count) {
            guard case .part(let part) = queue[position].kind else { continue }
            let index = queue[position].message
            let turn = max(now, notBefore) + Int64(position) * interval
            let state = SessionState.queued(
                messages[index].parts[part], position: position + 1, of: queue.count, at: turn)
            report(state, message: index, part: part, at: now)
        }
    }

    /// Milliseconds between two requests.
    var interval: Int64 {
        Int64(rules.limits.interval(stated: card.flatMap { $0.frequency > 0 ? $0.frequency : nil })) * 1000
    }

    /// Milliseconds in which feedback is due.
    var feedbackTimeout: Int64 { Int64(rules.limits.feedbackSeconds) * 1000 }
}
