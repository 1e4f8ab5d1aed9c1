import BeiDou
import Bytes
import Records
import Support
import Testing
import Transport

/// Streams of messages: found whatever stands between, wherever they are cut, with every octet accounted for.
struct MessageScannerTests {
    private static let rmc = "$GNRMC,070723.00,A,2309.30979,N,11330.00659,E,0.08,,070324,,,A,V*29"
    private static let fki = "$BDFKI,TXA,Y,Y,0,0040*17"
    private static let icjc: [UInt8] = octets("2449434A43000C000000002B")

    @Test func aMessageIsFoundWithAndWithoutALinesEnd() {
        for end in ["", "\r\n", "\n", "\r"] {
            let scanned = scan(Array((Self.rmc + end).utf8))
            #expect(scanned.names == ["RMC"])
            #expect(scanned.ledger.overhead == end.utf8.count && scanned.ledger.isBalanced)
        }
    }

    @Test func dialectsMixOnOneLine() {
        let line = Array((Self.rmc + "\r\n").utf8) + Self.icjc + Array((Self.fki + "\r\n" + Self.rmc).utf8) + Self.icjc
        let scanned = scan(line)
        #expect(scanned.names == ["RMC", "ICJC", "FKI", "RMC", "ICJC"])
        #expect(scanned.ledger.rejections.isEmpty && scanned.ledger.isBalanced)
    }

    @Test func everyGoodMessageIsFoundInAnyOrderAndCutAnywhere() {
        var generator = SeededGenerator(seed: 20_261_125)
        for _ in 0..<20 {
            var stream: [UInt8] = []
            var sent: [[UInt8]] = []
            for _ in 0..<60 {
                guard let message = goodMessages.randomElement(using: &generator) else { continue }
                sent.append(message)
                stream += message + (message[0] == 0x24 && message[5] >= 0x20 ? [0x0D, 0x0A] : [])
            }
            let whole = scan(stream)
            // Sub-packages wait for their others; everything else is handed out as it was sent, headers unescaped.
            #expect(whole.ledger.isBalanced)
            #expect(whole.messages.count >= sent.count - 4)
            let text = sent.filter { $0[0] == 0x24 }
            #expect(whole.messages.filter { $0.octets[0] == 0x24 }.map(\.octets) == text)
            for _ in 0..<4 {
                let cuts = (0..<12).map { _ in Int.random(in: 1..<stream.count, using: &generator) }
                let cut = scan(stream, cuts: cuts)
                #expect(cut.messages == whole.messages)
                #expect(cut.ledger.isBalanced)
            }
            #expect(scan(stream, cuts: Array(1..<stream.count)).messages == whole.messages)
        }
    }

    @Test func noiseBetweenMessagesLosesNoneAndIsEntered() {
        var generator = SeededGenerator(seed: 808)
        for _ in 0..<100 {
            var stream: [UInt8] = []
            var sent = 0
            for _ in 0..<20 {
                // Noise without the octets that begin a message.
                stream += (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                    var octet = UInt8.random(in: .min ... .max, using: &generator)
                    while octet == 0x24 || octet == 0x7E { octet = UInt8.random(in: .min ... .max, using: &generator) }
                    return octet
                }
                stream += Self.icjc + Array((Self.rmc + "\r\n").utf8)
                sent += 2
            }
            let scanned = scan(stream)
            #expect(scanned.messages.count == sent)
            #expect(scanned.ledger.isBalanced)
        }
    }

    @Test func damageCostsOnlyTheMessageThatItHits() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let messages = (0..<9).map { _ in
                goodMessages.filter { $0[0] == 0x24 }.randomElement(using: &generator) ?? []
            }
            let hit = 4
            var stream: [UInt8] = []
            for (index, message) in messages.enumerated() {
                var octets = message + [0x0D, 0x0A]
                if index == hit {
                    let place = Int.random(in: 0..<message.count, using: &generator)
                    octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
                stream += octets
            }
            let scanned = scan(stream)
            #expect(scanned.ledger.isBalanced)
            #expect(scanned.messages.count >= 8, "\(messages[hit])")
        }
    }

    @Test func whatIsNoMessageIsNamed() {
        let wrong = Self.rmc.dropLast() + "A"
        let cases: [(String, [String], Int)] = [
            ("# a comment\r\n" + Self.rmc, [], 13),
            ("GNRMC,1*29\r\n" + Self.rmc, ["sentence without its beginning"], 0),
            ("\u{1}\u{2}\n" + Self.rmc, ["octets that are no message"], 0),
            (wrong + "\r\n" + Self.rmc, ["checksum of a sentence is wrong"], 0),
        ]
        for (text, reasons, unclaimed) in cases {
            let scanned = scan(Array(text.utf8))
            #expect(scanned.names == ["RMC"])
            #expect(scanned.reasons == reasons, "\(text)")
            #expect(scanned.ledger.unclaimedBytes == unclaimed)
            #expect(scanned.ledger.isBalanced)
        }
    }

    @Test func aMessageWithoutItsEndIsPending() {
        let scanned = scan(Array((Self.rmc + "\r\n" + Self.rmc.prefix(30)).utf8))
        #expect(scanned.names == ["RMC"] && scanned.ledger.pending == 30 && scanned.ledger.isBalanced)
    }

    @Test func aHoleInTheStreamCostsWhatWasHeld() {
        let text = Array((Self.rmc.prefix(30) + Self.rmc + "\r\n").utf8)
        let scanned = scan(text, cuts: [30], marks: .gapBefore)
        #expect(scanned.names == ["RMC"])
        #expect(scanned.reasons == ["octets of the stream are missing inside a message"])
        #expect(scanned.ledger.isBalanced)
    }

    @Test func framesOfJTT808MayShareTheirDelimiter() {
        let first = octets("7E00020000012345678900000A817E")
        let second = octets("7E00020000040021679287002B7D027E")
        let scanned = scan(first + second.dropFirst())
        #expect(scanned.names == ["0x0002", "0x0002"])
        #expect(scanned.ledger.rejections.isEmpty && scanned.ledger.isBalanced)
    }

    @Test func textWithTildesIsNoVehicleTerminal() {
        let scanned = scan(Array("~~~ title ~~~\nhome is ~/x and ~/y\n".utf8))
        #expect(scanned.messages.isEmpty && scanned.ledger.rejections.isEmpty && scanned.ledger.isBalanced)
    }

    @Test func nothingIsHeldWithoutBound() {
        let endless = Array("$GNGGA,".utf8) + [UInt8](repeating: 0x31, count: 200_000)
        let scanned = scan(endless, cuts: Array(stride(from: 1_000, to: 200_000, by: 1_000)))
        #expect(scanned.messages.isEmpty && scanned.ledger.isBalanced && scanned.ledger.pending < 1 << 16)
    }
}
