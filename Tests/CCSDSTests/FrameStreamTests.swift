import Records
import Bytes
import CCSDS
import Support
import Testing
import Transport

/// Frames in a stream: cut anywhere, with and without markers, damaged and with holes.
struct FrameStreamTests {
    private func stream(_ layout: FrameLayout, _ sent: [[UInt8]]) -> (units: [[UInt8]], layout: FrameLayout) {
        var maker = FrameMaker(layout: layout)
        return (maker.frames(sent).map { layout.marker + $0 }, layout)
    }

    private func run(_ data: [UInt8], _ list: [Piece], _ layout: FrameLayout) -> Outcome {
        decode(data, list, batch: 2, by: .frames(FrameDecoder(layout: layout, isStream: true)))
    }

    private var all: [FrameLayout] {
        layouts
            + layouts.map { layout in
                var marked = layout
                marked.marker = FrameLayout.syncMarker
                return marked
            }
    }

    @Test("a stream gives the same packets however it is cut")
    func cuts() {
        var random = SeededGenerator(seed: 9)
        for layout in all {
            let sent = packets(40)
            let data = stream(layout, sent).units.flatMap { $0 }
            for size in [1, 2, 3, 7, 63, 64, 65, 200, data.count] {
                let outcome = run(data, pieces(data.count, of: size), layout)
                #expect(outcome.packets == sent && outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty)
            }
            let outcome = run(data, pieces(data.count, upTo: 150, by: &random), layout)
            #expect(outcome.packets == sent && outcome.ledger.isBalanced)
            // The first octet of each packet in its first frame stands where the unit says, or its header is split.
            let first = outcome.units[0]
            #expect(Array(data[Int(first.offset)...].prefix(6)) == Array(first.octets.prefix(6)))
        }
    }

    @Test("octets in between are passed over, and the frames behind them are found again")
    func inserted() {
        for layout in all where !layout.marker.isEmpty || layout.hasFECF {
            let sent = packets(60)
            var units = stream(layout, sent).units
            units.insert([UInt8](repeating: 0x1A, count: 17), at: 8)
            let data = units.flatMap { $0 }
            let outcome = run(data, pieces(data.count, of: 100), layout)
            #expect(outcome.ledger.isBalanced)
            let lost = sent.filter { !outcome.packets.contains($0) }.count
            // With a marker nothing is lost; without, the frames until it is clear that octets were put in between.
            #expect(layout.marker.isEmpty ? lost <= 14 : lost == 0, "\(layout)")
        }
    }

    @Test("a hole in the stream costs the frame it is in, and the next is found again")
    func holes() {
        for layout in all {
            let sent = packets(60)
            let units = stream(layout, sent).units
            let data = units.flatMap { $0 }
            let size = units[0].count
            // From the middle of frame 5 to the middle of frame 6.
            let list = [
                Piece(range: 0..<5 * size + 30), Piece(range: 6 * size + 11..<data.count, marks: .gapBefore),
            ]
            let outcome = run(data, list, layout)
            #expect(outcome.ledger.isBalanced)
            #expect(
                outcome.ledger.rejections.contains { $0.reason == "octets of the stream are missing inside a frame" })
            let lost = sent.filter { !outcome.packets.contains($0) }.count
            #expect(lost >= 2 && lost <= 10, "\(layout)")
            #expect(outcome.channels[0].missing == 2)
        }
    }

    @Test("a stream that begins in the middle of a frame is found from a marker")
    func middle() {
        let layout = all.last ?? layouts[0]
        let sent = packets(40)
        let data = Array(stream(layout, sent).units.flatMap { $0 }.dropFirst(30))
        let outcome = run(data, pieces(data.count, of: 50), layout)
        #expect(outcome.packets.count > 30 && outcome.ledger.isBalanced)
    }

    @Test("the end of a stream inside a frame is pending")
    func pending() {
        for layout in all {
            let data = Array(stream(layout, packets(40)).units.flatMap { $0 }.dropLast(10))
            let outcome = run(data, pieces(data.count, of: 50), layout)
            #expect(outcome.ledger.pending >= layout.length - 10 && outcome.ledger.isBalanced)
        }
    }

    @Test("octets that are no frames at all are all rejected or pending")
    func nothing() {
        var random = SeededGenerator(seed: 77)
        for layout in all {
            let data = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
            let outcome = run(data, pieces(data.count, upTo: 100, by: &random), layout)
            #expect(outcome.ledger.isBalanced)
            if !layout.marker.isEmpty { #expect(outcome.packets.isEmpty && outcome.ledger.decoded == 0) }
        }
    }
}
