import Bytes
import Records
import CCSDS
import Support
import Testing

/// Sequence counts: what is missing, late and repeated, and when they say nothing.
struct PacketLedgerTests {
    private func unit(
        _ apid: UInt16, _ count: UInt16, flow: UInt32 = 1, channel: UInt32 = .max, marks: Unit.Marks = [],
        time: Int64 = 0
    ) -> Unit {
        Unit(
            extent: .empty, time: CaptureTime(nanoseconds: time), packet: 1, offset: 0, flow: flow, channel: channel,
            apid: apid, sequence: count & 0x3FFF, segment: 3, marks: marks)
    }

    private func run(_ list: [Unit]) -> (counts: [PacketCount], marks: [Unit.Marks]) {
        let ledger = PacketLedger()
        var units = Batch<Unit>()
        var marks: [Unit.Marks] = []
        for start in stride(from: 0, to: list.count, by: 5) {
            units.removeAll()
            for unit in list[start..<min(list.count, start + 5)] { units.append(unit) }
            ledger.process(&units)
            for index in 0..<units.count { marks.append(units[index].marks) }
        }
        return (ledger.counts, marks)
    }

    @Test("gaps are counted across roll-over, and the packet behind one is marked")
    func gaps() {
        let (counts, marks) = run([16380, 16381, 16382, 1, 2, 3].map { unit(5, $0) })
        #expect(counts.count == 1 && counts[0].packets == 6 && counts[0].counter == .steps)
        #expect(counts[0].gaps == 1 && counts[0].missing == 2)
        #expect(marks == [[], [], [], .gapBefore, [], []])
    }

    @Test("a late packet is late and a repeated one repeated: neither is a loss")
    func late() {
        let (counts, marks) = run([1, 2, 4, 3, 5, 6, 6, 7].map { unit(5, $0) })
        #expect(counts[0].gaps == 1 && counts[0].missing == 1 && counts[0].late == 1 && counts[0].repeated == 1)
        #expect(marks[2] == .gapBefore && marks[3] == .late && marks[4].isEmpty && marks[6] == .late)
    }

    @Test("a count that starts again is two late packets and no more")
    func restart() {
        let (counts, _) = run((500..<520).map { unit(5, $0) } + (0..<20).map { unit(5, $0) })
        #expect(counts[0].late == 2 && counts[0].gaps == 0 && counts[0].counter == .steps)
    }

    @Test("late packets that fill a gap are late however many count on; those that came already are a restart")
    func fills() {
        let (counts, marks) = run([1, 2, 9, 3, 4, 5, 6, 10, 7, 8, 11, 12].map { unit(5, $0) })
        #expect(counts[0].gaps == 1 && counts[0].missing == 6 && counts[0].late == 6 && counts[0].counter != .jumps)
        #expect(marks.count { $0 == .late } == 6 && marks.last?.isEmpty == true)
        // 3 and 4 are there by now: what counts on from there is no filling of a gap.
        let again = run([1, 2, 9, 3, 4, 3, 4, 5, 6, 7, 8, 9].map { unit(5, $0) }).counts[0]
        #expect(again.missing == 6 && again.late == 4)
    }

    @Test("packets in any order are missing and late as a plain list of them tells", arguments: [3, 20, 200] as [Int])
    func shuffled(_ most: Int) {
        var generator = SeededGenerator(seed: UInt64(most))
        let order = (0..<3000).map { ($0 + Int.random(in: 0...most, using: &generator), $0) }.sorted { $0 < $1 }
            .map(\.1).filter { _ in Int.random(in: 0..<10, using: &generator) > 0 }
        let (missing, late) = told(order)
        // Behind lost frames, so that the counts are believed.
        let count = run(order.map { unit(5, UInt16($0), channel: 0, marks: .framesLost) }).counts[0]
        #expect(count.missing == missing && count.late == late, "\(count) instead of \(missing), \(late)")
    }

    @Test("APIDs, channels, flows and kinds of packets are counted apart")
    func apart() {
        var list: [Unit] = []
        for count in 0..<10 as Range<UInt16> {
            for (flow, channel) in [(1, 0), (1, 1), (2, 0), (2, .max)] as [(UInt32, UInt32)] {
                list.append(unit(3, count, flow: flow, channel: channel))
                list.append(unit(3, count, flow: flow, channel: channel, marks: .telecommand))
                list.append(unit(4, count, flow: flow, channel: channel))
                list.append(unit(3, 0, flow: flow, channel: channel, marks: .encapsulation))
            }
        }
        let (counts, marks) = run(list)
        #expect(counts.count == 16 && counts.allSatisfy { $0.packets == 10 && $0.gaps == 0 && $0.late == 0 })
        #expect(counts.filter { $0.kind == .encapsulation }.allSatisfy { $0.counter == .none })
        #expect(!marks.contains { $0.contains(.gapBefore) || $0.contains(.late) })
    }

    @Test("counts that never move, and counts that count something else, are no losses")
    func noRule() {
        let still = run((0..<20).map { _ in unit(5, 0) }).counts[0]
        #expect(still.counter == .still && still.repeated == 0 && still.gaps == 0)
        let jumps = run((0..<20).map { unit(5, $0 * 8) }).counts[0]
        #expect(jumps.counter == .jumps && jumps.gaps == 0 && jumps.missing == 0)
        let backwards = run((0..<20).map { unit(5, 5000 &- $0 * 700) }).counts[0]
        #expect(backwards.counter == .jumps && backwards.late == 0)
        #expect(run([unit(5, 0), unit(5, 9)]).counts[0].counter == .unknown)
    }

    @Test(
        "in a virtual channel a jump where no frame was lost counts against the count, one behind lost frames does not")
    func frames() {
        let steps = (0..<20).map { unit(5, $0 * 3, channel: 0, marks: .framesLost) }
        #expect(run(steps).counts[0].counter == .unknown && run(steps).counts[0].missing == 38)
        let odd = [0, 1, 5, 6, 7, 11, 12, 15].map { unit(5, $0, channel: 0) }
        #expect(run(odd).counts[0].counter == .jumps)
        let without = [0, 1, 5, 6, 7, 11, 12, 15].map { unit(5, $0) }
        #expect(run(without).counts[0].counter == .steps && run(without).counts[0].missing == 8)
    }

    @Test("idle packets need no count, and times are those of the first and last packet")
    func idle() {
        let idle = run([9, 3, 3, 800].map { unit(0x7FF, $0, marks: .idle) })
        #expect(idle.counts[0].counter == .none && idle.marks.allSatisfy { $0 == .idle })
        let times = run([3, 5, 9].map { unit(1, UInt16($0), time: $0) }).counts[0]
        #expect(times.first.nanoseconds == 3 && times.last.nanoseconds == 9)
    }
}
