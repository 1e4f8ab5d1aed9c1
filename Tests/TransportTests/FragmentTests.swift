import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("Fragments")
struct FragmentTests {
    private let data = Make.data(392)
    private var datagram: [UInt8] { Make.udp(data) }

    @Test("a datagram comes together in every order of its fragments")
    func everyOrder() {
        let parts = Make.fragments(datagram, at: [104, 200, 304])
        for order in permutations([0, 1, 2, 3]) {
            let bench = Bench(.raw)
            for part in order { bench.take([Sample(octets: parts[part], seconds: Double(part))]) }
            #expect(bench.received.map(\.octets) == [data] && bench.received.map(\.marks) == [.assembled])
            #expect(bench.received[0].packet == 4 && bench.transport.flows[0].checksums.good == 1)
            // Its place is that of its first part, its time that of its last.
            let first = order.firstIndex(of: 0) ?? 0
            let before = order[..<first].reduce(0) { $0 + parts[$1].count + 16 }
            #expect(bench.received[0].offset == UInt64(40 + before + 20 + 8))
            #expect(bench.received[0].time.nanoseconds == Int64(order[3]) * 1_000_000_000)
            bench.finish()
            #expect(bench.ledger.isBalanced && bench.ledger.overhead == 4 * 20 + 8 && bench.ledger.pending == 0)
        }
    }

    @Test("datagrams whose fragments mix come together each for itself")
    func interleaved() {
        let bench = Bench(.raw)
        let other = Make.data(300, seed: 5)
        let (a, b) = (Make.fragments(datagram, at: [200]), Make.fragments(Make.udp(other, from: 9), at: [200], id: 78))
        bench.take([a[1], b[0], b[1], a[0]])
        #expect(bench.received.map(\.octets) == [other, data] && bench.ledger.isBalanced)
    }

    @Test("IPv6: fragments come together, with headers in front and behind, and one that is alone is none")
    func version6() {
        let bench = Bench(.raw)
        let whole = Make.udp(data, addresses: Make.client6 + Make.server6)
        let behind: [UInt8] = [17, 0, 1, 4, 0, 0, 0, 0] + whole
        bench.take([
            Make.fragment6(Array(behind[304...]), at: 304, more: false, next: 60),
            Make.fragment6(Array(behind[..<304]), at: 0, more: true, next: 60),
            Make.fragment6(whole, at: 0, more: false),
        ])
        #expect(bench.received.map(\.octets) == [data, data])
        #expect(bench.received.map(\.marks) == [.assembled, []])
        #expect(bench.transport.flows[0].checksums.good == 2 && bench.ledger.isBalanced)
    }

    @Test("a repeated fragment is overhead, and where fragments overlap the first octets stay")
    func overlap() {
        let bench = Bench(.raw)
        let whole = datagram
        func part(_ range: Range<Int>, _ value: UInt8?, more: Bool = true) -> [UInt8] {
            let octets = value.map { [UInt8](repeating: $0, count: range.count) } ?? Array(whole[range])
            return Make.ipv4(octets, id: 5, fragment: range.lowerBound / 8 | (more ? 0x2000 : 0))
        }
        bench.take([part(104..<200, nil), part(104..<200, 0xEE), part(96..<208, nil), part(0..<200, nil)])
        #expect(bench.received.isEmpty)
        bench.take([part(200..<400, nil, more: false)])
        #expect(bench.received.map(\.octets) == [data] && bench.transport.flows[0].checksums.good == 1)
        #expect(bench.ledger.overhead == 5 * 20 + 8 + 96 + 96 + 104 + 8 && bench.ledger.isBalanced)
    }

    @Test("protocols that are not ours are put together and left by name")
    func foreign() {
        let bench = Bench(.raw)
        bench.take(Make.fragments(Make.data(64), at: [32], protocol: 1))
        #expect(bench.unclaimed("ICMP") == 64 && bench.received.isEmpty && bench.ledger.isBalanced)
    }

    @Test("a TCP segment in fragments is part of its stream")
    func tcp() {
        let bench = Bench(.raw)
        bench.take(Make.fragments(Make.tcp(data, sequence: 7), at: [40, 104], protocol: 6))
        bench.take([Make.ipv4(Make.tcp([1, 2, 3], sequence: 7 + 392), protocol: 6)])
        #expect(bench.stream("tcp 10.20.1.7:5000 > 10.20.9.30:6000") == data + [1, 2, 3] && bench.ledger.isBalanced)
    }

    @Test("fragments whose rest never comes are pending at the end")
    func pending() {
        let bench = Bench(.raw)
        let parts = Make.fragments(datagram, at: [104, 200])
        bench.take([parts[0], parts[2]])
        #expect(!bench.ledger.isBalanced)
        bench.finish()
        #expect(bench.received.isEmpty && bench.ledger.pending == 104 + 200 && bench.ledger.isBalanced)
    }

    @Test("fragments that wait too long are rejected, and their late rest is, too")
    func age() {
        let bench = Bench(.raw)
        let parts = Make.fragments(datagram, at: [104])
        bench.take([Sample(octets: parts[0], seconds: 1)])
        bench.take([Sample(octets: Make.fragments(datagram, at: [104], id: 5)[0], seconds: 30)])
        #expect(bench.ledger.rejections.isEmpty)
        bench.take([Sample(octets: parts[1], seconds: 32)])
        #expect(bench.received.isEmpty && bench.rejected("fragments never completed") == 104)
        #expect(bench.ledger.rejections.first?.firstPacket == 1 && bench.ledger.rejections.first?.firstOffset == 60)
        bench.finish()
        #expect(bench.ledger.isBalanced && bench.ledger.pending == 296 + 104)
    }

    @Test("no more datagrams and octets wait than the limits allow: the oldest go")
    func limits() {
        var limits = Limits()
        limits.fragmentedDatagrams = 10
        let bench = Bench(.raw, limits: limits)
        bench.take((0..<100).map { Make.fragments(datagram, at: [104], id: $0)[0] })
        #expect(bench.rejected("too many fragments waiting") == 90 * 104)
        bench.take((90..<100).map { Make.fragments(datagram, at: [104], id: $0)[1] })
        #expect(bench.received.count == 10)

        limits.fragmentedDatagrams = 1000
        limits.fragmentOctets = 100_000
        let other = Bench(.raw, limits: limits)
        // A few octets at the far end of a datagram cost the memory of the whole.
        other.take((0..<50).map { Make.ipv4(Make.data(8), id: $0, fragment: 0x2000 | 8000) })
        #expect(other.rejected("too many fragments waiting") == 49 * 8)
        for bench in [bench, other] {
            bench.finish()
            #expect(bench.ledger.isBalanced)
        }
    }

    @Test("many datagrams that complete while one waits leave nothing behind")
    func longWait() {
        let bench = Bench(.raw)
        bench.take([Make.fragments(datagram, at: [104], id: 60_000)[0]])
        for id in 0..<500 { bench.take(Make.fragments(datagram, at: [104], id: id)) }
        bench.take([Make.fragments(datagram, at: [104], id: 60_000)[1]])
        #expect(bench.received.count == 501 && bench.ledger.isBalanced)
    }

    @Test("a fragment that the snap length cut completes its datagram as far as octets are there")
    func cut() {
        for length in 0..<396 {
            let bench = Bench(.raw)
            let parts = Make.fragments(datagram, at: [200])
            bench.take(parts[0], cutTo: min(220, 20 + length))
            bench.take(parts[1], cutTo: 20 + max(8, length - 200))
            let there = length < 200 ? length : max(208, length)
            #expect(bench.received.map(\.octets) == (there > 8 ? [Array(data.prefix(there - 8))] : []))
            #expect(bench.received.allSatisfy { $0.marks == [.assembled, .cut] })
            #expect(bench.ledger.isBalanced && bench.ledger.rejections.isEmpty)
        }
    }

    @Test("a fragment that cannot be right is rejected and the others wait on")
    func refused() {
        let parts = Make.fragments(datagram, at: [104, 200])
        let cases: [([UInt8], String)] = [
            (Make.ipv4(Make.data(9), id: 77, fragment: 0x2000), "fragment length is no multiple of 8"),
            (Make.ipv4(Make.data(60), id: 77, fragment: 8190), "fragments are longer than a datagram can be"),
            (Make.ipv4(Make.data(8), id: 77, fragment: 14), "fragments disagree on the length"),
            (Make.ipv4(Make.data(16), id: 77, fragment: 0x2000 | 49), "fragments disagree on the length"),
            (Make.ipv4(Make.data(8), id: 77, fragment: 0x2000 | 14, length: 999), "fragment is cut short"),
            // A fragment of no octets says nothing.
            (Make.ipv4([], id: 77, fragment: 0x2000 | 14), ""),
        ]
        for (packet, reason) in cases {
            let bench = Bench(.raw)
            bench.take([parts[2], packet, parts[0], parts[1]])
            #expect(bench.received.map(\.octets) == [data], "\(reason)")
            #expect(bench.ledger.rejections.map(\.reason) == (reason.isEmpty ? [] : [reason]))
            #expect(bench.ledger.isBalanced)
        }
    }

    @Test("a last fragment in front of what has come already is rejected")
    func lastTooEarly() {
        let bench = Bench(.raw)
        let parts = Make.fragments(datagram, at: [104, 200])
        bench.take([parts[1], Make.ipv4(Make.data(8), id: 77, fragment: 14), parts[0], parts[2]])
        #expect(bench.received.map(\.octets) == [data] && bench.rejected("fragments disagree on the length") == 8)
    }

    @Test("a fragment inside a fragmented datagram is rejected: there is no end to that")
    func nested() {
        let bench = Bench(.raw)
        let inner: [UInt8] = [17, 0, 0, 1, 0, 0, 0, 7] + Make.data(64)
        bench.take([
            Make.fragment6(Array(inner[..<40]), at: 0, more: true, next: 44),
            Make.fragment6(Array(inner[40...]), at: 40, more: false, next: 44),
        ])
        #expect(bench.rejected("fragment inside a fragmented datagram") == 64 && bench.ledger.isBalanced)
    }

    private func permutations(_ items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.flatMap { item in permutations(items.filter { $0 != item }).map { [item] + $0 } }
    }
}
