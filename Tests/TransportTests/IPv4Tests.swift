import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("IPv4")
struct IPv4Tests {
    private let data = Make.data(100)

    @Test("options, an authentication header and padding behind the packet are overhead")
    func overhead() {
        let bench = Bench()
        bench.take([
            Make.ethernet(Make.ipv4(Make.udp(data), options: [1, 1, 1, 0])),
            Make.ethernet(Make.ipv4([17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + Make.udp(data), protocol: 51)),
            Make.ethernet(Make.ipv4(Make.udp(data)) + Make.data(9)),
        ])
        #expect(bench.received.map(\.octets) == [data, data, data] && bench.received.allSatisfy { $0.marks.isEmpty })
        #expect(bench.ledger.overhead == 3 * 42 + 4 + 12 + 9 && bench.ledger.isBalanced)
        #expect(bench.transport.flows.map(\.checksums.good) == [3])
    }

    @Test("a payload says where it stands in the input, in which packet, when, and over which flow")
    func record() {
        let bench = Bench()
        bench.take([Sample(octets: Make.ethernet(Make.ipv4(Make.udp(data))), seconds: 2)])
        bench.take([Sample(octets: Make.ethernet(Make.ipv4(Make.udp(data, from: 9))), seconds: 3)])
        #expect(bench.received.map(\.packet) == [1, 2])
        #expect(bench.received.map(\.offset) == [82, 240])
        #expect(bench.received.map(\.time.nanoseconds) == [2_000_000_000, 3_000_000_000])
        let flows = bench.transport.flows
        #expect(flows.map(\.name) == ["udp 10.20.1.7:40417 > 10.20.9.30:14010", "udp 10.20.1.7:9 > 10.20.9.30:14010"])
        #expect(flows[0].key.source == Make.client && flows[0].key.destination == Make.server)
        #expect(flows[0].key.sourcePort == 40417 && flows[0].key.destinationPort == 14010 && flows[0].key.kind == .udp)
        #expect(flows.map(\.packets) == [1, 1] && flows.map(\.bytes) == [100, 100])
        #expect(flows[1].first == flows[1].last && flows[1].first.nanoseconds == 3_000_000_000)
        #expect(bench.transport.flowCount == 2)
    }

    @Test("a total length of zero, left to the hardware, means to the end of the packet")
    func segmentationOffload() {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp(data), length: 0)])
        // What is longer than 65,535 octets has no length of its own either.
        let large = Make.data(80_000)
        bench.take([Make.ipv4(Make.udp(large, length: 0), length: 0)])
        #expect(bench.received.map(\.octets) == [data, large] && bench.ledger.isBalanced)
    }

    @Test("a total length over the packet's end is damage: what is there is handed on, marked short")
    func lengthTooLarge() {
        let bench = Bench(.raw)
        bench.take([Make.ipv4(Make.udp(data), length: 129)])
        bench.take([Make.ipv4(Make.udp(data, length: 200), length: 300)])
        #expect(bench.received.map(\.octets) == [data, data] && bench.received.map(\.marks) == [.short, .short])
        #expect(bench.ledger.isBalanced && bench.transport.flows[0].checksums.unverified == 2)
    }

    @Test("what the snap length cut is handed on as far as it goes, marked cut, at every length")
    func cut() {
        let packet = Make.ethernet(Make.ipv4(Make.udp(data)))
        for length in 0..<packet.count {
            let bench = Bench()
            bench.take(packet, cutTo: length)
            #expect(bench.ledger.isBalanced && bench.ledger.rejections.isEmpty)
            if length <= 42 {
                #expect(bench.received.isEmpty)
            } else {
                #expect(bench.received.map(\.octets) == [Array(data.prefix(length - 42))])
                #expect(bench.received.map(\.marks) == [.cut])
                #expect(bench.transport.flows[0].checksums.unverified == 1)
            }
            // The layer whose header is cut is left with all that follows.
            let header = length < 14 ? length : length < 34 ? length - 14 : length < 42 ? length - 34 : 0
            #expect(bench.unclaimed("cut by the snap length") == header)
        }
    }

    @Test("padding that the snap length left away is not missed")
    func cutPadding() {
        let bench = Bench()
        bench.take(Make.ethernet(Make.ipv4(Make.udp(data)) + Make.data(10)), cutTo: 142)
        #expect(bench.received.map(\.octets) == [data] && bench.received.map(\.marks) == [[]])
        #expect(bench.transport.flows[0].checksums.good == 1)
    }

    @Test("a header checksum that is wrong is counted, one left to the hardware is not, and both are handed on")
    func headerChecksum() {
        let bench = Bench(.raw)
        var wrong = Make.ipv4(Make.udp(data))
        wrong[10] ^= 1
        var empty = Make.ipv4(Make.udp(data))
        (empty[10], empty[11]) = (0, 0)
        var options = Make.ipv4(Make.udp(data), options: [1, 1, 1, 0])
        bench.take([wrong, empty, options])
        #expect(bench.received.count == 3 && bench.transport.flows[0].checksums.wrongHeader == 1)
        options[21] = 0
        bench.take([options])
        #expect(bench.transport.flows[0].checksums.wrongHeader == 2 && bench.transport.flows[0].checksums.good == 4)
    }

    @Test(
        "a header that contradicts itself is rejected with all that follows",
        arguments: [
            (Make.ipv4(Make.udp(Make.data(4)), header: 4), "IPv4 header length is too small"),
            (Make.ipv4(Make.udp(Make.data(4)), header: 0), "IPv4 header length is too small"),
            (Make.ipv4(Make.udp(Make.data(4)), length: 19), "IPv4 total length is too small"),
            (Make.ipv4(Make.udp(Make.data(4)), header: 15), "IPv4 total length is too small"),
            (Make.ipv4(Make.udp(Make.data(4)), length: 60, header: 15), "IPv4 header is cut short"),
            (Array(Make.ipv4(Make.udp(Make.data(4))).prefix(19)), "IPv4 header is cut short"),
            ([0x65] + Make.ipv4(Make.udp(Make.data(4))).dropFirst(), "IPv4 version is not 4"),
            (Make.ipv4([17, 9, 0, 0, 0, 0, 0, 0], protocol: 51), "extension header is cut short"),
            (Make.ipv4([17, 9, 0], protocol: 51), "extension header is cut short"),
        ])
    func refused(packet: [UInt8], reason: String) {
        let bench = Bench()
        bench.take([Make.ethernet(packet)])
        #expect(bench.received.isEmpty && bench.ledger.isBalanced)
        #expect(bench.ledger.rejections.map(\.reason) == [reason])
        #expect(bench.ledger.rejections.first?.firstPacket == 1)
        #expect(bench.ledger.rejections.first.map { $0.firstOffset >= 40 + 14 } == true)
    }
}
