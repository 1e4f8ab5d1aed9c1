import BeiDou

/// What happens to a session: at a time, in milliseconds.
enum Happening {
    case says(TerminalEvent)
    case enqueue(OutgoingMessage)
    case stop(SessionFailure)
}

/// Plays a session by simulated time: what happens, and every deadline when it is reached. The transcript has a line for
/// each action: time, `>` and the name of a sentence that is written, or what is reported.
func play(
    _ session: inout TerminalSession, _ script: [(Int64, Happening)], until end: Int64 = 1_000_000
) -> [String] {
    var lines: [String] = []
    var script = script[...]
    var now: Int64 = 0
    for _ in 0..<10_000 {
        let next = script.first?.0
        let deadline = session.deadline
        guard let time = [next, deadline].compactMap({ $0 }).min(), time <= end else { return lines }
        precondition(time >= now, "a deadline lies in the past")
        now = time
        if let next, next <= now, let (_, happening) = script.popFirst() {
            switch happening {
            case .says(let event): session.receive(event, at: now)
            case .enqueue(let message): session.enqueue(message, at: now)
            case .stop(let why): session.stop(why, at: now)
            }
        } else {
            session.tick(at: now)
        }
        for action in session.takeActions() { lines.append("\(now) \(line(action))") }
    }
    return lines + ["does not end"]
}

private func line(_ action: TerminalSession.Action) -> String {
    switch action {
    case .write(let octets):
        let name = octets.dropFirst().prefix { 0x41...0x5A ~= $0 }
        return "> " + String(decoding: name, as: UTF8.self)
    case .report(let report):
        var place = ""
        if let message = report.message { place += "\(message)" }
        if let part = report.part, let parts = report.parts { place += ".\(part)/\(parts)" }
        return (place.isEmpty ? "" : place + " ") + words(report.state)
    }
}

private func words(_ state: SessionState) -> String {
    switch state {
    case .asking(let dialect, let round): "asking \(dialect.rawValue) \(round)"
    case .otherDialect(let dialect): "other dialect \(dialect.rawValue)"
    case .card(let card): "card \(card.address) \(card.dialect.rawValue) \(card.frequency) s"
    case .queued(_, let position, let of, let at): "queued \(position)/\(of) for \(at)"
    case .handed(let attempt, _): "handed \(attempt)"
    case .sent(let wait): "sent" + (wait.map { " wait \($0)" } ?? "")
    case .retrying(let why, let at): "retry at \(at): \(why.label)"
    case .receiptAsked: "receipt asked"
    case .receipt(let pairs): "receipt \(pairs.map { "\($0.sent)-\($0.received)" }.joined(separator: " "))"
    case .acknowledged: "acknowledged"
    case .partsMissing(let parts): "missing \(parts)"
    case .answered(let message): "answered \(message.content.hex)"
    case .failed(let why): "failed: \(why.label)"
    case .heard(let event): "heard \(name(event))"
    }
}

private func name(_ event: TerminalEvent) -> String {
    switch event {
    case .card: "card"
    case .feedback(let feedback): "feedback \(feedback.sentence ?? "-")"
    case .message(let message): "message \(message.sender)"
    case .receipts: "receipts"
    case .position: "position"
    case .power: "power"
    case .other(let name): "other \(name)"
    case .noise(let octets, _): "noise \(octets)"
    }
}

/// A session whose messages have one part for each word of their text.
func wordSession(
    _ dialects: [Dialect] = [.rdss2], _ rules: SessionRules = SessionRules(), utcAtZero: Int64 = 0
) -> TerminalSession {
    TerminalSession(dialects: dialects, rules: rules, utcAtZero: utcAtZero) {
        message, card throws(EncodingRefusal) in
        guard case .text(let text, _) = message.body else { return [] }
        if text == "é" { throw EncodingRefusal("text", "GBK lacks é") }
        return text.split(separator: " ").map { word in
            let content = MessageContent(form: .mixed, octets: [0xA4] + Array(word.utf8))
            return OutgoingPart(
                content: content, text: String(word), usedBits: content.bits, allowedBits: 628,
                segments: .init(id: .first, check: 0x7F2A))
        }
    }
}

func message(_ text: String = "hello", to receiver: UInt32 = 195_817) -> OutgoingMessage {
    OutgoingMessage(receiver: receiver, body: .text(text, form: nil))
}

func card(
    _ dialect: Dialect = .rdss2, address: UInt32 = 242_286, broadcast: UInt32 = 11, frequency: Int = 60
) -> Happening {
    .says(
        .card(
            CardInformation(
                dialect: dialect, address: address, broadcast: broadcast, frequency: frequency, level: 3,
                isEncrypted: false)))
}

func done(_ sentence: String? = "TXA", wait: Int? = nil) -> Happening {
    .says(
        .feedback(
            TerminalFeedback(sentence: sentence, outcome: .fki2(isExecuted: true, suppression: 0, wait: wait))))
}

/// A refusal of RDSS 2.1; a suppression of 0 without a wait is a failure.
func refused(_ suppression: Int? = 0, wait: Int? = 0, _ sentence: String? = "TXA") -> Happening {
    .says(
        .feedback(
            TerminalFeedback(
                sentence: sentence, outcome: .fki2(isExecuted: false, suppression: suppression, wait: wait))))
}

/// FKXX of RDSS 4.0.
func fkxx(_ kind: Int, wait: Int? = nil, _ sentence: String? = nil) -> Happening {
    .says(.feedback(TerminalFeedback(sentence: sentence, outcome: .fkxx(kind: kind, wait: wait))))
}

func heard(from sender: UInt32, _ octets: [UInt8] = [0xA4, 0x6F, 0x6B]) -> Happening {
    .says(
        .message(
            IncomingMessage(
                sender: sender, receiver: nil, time: nil, content: MessageContent(form: .mixed, octets: octets))))
}

func segmentNotice(_ id: Character, missing: [Int], of total: Int, check: UInt16 = 0x7F2A) -> [UInt8] {
    guard let id = SegmentID(id) else { return [] }
    let message: SegmentMessage =
        missing.isEmpty
        ? .acknowledgement(id: id, total: total, check: check)
        : .request(id: id, missing: missing.map { $0...$0 }, total: total)
    return [0xA4] + message.octets
}
