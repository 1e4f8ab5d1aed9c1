import Bytes
import Records
import CCSDS
import Support
import Testing

/// Frames that come late, counters that begin anew, and gaps that look like either.
struct LateFrameTests {
    /// Decodes frames, one a piece; the times are seconds.
    private func run(_ frames: [[UInt8]], _ layout: FrameLayout, at seconds: [Int]? = nil) -> Outcome {
        var cuts = pieces(frames.count * layout.length, of: layout.length)
        if let seconds {
            for index in cuts.indices {
                cuts[index].time = CaptureTime(nanoseconds: Int64(seconds[index]) * 1_000_000_000)
            }
        } else {
            for index in cuts.indices { cuts[index].time = .unknown }
        }
        return decode(frames.flatMap { $0 }, cuts, batch: 5, by: .frames(FrameDecoder(layout: layout)))
    }

    @Test(
        "late frames that fill a gap are late however many follow one another, and their packets are whole",
        arguments: layouts)
    func fills(layout: FrameLayout) {
        var maker = FrameMaker(layout: layout)
        let sent = packets(40, size: 27)
        let frames = maker.frames(sent)
        let order = [0, 1, 8, 2, 3, 4, 5, 6, 7] + Array(9..<frames.count)
        let outcome = run(order.map { frames[$0] }, layout)
        let channel = outcome.channels[0]
        #expect(channel.restarts == 0 && channel.late == 6 && channel.gaps == 1 && channel.missing == 6)
        // What is lost goes over the borders of frames 1 and 2, 7 and 8.
        let lost = sent.filter { !outcome.packets.contains($0) }
        #expect(lost.count == 2 && outcome.ledger.isBalanced)
    }

    @Test(
        "frames in any order are missing and late as a plain list tells, some lost", arguments: layouts,
        1...4 as ClosedRange<UInt64>)
    func shuffled(layout: FrameLayout, seed: UInt64) {
        var maker = FrameMaker(layout: layout, count: 77)
        var generator = SeededGenerator(seed: seed)
        let frames = maker.frames(packets(3000, size: 27))
        let order = frames.indices.map { ($0 + Int.random(in: 0...9, using: &generator), $0) }.sorted { $0 < $1 }
            .map(\.1).filter { _ in Int.random(in: 0..<8, using: &generator) > 0 }
        let outcome = run(order.map { frames[$0] }, layout)
        let (channel, (missing, late)) = (outcome.channels[0], told(order))
        #expect(channel.restarts == 0 && channel.missing == missing && channel.late == late, "\(channel)")
        #expect(outcome.ledger.isBalanced && late > 200)
        #expect(Set(outcome.packets).count == outcome.packets.count)
    }

    @Test("frames that had come already and count on are a restart, and so are those far in front", arguments: layouts)
    func restarts(layout: FrameLayout) {
        for (first, anew) in [(100, 96), (100, layout.kind == .tm ? 94 : 10)] {
            var (old, new) = (
                FrameMaker(layout: layout, count: UInt32(first - 10)), FrameMaker(layout: layout, count: UInt32(anew))
            )
            let before = old.frames(packets(26, size: 27))
            let sent = packets(60, size: 20)
            let outcome = run(Array(before.prefix(10)) + new.frames(sent), layout)
            let channel = outcome.channels[0]
            #expect(channel.restarts == 1 && channel.late == 2 && channel.missing == 0, "\(channel)")
            // Those of the frames by which it was seen are there, too.
            #expect(Array(outcome.packets.suffix(60)) == sent && outcome.ledger.isBalanced)
        }
    }

    @Test("a damaged count ahead costs a gap, and what follows it is in order again soon", arguments: [3000, 1 << 20])
    func damagedCount(ahead: UInt32) throws {
        let layout = FrameLayout(kind: .aos, length: 64)
        var maker = FrameMaker(layout: layout, count: 10)
        let sent = packets(400, size: 27)
        var frames = maker.frames(sent)
        for (place, shift) in [(2, 16), (3, 8), (4, 0)] as [(Int, UInt32)] {
            frames[100][place] = UInt8(truncatingIfNeeded: (110 + ahead) >> shift)
        }
        let outcome = run(frames, layout)
        let channel = outcome.channels[0]
        #expect(channel.gaps == 1 && channel.missing == Int(ahead) && channel.restarts == 1)
        #expect(channel.late == (ahead > 1 << 16 ? 2 : 64) && channel.lastCount == UInt32(10 + frames.count - 1))
        #expect(sent.filter { !outcome.packets.contains($0) }.count <= 4 && outcome.ledger.isBalanced)
    }

    @Test("a gap of 250 frames of TM takes their time; six frames late come at once")
    func pace() {
        let layout = FrameLayout(kind: .tm, length: 64)
        var maker = FrameMaker(layout: layout)
        let frames = (0..<500).map { _ in maker.idleFrame() }
        let gap = Array(0..<100) + Array(350..<400)
        let passed = run(gap.map { frames[$0] }, layout, at: gap).channels[0]
        #expect(passed.missing == 250 && passed.late == 0 && passed.restarts == 0)
        // As far back as the window, and behind many others where it fills a hole.
        for moved in [95, 70] {
            let order = Array(0..<moved) + Array(moved + 1...100) + [moved] + Array(101..<200)
            let late = run(order.map { frames[$0] }, layout, at: order.map { $0 == moved ? 100 : $0 }).channels[0]
            #expect(late.missing == 1 && late.late == 1, "\(moved): \(late)")
        }
        // Without times, or before there is a pace, the nearer one is likelier.
        let unknown = run(gap.map { frames[$0] }, layout).channels[0]
        #expect(unknown.missing == 0 && unknown.late > 0)
        let early = Array(0..<10) + Array(260..<300)
        #expect(run(early.map { frames[$0] }, layout, at: early).channels[0].late > 0)
        // A clock that goes back tells nothing, nor do times centuries apart.
        let odd = gap.map { $0 < 100 ? $0 : -9_000_000_000 }
        #expect(run(gap.map { frames[$0] }, layout, at: odd).channels[0].missing == 0)
    }

    @Test("more holes than are kept, and a whole round of counts, are no holes any more")
    func holes() {
        let layout = FrameLayout(kind: .aos, length: 64)
        var maker = FrameMaker(layout: layout)
        let frames = (0..<600).map { _ in maker.idleFrame() }
        let every = Array(stride(from: 0, to: 600, by: 2))
        // The oldest of 299 holes are forgotten, so that these two had come, for all that is known.
        let lost = run((every + [1, 3]).map { frames[$0] }, layout).channels[0]
        #expect(lost.missing == 299 && lost.late == 2)
        var tm = FrameMaker(layout: FrameLayout(kind: .tm, length: 64))
        let round = (0..<600).map { _ in tm.idleFrame() }
        let order = Array(0..<50) + Array(52..<310) + [306, 307] + Array(308..<320)
        let again = run(order.map { round[$0] }, FrameLayout(kind: .tm, length: 64)).channels[0]
        #expect(again.missing == 2 && again.late == 2 && again.restarts == 1)
    }
}
