import Bytes
import Capture
import Testing

@Suite("pcapng")
struct BlocksTests {
    @Test("is read alike in both orders", arguments: [false, true])
    func orders(big: Bool) {
        let file = Blocks.file(600, big: big)
        let reader = reader(file)
        let reading = Reading(reader)
        #expect(reader.packets == 600 && reader.sections == 1 && reader.interfaces.count == 1)
        #expect(reader.format.description == "pcapng, \(big ? "big" : "little")-endian")
        #expect(reading.packets[1].time == 1_700_000_000_001_000_000 && reading.packets[599].number == 600)
        #expect(reading.payloads == Reading(CaptureReader(name: "", bytes: Classic().file(600))).payloads)
        #expect(reading.ledger.isBalanced && reading.ledger.bytes == file.count && reader.problems.isEmpty)
        #expect(reader.remarks[0].text == "packet 3" && reader.remarks[0].packet == 4)
        #expect(reader.remarks.count == 64)
    }

    @Test("may change its order of octets and its interfaces from section to section")
    func sections() {
        var file = Blocks()
        file.section(options: [(4, Array("writer".utf8))])
        file.interface(link: 1)
        file.interface(link: 101, options: [(2, Array("tun0\0".utf8)), (9, [9])])
        file.enhanced(5, body(1, 9), interface: 1)
        file.big = true
        file.section()
        file.interface(link: 113)
        file.enhanced(7, body(2, 10))
        let reader = reader(file.octets)
        let reading = Reading(reader)
        #expect(reading.packets.map(\.link) == [101, 113])
        #expect(reading.packets.map(\.time) == [5, 7000])
        #expect(reader.interfaces.map(\.section) == [0, 0, 1] && reader.interfaces[1].name == "tun0")
        #expect(reader.sections == 2 && reader.remarks.map(\.text) == ["writer"])
        #expect(reading.ledger.isBalanced && reading.ledger.rejections.isEmpty)
    }

    @Test(
        "counts time as its interface says: decimal and binary resolutions, and an offset in seconds",
        arguments: [
            (0, 0, 12, 12_000_000_000), (3, 0, 1500, 1_500_000_000), (6, 0, 1_000_001, 1_000_001_000),
            (9, 0, 7, 7), (12, 0, 1_234_567_890_123, 1_234_567_890), (20, 0, 1 << 60, 11_529_215),
            (0x80 | 10, 0, 1536, 1_500_000_000), (0x80 | 32, 0, 3 << 31, 1_500_000_000),
            (0x80 | 63, 0, 1 << 62, 500_000_000),
            (0x80 | 64, 0, 1 << 62, 250_000_000), (6, 100, 1, 100_000_001_000), (6, -1, 3_000_000, 2_000_000_000),
            (127, 0, 5, 0), (255, 0, 5, 0),
        ])
    func clocks(resolution: Int, offset: Int, stamp: Int, nanoseconds: Int) {
        var file = Blocks()
        var seconds = Octets()
        seconds.u64(UInt64(bitPattern: Int64(offset)))
        file.section()
        file.interface(options: [(9, [UInt8(resolution)]), (14, seconds.octets)])
        file.enhanced(UInt64(stamp), [1])
        #expect(Reading(reader(file.octets)).packets[0].time == Int64(nanoseconds))
    }

    @Test("with a time that no calendar of ours holds has an unknown one")
    func unknownTime() {
        var file = Blocks()
        file.section()
        file.interface(options: [(9, [0])])
        file.enhanced(.max, [1])
        file.enhanced(1 << 62, [1])
        #expect(Reading(reader(file.octets)).packets.map(\.time) == [.min, .min])
    }

    @Test("holds simple packets, cut at the snap length and without a time, and obsolete ones")
    func otherPackets() {
        var file = Blocks()
        file.section()
        file.interface(snap: 6)
        file.simple(body(1, 6), original: 60)
        file.simple(body(2, 5))
        file.obsolete(1_000_000, body(3, 7))
        let reader = reader(file.octets)
        let reading = Reading(reader)
        #expect(reading.packets.map(\.captured) == [6, 5, 7] && reading.packets.map(\.original) == [60, 5, 7])
        #expect(reading.packets.map(\.time) == [.min, .min, 1_000_000_000])
        #expect(reading.ledger.isBalanced && reader.packets == 3)
    }

    @Test("has blocks without packets, which are counted by name or number")
    func otherBlocks() {
        var file = Blocks()
        file.section()
        file.interface()
        file.block(4) {
            $0.u16(1)
            $0.u16(9)
            $0.raw([10, 0, 0, 1] + Array("sat1\0".utf8))
            $0.pad(to: 4)
            $0.u32(0)
        }
        file.block(5) {
            $0.raw([UInt8](repeating: 0, count: 12))
            $0.u16(5)
            $0.u16(8)
            $0.u64(42)
            $0.u32(0)
        }
        for type in [9, 10, 0xBAD, 0x4000_0BAD, 0x1234] { file.block(type) { $0.raw([1, 2, 3, 4, 5, 6, 7, 8]) } }
        let reader = reader(file.octets)
        let reading = Reading(reader)
        #expect(
            reader.blocks.map(\.name) == [
                "section header", "interface description", "name resolution", "interface statistics",
                "systemd journal export", "decryption secrets", "custom", "custom, not to be copied", "block 0x1234",
            ])
        #expect(reader.remarks.map(\.text) == ["10.0.0.1 sat1", "interface 0, dropped 42"])
        #expect(reading.ledger.overhead == file.octets.count && reading.ledger.isBalanced && reader.packets == 0)
    }

    /// A good packet, what `damage` adds, and another good packet.
    private func around(_ damage: (inout Blocks) -> Void) -> (reader: CaptureReader, reading: Reading, length: Int) {
        var file = Blocks()
        file.section()
        file.interface()
        file.enhanced(1, body(1, 20))
        let start = file.octets.count
        damage(&file)
        let length = file.octets.count - start
        file.enhanced(2, body(2, 20))
        let reader = reader(file.octets)
        return (reader, Reading(reader), length)
    }

    private func holds(_ found: (reader: CaptureReader, reading: Reading, length: Int), _ reason: String) -> Bool {
        found.reading.packets.count == 2 && found.reading.ledger.isBalanced
            && found.reading.ledger.rejections.map(\.reason) == [reason]
            && found.reading.ledger.rejectedBytes == found.length && found.reader.problems.count == 1
    }

    @Test("with a block whose two lengths differ loses that block alone")
    func trailer() {
        let found = around { $0.block(6, trailer: 77) { $0.raw([UInt8](repeating: 0xEE, count: 40)) } }
        #expect(holds(found, "block lengths in front and behind differ"))
    }

    @Test(
        "with a block whose length is no multiple of four, too short or too long loses that block alone",
        arguments: [41, 8, 0, 1 << 30])
    func length(length: Int) {
        let found = around { $0.block(6, length: length) { $0.raw([UInt8](repeating: 0xEE, count: 40)) } }
        #expect(holds(found, "block length is out of range"))
    }

    @Test("with a packet of an interface that is not there loses that packet alone")
    func interfaceOutOfRange() {
        #expect(holds(around { $0.enhanced(3, [1, 2], interface: 1) }, "block names an interface that is not there"))
    }

    @Test("with a packet that claims more octets than its block has loses that packet alone")
    func capturedTooLong() {
        #expect(holds(around { $0.enhanced(3, [1, 2], captured: 3000) }, "block is too short for its fields"))
        #expect(holds(around { $0.enhanced(3, [1, 2], captured: 0xFFFF_FFFF) }, "block is too short for its fields"))
        #expect(holds(around { $0.block(6) { $0.u32(0) } }, "block is too short for its fields"))
        #expect(holds(around { $0.block(1) { $0.u32(0) } }, "block is too short for its fields"))
    }

    @Test("passes a section of an unknown version, and reads the next that is known")
    func unknownSection() {
        var file = Blocks()
        file.section()
        file.interface()
        file.enhanced(1, [1])
        let start = file.octets.count
        file.section(major: 2)
        file.interface()
        file.enhanced(2, [2])
        let length = file.octets.count - start
        file.section()
        file.interface()
        file.enhanced(3, [3])
        let reading = Reading(reader(file.octets))
        #expect(reading.packets.map(\.time) == [1000, 3000])
        #expect(reading.ledger.rejectedBytes == length && reading.ledger.isBalanced)
        #expect(reading.ledger.rejections.map(\.count) == [1])
    }

    @Test("that begins with an unknown version or a broken byte-order mark is refused with what was found")
    func refused() {
        var version = Blocks()
        version.section(major: 1, minor: 1)
        #expect(reader(version.octets).refusal?.reason == .unknownVersion)
        #expect(reader(version.octets).refusal?.found == "pcapng version 1.1")
        var mark = Blocks.file(1)
        mark[8] = 0
        #expect(reader(mark).refusal?.reason == .badHeader)
    }

    @Test("that ends in the middle of a block gives the packets in front; the rest is pending")
    func cut() {
        let file = Blocks.file(10)
        let reading = Reading(reader(Array(file.dropLast(3))))
        #expect(reading.packets.count == 9 && reading.ledger.pending > 0 && reading.ledger.isBalanced)
    }

    @Test("with an option that runs out of its block keeps what stands in front of the option")
    func brokenOption() {
        var file = Blocks()
        file.section()
        file.interface(options: [(9, [9])])
        // The length of the option's value.
        file.octets[28 + 16 + 2] = 200
        file.enhanced(1, [1])
        let reading = Reading(reader(file.octets))
        #expect(reading.packets.map(\.time) == [1000] && reading.ledger.isBalanced)
    }

    @Test("holds no more interfaces than 65,536")
    func manyInterfaces() {
        var file = Blocks()
        file.section()
        for _ in 0..<65_540 { file.interface() }
        let reader = reader(file.octets)
        let reading = Reading(reader)
        #expect(reader.interfaces.count == 65_536 && reading.ledger.rejections.map(\.count) == [4])
        #expect(reading.ledger.isBalanced && reader.problems.count == 4)
    }
}
