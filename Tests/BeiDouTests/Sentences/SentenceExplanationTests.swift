import BeiDou
import Bytes
import Support
import Testing

private func explained(_ text: String) -> (offset: Int, reason: String)? { explain(Array(text.utf8)) }

@Test func aWrongOctetIsNamedAtItsPlace() {
    #expect(explained("BDGGA")?.offset == 0)
    #expect(explained("")?.offset == 0)
    #expect(explained("$BDgGA,1*00")?.offset == 3)
    #expect(explained("$B,1*00")?.reason.contains("1 letters") == true)
    #expect(explained("$1BGGA,1*00")?.offset == 1)
    #expect(explained("$CCICA,0,00*7B\r\n") == nil)
    #expect(explained("$CCICA,0,00")?.offset == 11)
    #expect(explained("$CCICA,0,00")?.reason.contains("give 7B") == true)
    #expect(explained("$CCICA,0,00*7G")?.offset == 13)
    #expect(explained("$CCICA,0,00*")?.offset == 12)
    #expect(explained("$CCICA,0,00*7C")?.offset == 12)
    #expect(explained("$CCICA,0,00*7C")?.reason == "the checksum says 7C, the octets between $ and * give 7B")
    #expect(explained("$CCICA,0$CCICA,0,00*7B")?.offset == 8)
}

@Test func malformedFieldsAreNamedWithWhatIsAllowed() throws {
    let octets = sentence("BDTXR,9,01x,2,2560,A4")
    let fields = SentenceFamily.malformedFields(of: octets.octets)
    #expect(fields.map(\.name) == ["kind", "sender", "time_sent"])
    #expect(fields.map(\.offset) == [7, 9, 15])
    #expect(fields.first?.reason.contains("1 (ordinary)") == true)
    #expect(explain(octets)?.offset == 7)
    #expect(SentenceFamily.malformedFields(of: sentence("XXYYY,1").octets).isEmpty)
}
