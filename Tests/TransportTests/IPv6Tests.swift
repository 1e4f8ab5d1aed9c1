import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("IPv6")
struct IPv6Tests {
    private let data = Make.data(60)
    private var datagram: [UInt8] { Make.udp(data, addresses: Make.client6 + Make.server6) }

    /// An extension header of eight octets and `more` units of eight.
    private func header(_ next: UInt8, more: Int = 0, content: [UInt8] = []) -> [UInt8] {
        let octets = [next, UInt8(more)] + content
        return octets + [UInt8](repeating: 0, count: 8 + 8 * more - octets.count)
    }

    @Test("a datagram over IPv6, its name, and its checksum")
    func plain() {
        let bench = Bench()
        bench.take([Make.ethernet(Make.ipv6(datagram) + [0, 0, 0], type: 0x86DD)])
        #expect(bench.received.map(\.octets) == [data] && bench.ledger.overhead == 14 + 40 + 8 + 3)
        let flow = bench.transport.flows[0]
        #expect(flow.name == "udp [2001:db8::1]:40417 > [2001:db8::2]:14010" && flow.checksums.good == 1)
        #expect(flow.key.source == Make.client6 && flow.stack == ["ethernet", "ipv6", "udp"])
    }

    @Test("extension headers of every kind are passed over, in any number")
    func extensions() {
        let bench = Bench(.raw)
        let authentication: [UInt8] = [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        let headers = [header(60), header(43, more: 1), header(135), header(139, more: 2), header(140), header(51)]
        let chain = headers.flatMap { $0 } + authentication
        bench.take([Make.ipv6(chain + datagram, next: 0)])
        let many = Array(repeating: header(60), count: 200).flatMap { $0 }
        bench.take([Make.ipv6(many + header(17) + datagram, next: 60)])
        #expect(bench.received.map(\.octets) == [data, data] && bench.ledger.isBalanced)
        #expect(bench.transport.flows[0].checksums.good == 2)
    }

    @Test("with segments left in a routing header the checksum is not judged")
    func routing() {
        let bench = Bench(.raw)
        bench.take([Make.ipv6(header(17, more: 2, content: [0, 1]) + datagram, next: 43)])
        #expect(bench.received.map(\.marks) == [[]] && bench.transport.flows[0].checksums.unverified == 1)
    }

    @Test("jumbograms, by option and by segments left to the hardware, go to their end")
    func jumbograms() {
        let large = Make.data(70_000)
        let jumbo = Make.udp(large, length: 0, sum: .absent)
        let option = header(17, content: [0xC2, 4] + Make.u32(UInt32(jumbo.count + 8)))
        let bench = Bench(.raw)
        bench.take([Make.ipv6(option + jumbo, next: 0, length: 0) + [1, 2, 3]])
        bench.take([Make.ipv6(jumbo, length: 0)])
        #expect(bench.received.map(\.octets) == [large, large] && bench.ledger.isBalanced)
        #expect(bench.ledger.overhead == 40 + 8 + 8 + 3 + 40 + 8)
    }

    @Test("a next header of 59 ends the packet")
    func noNextHeader() {
        let bench = Bench(.raw)
        bench.take([Make.ipv6(Make.data(9), next: 59), Make.ipv6([], next: 59, length: 0)])
        #expect(bench.unclaimed("IPv6 without next header") == 9 && bench.ledger.isBalanced)
    }

    @Test(
        "a header that contradicts itself is rejected with all that follows",
        arguments: [
            (Array(Make.ipv6(Make.udp(Make.data(4))).prefix(39)), "IPv6 header is cut short"),
            ([0x45] + Make.ipv6(Make.udp(Make.data(4))).dropFirst(), "IPv6 version is not 6"),
            (Make.ipv6(Make.udp(Make.data(4)), length: 0), "IPv6 payload length is zero"),
            // The option promises no more than the field could have said.
            (
                Make.ipv6([17, 0, 0xC2, 4, 0, 0, 0, 99] + Make.udp([]), next: 0, length: 0),
                "IPv6 payload length is zero"
            ),
            (Make.ipv6([17, 0, 0xC2, 200, 0, 0, 0, 0], next: 0, length: 0), "IPv6 payload length is zero"),
            (Make.ipv6([17, 0, 0], next: 0), "extension header is cut short"),
            (Make.ipv6([17, 1] + Make.data(6), next: 60), "extension header is cut short"),
            (Make.ipv6([17, 255] + Make.data(6), next: 51), "extension header is cut short"),
            (Make.ipv6(Make.data(7)), "UDP header is cut short"),
        ])
    func refused(packet: [UInt8], reason: String) {
        let bench = Bench()
        bench.take([Make.ethernet(packet, type: 0x86DD)])
        #expect(bench.received.isEmpty && bench.ledger.isBalanced)
        #expect(bench.ledger.rejections.map(\.reason) == [reason])
    }

    @Test("what the snap length cut is told from damage at every length")
    func cut() {
        let packet = Make.ethernet(Make.ipv6(header(17, more: 1) + datagram, next: 60), type: 0x86DD)
        for length in 0..<packet.count {
            let bench = Bench()
            bench.take(packet, cutTo: length)
            #expect(bench.ledger.isBalanced && bench.ledger.rejections.isEmpty)
            #expect(bench.received.map(\.octets) == (length > 78 ? [Array(data.prefix(length - 78))] : []))
            #expect(bench.received.allSatisfy { $0.marks == .cut })
        }
    }

    @Test(
        "addresses are written as RFC 5952 wants them",
        arguments: [
            ("20010db8000000000000000000000001", "2001:db8::1"), ("00000000000000000000000000000000", "::"),
            ("00000000000000000000000000000001", "::1"), ("fe800000000000000000000000000000", "fe80::"),
            ("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"),
            ("20010000000000010000000000000001", "2001:0:0:1::1"),
            ("20010db8000000000001000000000001", "2001:db8::1:0:0:1"),
            ("00000000000000000000ffffc0000201", "::ffff:192.0.2.1"), ("0ABC000000000000000000000000DEF0", "abc::def0"),
        ])
    func names(hex: String, text: String) {
        let bench = Bench(.raw)
        bench.take([Make.ipv6(Make.udp([1], from: 5, to: 6), from: octets(hex), to: Make.server6)])
        #expect(bench.transport.flows[0].name == "udp [\(text)]:5 > [2001:db8::2]:6")
    }
}
