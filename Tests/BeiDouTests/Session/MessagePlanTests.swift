import BeiDou
import Testing

private func card(_ level: Int?, _ dialect: Dialect = .rdss2) -> CardInformation {
    CardInformation(dialect: dialect, address: 1, broadcast: 0, frequency: 60, level: level, isEncrypted: false)
}

private func text(_ text: String, _ form: ContentForm? = nil, express: Bool = false) -> OutgoingMessage {
    OutgoingMessage(
        receiver: 2, body: .text(text, form: form), options: SendOptions(isExpress: express))
}

@Suite struct MessagePlanTests {
    @Test func textThatFitsIsOnePartAndSaysWhatIsLeft() throws {
        var plan = MessagePlan()
        let parts = try plan.parts(of: text("水位"), for: card(1))
        #expect(parts.count == 1)
        #expect(parts[0].content.form == .chinese)
        #expect((parts[0].usedBits, parts[0].leftBits, parts[0].leftCharacters) == (28, 82, 5))
        #expect(parts[0].segments == nil)
    }

    @Test func longTextIsCutAndEveryTextHasItsOwnID() throws {
        var plan = MessagePlan()
        let long = String(repeating: "abcdefghij", count: 20)
        let first = try plan.parts(of: text(long), for: card(3))
        let second = try plan.parts(of: text(long), for: card(3))
        #expect(first.count > 2)
        #expect(first.compactMap(\.text).joined() == long)
        #expect(first.allSatisfy { $0.usedBits <= 628 && $0.leftBits ?? -1 >= 0 })
        #expect(first[0].segments?.id == .first)
        #expect(second[0].segments?.id == SegmentID.first.next)
    }

    @Test func cardWithoutALevelHasNoKnownLimit() throws {
        var plan = MessagePlan()
        let parts = try plan.parts(of: text(String(repeating: "a", count: 300)), for: card(nil))
        #expect(parts.count == 1)
        #expect(parts[0].leftBits == nil && parts[0].leftCharacters == nil)
    }

    @Test func whatCannotBeCutIsRefused() {
        var plan = MessagePlan()
        #expect(throws: EncodingRefusal.self) {
            try plan.parts(of: text(String(repeating: "1", count: 200), .code), for: card(1))
        }
        #expect(throws: EncodingRefusal.self) {
            try plan.parts(of: text(String(repeating: "a", count: 30), express: true), for: card(4))
        }
        #expect(throws: EncodingRefusal.self) { try plan.parts(of: text("😀"), for: card(4)) }
    }
}
