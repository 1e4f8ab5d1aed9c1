import BeiDou
import Bytes
import Support
import Testing

struct JTT808FramingTests {
    private func frames(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var maker = MessageMaker(seed: seed)
        return (0..<count).map { index in
            let form = MessageMaker.forms[index % MessageMaker.forms.count]
            var message = maker.message(form.name, form.words, is2019: form.is2019)
            while message.count > 900 { message = maker.message("0x0200", "", is2019: nil) }
            return JTT808Framing.escape(message)
        }
    }

    /// Header and body un-escaped octet by octet.
    private func slowly(_ frame: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var index = 1
        while index < frame.count - 1 {
            if frame[index] == 0x7D {
                out.append(frame[index + 1] == 1 ? 0x7D : 0x7E)
                index += 2
            } else {
                out.append(frame[index])
                index += 1
            }
        }
        return Array(out.dropLast())
    }

    @Test func aFrameIsWholeAtItsLastOctetAndNotBefore() {
        for frame in frames(60, seed: 1) {
            for count in 1..<frame.count {
                guard case .needs(let needed) = framing(Array(frame.prefix(count)), isLast: false) else {
                    Issue.record("\(count) octets of \(hex(frame))")
                    continue
                }
                #expect(needed > count && needed <= frame.count)
            }
            #expect(framing(frame, isLast: false) == .whole(frame.count))
            #expect(framing([1, 2] + frame + [0x24], at: 2) == .whole(frame.count))
        }
    }

    @Test func unescapingIsTheSameAsOctetByOctet() {
        for frame in frames(200, seed: 2) {
            #expect(unescaped(frame) == slowly(frame))
            #expect(unescaped(Array(frame.dropFirst())) == slowly(frame))
            let plain = JTT808Framing.plainMessage(frame.octets)
            #expect((plain == nil) == frame.contains(0x7D))
            if let plain { #expect(Array(frame[plain]) == slowly(frame)) }
        }
        #expect(unescaped([]).isEmpty && unescaped([0x7E]).isEmpty && unescaped([0x7E, 0x7E]).isEmpty)
    }

    @Test func everyChangedOctetIsRefused() {
        var generator = SeededGenerator(seed: 3)
        for frame in frames(40, seed: 3) {
            for index in frame.indices {
                var changed = frame
                changed[index] = changed[index] ^ UInt8.random(in: 1...255, using: &generator)
                if case .whole(let count) = framing(changed) {
                    // Two octets of an escape that changed into another escape are the same length; XOR sees that.
                    Issue.record("octet \(index), \(count) octets: \(hex(frame))")
                }
            }
        }
    }

    @Test func aBareEscapeIsBad() {
        var frame = JTT808Framing.escape(octets("000200040123456789000001") + [0x7E, 1, 2, 3])
        #expect(framing(frame) == .whole(frame.count))
        frame[14] = 3
        #expect(framing(frame) == .bad(frame.count, "JT/T 808 frame has a 7D that escapes nothing"))
        let explained = JTT808Family.explain(frame.octets)
        #expect(explained?.offset == 14)
    }

    @Test func delimitersMayBeDoubledOrShared() {
        let frame = octets("7E00020000012345678900000A817E")
        #expect(framing([0x7E] + frame) == .none)
        #expect(framing([0x7E] + frame, at: 1) == .whole(15))
        #expect(framing(frame + frame) == .whole(15))
        let shared = frame + frame.dropFirst()
        #expect(framing(shared) == .whole(15))
        #expect(JTT808Framing.frameBehindSharedDelimiter(shared.octets, at: 15, isLast: true) == .whole(14))
        #expect(unescaped(Array(shared[15...])) == unescaped(frame))
        let text = frame + Array("$GNGGA,1,2,3*00\r\n".utf8)
        #expect(JTT808Framing.frameBehindSharedDelimiter(text.octets, at: 15, isLast: false) == .none)
        // A frame that lost its end leaves the 7E of the next one alone.
        let cut = frame.prefix(14) + [0x12] + frame
        #expect(framing(Array(cut.dropFirst(0))) != .whole(15))
    }

    @Test func aFrameWithoutItsEndLeavesTheNextOneAlone() {
        let long = JTT808Framing.escape(octets("090000200123456789000001") + [UInt8](repeating: 0x41, count: 32))
        let next = octets("7E00020000012345678900000A817E")
        let stream = long.prefix(30) + next
        guard case .bad(let count, let reason) = framing(Array(stream)) else {
            Issue.record("taken")
            return
        }
        #expect(count == 30 && reason.description.contains("body length"))
        #expect(framing(Array(stream), at: 30) == .whole(15))
    }

    @Test func textIsNotClaimed() {
        let texts = [
            "~", "~~", "~abc~", "~ this is text with a tilde at both ends ~ and more",
            "~" + String(repeating: "aaaa0000", count: 100) + "~", "~" + String(repeating: "x", count: 3000),
        ]
        for text in texts.dropFirst() { #expect(framing(Array(text.utf8)) == .none, "\(text.prefix(20))") }
        #expect(framing(Array("no".utf8)) == .none && framing([]) == .none && framing([0x7E], at: 5) == .none)
    }

    @Test func whatAFrameNeedsIsBounded() {
        // The longest body, every octet escaped.
        let head = octets("090043FF0101234567890123456789 0001")
        let longest = JTT808Framing.escape(head + [UInt8](repeating: 0x7E, count: 1023))
        #expect(framing(longest) == .whole(longest.count))
        for count in stride(from: 1, to: longest.count, by: 7) {
            guard case .needs(let needed) = framing(Array(longest.prefix(count)), isLast: false) else {
                Issue.record("\(count)")
                continue
            }
            #expect(needed <= JTT808Framing.longest)
        }
        let endless = [0x7E] + octets("000200000123456789000001") + [UInt8](repeating: 0, count: 5000)
        #expect(framing(endless, isLast: false) == .none)
    }

    @Test func framesAreFoundInNoise() {
        var generator = SeededGenerator(seed: 9)
        let all = frames(300, seed: 9)
        var stream: [UInt8] = []
        for frame in all {
            let noise = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                UInt8.random(in: 0x80...0xFF, using: &generator)
            }
            stream += noise + frame
        }
        var (place, found): (Int, [[UInt8]]) = (0, [])
        while place < stream.count {
            switch framing(stream, at: place) {
            case .whole(let count):
                found.append(Array(stream[place..<place + count]))
                place += count
            case .bad(let count, _): place += max(1, count)
            case .needs, .none: place += 1
            }
        }
        #expect(found == all)
    }

    @Test func randomDelimitersNeverCrash() {
        var maker = MessageMaker(seed: 10)
        for _ in 0..<3000 {
            let noise = [0x7E] + maker.octets(maker.number(0...60))
            for isLast in [false, true] {
                switch framing(noise, isLast: isLast) {
                case .whole(let count), .bad(let count, _): #expect(count >= 1 && count <= noise.count)
                case .needs(let count): #expect(count > noise.count)
                case .none: break
                }
                _ = JTT808Framing.frameBehindSharedDelimiter(noise.octets, at: 1, isLast: isLast)
            }
            _ = JTT808Family.explain(noise.octets)
            _ = JTT808Family.entries(of: noise.octets)
            _ = unescaped(noise)
        }
    }

    @Test func explanationsPointAtTheOctet() {
        func explained(_ hex: String) -> (Int, String) {
            JTT808Family.explain(octets(hex).octets).map { ($0.offset, $0.reason) } ?? (-1, "")
        }
        #expect(explained("7E00020000012345678900000A817E") == (-1, ""))
        #expect(explained("7E00020000012345678900000A827E") == (13, "check octet 82, XOR is 81"))
        #expect(explained("7E00020001012345678900000A807E") == (3, "body length field 1, body has 0 bytes"))
        #expect(explained("00") == (0, "a frame begins with 7E, not with 00"))
        // A time whose last octet is 1A, and a 7D that is escaped in front of it.
        let time = explained(
            "7E0200002611223344556622B800000001007D01000200BA7F0E07E4F11C0028003C000018071510101A010400"
                + "00006402020037207E")
        #expect(time == (36, "utc: 18 07 15 10 10 1A was found: field is not written as its message writes it"))
        #expect(explained("7E0002").0 == 3 && explained("7E00027D").0 == 4 && explained("7E7E").0 == 1)
        #expect(explained("7E00020000012345678900000A817E0000").1 == "2 octets stand behind the 7E that ends the frame")
        #expect(explained("none").0 == 0)
    }
}
