import Records
import Bytes
import CCSDS
import Support
import Testing
import Transport

/// Packets that travel without frames.
struct PacketDecoderTests {
    private func run(_ data: [UInt8], _ list: [Piece], skip: Int = 0, isStream: Bool = true) -> Outcome {
        decode(data, list, batch: 2, by: .packets(PacketDecoder(skip: skip, isStream: isStream)))
    }

    private func rejected(_ outcome: Outcome, _ reason: String) -> Ledger.Rejection? {
        outcome.ledger.rejections.first { $0.reason == reason }
    }

    private let encapsulated: [UInt8] = [0xFD, 5, 1, 2, 3]

    @Test("a datagram holds one packet or several of both kinds, with foreign octets in front of each")
    func datagrams() {
        for skip in [0, 1, 4, 20] {
            let foreign = [UInt8](repeating: 0xAB, count: skip)
            let sent = [packet(5, 1, [1]), packet(0x7FF, 0, [0, 0]), encapsulated, packet(6, 9, [1, 2, 3])]
            var (data, list): ([UInt8], [Piece]) = ([], [])
            for packets in [[sent[0]], [sent[3]], [sent[2]], sent, sent + sent] {
                let octets = packets.flatMap { foreign + $0 }
                list.append(Piece(range: data.count..<data.count + octets.count))
                data += octets
            }
            let outcome = run(data, list, skip: skip, isStream: false)
            #expect(outcome.units.count == 15 && outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty)
            #expect(outcome.ledger.overhead == 15 * skip && outcome.ledger.idle == 3 * 8)
            for unit in outcome.units {
                #expect(Array(data[Int(unit.offset)...].prefix(unit.octets.count)) == unit.octets)
            }
        }
    }

    @Test("a datagram that does not fit its packets is rejected where it stops fitting, with the numbers")
    func refusals() {
        let good = packet(5, 1, [1, 2, 3])
        let cases: [(tail: [UInt8], reason: String, marks: Payload.Marks)] = [
            (Array(packet(5, 2, [UInt8](repeating: 0, count: 50)).dropLast(7)), "packet longer than its datagram", []),
            (Array(packet(5, 2, [1, 2, 3, 4]).dropLast(1)), "packet cut by the capture's snap length", .cut),
            ([0x20, 5, 0xC0, 0, 0, 0, 0], "no packet header where one must be", []),
            ([0x08, 5, 0xC0], "octets that are no whole packet header", []),
            ([0xE5, 1], "no packet header where one must be", []), ([0xE4], "no packet header where one must be", []),
        ]
        for item in cases {
            let data = good + item.tail
            let decoder = PacketDecoder(isStream: false)
            let outcome = decode(data, [Piece(range: 0..<data.count, marks: item.marks)], by: .packets(decoder))
            #expect(outcome.packets == [good] && outcome.ledger.isBalanced)
            #expect(rejected(outcome, item.reason)?.bytes == item.tail.count, "\(item.reason)")
            #expect(rejected(outcome, item.reason)?.firstOffset == UInt64(good.count))
            if item.reason == "packet longer than its datagram" {
                #expect(decoder.firstRefusal?.needed == 56 && decoder.firstRefusal?.present == 49)
            } else {
                #expect(decoder.firstRefusal == nil)
            }
        }
    }

    @Test("a stream gives the same packets however it is cut, foreign octets or not")
    func stream() {
        var random = SeededGenerator(seed: 12)
        for skip in [0, 3, 10] {
            let sent =
                packets(50) + [encapsulated, packet(9, 0, [UInt8](repeating: 1, count: 65536))] + packets(5, apid: 8)
            let data = sent.flatMap { [UInt8](repeating: 0xCC, count: skip) + $0 }
            var cuts = [1000, data.count].map { pieces(data.count, of: $0) }
            cuts.append(pieces(data.count, upTo: 60, by: &random))
            for list in cuts {
                let outcome = run(data, list, skip: skip)
                #expect(outcome.packets == sent && outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty)
                #expect(outcome.ledger.overhead == skip * sent.count)
                for unit in outcome.units {
                    #expect(Array(data[Int(unit.offset)...].prefix(unit.octets.count)) == unit.octets)
                }
            }
        }
    }

    @Test("octet by octet a stream gives the same packets")
    func drip() {
        let sent = packets(30) + [encapsulated] + packets(3, apid: 7, size: 200)
        let data = sent.flatMap { $0 }
        let outcome = run(data, pieces(data.count, of: 1))
        #expect(outcome.packets == sent && outcome.ledger.isBalanced)
    }

    @Test("damage in a stream costs the packets it is in; the chain of headers is found again")
    func damage() {
        let sent = packets(100)
        for (name, change) in [
            (
                "octets put in",
                { (data: inout [UInt8]) in data.insert(contentsOf: [0xFF, 0x3F, 0x20, 1, 2], at: 29 * 40) }
            ),
            ("octets taken out", { $0.removeSubrange(29 * 40 + 8..<29 * 40 + 20) }),
            ("a wrong version", { $0[29 * 40] = 0x60 }), ("a wrong length", { $0[29 * 40 + 5] = 200 }),
            ("a wrong length, far too long", { $0[29 * 40 + 4] = 0x70 }),
        ] as [(String, (inout [UInt8]) -> Void)] {
            var data = sent.flatMap { $0 }
            change(&data)
            for size in [50, data.count] {
                let outcome = run(data, pieces(data.count, of: size))
                #expect(outcome.ledger.isBalanced, "\(name)")
                let lost = sent.filter { !outcome.packets.contains($0) }.count
                #expect(lost <= 2, "\(name) in pieces of \(size)")
            }
        }
    }

    @Test("a hole in a stream costs the packets it touches, and what was held is rejected")
    func hole() {
        let sent = packets(60)
        let data = sent.flatMap { $0 }
        let outcome = run(
            data, [Piece(range: 0..<29 * 20 + 10), Piece(range: 29 * 25 + 13..<data.count, marks: .gapBefore)])
        #expect(outcome.packets == Array(sent[..<20] + sent[26...]) && outcome.ledger.isBalanced)
        #expect(rejected(outcome, "octets of the stream are missing inside a packet")?.bytes == 10)
        #expect(rejected(outcome, "no packet header where one must be")?.bytes == 16)
        #expect(outcome.counts[0].gaps == 1 && outcome.counts[0].missing == 6)
    }

    @Test("after a hole the last packets of a stream are found though no third one follows")
    func holeAtTheEnd() {
        let sent = packets(30)
        let data = sent.flatMap { $0 }
        let outcome = run(data, [Piece(range: 0..<29 * 20), Piece(range: 29 * 28 - 5..<data.count, marks: .gapBefore)])
        #expect(outcome.packets == Array(sent[..<20] + sent[28...]) && outcome.ledger.isBalanced)
    }

    @Test("the end of a stream inside a packet is pending; a stream of nothing is nothing")
    func pending() {
        let data = packets(3).flatMap { $0 }
        let outcome = run(Array(data.dropLast(4)), pieces(data.count - 4, of: 10))
        #expect(outcome.packets.count == 2 && outcome.ledger.pending == 25 && outcome.ledger.isBalanced)
        #expect(run([], []).ledger == Ledger())
    }

    @Test("an encapsulation packet longer than can be is not waited for")
    func giant() {
        let data: [UInt8] = [0xFF, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF] + packets(20).flatMap { $0 }
        let outcome = run(data, pieces(data.count, of: 40))
        #expect(outcome.packets.count == 20 && outcome.ledger.isBalanced)
        #expect(rejected(outcome, "no packet header where one must be")?.bytes == 8)
    }
}
