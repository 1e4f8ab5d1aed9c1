import Records
import Bytes
import CCSDS
import Foundation
import Support
import Testing
import Transport

/// Cut and corrupted input: no crash, and the ledger balances every time.
struct RobustnessTests {
    /// Inputs with their decoders: frames and packets, as datagrams and as streams.
    private struct Input {
        let name: String
        let data: [UInt8]
        let step: Int
        let make: (Bool) -> Decoder
    }

    private func inputs() -> [Input] {
        var inputs: [Input] = []
        for (index, layout) in layouts.enumerated() {
            for marker in [[], FrameLayout.syncMarker] {
                var layout = layout
                layout.marker = marker
                var maker = FrameMaker(layout: layout)
                var frames = maker.frames(
                    packets(40, size: 17) + packets(3, apid: 7, size: 400) + packets(20, apid: 8, size: 1))
                frames.append(maker.idleFrame())
                frames += maker.frames(packets(10))
                inputs.append(
                    Input(
                        name: "layout \(index) \(marker.count)", data: frames.flatMap { marker + $0 },
                        step: layout.length + marker.count,
                        make: { [layout] in .frames(FrameDecoder(layout: layout, isStream: $0)) }))
            }
        }
        for skip in [0, 5] {
            let list = packets(60, size: 17) + [[0xFD, 5, 1, 2, 3], [0xE0]] + packets(30, apid: 9, size: 50)
            inputs.append(
                Input(
                    name: "packets \(skip)", data: list.flatMap { [UInt8](repeating: 7, count: skip) + $0 },
                    step: 24 + skip,
                    make: { .packets(PacketDecoder(skip: skip, isStream: $0)) }))
        }
        return inputs
    }

    @Test("a fixture cut at every octet of its first 4 KiB")
    func cuts() {
        for input in inputs() {
            for end in 0...min(4096, input.data.count) {
                let data = Array(input.data[..<end])
                for isStream in [true, false] {
                    let outcome = decode(data, pieces(end, of: input.step), keep: false, by: input.make(isStream))
                    guard outcome.ledger.isBalanced else {
                        Issue.record("\(input.name) cut at \(end), stream \(isStream): \(outcome.ledger)")
                        return
                    }
                }
            }
        }
    }

    @Test("bits flipped at random, pieces cut at random, holes at random")
    func flips() {
        let seed = UInt64(ProcessInfo.processInfo.environment["STARLANE_SEED"] ?? "") ?? UInt64.random(in: 0...999_999)
        print("RobustnessTests: STARLANE_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        for input in inputs() {
            for round in 0..<300 {
                var data = input.data
                for _ in 0..<Int.random(in: 1...40, using: &random) {
                    data[Int.random(in: 0..<data.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
                let isStream = round % 2 == 0
                var list = pieces(data.count, upTo: 2 * input.step, by: &random)
                for index in list.indices {
                    switch Int.random(in: 0..<30, using: &random) {
                    case 0: list[index].marks = .gapBefore
                    case 1: list[index].marks = .cut
                    case 2: list[index].range = list[index].range.lowerBound..<list[index].range.lowerBound
                    default: break
                    }
                }
                let outcome = decode(data, list, batch: 7, keep: round % 10 == 0, by: input.make(isStream))
                guard outcome.ledger.isBalanced else {
                    Issue.record("\(input.name) round \(round) of seed \(seed): \(outcome.ledger)")
                    return
                }
            }
        }
    }

    @Test("octets at random, as every kind of input")
    func noise() {
        var random = SeededGenerator(seed: 1)
        for input in inputs() {
            for round in 0..<40 {
                // Zeros and ones more often than others: they make lengths and versions that go on.
                let data = (0..<3000).map { _ in
                    Int.random(in: 0..<3, using: &random) == 0
                        ? UInt8.random(in: 0...255, using: &random) : UInt8(round % 2)
                }
                let outcome = decode(
                    data, pieces(data.count, upTo: 300, by: &random), keep: false, by: input.make(round % 4 < 2))
                guard outcome.ledger.isBalanced else {
                    Issue.record("\(input.name) round \(round): \(outcome.ledger)")
                    return
                }
            }
        }
    }

    @Test("headers that promise much and break it at the end are looked through in passing, not again and again")
    func promises() {
        // 0x1F is version 0 and reads as a length of 7974; where it stops, every chain of headers breaks.
        var data: [UInt8] = []
        for round in 0..<8 {
            data += [UInt8](repeating: 0x1F, count: 12_000 + round) + [UInt8](repeating: 0x60, count: 2000)
        }
        for step in [7, 1460, 65_536] {
            var list = pieces(data.count, of: step)
            for index in list.indices where index % 50 == 0 { list[index].marks = .gapBefore }
            for decoder in [
                Decoder.packets(PacketDecoder(isStream: true)),
                .frames(FrameDecoder(layout: FrameLayout(kind: .tm, length: 8000, hasFECF: true), isStream: true)),
            ] {
                let outcome = decode(data, list, keep: false, by: decoder)
                #expect(outcome.ledger.isBalanced)
            }
        }
    }
}
