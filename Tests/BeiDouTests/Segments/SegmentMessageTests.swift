import BeiDou
import Testing

private func parse(_ text: String) -> SegmentMessage? { SegmentMessage(Array(text.utf8)) }

private let k = SegmentID("k") ?? .first

@Suite struct SegmentMessageTests {
    @Test func messagesAreReadableText() {
        let part = SegmentMessage.part(id: k, index: 3, total: 12, check: 0x7F, content: Array("hello".utf8))
        #expect(String(decoding: part.octets, as: UTF8.self) == "[k3/12 7F]hello")
        #expect(String(decoding: part.encoded.line, as: UTF8.self) == "A45B6B332F31322037465D68656C6C6F")
        #expect(part.encoded.airBits == 16 * 8)
        let request = SegmentMessage.request(id: k, missing: [2...2, 5...7], total: 12)
        #expect(String(decoding: request.octets, as: UTF8.self) == "[k?2,5-7/12]")
        let whole = SegmentMessage.acknowledgement(id: k, total: 12, check: 0x7F)
        #expect(String(decoding: whole.octets, as: UTF8.self) == "[k!12 007F]")
        for message in [part, request, whole] { #expect(SegmentMessage(message.octets) == message) }
    }

    @Test(arguments: [
        "", "[", "[k", "[k3", "[k3/", "[k3/12", "[k3/12 7F", "[k3/12 7F]", "k3/12 7F]x", "[13/12 7F]x", "[k0/12 7F]x",
        "[k03/12 7F]x", "[k13/12 7F]x", "[k1/1 7F]x", "[k1/0 7F]x", "[k1/100 7F]x", "[k3/12 7f]x", "[k3/12 7G]x",
        "[k3/12  7F]x", "[k3/12,7F]x", "[kk3/12 7F]x", "[é3/12 7F]x", "[k3-12 7F]x", " [k3/12 7F]x", "[k3/12 07F]x",
        "[k?/12]", "[k?2]", "[k?2/12", "[k?2/12]x", "[k?0/12]", "[k?13/12]", "[k?5-5/12]", "[k?5-4/12]", "[k?5,5/12]",
        "[k?5,4/12]", "[k?2,/12]", "[k?2-/12]", "[k?1/1]", "[k?2-13/12]", "[k?2 ,3/12]",
        "[k!12 7F]", "[k!12 7F2A", "[k!12 7F2A]x", "[k!1 7F2A]", "[k!012 7F2A]", "[k!12 7f2a]", "[k!127F2A]",
    ])
    func whatIsNotWrittenInTheOneWayIsNotOurs(_ text: String) { #expect(parse(text) == nil) }

    @Test func idsGoThroughAllLetters() {
        var (id, seen) = (SegmentID.first, Set<SegmentID>())
        while seen.insert(id).inserted { id = id.next }
        #expect(seen.count == 52)
        #expect(id == .first)
        for character in ["0", "[", "é", "`", "{", "@"] as [Character] { #expect(SegmentID(character) == nil) }
    }
}
