import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("UDP")
struct UDPTests {
    private let data = Make.data(100)

    @Test("a datagram without octets is counted and nothing is handed on")
    func empty() {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp([]))])
        #expect(bench.received.isEmpty && bench.ledger.isBalanced && bench.ledger.overhead == 28)
        #expect(bench.transport.flows[0].packets == 1 && bench.transport.flows[0].bytes == 0)
    }

    @Test("octets behind the datagram that IP still counts are overhead")
    func trailing() {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp(data) + Make.data(7))])
        #expect(bench.received.map(\.octets) == [data] && bench.received[0].marks.isEmpty)
        #expect(bench.ledger.overhead == 35 && bench.ledger.isBalanced)
    }

    @Test("checksums are told apart: right, wrong, absent, left to the hardware in either way")
    func checksums() {
        let bench = Bench(.raw)
        let sums: [Make.Sum] = [.right, .wrong, .absent, .pseudoHeader, .pseudoHeaderWithoutLength]
        for sum in sums { bench.take([Make.ipv4(Make.udp(data, sum: sum))]) }
        #expect(bench.received.map(\.marks) == [[], .wrongChecksum, [], .unchecked, .unchecked])
        #expect(bench.received.allSatisfy { $0.octets == data })
        var expected = ChecksumCounts()
        (expected.good, expected.wrong, expected.absent, expected.leftEmpty) = (1, 1, 1, 2)
        #expect(bench.transport.flows[0].checksums == expected)
    }

    @Test("where nobody asks for checksums, payloads are the same and unmarked", arguments: [LinkType.raw, .ethernet])
    func unasked(link: LinkType) {
        let bench = Bench(link, verifiesChecksums: false)
        for sum in [Make.Sum.right, .wrong, .absent] {
            let packet = Make.ipv4(Make.udp(data, sum: sum))
            bench.take([link == .raw ? packet : Make.ethernet(packet)])
        }
        #expect(bench.received.map(\.octets) == [data, data, data] && bench.received.allSatisfy { $0.marks.isEmpty })
        var expected = ChecksumCounts()
        (expected.unverified, expected.absent) = (2, 1)
        #expect(bench.transport.flows.map(\.checksums) == [expected])
    }

    @Test("checksums of every length and alignment are found right, and one wrong bit is found", arguments: 0..<70)
    func everyLength(count: Int) {
        let bench = Bench(.raw)
        let right = Make.ipv4(Make.udp(Make.data(count, seed: count)))
        var flipped = right
        flipped[20 + 8 - (count == 0 ? 8 : 0) + count / 2] ^= 0x10
        bench.take([right, flipped])
        let checksums = bench.transport.flows.reduce(into: [0, 0]) {
            $0[0] += $1.checksums.good
            $0[1] += $1.checksums.wrong
        }
        #expect(checksums == [1, 1])
    }

    @Test("a length that IP cannot hold is damage: what is there is handed on, marked short")
    func tooLong() {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp(data, length: 109))])
        #expect(bench.received.map(\.octets) == [data] && bench.received[0].marks == .short)
        #expect(bench.transport.flows[0].checksums.unverified == 1)
    }

    @Test("a length below the header's own is rejected", arguments: [0, 1, 7])
    func tooShort(length: Int) {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp(data, length: length))])
        #expect(bench.received.isEmpty && bench.rejected("UDP length is too small") == 108 && bench.ledger.isBalanced)
    }

    @Test("a header that IP does not leave room for is rejected", arguments: 0..<8)
    func shortHeader(count: Int) {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.data(count)) + Make.data(40)])
        #expect(bench.received.isEmpty && bench.rejected("UDP header is cut short") == count)
        #expect(bench.ledger.overhead == 60 && bench.ledger.isBalanced)
    }

    @Test("the short way of plain packets does what the layers do one by one", arguments: 0..<60 as Range<UInt64>)
    func plain(seed: UInt64) {
        // The same packets over a link that knows no short way, its header as long as that of Ethernet.
        var random = SeededGenerator(seed: seed)
        let (short, long) = (Bench(), Bench(.null))
        for _ in 0..<100 {
            let sums: [Make.Sum] = [.right, .wrong, .absent, .pseudoHeader]
            let count = Int.random(in: 0..<60, using: &random)
            let port = Int.random(in: 1...40, using: &random)
            var packet = Make.ipv4(
                Make.udp(Make.data(count), from: port, sum: sums.randomElement(using: &random) ?? .right)
                    + Make.data(Int.random(in: 0...1, using: &random)))
            if Bool.random(using: &random) { packet += Make.data(5) }
            if Bool.random(using: &random) {
                let place = Int.random(in: 0..<28, using: &random)
                packet[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            }
            let kept = Bool.random(using: &random) ? packet.count : Int.random(in: 0...packet.count, using: &random)
            let seconds = Double.random(in: 0..<9, using: &random)
            for (bench, header) in [(short, Make.ethernet([])), (long, [2, 0, 0, 0])] {
                let all = header + packet
                bench.take([
                    Sample(octets: Array(all.prefix(header.count + kept)), original: all.count, seconds: seconds)
                ])
            }
        }
        short.finish()
        long.finish()
        #expect(short.received.map(\.octets) == long.received.map(\.octets))
        #expect(short.received.map(\.marks) == long.received.map(\.marks))
        #expect(short.received.map(\.packet) == long.received.map(\.packet))
        #expect(short.received.map(\.flow) == long.received.map(\.flow))
        // Headers of ten octets less, a packet after the other.
        for (one, other) in zip(short.received, long.received) { #expect(one.offset == other.offset + one.packet * 10) }
        let (ours, theirs) = (short.transport.flows, long.transport.flows)
        #expect(ours.map(\.name) == theirs.map(\.name) && ours.map(\.bytes) == theirs.map(\.bytes))
        #expect(ours.map(\.checksums) == theirs.map(\.checksums) && ours.map(\.packets) == theirs.map(\.packets))
        #expect(ours.map(\.first) == theirs.map(\.first) && ours.map(\.last) == theirs.map(\.last))
        #expect(short.ledger.overhead == long.ledger.overhead + 100 * 10)
        #expect(short.ledger.unclaimed == long.ledger.unclaimed && short.ledger.isBalanced && long.ledger.isBalanced)
        #expect(short.ledger.rejections.map(\.bytes) == long.ledger.rejections.map(\.bytes))
    }

    @Test("flows beyond the limit are rejected and the others go on")
    func tooManyFlows() {
        var limits = Limits()
        limits.flows = 300
        let bench = Bench(.raw, limits: limits)
        for _ in 0..<2 { bench.take((0..<400).map { Make.ipv4(Make.udp(data, from: 1000 + $0)) }) }
        #expect(bench.transport.flowCount == 300 && bench.received.count == 600)
        #expect(bench.received.map(\.flow) == Array(0..<300) + Array(0..<300))
        #expect(bench.rejected("too many flows") == 200 * 108 && bench.ledger.isBalanced)
    }
}
