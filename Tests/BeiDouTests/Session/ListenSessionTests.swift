import BeiDou
import Testing

/// Plays a listening session and writes what it does.
private func play(
    _ session: inout ListenSession, _ script: [(Int64, TerminalEvent)], until end: Int64 = 1_000_000
) -> [String] {
    var lines: [String] = []
    var script = script[...]
    for _ in 0..<20_000 {
        guard let time = [script.first?.0, session.deadline].compactMap({ $0 }).min(), time <= end else { return lines }
        if let next = script.first, next.0 <= time {
            script.removeFirst()
            session.receive(next.1, at: time)
        } else {
            session.tick(at: time)
        }
        for action in session.takeActions() {
            switch action {
            case .write(let octets):
                lines.append("\(time) > " + String(decoding: octets.dropFirst().prefix { $0 != 0x2A }, as: UTF8.self))
            case .tell(_, let news): lines.append("\(time) \(words(news))")
            }
        }
    }
    return lines + ["does not end"]
}

private func words(_ news: ListenSession.News) -> String {
    switch news {
    case .heard(.message(let message)): "message from \(message.sender)"
    case .heard(.card(let card)): "card \(card.address)"
    case .heard: "heard"
    case .part(_, let id, let have, let total): "part of \(id): \(have)/\(total)"
    case .whole(let sender, _, let text): "text from \(sender): \(text)"
    case .odd(_, let id, let reason): "odd \(id): \(reason)"
    case .reply(let receiver, let state): "reply \(receiver.map { "to \($0) " } ?? "")\(state.label)"
    }
}

private func incoming(_ octets: [UInt8], from sender: UInt32 = 9) -> TerminalEvent {
    .message(
        IncomingMessage(
            sender: sender, receiver: nil, time: nil, content: MessageContent(form: .mixed, octets: octets)))
}

private let ownCard = TerminalEvent.card(
    CardInformation(dialect: .rdss2, address: 5, broadcast: 0, frequency: 1, level: 3, isEncrypted: false))
private let taken = TerminalEvent.feedback(
    TerminalFeedback(sentence: "TXA", outcome: .fki2(isExecuted: true, suppression: 0, wait: 0)))

@Suite struct ListenSessionTests {
    /// A text of several parts, as they are sent.
    private func parts() throws -> [[UInt8]] {
        var plan = MessagePlan()
        let card = CardInformation(
            dialect: .rdss2, address: 9, broadcast: 0, frequency: 60, level: 1, isEncrypted: false)
        let text = "the bridge is open"
        return try plan.parts(of: OutgoingMessage(receiver: 5, body: .text(text, form: .mixed)), for: card)
            .map(\.content.octets)
    }

    @Test func textInPartsIsJoinedAndAcknowledged() throws {
        let parts = try parts()
        #expect(parts.count > 1)
        var session = ListenSession(answers: true, dialects: [.rdss2])
        var script = parts.enumerated().map { (Int64($0.offset) * 100, incoming($0.element)) }
        let end = Int64(parts.count) * 100
        script += [(end, ownCard), (end + 10, taken)]
        let lines = play(&session, script, until: end + 5000)
        let whole = end - 100
        let told = (1..<parts.count).map { "\(($0 - 1) * 100) part of a: \($0)/\(parts.count)" }
        #expect(Array(lines.prefix(parts.count - 1)) == told)
        let rest = lines.dropFirst(parts.count - 1).filter { !$0.contains(" > CCTXA") }
        #expect(
            Array(rest) == [
                "\(whole) text from 9: the bridge is open", "\(whole) > CCICA,0,00", "\(whole) reply asking",
                "\(end) card 5", "\(end) reply to 9 queued", "\(end) reply to 9 handed", "\(end + 10) reply to 9 sent",
            ])
        #expect(lines.contains { $0.hasPrefix("\(end) > CCTXA,0000009,1,2,A45B61") })
        #expect(!session.isReplying)
    }

    @Test func missingPartsAreAskedFor() throws {
        let parts = try parts()
        var session = ListenSession(answers: true, dialects: [.rdss2])
        let lines = play(&session, [(0, incoming(parts[0])), (250_000, ownCard)], until: 300_000)
        #expect(lines.first == "0 part of a: 1/\(parts.count)")
        #expect(lines.contains { $0.hasSuffix("reply asking") })
    }

    @Test func whoSaysNothingWritesNothing() throws {
        var session = ListenSession(answers: false)
        let script = try parts().enumerated().map { (Int64($0.offset) * 100, incoming($0.element)) }
        let lines = play(&session, script + [(5000, incoming([0xA4, 0x68, 0x69]))])
        #expect(lines.contains { $0.hasSuffix("text from 9: the bridge is open") })
        #expect(lines.last == "5000 message from 9")
        #expect(!lines.contains { $0.contains(">") || $0.contains("reply") })
    }
}
