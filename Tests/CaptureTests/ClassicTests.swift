import Bytes
import Capture
import Testing

@Suite("Classic pcap")
struct ClassicTests {
    @Test("is read alike in both orders", arguments: [false, true])
    func orders(big: Bool) {
        let file = Classic(big: big).file(700)
        let reader = reader(file)
        let reading = Reading(reader)
        #expect(reader.format.description == "pcap, \(big ? "big" : "little")-endian, microseconds")
        #expect(reader.packets == 700 && reading.packets.count == 700 && reading.batches == 2)
        #expect(reading.packets.map(\.number) == Array(1...700))
        #expect(reading.packets[1].time == 1_700_000_000_001_000_000)
        #expect(reading.packets[0].offset == 40 && reading.packets[1].offset == 24 + 16 + 40 + 16)
        #expect(reading.payloads == Reading(CaptureReader(name: "", bytes: Classic().file(700))).payloads)
        #expect(reading.ledger.overhead == 24 + 700 * 16 && reading.ledger.bytes == file.count)
        #expect(reading.ledger.isBalanced && reader.problems.isEmpty)
    }

    @Test("has nanoseconds under its other magic number, and unsigned seconds that reach to 2106")
    func nanoseconds() {
        let kind = Classic(magic: 0xA1B2_3C4D)
        let reader = reader(kind.header() + kind.record(4_294_967_295, 999_999_999, [1, 2, 3]))
        let reading = Reading(reader)
        #expect(reading.packets[0].time == 4_294_967_295_999_999_999)
        #expect(reader.format.timeDigits == 9 && reader.interfaces[0].timeDigits == 9)
    }

    @Test("carries fractions above a second over")
    func invalidFraction() {
        let kind = Classic()
        let reading = Reading(reader(kind.header() + kind.record(10, 2_500_000, [1])))
        #expect(reading.packets[0].time == 12_500_000_000)
    }

    @Test("of Kuznetzov's kind has eight octets more in a record's header")
    func modified() {
        let kind = Classic(magic: 0xA1B2_CD34, extra: 8)
        let reader = reader(kind.file(5))
        let reading = Reading(reader)
        #expect(reading.payloads == Reading(CaptureReader(name: "", bytes: Classic().file(5))).payloads)
        #expect(reader.format.variant == .modified && reading.ledger.overhead == 24 + 5 * 24)
    }

    @Test("of old versions has the lengths the other way round", arguments: [(2, 2), (543, 0)])
    func swapped(major: Int, minor: Int) {
        let kind = Classic(major: major, minor: minor, swapped: true)
        let reader = reader(kind.header() + kind.record(1, 0, [1, 2, 3], original: 100))
        let reading = Reading(reader)
        #expect(reading.packets[0].captured == 3 && reading.packets[0].original == 100)
        #expect(reader.format.variant == .swappedLengths)
    }

    @Test("of version 2.3 has the lengths either way round")
    func mixed() {
        var kind = Classic(minor: 3)
        var file = kind.header() + kind.record(1, 0, [1, 2, 3], original: 100)
        kind.swapped = true
        file += kind.record(2, 0, [4, 5], original: 90)
        let reading = Reading(reader(file))
        #expect(reading.packets.map(\.captured) == [3, 2] && reading.packets.map(\.original) == [100, 90])
    }

    @Test("keeps the length of the check sequence that the link type's upper bits tell")
    func upperBits() {
        let reader = reader(Classic(link: 0x2400_0001).header())
        #expect(reader.interfaces == [reader.interfaces[0]] && reader.interfaces[0].linkType == .ethernet)
        #expect(reader.interfaces[0].checkLength == 4)
    }

    @Test("calls raw IP by one number", arguments: [12, 14, 101])
    func rawIP(link: Int) {
        #expect(reader(Classic(link: link).header()).interfaces[0].linkType == .raw)
    }

    @Test("that claims a version after 2.4 is read as 2.4, and that is said")
    func laterMinor() {
        let reader = reader(Classic(minor: 5).file(3))
        #expect(Reading(reader).packets.count == 3 && reader.problems.count == 1)
    }

    @Test("of another major version is refused with both numbers")
    func unknownVersion() {
        let file = Classic(major: 1).file(3)
        let reader = reader(file)
        #expect(reader.refusal?.reason == .unknownVersion)
        #expect(reader.refusal?.found == "pcap version 1.4")
        let reading = Reading(reader)
        #expect(reading.packets.isEmpty && reading.ledger.rejectedBytes == file.count && reading.ledger.isBalanced)
    }

    @Test("with an original length below the captured one is read as it says")
    func shortOriginal() {
        let kind = Classic()
        #expect(Reading(reader(kind.header() + kind.record(1, 0, [1, 2, 3, 4], original: 2))).packets[0].original == 2)
    }

    @Test("that ends in the middle of a record gives the packets in front; the rest is pending")
    func cut() {
        let file = Classic().file(10)
        let reader = reader(Array(file.dropLast(5)))
        let reading = Reading(reader)
        #expect(reading.packets.count == 9 && reading.ledger.pending == 16 + 49 - 5)
        #expect(reading.ledger.isBalanced && reader.problems.count == 1)
    }

    @Test("is found again behind a record whose length is damaged")
    func damage() {
        let kind = Classic()
        var file = kind.file(20)
        let place = file.count
        for number in 20..<40 { file += kind.record(1_700_000_000, number * 1000, body(number, 60)) }
        // The captured length of packet 21.
        for index in 8..<12 { file[place + index] = 0xFF }
        let reader = reader(file)
        let reading = Reading(reader)
        #expect(reading.packets.count == 39)
        #expect(reading.ledger.rejectedBytes == 76 && reading.ledger.isBalanced)
        #expect(reading.ledger.rejections.map(\.count) == [1])
        #expect(reading.ledger.rejections[0].firstPacket == 20)
        #expect(reading.ledger.rejections[0].firstOffset == UInt64(place))
        #expect(reader.problems[0].found == "a captured length of 4294967295")
    }

    @Test("is found again also when the first record is damaged, or when only one is left behind the damage")
    func damageAtTheEnds() {
        let kind = Classic()
        let bad = kind.record(1_700_000_000, 0, body(1, 50)).enumerated().map { (8..<12).contains($0.0) ? 0xFF : $0.1 }
        let first = Reading(reader(kind.header() + bad + kind.file(5).dropFirst(24)))
        #expect(first.packets.count == 5 && first.ledger.rejectedBytes == 66 && first.ledger.isBalanced)
        let last = Reading(reader(kind.file(5) + bad + kind.record(1_700_000_000, 0, body(2, 50))))
        #expect(last.packets.count == 6 && last.ledger.rejectedBytes == 66 && last.ledger.isBalanced)
    }

    @Test("that is damage to its end is rejected to its end")
    func nothingBehind() {
        let file = Classic().file(5) + [UInt8](repeating: 0xFF, count: 100_000)
        let reading = Reading(reader(file))
        #expect(reading.packets.count == 5 && reading.ledger.rejectedBytes == 100_000 && reading.ledger.isBalanced)
        #expect(reading.ledger.rejections.count == 1 && reading.ledger.rejections[0].count == 1)
    }

    @Test("takes captured lengths up to 262,144 whatever the snap length says, and no more")
    func longest() {
        let kind = Classic(snap: 96)
        let longest = kind.header() + kind.record(1, 0, body(1, 262_144))
        #expect(Reading(reader(longest)).packets[0].captured == 262_144)
        let tooLong = kind.header() + kind.record(1, 0, body(1, 262_145))
        let reading = Reading(reader(tooLong))
        #expect(reading.packets.isEmpty && reading.ledger.rejectedBytes == 16 + 262_145 && reading.ledger.isBalanced)
    }

    @Test("with no packet at all is no error")
    func empty() {
        let reader = reader(Classic().header())
        let reading = Reading(reader)
        #expect(reading.packets.isEmpty && reading.ledger.overhead == 24 && reading.ledger.isBalanced)
    }
}
