import BeiDou
import Bytes
import Support
import Testing

private let gga = "$GBGGA,055525.000,3044.368753,N,10357.548051,E,1,04,2.40,129.3,M,-32.3,M,,*5A"
private let ica = "$CCICA,0,00*7B"

private func frame(_ text: String, at: Int = 0, isLast: Bool = false) -> Framing {
    frame(Array(text.utf8), at: at, isLast: isLast)
}

@Test func aSentenceFedOctetByOctetIsNeededUntilItsLineEnds() {
    let octets = Array((gga + "\r\n").utf8)
    for count in 1..<octets.count - 1 {
        let part = Array(octets[..<count])
        guard case .needs(let needed) = frame(part, at: 0, isLast: false) else {
            Issue.record("\(count) octets")
            continue
        }
        #expect(needed > count)
    }
    for count in gga.utf8.count + 1...octets.count {
        let part = Array(octets[..<count])
        #expect(frame(part, at: 0, isLast: false) == .whole(gga.utf8.count))
    }
}

@Test func aSentenceThatEndsEarlyHasNoChecksum() {
    let octets = Array(gga.utf8)
    for count in 7..<octets.count {
        let part = Array(octets[..<count])
        let reason = count < octets.count - 2 ? SentenceFraming.noChecksum : SentenceFraming.checkNotDigits
        #expect(frame(part, at: 0, isLast: true) == .bad(count, reason), "\(count)")
    }
}

@Test func sentencesFollowEachOtherWithoutALinesEnd() {
    #expect(frame(gga + ica + "\r\n") == .whole(gga.utf8.count))
    // The checksum 7B makes two sentences in a row agree with the second's check as well.
    #expect(frame(ica + gga + "\r\n") == .whole(ica.utf8.count))
    #expect(frame(ica + gga + "\r\n", at: ica.utf8.count) == .whole(gga.utf8.count))
    #expect(frame(gga + "$TXXX\u{0}\u{14}") == .whole(gga.utf8.count))
    #expect(frame(gga + "$$BDGSV,1") == .whole(gga.utf8.count))
    #expect(frame(gga + "~\u{2}") == .whole(gga.utf8.count))
}

@Test func aSentenceIsBadForItsOwnPartOnly() {
    #expect(frame("$BDGGA,0236" + gga + "\r\n") == .bad(11, SentenceFraming.cutOff))
    #expect(frame("$BDGGA,0236*11" + gga + "\r\n") == .bad(14, SentenceFraming.wrongChecksum))
    #expect(frame("$BDGGA,0236\r\n" + gga) == .bad(11, SentenceFraming.noChecksum))
    #expect(frame("$BDGGA,0236*1\r\n") == .bad(13, SentenceFraming.checkNotDigits))
    #expect(frame("$BDGGA,0236*1G\r\n") == .bad(14, SentenceFraming.checkNotDigits))
    #expect(frame("$BDGGA\r\n") == .bad(6, SentenceFraming.noChecksum))
}

@Test(arguments: ["BDGS$\u{1},,1.8", "BDGSV$", "BDGSV$BDGS,1", "BDGS*x,1", "BDGS*0*11"])
func aNameThatNothingEndsMakesNoSentence(body: String) {
    let check = body.utf8.reduce(0, ^)
    let digits = (check < 16 ? "0" : "") + String(check, radix: 16, uppercase: true)
    let framing = frame("$\(body)*\(digits)\r\n")
    guard case .bad(_, let reason) = framing else {
        Issue.record("\(framing)")
        return
    }
    #expect(reason.description != SentenceFraming.wrongChecksum.description)
}

@Test func theLastStarWithTwoDigitsEndsAContent() {
    for inside in ["a*b", "a*12b", "x,y,$z", "$ABCD*", "*7B*7B"] {
        let whole = sentence("BDTXR,1,0412159,2,," + inside)
        let line = whole + [0x0D]
        #expect(frame(line, at: 0, isLast: false) == .whole(whole.count), "\(inside)")
    }
    // An earlier check that agrees by chance does not end it, unless what follows shows that it does.
    let early = sentence("BDTXR,1,0412159,2,,A")
    let late = sentence(early.dropFirst() + Array(" and more".utf8))
    #expect(frame(late, at: 0, isLast: true) == .whole(late.count))
    let broken = late.dropLast(2) + Array("00\r\n".utf8)
    #expect(frame(Array(broken), at: 0, isLast: true) == .whole(early.count))
}

@Test func chineseMayStandRawInAContent() {
    let whole = sentence(Array("BDHZ,SOS,1,1,60,0000000,".utf8) + [0xBE, 0xC8, 0xC3, 0xFC])
    #expect(frame(whole, at: 0, isLast: true) == .whole(whole.count))
}

@Test func whatIsNoBeginningIsNone() {
    for text in ["$$BDGGA,", "x", "$,*00", "$A,*00", "$123,", "$bdgga,", "$TXXX\u{0}", "$ GGA", "$*"] {
        #expect(frame(text, isLast: true) == Framing.none, "\(text)")
    }
    #expect(frame("$BDG") == .needs(5))
    #expect(frame("$") == .needs(2))
}

@Test func aSentenceHasAtMost16KiB() {
    let longest = sentence("BDTXR,1,0412159,2,," + String(repeating: "A", count: (16 << 10) - 23))
    #expect(longest.count <= SentenceFraming.longest)
    let line = longest + [0x0A]
    #expect(frame(line, at: 0, isLast: false) == .whole(longest.count))
    let endless = Array("$BDTXR,".utf8) + [UInt8](repeating: 0x41, count: 40_000)
    #expect(
        frame(endless, at: 0, isLast: false) == .bad(SentenceFraming.longest, SentenceFraming.tooLong))
}

@Test func noiseOfAnyKindIsFramedWithoutHarm() {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("$*,AB012\r\n~$*".utf8) + [0x80, 0xFF]
    for _ in 0..<20_000 {
        let octets = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        for at in octets.indices {
            for isLast in [true, false] {
                switch frame(octets, at: at, isLast: isLast) {
                case .whole(let count): #expect(count >= 7 && at + count <= octets.count)
                case .bad(let count, _): #expect(count >= 3 && at + count <= octets.count)
                case .needs(let count): #expect(!isLast && at + count > octets.count)
                case .none: break
                }
            }
        }
        _ = explain(octets)
    }
}

@Test func theQuickSearchAndTheSlowRuleAgree() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<5_000 {
        let body = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0x20...0xFE, using: &random)
        }
        let whole = sentence(Array("BDTXR,".utf8) + body)
        let noisy = Array("noise".utf8) + whole + Array("\r\n$GP".utf8)
        #expect(frame(noisy, at: 5, isLast: false) == .whole(whole.count))
    }
}
