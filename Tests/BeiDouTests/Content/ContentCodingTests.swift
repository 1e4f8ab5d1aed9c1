import BeiDou
import Bytes
import Support
import Testing

func refusal(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no refusal"
    } catch {
        return "\(error)"
    }
}

@Suite struct ContentCodingTests {
    private func line(_ content: EncodedContent) -> String { String(decoding: content.line, as: UTF8.self) }

    @Test func theCheapestFormThatKeepsTheTextIsTaken() throws {
        #expect(try ContentCoding.encode("0123456789").form == .code)
        #expect(try ContentCoding.encode("12AB").form == .mixed)
        #expect(try ContentCoding.encode("我爱你").form == .chinese)
        #expect(try ContentCoding.encode("我爱你!").form == .mixed)
        #expect(try ContentCoding.encode("我爱你!", isWidened: true).form == .chinese)
        #expect(try ContentCoding.encode("丂").form == .mixed, "GBK, but not GB 2312")
        #expect(try ContentCoding.encode("").form == .mixed)
    }

    @Test func chineseCountsSixteenBitsOnTheWireAndFourteenOnTheAir() throws {
        let content = try ContentCoding.encode("我爱你")
        #expect(hexText(content.octets) == "CED2B0AEC4E3")
        #expect(content.line == content.octets)
        #expect((content.characters, content.wireBits, content.airBits) == (3, 48, 42))
    }

    @Test func digitsArePackedTwoInAnOctetAndPaddedWithF() throws {
        let content = try ContentCoding.encode("13800138000")
        #expect(hexText(content.octets) == "13800138000F")
        #expect(line(content) == "13800138000")
        #expect((content.characters, content.wireBits, content.airBits) == (11, 44, 44))
        #expect(line(try ContentCoding.encode("12aB", form: .code)) == "12AB")
    }

    @Test func mixedCountsItsLead() throws {
        let content = try ContentCoding.encode("123_ABC汉字")
        #expect(line(content) == "A43132335F414243BABAD7D6")
        #expect((content.characters, content.wireBits, content.airBits) == (9, 96, 96))
        #expect(try ContentCoding.encode(octets: [0xFB, 0x11], form: .mixed).octets == [0xA4, 0xFB, 0x11])
    }

    @Test func lettersAreWidenedWhenAskedFor() throws {
        let content = try ContentCoding.encode("A1 $~!", form: .chinese, isWidened: true)
        #expect(ContentCoding.decode(content.octets, form: .chinese).text == "Ａ１　＄～！")
        #expect(
            refusal { _ = try ContentCoding.encode("你A", form: .chinese) }
                == "text: the Chinese form, GB 2312, lacks A (U+0041); ask for full-width letters, or use the mixed form"
        )
        #expect(
            refusal { _ = try ContentCoding.encode("你\n", form: .chinese, isWidened: true) }
                == "text: the Chinese form, GB 2312, lacks U+000A; use the mixed form")
    }

    @Test func whatAFormHasNoPlaceForIsRefused() {
        #expect(
            refusal { _ = try ContentCoding.encode("12 Gg", form: .code) }
                == "text: the code form lacks   (U+0020), G (U+0047), g (U+0067); it carries the digits 0 to 9 and A to F, "
                + "mixed carries text")
        #expect(
            refusal { _ = try ContentCoding.encode("丂", form: .chinese) }
                == "text: the Chinese form, GB 2312, lacks 丂 (U+4E02); use the mixed form")
        #expect(refusal { _ = try ContentCoding.encode("€") }.contains("GBK lacks € (U+20AC)"))
        #expect(
            refusal { _ = try ContentCoding.encode(octets: [0xCE], form: .chinese) }
                == "content: the Chinese form carries characters of two octets, here are 1 octets")
        #expect(
            refusal { _ = try ContentCoding.encode(octets: [0xCE, 0xD2, 0x81, 0x40], form: .chinese) }
                == "content: octets 8140 at 2 are no character of GB 2312; the Chinese form carries no others")
    }

    @Test func randomTextsComeBackInEveryForm() throws {
        let all = (0x81...0xFE).flatMap { lead in (0x40...0xFE).map { UInt16(lead << 8 | $0) } }
        let gbk = all.compactMap(GBK.character)
        let gb2312 = all.filter(GBK.isGB2312).compactMap(GBK.character)
        let printable = (0x20..<0x7F).compactMap { Unicode.Scalar($0 as Int) }
        var generator = SeededGenerator(seed: 42)
        func text(_ scalars: [Unicode.Scalar]) -> String {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1..<400, using: &generator) {
                if let scalar = scalars.randomElement(using: &generator) { view.append(scalar) }
            }
            return String(view)
        }
        for _ in 0..<300 {
            for (form, scalars) in [
                (ContentForm.chinese, gb2312), (.mixed, gbk + gb2312 + printable),
                (.code, Array("0123456789ABCDEF".unicodeScalars)),
            ] {
                let text = text(scalars)
                let content = try ContentCoding.encode(text, form: form)
                let back = ContentCoding.decode(content.octets, bits: content.wireBits, form: form)
                // Digits that begin like a payload are shown as one.
                if form == .code, back.lead != nil { continue }
                #expect(back.text == text)
                #expect(!back.isTextDamaged)
                #expect(content.characters == text.unicodeScalars.count)
            }
        }
    }

    @Test func hexIsReadInEitherCaseAndNothingElse() {
        func octets(_ hex: String) -> [UInt8]? { ContentCoding.octets(ofHex: Array(hex.utf8).octets) }
        #expect(octets("A4fB") == [0xA4, 0xFB])
        #expect(octets("A4f") == nil)
        #expect(octets("A4fG") == nil)
    }
}
