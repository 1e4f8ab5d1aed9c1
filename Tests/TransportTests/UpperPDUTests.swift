import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("Upper PDUs")
struct UpperPDUTests {
    private let data = Make.data(20)

    private func tag(_ number: Int, _ value: [UInt8]) -> [UInt8] { Make.u16(number) + Make.u16(value.count) + value }

    @Test("tags name dissector, addresses and ports, and what is behind the end tag is payload")
    func tags() {
        let bench = Bench(.upperPDU)
        let end = tag(0, [])
        let ports = tag(25, Make.u32(5000)) + tag(26, Make.u32(6000))
        let four = tag(20, Make.client) + tag(21, Make.server)
        let six = tag(22, Make.client6) + tag(23, Make.server6)
        let name = Array("ccsds".utf8) + [0, 0, 0]
        bench.take([
            tag(12, name) + four + tag(24, Make.u32(3)) + ports + tag(33, Make.data(4)) + end + data,
            tag(12, name) + end + data, tag(14, Array("udp.port".utf8)) + six + ports + end + data,
            tag(12, Array("ccsds".utf8)) + end + data, end + data, tag(12, [0xFF, 0x41]) + end,
        ])
        #expect(
            bench.transport.flows.map(\.name) == [
                "pdu ccsds 10.20.1.7:5000 > 10.20.9.30:6000", "pdu ccsds",
                "pdu udp.port [2001:db8::1]:5000 > [2001:db8::2]:6000", "pdu without a name", "pdu ?A",
            ])
        #expect(bench.received.map(\.flow) == [0, 1, 2, 1, 3] && bench.received.allSatisfy { $0.octets == data })
        #expect(bench.transport.flows.allSatisfy { $0.stack == ["exported_pdu"] && !$0.isStream })
        #expect(bench.ledger.isBalanced && bench.ledger.rejections.isEmpty)
    }

    @Test("tags that end early are rejected, and not when it was the snap length that cut them")
    func short() {
        let packet = tag(12, Array("ccsds".utf8) + [0, 0, 0]) + tag(0, [])
        for count in 0..<packet.count {
            let damaged = Bench(.upperPDU)
            damaged.take([Array(packet.prefix(count))])
            #expect(damaged.rejected("upper PDU tag is cut short") == count && damaged.ledger.isBalanced)
            let cut = Bench(.upperPDU)
            cut.take(packet + data, cutTo: count)
            #expect(cut.unclaimed("cut by the snap length") == count && cut.ledger.isBalanced)
        }
        let cut = Bench(.upperPDU)
        cut.take(packet + data, cutTo: packet.count + 5)
        #expect(cut.received.map(\.marks) == [.cut] && cut.received[0].octets == Array(data.prefix(5)))
    }

    @Test("no more names are kept than the limits allow")
    func tooManyNames() {
        var limits = Limits()
        limits.dissectorNames = 3
        let bench = Bench(.upperPDU, limits: limits)
        for letter in Array("ABCDEABCD".utf8) { bench.take([tag(12, [letter]) + tag(0, []) + data]) }
        #expect(bench.received.count == 6 && bench.rejected("too many dissector names") == 3 * 29)
        #expect(bench.ledger.isBalanced)
    }
}
