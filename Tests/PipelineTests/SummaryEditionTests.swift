import BeiDou
import Bytes
import Records
import Testing

/// Archives number types of messages and their parameters as Starlane lists them.
@Suite struct SummaryEditionTests {
    @Test("a list of other messages needs another edition of summaries")
    func types() {
        let list = MessageTypes.all.map { type in
            "\(type.dialect.rawValue) \(type.name): \(type.parameters.map { "\($0.name) \($0.kind)" })"
        }
        let octets = Array(list.joined(separator: "\n").utf8)
        let digest = SHA256.of(octets.octets).prefix(6).map { String($0, radix: 16) }.joined(separator: " ")
        #expect(
            digest == "29 7c ed a bd 13",
            "a change of the list: count MemberSummary.edition up, and keep the digest that is found")
    }
}
