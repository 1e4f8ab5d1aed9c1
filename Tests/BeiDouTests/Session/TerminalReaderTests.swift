import BeiDou
import Support
import Testing

/// A sentence with its line end from what stands between `$` and the star.
private func line(_ body: String) -> [UInt8] {
    let check = body.utf8.reduce(0) { $0 ^ $1 }
    let digits = String(check, radix: 16, uppercase: true)
    return Array("$\(body)*\(check < 16 ? "0" : "")\(digits)\r\n".utf8)
}

private func read(_ octets: [UInt8]) -> [TerminalEvent] {
    var reader = TerminalReader()
    return reader.feed(octets, at: 0)
}

@Suite struct TerminalReaderTests {
    static let said: [([UInt8], TerminalEvent)] = [
        (
            octets("24 49 43 58 58 00 16 02 2A C4 00 1D 77 14 06 00 3C 04 00 00 00 94"),
            .card(
                CardInformation(
                    dialect: .rdss4, address: 142_020, broadcast: 1_931_028, frequency: 60, level: 4,
                    isEncrypted: false))
        ),
        (
            octets("24 46 4B 58 58 00 10 02 2A C4 00 54 58 53 51 DB"),
            .feedback(TerminalFeedback(sentence: "TXSQ", outcome: .fkxx(kind: 0, wait: nil)))
        ),
        (
            octets("24 54 58 58 58 00 1F 02 2A C3 62 02 2A C3 00 00 00 58 A4 C4 E3 BA C3 D6 D0 B9 FA C8 CB 00 B1"),
            .message(
                IncomingMessage(
                    sender: 142_019, receiver: 142_019, time: nil,
                    content: MessageContent(form: .mixed, octets: octets("A4 C4 E3 BA C3 D6 D0 B9 FA C8 CB"))))
        ),
        (
            Array("$BDICI,0166166,02097151,0000011,6,40,3,N,000*33\r\n".utf8),
            .card(
                CardInformation(
                    dialect: .rdss2, address: 166_166, broadcast: 11, frequency: 40, level: 3, isEncrypted: false))
        ),
        (
            Array("$BDICI,2097151,00000000,2097151,0,9999.0,0,N,0*25\r\n".utf8),
            .card(
                CardInformation(
                    dialect: .rdss2, address: 2_097_151, broadcast: 2_097_151, frequency: 9999, level: nil,
                    isEncrypted: false))
        ),
        (
            Array("$BDFKI,DWA,N,Y,0,0058*16\r\n".utf8),
            .feedback(
                TerminalFeedback(sentence: "DWA", outcome: .fki2(isExecuted: false, suppression: 0, wait: 58)))
        ),
        (
            line("BDFKI,TXA,N,Y,0102"),
            .feedback(
                TerminalFeedback(sentence: "TXA", outcome: .fki2(isExecuted: false, suppression: nil, wait: 62)))
        ),
        (
            Array("$BDFKI,000000,TCQ,Y,5,0*74\r\n".utf8),
            .feedback(
                TerminalFeedback(sentence: "TCQ", outcome: .fki3(isExecuted: true, reason: 5, wait: 0)))
        ),
        (
            Array("$BDICP,4216930,0,0,3,0,N,2,N,1,0,0,3,1,60,2,0,0,1,1,21,0,0,0*4E\r\n".utf8),
            .card(
                CardInformation(
                    dialect: .regional, address: 4_216_930, broadcast: 0, frequency: 60, level: 2,
                    isEncrypted: false))
        ),
        (
            Array("$BDTXR,1,0166166,1,,3132333433333335*46\r\n".utf8),
            .message(
                IncomingMessage(
                    sender: 166_166, receiver: nil, time: nil,
                    content: MessageContent(form: .code, octets: octets("3132333433333335"))))
        ),
        (
            Array("$BDTCI,4204986,4204990,2,142204,2,0,3A642B500000000000000A01F35B41EC036542EE74F5*40\r\n".utf8),
            .message(
                IncomingMessage(
                    sender: 4_204_986, receiver: 4_204_990, time: "14:22:04",
                    content: MessageContent(
                        form: .code, octets: octets("3A642B500000000000000A01F35B41EC036542EE74F5"))))
        ),
        (
            line("BDHZR,0195817,2,0801,0803,0910,0911"),
            .receipts(
                of: 195_817, [ReceiptPair(sent: 481, received: 483), ReceiptPair(sent: 550, received: 551)])
        ),
        (
            Array("$BDWAA,0,,0312194,072236.37,3802.69000,N,11426.16000,E,61,M*05\r\n".utf8),
            .position(
                ReportedPosition(
                    address: 312_194, time: "07:22:36.37", latitude: 38 + 2.69 / 60, longitude: 114 + 26.16 / 60,
                    height: 61, isEmergency: false))
        ),
        (Array("$BDBSI,01,03,3,2,2,0,3,0,0,3,0,0*5F\r\n".utf8), .power([3, 2, 2, 0, 3, 0, 0, 3, 0, 0])),
        (Array("$BDZTI,0,1,0,0,0,*70\r\n".utf8), .other(name: "BDZTI")),
    ]

    @Test(arguments: said) func sentenceSays(_ octets: [UInt8], _ event: TerminalEvent) {
        let found = read(octets)
        #expect(found.count == 1)
        if case .position(let a) = found.first, case .position(let b) = event {
            // A sum of minutes is right to a rounding of the last bit.
            #expect(abs(a.latitude - b.latitude) < 1e-9 && abs(a.longitude - b.longitude) < 1e-9)
            #expect((a.address, a.time, a.height ?? 0) == (b.address, b.time, b.height ?? 0))
        } else {
            #expect(found == [event])
        }
    }

    @Test func mixedDialectsInAnyPiecesAreTheSame() {
        let stream = Self.said.flatMap(\.0)
        let whole = read(stream)
        #expect(whole.count == Self.said.count)
        for size in [1, 2, 3, 7, 19, 64] {
            var reader = TerminalReader()
            var events: [TerminalEvent] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                events += reader.feed(Array(stream[start..<min(start + size, stream.count)]), at: Int64(start))
            }
            #expect(events == whole, "in pieces of \(size)")
        }
    }

    @Test func noiseIsCountedOnceAndWhatFollowsIsRead() {
        let good = Array("$BDZTI,0,1,0,0,0,*70\r\n".utf8)
        #expect(
            read([0xFF, 0x00, 0x24] + good) == [
                .noise(octets: 3, reason: "no sentence begins there"), .other(name: "BDZTI"),
            ])
        let bad = Array("$BDZTI,0,1,0,0,1,*70\r\n".utf8)
        #expect(
            read(bad + good) == [
                .noise(octets: 20, reason: SentenceFraming.wrongChecksum.description), .other(name: "BDZTI"),
            ])
        let frame = octets("24 46 4B 58 58 00 10 02 2A C4 00 54 58 53 51 DC")
        #expect(
            read(frame + good) == [
                .noise(octets: 16, reason: "check of an RDSS 4.0 frame is wrong"), .other(name: "BDZTI"),
            ])
        #expect(read(octets("24 46 4B 58 58 00 05") + good).last == .other(name: "BDZTI"))
    }

    @Test func contentWithStarsAndCommasIsWhole() throws {
        let body = "BDTXR,1,0412159,2,,a,b*33 $c"
        guard case .message(let message) = read(line(body)).first else {
            Issue.record("no message")
            return
        }
        #expect(message.content == MessageContent(form: .mixed, octets: Array("a,b*33 $c".utf8)))
    }

    @Test func sentenceWithoutEndOfLineIsReadInADatagram() {
        #expect(read(Array("$BDZTI,0,1,0,0,0,*70".utf8)) == [.other(name: "BDZTI")])
    }

    @Test func unfinishedFrameDoesNotHoldBackForEver() {
        var reader = TerminalReader()
        // A name and a length that chance made, and a whole sentence behind them.
        let stuck = octets("24 54 58 58 58 00 60") + Array("$BDZTI,0,1,0,0,0,*70\r\n".utf8)
        #expect(reader.feed(stuck, at: 100).isEmpty)
        #expect(reader.deadline == 1100)
        #expect(reader.expire(at: 1099).isEmpty)
        #expect(
            reader.expire(at: 1100) == [.noise(octets: 7, reason: "a message does not end"), .other(name: "BDZTI")])
        #expect(reader.deadline == nil)
    }

    @Test func messageThatStatesAnotherLengthIsRefused() {
        // TXXX of 4.0 whose length field holds octets where bits belong.
        var frame: [UInt8] = Array("$TXXX".utf8) + [0, 23, 0, 0, 1, 0x60, 0, 0, 2, 0, 0, 0, 3, 0xA4, 0x41, 0x42, 0]
        frame.append(frame.reduce(0) { $0 ^ $1 })
        #expect(read(frame) == [.noise(octets: 23, reason: "TXXX states a message of 3 bits and holds one of 24")])
    }

    @Test func anyOctetsDoNoHarm() {
        var generator = SeededGenerator(seed: 4)
        let words = Self.said.map(\.0)
        for _ in 0..<2000 {
            var octets = words.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let at = Int.random(in: 0..<octets.count, using: &generator)
                octets[at] = UInt8.random(in: 0...255, using: &generator)
            }
            var reader = TerminalReader()
            _ = reader.feed(octets, at: 0)
            _ = reader.expire(at: 5000)
            #expect(reader.deadline == nil)
        }
    }

    @Test func waitOfKindFourIsReadInBothOrders() {
        for (detail, wait) in [
            ([0, 0, 0, 58], 58), ([58, 0, 0, 0], 58), ([0, 0, 0, 0], nil), ([255, 255, 255, 255], nil),
        ]
            as [([UInt8], Int?)]
        {
            var frame: [UInt8] = Array("$FKXX".utf8) + [0, 16, 0, 0, 1, 4] + detail
            frame.append(frame.reduce(0) { $0 ^ $1 })
            #expect(read(frame) == [.feedback(TerminalFeedback(sentence: nil, outcome: .fkxx(kind: 4, wait: wait)))])
        }
    }
}
