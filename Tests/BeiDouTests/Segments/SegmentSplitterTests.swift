import BeiDou
import Support
import Testing

/// A text of characters of one and two octets.
func randomText(_ count: Int, _ generator: inout SeededGenerator) -> String {
    let characters = Array("北斗短报文通信，很长的一段话。abc XYZ 0123456789[]/\r\n")
    return String((0..<count).compactMap { _ in characters.randomElement(using: &generator) })
}

@Suite struct SegmentSplitterTests {
    @Test func aTextThatFitsIsLeftAsItIs() throws {
        let parts = try SegmentSplitter.split("你好", capacityBits: 110, id: .first)
        #expect(parts.map(\.text) == ["你好"])
        #expect(parts[0].content == (try ContentCoding.encode("你好", form: .mixed)))
        #expect(try SegmentSplitter.split("abcdefghijkl", capacityBits: 110, id: .first).count == 1, "12 octets and A4")
        #expect(try SegmentSplitter.split("abcdefghijklm", capacityBits: 110, id: .first).count == 5)
        #expect(try SegmentSplitter.split("", capacityBits: 110, id: .first).map(\.text) == [""])
    }

    @Test func partsAreWrittenAsTheDocumentSays() throws {
        let text = "北斗短报文 is long"
        #expect(try SegmentSplitter.check(of: text) == 0x74A9)
        let parts = try SegmentSplitter.split(text, capacityBits: 150, id: .first)
        #expect(
            parts.map { ContentCoding.decode($0.content.octets, form: .mixed).text } == [
                "[a1/3 74]北斗短报", "[a2/3 A9]文 is lo", "[a3/3 74]ng",
            ])
    }

    @Test func partsFitAndMakeUpTheText() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<400 {
            let text = randomText(.random(in: 0..<300, using: &generator), &generator)
            let capacity = [188, 360, 408, 628, 848, 1_680, 14_000].randomElement(using: &generator) ?? 188
            let parts = try SegmentSplitter.split(text, capacityBits: capacity, id: .first)
            #expect(parts.map(\.text).joined() == text)
            #expect(parts.map(\.index) == Array(1...parts.count))
            for part in parts {
                #expect(part.content.airBits <= capacity)
                #expect(part.total == parts.count)
                let octets = Array(part.content.octets.dropFirst())
                guard parts.count > 1 else {
                    #expect(SegmentMessage(octets) == nil)
                    continue
                }
                guard case .part(_, part.index, parts.count, _, let content) = SegmentMessage(octets) else {
                    Issue.record("no part: \(part)")
                    continue
                }
                #expect(content == (try GBK.encode(part.text)))
            }
        }
    }

    @Test func cutsNeverSeparateWhatBelongsTogether() throws {
        for shift in 0..<4 {
            let text = String(repeating: "a", count: shift) + String(repeating: "北\r\n", count: 30)
            for part in try SegmentSplitter.split(text, capacityBits: 160, id: .first) {
                #expect(!part.text.hasPrefix("\n"))
                #expect(!part.text.hasSuffix("\r"))
            }
        }
        // Nothing of GBK joins the character before it, so a cut between its characters is one between a reader's.
        for code in (0x81...0xFE).flatMap({ lead in (0x40...0xFE).map { UInt16(lead << 8 | $0) } }) {
            guard let scalar = GBK.character(of: code) else { continue }
            if "北\(scalar)北".count != 3 { Issue.record("\(scalar.value) joins") }
        }
    }

    @Test func aTextThatReadsLikeAHeaderIsSplit() throws {
        for text in ["[k3/12 7F]hello", "[k?2,5-7/12]", "[k!12 7F2A]"] {
            let parts = try SegmentSplitter.split(text, capacityBits: 628, id: .first)
            #expect(parts.count == 2)
            #expect(parts.map(\.text).joined() == text)
            let assembler = SegmentAssembler()
            let events = parts.map { assembler.feed(sender: 1, content: Array($0.content.octets.dropFirst()), at: 0) }
            guard case .complete(_, text, _) = events[1] else {
                Issue.record("not whole: \(events)")
                continue
            }
        }
    }

    @Test func theSmallestCardsHaveRoomForShortTexts() throws {
        #expect(SegmentSplitter.smallestCapacity == 96)
        #expect(try SegmentSplitter.split(String(repeating: "北", count: 9), capacityBits: 110, id: .first).count == 9)
        #expect(
            refusal { _ = try SegmentSplitter.split(String(repeating: "北", count: 10), capacityBits: 110, id: .first) }
                == "text: 20 octets do not fit 99 parts of 1 octets; shorten the text")
    }

    @Test func whatCannotBeSplitIsRefused() throws {
        #expect(
            refusal { _ = try SegmentSplitter.split("much too long", capacityBits: 95, id: .first) }
                == "text: a part of a long text needs 96 bits, the message has 95; shorten the text")
        #expect(refusal { _ = try SegmentSplitter.split("é 😀", capacityBits: 628, id: .first) }.contains("GBK lacks 😀"))
        #expect(try SegmentSplitter.split("fits", capacityBits: 40, id: .first).count == 1)
        #expect(
            refusal { _ = try SegmentSplitter.split("x", capacityBits: -8, id: .first) }.contains("needs 96 bits"))
        let most = String(repeating: "a", count: 67 * 9 + 66 * 0 + 90 * 66)
        #expect(
            refusal { _ = try SegmentSplitter.split(most + "aaaaaaaaaaaa", capacityBits: 628, id: .first) }
                .contains("do not fit 99 parts of 66 octets"))
    }
}
