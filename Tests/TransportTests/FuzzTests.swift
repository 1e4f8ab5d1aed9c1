import Bytes
import Capture
import Foundation
import Support
import Testing
import Transport

/// Damage of every kind: nothing crashes, the ledger balances, and no flow gets more than was captured.
@Suite("Damage")
struct FuzzTests {
    /// Packets of every kind, over the links that can carry them.
    private var seeds: [(link: LinkType, packets: [[UInt8]])] {
        let data = Make.data(120)
        let udp = Make.udp(data)
        let datagrams: [[UInt8]] =
            [
                Make.ipv4(udp), Make.ipv4(udp, options: [1, 1, 1, 0]), Make.ipv4(udp, length: 0),
                Make.ipv4([17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + udp, protocol: 51), Make.ipv4(data, protocol: 1),
            ] + Make.fragments(udp, at: [40, 80]) + Make.fragments(udp, at: [64], id: 78)
        var segments = [Make.ipv4(Make.tcp([], sequence: 0xFFFF_FFC0, flags: Make.syn), protocol: 6)]
        for start in [0, 40, 80, 20, 160, 120, 60, 240, 200] {
            let number = 0xFFFF_FFC1 &+ UInt32(start)
            segments.append(Make.ipv4(Make.tcp(Array(data[..<40]), sequence: number), protocol: 6))
        }
        segments.append(Make.ipv4(Make.tcp([9], sequence: 0xFFFF_FFC1, flags: Make.rst), protocol: 6))
        let udp6 = Make.udp(data, addresses: Make.client6 + Make.server6)
        let six: [[UInt8]] = [
            Make.ipv6(udp6), Make.ipv6([17, 0, 0, 0, 0, 0, 0, 0] + udp6, next: 0),
            Make.ipv6([60, 0, 0xC2, 4, 0, 1, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0] + udp6, next: 0, length: 0),
            Make.fragment6(Array(udp6[..<64]), at: 0, more: true),
            Make.fragment6(Array(udp6[64...]), at: 64, more: false),
            Make.ipv6([6, 2, 0, 1] + Make.data(20) + Make.tcp(data, sequence: 5), next: 43),
        ]
        let four = datagrams + segments
        let ethernet =
            four.map { Make.ethernet($0) } + six.map { Make.ethernet($0, type: 0x86DD) }
            + four.map { Make.ethernet($0, tags: [(0x88A8, 1), (0x8100, 2)]) }
        let cooked = [0, 0, 0, 1, 0, 6] + [UInt8](repeating: 2, count: 8) + [8, 0]
        let cooked2: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + [UInt8](repeating: 2, count: 8)
        let pdu: [UInt8] = [0, 12, 0, 4, 97, 98, 99, 0, 0, 20, 0, 4, 1, 2, 3, 4, 0, 25, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0]
        return [
            (.ethernet, ethernet), (.raw, four + six), (.linuxSLL, four.map { cooked + $0 }),
            (.linuxSLL2, four.map { cooked2 + $0 }), (.null, four.map { [2, 0, 0, 0] + $0 }),
            (.upperPDU, [pdu + data, pdu]), (.user0, [data]),
        ]
    }

    private func run(_ samples: [Sample], over link: LinkType, limits: Limits = Limits(), _ remark: String) {
        run(samples, over: [Interface(linkType: link)], limits: limits, remark)
    }

    private func run(_ samples: [Sample], over interfaces: [Interface], limits: Limits = Limits(), _ remark: String) {
        let bench = Bench(limits: limits)
        bench.interfaces = interfaces
        var start = 0
        while start < samples.count {
            let end = min(start + 16, samples.count)
            bench.take(Array(samples[start..<end]))
            start = end
        }
        bench.finish()
        let taken = samples.reduce(0) { $0 + $1.octets.count }
        #expect(bench.ledger.isBalanced && bench.ledger.bytes == taken, "\(remark)")
        let flows = bench.transport.flows
        #expect(bench.received.allSatisfy { $0.flow < flows.count && !$0.octets.isEmpty }, "\(remark)")
        #expect(bench.received.allSatisfy { $0.packet >= 1 && $0.packet <= samples.count }, "\(remark)")
    }

    /// Flips bits, cuts, repeats and mixes, as a seed says.
    private func damage(_ packets: [[UInt8]], _ random: inout SeededGenerator) -> [Sample] {
        var samples: [Sample] = []
        for packet in packets {
            var sample = Sample(octets: packet, seconds: Double.random(in: 0...40, using: &random))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !sample.octets.isEmpty {
                // Headers, where it hurts, more often than what is behind them.
                let limit = Bool.random(using: &random) ? min(sample.octets.count, 80) : sample.octets.count
                let place = Int.random(in: 0..<limit, using: &random)
                sample.octets[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: sample.octets = Array(sample.octets.prefix(Int.random(in: 0...sample.octets.count, using: &random)))
            case 1:
                sample.original = sample.octets.count + Int.random(in: 0...2000, using: &random)
                sample.octets = Array(sample.octets.prefix(Int.random(in: 0...sample.octets.count, using: &random)))
            case 2: sample.original = Int(UInt32.random(in: 0 ... .max, using: &random))
            case 3: samples.append(sample)
            default: break
            }
            samples.append(sample)
        }
        return samples.shuffled(using: &random)
    }

    @Test("bits flipped, packets cut, repeated and mixed up, from a seed", arguments: 0..<40 as Range<UInt64>)
    func flipped(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tight = Limits()
        (tight.flows, tight.fragmentedDatagrams, tight.fragmentOctets) = (5, 2, 3000)
        (tight.streamOctets, tight.streamSegments, tight.heldOctets) = (100, 2, 3000)
        (tight.segmentsAfterAcknowledgement, tight.dissectorNames) = (1, 1)
        for (link, packets) in seeds {
            for round in 0..<12 {
                let samples = damage(packets, &random)
                let limits = round % 2 == 0 ? Limits() : tight
                run(samples, over: link, limits: limits, "seed \(seed), link \(link.rawValue), round \(round)")
            }
        }
    }

    @Test("every packet cut at every length, by the snap length and by damage")
    func cut() {
        for (link, packets) in seeds {
            for packet in packets {
                let lengths = 0...packet.count
                run(lengths.map { Sample(octets: Array(packet.prefix($0))) }, over: link, "cut of \(link.rawValue)")
                let snapped = lengths.map { Sample(octets: Array(packet.prefix($0)), original: packet.count) }
                run(snapped, over: link, "snap of \(link.rawValue)")
            }
        }
    }

    @Test("octets at random over every link", arguments: 0..<10 as Range<UInt64>)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for link in [0, 1, 12, 14, 101, 108, 113, 147, 228, 229, 252, 276, 9, 0xFFFF_FFFF] as [UInt32] {
            let samples = (0..<200).map { _ in
                Sample(
                    octets: (0..<Int.random(in: 0...120, using: &random)).map { _ in
                        .random(in: 0...255, using: &random)
                    })
            }
            run(samples, over: LinkType(rawValue: link), "seed \(seed), link \(link)")
        }
    }

    @Test("bits flipped in real captures", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func flippedCorpus() throws {
        let seed: UInt64 = 20_261_124
        var random = SeededGenerator(seed: seed)
        var count = 0
        for folder in ["tcpdump", "captures", "pcapng"] {
            for url in Corpus.files(below: folder) {
                guard let (samples, interfaces) = Bench.samples(of: url), samples.count <= 300 else { continue }
                count += 1
                let name = url.lastPathComponent
                run(samples, over: interfaces, "\(name) as it is")
                run(damage(samples.map(\.octets), &random), over: interfaces, "\(name), seed \(seed)")
            }
        }
        #expect(count > 600)
    }
}
