import BeiDou
import Bytes
import Support
import Testing

struct RDSS4FramingTests {
    private func framing(_ octets: [UInt8], at place: Int = 0, isLast: Bool = false) -> Framing {
        RDSS4Framing.frame(octets.octets, at: place, isLast: isLast)
    }

    /// A reader as a stream has it: whole frames are taken, everything else is passed over as the framing says.
    private func frames(_ octets: [UInt8], pieces: [Int]) -> (frames: [[UInt8]], left: Int) {
        var window: [UInt8] = []
        var found: [[UInt8]] = []
        var place = 0
        var fed = 0
        for (index, piece) in (pieces + [octets.count - pieces.reduce(0, +)]).enumerated() {
            window += octets[fed..<fed + piece]
            fed += piece
            let isLast = index == pieces.count
            reading: while place < window.count {
                switch framing(window, at: place, isLast: isLast) {
                case .whole(let count):
                    found.append(Array(window[place..<place + count]))
                    place += count
                case .bad(let count, _):
                    #expect(count > 0)
                    place += count
                case .none: place += 1
                case .needs(let count):
                    #expect(count > window.count - place)
                    if !isLast { break reading }
                    place = window.count
                }
            }
        }
        return (found, window.count - place)
    }

    @Test func textSentencesAreNotClaimed() {
        for text in [
            "$GNGGA,084936.00,2232.1,N*0A\r\n", "$BDTXR,1,0242286,2,0,A4*00\r\n", "$CCRNS,00001*00", "$GPZDA*48\r\n",
            "$TXSQ,1", "$TXSQ\r\n", "$TXSQ 1 2 3 4", "$ABCDE", "$ABCD0123456789", "$$$$$$$$$$$$", "$gngga,0",
            "PLAIN TEXT", "$PUBX,00,0", "$BDI*00\r\n",
        ] {
            #expect(framing(Array(text.utf8), isLast: true) == .none, "\(text)")
            #expect(framing(Array(text.utf8)) == .none, "\(text)")
        }
    }

    @Test func aBeginningAsksForMoreAndNeverForMoreThanTheFrameHas() {
        let frame = RDSS4.frame("XTZJ", [0, 0])
        for count in 1..<frame.count {
            guard case .needs(let wanted) = framing(Array(frame[..<count])) else {
                Issue.record("\(count) octets are no beginning")
                return
            }
            #expect(wanted > count && wanted <= frame.count)
            if count >= 7 { #expect(wanted == frame.count) }
        }
        #expect(framing(frame) == .whole(frame.count))
    }

    @Test func aPlaceOutsideTheWindowIsNoFrame() {
        #expect(framing([]) == .none)
        #expect(framing([0x24], at: 1) == .none)
        #expect(framing([0x24], at: -1) == .none)
    }

    @Test(arguments: [0, 10, 2_049, 0xFFFF])
    func aLengthThatCannotBeIsNoFrame(length: Int) {
        var frame = RDSS4.frame("TXXX", [UInt8](repeating: 0, count: 40))
        (frame[5], frame[6]) = (UInt8(length >> 8), UInt8(length & 0xFF))
        #expect(framing(frame) == .none)
        #expect(framing(Array(frame[..<7])) == .none)
    }

    @Test func aDamagedLengthOfAShortSentenceHoldsNothingUp() {
        var frame = RDSS4.frame("DWXX", [UInt8](repeating: 0, count: 20))
        frame[5] = 4
        #expect(framing(frame) == .none)
    }

    @Test func aNameThatNobodyStatesIsAFrameOnlyWithARightCheck() {
        var frame = RDSS4.frame("QQQQ", [1, 2, 3])
        #expect(framing(frame) == .whole(14))
        #expect(RDSS4Family.types[RDSS4Family.type(of: frame.octets)].name == "unknown")
        frame[13] ^= 1
        #expect(framing(frame) == .none)
    }

    @Test func rejectionStopsAtTheNextDollarSign() {
        var frame = RDSS4.frame("TXXX", [0x60, 0, 0, 1, 0, 0, 0, 24, 0x24, 0x24, 0x31, 0])
        frame[11] ^= 1
        #expect(framing(frame) == .bad(18, "check of an RDSS 4.0 frame is wrong"))
        #expect(framing(Array(frame[18...])) == .none)
    }

    @Test func aGoodFrameBehindADamagedLengthIsFound() {
        let good = RDSS4.frame("FKXX", [0] + Array("TXSQ".utf8))
        var damaged = RDSS4.frame("TXXX", [0x60, 0, 0, 1, 0, 0, 0, 8, 0x31, 0])
        damaged[6] = 60
        let read = frames(damaged + good + good + good + good, pieces: [])
        #expect(read.frames == [good, good, good, good])
    }

    @Test func aFrameThatIsCutOffGivesWayToTheNext() {
        let cut = RDSS4.frame("TXXX", [UInt8](repeating: 0x31, count: 300))[..<100]
        let good = RDSS4.frame("ICJC", [0])
        #expect(frames(Array(cut) + good, pieces: []).frames == [good])
        #expect(framing(Array(cut), isLast: true) == .needs(311))
    }

    @Test func dollarSignsInsideABodyEndNothing() {
        let inner = RDSS4.frame("ICJC", [0])
        let outer = RDSS4.frame("TXXX", [0x60, 0, 0, 1, 0, 0, 0, UInt8(inner.count * 8)] + inner + [0])
        #expect(frames(outer + outer, pieces: []).frames == [outer, outer])
    }

    @Test func drippedFramesAreAllFound() throws {
        let stream = try #require(try RDSS4.vectors().first { $0.name == "stream" }).octets
        let noisy = Array("noise $GNGGA,1*00\r\n$".utf8) + stream + [0x24, 0x24, 0x54] + stream
        let whole = frames(noisy, pieces: []).frames
        #expect(whole.count == 12)
        #expect(frames(noisy, pieces: [Int](repeating: 1, count: noisy.count)).frames == whole)
        for cut in 0...noisy.count { #expect(frames(noisy, pieces: [cut]).frames == whole, "cut at \(cut)") }
    }

    @Test func randomStreamsKeepEveryFrameAroundTheirNoise() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            var stream: [UInt8] = []
            var written: [[UInt8]] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Noise without a dollar sign; one with it may begin what could be a frame, and is tested above.
                let noise = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                    UInt8.random(in: 0x25...0xFF, using: &random)
                }
                let body = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                    Bool.random(using: &random) ? 0x24 : UInt8.random(in: 0...255, using: &random)
                }
                let frame = RDSS4.frame(["TXXX", "TXSQ", "FKXX", "QQQQ"].randomElement(using: &random) ?? "", body)
                stream += noise + frame
                written.append(frame)
            }
            let cuts = (0..<3).map { _ in Int.random(in: 0...stream.count / 4, using: &random) }
            #expect(frames(stream, pieces: cuts).frames == written)
        }
    }

    @Test func noOctetsMakeTheFramingTrap() {
        var random = SeededGenerator(seed: 5)
        let seeds = RDSS4Family.types.map { Array("$\($0.name)".utf8) }
        for _ in 0..<20_000 {
            var octets = seeds.randomElement(using: &random) ?? []
            octets += (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...9, using: &random) }
            octets = Array(octets[..<Int.random(in: 0...octets.count, using: &random)])
            if !octets.isEmpty, Bool.random(using: &random) {
                octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            for place in 0...octets.count { _ = framing(octets, at: place, isLast: Bool.random(using: &random)) }
            _ = RDSS4Family.explain(octets.octets)
        }
    }
}
