import Bytes
import Testing

@Suite struct LedgerTests {
    @Test("an empty ledger balances, and every octet that is not accounted for breaks it")
    func balance() {
        var ledger = Ledger()
        #expect(ledger.isBalanced)
        ledger.bytes = 100
        #expect(!ledger.isBalanced)
        ledger.decoded = 40
        ledger.overhead = 20
        ledger.idle = 10
        ledger.leave("ARP", bytes: 15)
        ledger.reject(.frame, "frame error control is wrong", bytes: 10, packet: 3, offset: 50)
        ledger.pending = 5
        #expect(ledger.isBalanced)
        ledger.pending = 4
        #expect(!ledger.isBalanced)
        ledger.pending = 6
        #expect(!ledger.isBalanced)
    }

    @Test("rejections are a row for each stage and reason, and name the one that stands first in the input")
    func rejections() {
        var ledger = Ledger()
        ledger.reject(.packet, "too long", bytes: 7, packet: 9, offset: 900)
        ledger.reject(.packet, "too long", bytes: 3, packet: 4, offset: 400)
        ledger.reject(.packet, "too long", count: 5, bytes: 1, packet: 11, offset: 1100)
        ledger.reject(.frame, "too long", bytes: 2, packet: 1, offset: 0)
        ledger.reject(.packet, "cut" as String, bytes: 0, packet: 0, offset: 0)
        #expect(ledger.rejections.count == 3)
        let row = ledger.rejections[0]
        #expect(row.count == 7 && row.bytes == 11 && row.firstPacket == 4 && row.firstOffset == 400)
        #expect(ledger.rejections[1].stage == .frame && ledger.rejections[2].bytes == 0)
        #expect(ledger.rejectedBytes == 13)
    }

    @Test("protocols that are not ours are a row a name")
    func unclaimed() {
        var ledger = Ledger()
        ledger.leave("ARP", bytes: 28)
        ledger.leave("UDP port 53", count: 2, bytes: 80)
        ledger.leave("ARP", bytes: 28)
        #expect(ledger.unclaimed.map(\.name) == ["ARP", "UDP port 53"])
        #expect(ledger.unclaimed[0].count == 2 && ledger.unclaimed[0].bytes == 56)
        #expect(ledger.unclaimedBytes == 136)
    }
}
