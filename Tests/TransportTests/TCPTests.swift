import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("TCP")
struct TCPTests {
    private let name = "tcp 10.20.1.7:5000 > 10.20.9.30:6000"
    private let data = Make.data(1000)

    /// Octets `range` of the test's data, the first with sequence number `base`.
    private func segment(_ range: Range<Int>, base: UInt32 = 1001, flags: UInt8 = Make.ack) -> [UInt8] {
        Make.ipv4(
            Make.tcp(Array(data[range]), sequence: base &+ UInt32(range.lowerBound), flags: flags), protocol: 6)
    }

    private func syn(_ sequence: UInt32 = 1000, data: [UInt8] = []) -> [UInt8] {
        Make.ipv4(Make.tcp(data, sequence: sequence, flags: Make.syn, options: [2, 4, 5, 180]), protocol: 6)
    }

    /// What the receiver sends to acknowledge all octets in front of `number`.
    private func acknowledgement(_ number: UInt32) -> [UInt8] {
        Make.ipv4(
            Make.tcp([], sequence: 1, acknowledges: number, from: 6000, to: 5000), protocol: 6, from: Make.server,
            to: Make.client)
    }

    private func counts(_ bench: Bench) -> StreamCounts { bench.transport.flows[0].tcp ?? StreamCounts() }

    @Test("segments in order are handed on where they stand, headers are overhead")
    func inOrder() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(0..<100), segment(100..<400), segment(400..<1000, flags: Make.ack | Make.fin)])
        bench.finish()
        #expect(bench.received.map(\.octets.count) == [100, 300, 600] && bench.stream(name) == data)
        #expect(bench.received.allSatisfy { $0.marks.isEmpty } && bench.received[0].offset == 40 + 44 + 16 + 40)
        #expect(bench.ledger.overhead == 24 + 4 * 20 + 3 * 20 && bench.ledger.isBalanced)
        let flow = bench.transport.flows[0]
        #expect(flow.name == name && flow.isStream && flow.stack == ["raw", "ipv4", "tcp"] && flow.key.kind == .tcp)
        #expect(flow.packets == 3 && flow.bytes == 1000 && flow.checksums.good == 3 && flow.tcp == StreamCounts())
    }

    @Test("a capture that begins in the middle begins with the first octet seen, acknowledgements alone not counting")
    func middle() {
        let bench = Bench(.raw)
        bench.take([segment(400..<400), segment(400..<700), segment(700..<1000)])
        #expect(bench.stream(name) == Array(data[400...]) && counts(bench).beginsInTheMiddle)
        #expect(bench.received.map(\.marks) == [[], []] && counts(bench).missing == 0)
    }

    @Test("a first segment that is missing is missed, since the connection's opening told where it begins")
    func firstMissing() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(100..<200), segment(0..<100)])
        #expect(bench.stream(name) == Array(data[..<200]) && !counts(bench).beginsInTheMiddle)
    }

    @Test("data that comes with the opening is the first of the stream")
    func openingWithData() {
        let bench = Bench(.raw)
        bench.take([syn(data: Array(data[..<50])), segment(50..<100), syn(data: Array(data[..<50]))])
        #expect(bench.stream(name) == Array(data[..<100]) && counts(bench).retransmitted == 50)
        #expect(bench.ledger.isBalanced)
    }

    @Test("segments in any order make the same stream", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func anyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var cuts = (0..<40).map { _ in Int.random(in: 1..<1000, using: &random) } + [0, 1000]
        cuts = Array(Set(cuts)).sorted()
        var pieces = zip(cuts, cuts.dropFirst()).map { $0..<$1 }
        // Some come twice, and some overlap others.
        pieces += (0..<15).map { _ in
            let start = Int.random(in: 0..<999, using: &random)
            return start..<Int.random(in: start + 1...1000, using: &random)
        }
        pieces.shuffle(using: &random)
        let bench = Bench(.raw)
        // Close under 2^32, so that numbers wrap.
        bench.take([syn(0xFFFF_FF00)])
        for piece in pieces { bench.take([segment(piece, base: 0xFFFF_FF01)]) }
        #expect(bench.stream(name) == data && bench.received.allSatisfy { $0.marks.isEmpty }, "seed \(seed)")
        let sent = pieces.reduce(0) { $0 + $1.count }
        #expect(counts(bench).retransmitted == sent - 1000 && counts(bench).missing == 0, "seed \(seed)")
        bench.finish()
        #expect(bench.ledger.isBalanced && bench.ledger.decoded == 1000, "seed \(seed)")
    }

    @Test("repeated segments and keep-alives are overhead; where others overlap, the first octets stay")
    func repeated() {
        let bench = Bench(.raw)
        let other = [UInt8](repeating: 0xEE, count: 200)
        func foreign(_ start: Int) -> [UInt8] {
            Make.ipv4(Make.tcp(other, sequence: 1001 + UInt32(start)), protocol: 6)
        }
        bench.take([syn(), segment(0..<100), segment(0..<100), segment(99..<100), foreign(0)])
        var expected = Array(data[..<100]) + other[100...]
        #expect(bench.stream(name) == expected)
        bench.take([segment(300..<400), foreign(250), segment(200..<300)])
        for part in [data[200..<250], other[..<50], data[300..<400], other[150...]] { expected += part }
        #expect(bench.stream(name) == expected)
        #expect(counts(bench).retransmitted == 351)
        bench.finish()
        #expect(bench.ledger.isBalanced)
    }

    @Test("payloads that waited say when and where they came, not what let them go")
    func waited() {
        let bench = Bench(.raw)
        bench.take([
            Sample(octets: syn()), Sample(octets: segment(100..<200), seconds: 1),
            Sample(octets: segment(0..<100), seconds: 2),
        ])
        #expect(bench.received.map(\.packet) == [3, 2])
        #expect(bench.received.map(\.time.nanoseconds) == [2_000_000_000, 1_000_000_000])
        #expect(bench.received[1].offset == 40 + 44 + 16 + 40 && counts(bench).outOfOrder == 1)
    }

    @Test("a hole that is not filled until the end is a gap")
    func holeAtTheEnd() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(0..<100), segment(200..<300), segment(500..<600), segment(300..<400)])
        #expect(bench.received.count == 1)
        bench.finish()
        #expect(bench.received.map(\.marks) == [[], .gapBefore, [], .gapBefore])
        #expect(bench.stream(name) == Array(data[..<100] + data[200..<400] + data[500..<600]))
        #expect(counts(bench).missing == 200 && bench.ledger.isBalanced && bench.ledger.pending == 0)
    }

    @Test("a hole that the receiver acknowledged is given up after a number of segments, not at once")
    func acknowledged() {
        var limits = Limits()
        limits.segmentsAfterAcknowledgement = 3
        let bench = Bench(.raw, limits: limits)
        bench.take([syn(), segment(0..<100), segment(200..<300), acknowledgement(1101), segment(300..<400)])
        #expect(bench.received.count == 1)
        bench.take([acknowledgement(1401), segment(400..<500), acknowledgement(1501)])
        #expect(bench.received.count == 1)
        bench.take([segment(500..<600)])
        #expect(bench.received.map(\.marks) == [[], .gapBefore, [], [], []])
        // A capture that had mixed up the order still gets it right within that number.
        let mixed = Bench(.raw, limits: limits)
        mixed.take([syn(), segment(0..<100), acknowledgement(1301), segment(200..<300), acknowledgement(1301)])
        mixed.take([segment(100..<200), segment(300..<400)])
        #expect(mixed.stream(name) == Array(data[..<400]) && counts(mixed).missing == 0)
    }

    @Test("no more waits than the limits allow: octets and segments of a stream, memory of all streams")
    func limits() {
        var limits = Limits()
        limits.streamOctets = 250
        let octets = Bench(.raw, limits: limits)
        octets.take([syn(), segment(0..<10)] + (1..<10).map { segment($0 * 100..<$0 * 100 + 99) })
        #expect(octets.received.count > 5)
        limits = Limits()
        limits.streamSegments = 4
        let segments = Bench(.raw, limits: limits)
        segments.take([syn(), segment(0..<10)] + (1..<10).map { segment($0 * 100..<$0 * 100 + 1) })
        #expect(segments.received.count == 1 + 5)
        limits = Limits()
        limits.heldOctets = 10_000
        let all = Bench(.raw, limits: limits)
        let flows = (0..<50).map { Make.ipv4(Make.tcp([1], sequence: 1, from: $0), protocol: 6) }
        let ahead = (0..<50).map { Make.ipv4(Make.tcp([3], sequence: 3, from: $0), protocol: 6) }
        all.take(flows + ahead)
        // 513 octets each, its buffer counted in.
        #expect(all.received.count == 50 + 50 - 19)
        for bench in [octets, segments, all] {
            #expect(bench.received.contains { $0.marks == .gapBefore })
            bench.finish()
            #expect(bench.ledger.isBalanced)
        }
    }

    @Test("a reset lets go what waits, and what it carries itself is no part of the stream")
    func reset() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(0..<100), segment(200..<300), segment(100..<110, flags: Make.rst)])
        #expect(bench.received.map(\.marks) == [[], .gapBefore])
        #expect(bench.ledger.overhead == 24 + 20 + 3 * 40 + 10 && bench.ledger.isBalanced)
    }

    @Test("a connection opened anew between the same ports goes on behind a gap")
    func openedAnew() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(0..<100), segment(200..<250), syn(), syn(70_000)])
        bench.take([segment(0..<300, base: 70_001)])
        #expect(bench.received.map(\.marks) == [[], .gapBefore, .gapBefore])
        #expect(bench.received[2].octets == Array(data[..<300]) && bench.transport.flowCount == 1)
    }

    @Test("a number further off than any window is another connection, whose opening was not captured")
    func farAway() {
        let bench = Bench(.raw)
        bench.take([segment(0..<100), segment(0..<100, base: 0x6000_0000), segment(100..<200, base: 0x6000_0000)])
        bench.take([segment(0..<50, base: 0xE000_0000)])
        #expect(bench.received.map(\.marks) == [[], .gapBefore, [], .gapBefore] && bench.ledger.isBalanced)
    }

    @Test("an opening that was captured late tells that the stream did not begin in the middle")
    func lateOpening() {
        let bench = Bench(.raw)
        bench.take([segment(0..<100), syn()])
        #expect(!counts(bench).beginsInTheMiddle && bench.received.count == 1)
    }

    @Test("a segment that the snap length cut leaves a gap behind it, and the next is in turn")
    func cut() {
        let bench = Bench(.raw)
        bench.take([syn()])
        bench.take(segment(0..<100), cutTo: 40 + 30)
        bench.take(segment(200..<300), cutTo: 40 + 30)
        bench.take(segment(100..<200), cutTo: 40)
        bench.take([segment(300..<400)])
        #expect(bench.received.map(\.octets.count) == [30, 30, 100])
        #expect(bench.received.map(\.marks) == [.cut, [.gapBefore, .cut], .gapBefore])
        #expect(counts(bench).missing == 70 + 100 + 70 && bench.ledger.isBalanced)
        #expect(bench.transport.flows[0].checksums.unverified == 3)
    }

    @Test("a segment that IP promised more of does not make the stream skip")
    func short() {
        let bench = Bench(.raw)
        let promising = Make.ipv4(Make.tcp(Array(data[..<100]), sequence: 1001), protocol: 6, length: 400)
        bench.take([syn(), promising, segment(100..<200)])
        #expect(bench.received.map(\.marks) == [.short, []] && bench.stream(name) == Array(data[..<200]))
    }

    @Test("checksums are told apart, those of segments that wait as well")
    func checksums() {
        let bench = Bench(.raw)
        func segment(_ start: UInt32, _ sum: Make.Sum) -> [UInt8] {
            Make.ipv4(Make.tcp([1, 2, 3, 4], sequence: start, sum: sum), protocol: 6)
        }
        bench.take([segment(0, .right), segment(8, .wrong), segment(4, .pseudoHeader), segment(12, .absent)])
        bench.take([segment(16, .pseudoHeaderWithoutLength)])
        #expect(bench.received.map(\.marks) == [[], .unchecked, .wrongChecksum, .unchecked, .unchecked])
        let sums = bench.transport.flows[0].checksums
        #expect(sums.good == 1 && sums.wrong == 1 && sums.leftEmpty == 3)
    }

    @Test("each direction of a connection is a flow of its own; one that sends nothing is none")
    func directions() {
        let bench = Bench(.raw)
        bench.take([syn(), segment(0..<100), acknowledgement(1101)])
        #expect(bench.transport.flows.map(\.name) == [name])
        bench.take([
            Make.ipv4(Make.tcp([7], sequence: 1, from: 6000, to: 5000), protocol: 6, from: Make.server, to: Make.client)
        ])
        #expect(bench.transport.flows.map(\.name) == [name, "tcp 10.20.9.30:6000 > 10.20.1.7:5000"])
    }

    @Test("a scan of many ports makes no flows and a flow beyond the limit is rejected")
    func scan() {
        var limits = Limits()
        limits.flows = 1
        let bench = Bench(.raw, limits: limits)
        bench.take((0..<20_000).map { Make.ipv4(Make.tcp([], sequence: 9, flags: Make.syn, to: $0), protocol: 6) })
        #expect(bench.transport.flowCount == 0)
        bench.take([segment(0..<100), Make.ipv4(Make.tcp(Make.data(7), sequence: 1, from: 1), protocol: 6)])
        #expect(bench.received.count == 1 && bench.rejected("too many flows") == 7 && bench.ledger.isBalanced)
    }

    @Test(
        "a header that contradicts itself is rejected with all that follows",
        arguments: [
            (Make.tcp(Make.data(9), sequence: 1, header: 4), "TCP header length is too small"),
            (Make.tcp(Make.data(9), sequence: 1, header: 0), "TCP header length is too small"),
            (Make.tcp(Make.data(9), sequence: 1, header: 15), "TCP header is cut short"),
            (Array(Make.tcp([], sequence: 1).prefix(19)), "TCP header is cut short"), ([], "TCP header is cut short"),
        ])
    func refused(segment: [UInt8], reason: String) {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(segment, protocol: 6)])
        #expect(bench.received.isEmpty && bench.rejected(reason) == segment.count && bench.ledger.isBalanced)
        #expect(bench.ledger.rejections.map(\.reason) == [reason])
    }
}
