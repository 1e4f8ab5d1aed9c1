import Records
import Bytes
import CCSDS
import Pipeline
import Testing

@Suite struct ToldLayoutTests {
    @Test("a layout is told in a few words")
    func words() throws {
        let layout = try #require(
            try ToldLayout(frames: "aos:220,insert=8,fecf,ocf,spacecraft=91,spacecraft=108").frames)
        #expect(layout.kind == .aos)
        #expect(layout.length == 220)
        #expect(layout.insertZone == 8)
        #expect(layout.hasFECF && layout.ocf && !layout.headerErrorControl)
        #expect(layout.spacecraft == [91, 108])
        #expect(try ToldLayout(frames: "tm:1115,marker").frames?.marker == [0x1A, 0xCF, 0xFC, 0x1D])
        #expect(try ToldLayout(frames: "TM:223,marker=EB90").frames?.marker == [0xEB, 0x90])
    }

    @Test(
        "a layout that makes no sense is refused with what is allowed",
        arguments: [
            ("", "allowed is tm:LENGTH or aos:LENGTH"), ("tm", "allowed is tm:LENGTH"),
            ("uslp:100", "allowed is tm:LENGTH"),
            ("tm:", "allowed is 8 to"), ("tm:7", "allowed is 8 to"), ("aos:70000", "allowed is 8 to"),
            ("aos:-5", "allowed is 8 to"),
            ("aos:220,insert", "needs a number"), ("aos:220,insert=x", "needs a number"),
            ("aos:220,insert=-1", "needs a number"),
            ("aos:220,marker=1AC", "pairs of hexadecimal digits"), ("aos:220,marker=zz", "pairs of hexadecimal digits"),
            ("aos:220,colour=red", "allowed are insert=N"), ("aos:220,", "allowed are insert=N"),
            ("aos:20,insert=200", ""),
        ])
    func refusals(_ text: String, _ words: String) {
        do {
            let told = try ToldLayout(frames: text)
            Issue.record("\(text) is taken as \(told)")
        } catch {
            #expect(words.isEmpty || error.description.contains(words), "\(text): \(error)")
        }
    }
}
