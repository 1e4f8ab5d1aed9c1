import Bytes
import Capture
import Foundation
import Support
import Testing

@Suite("gzip")
struct GzipTests {
    private let file = Classic().file(3000)

    @Test("of one member, and of many with extra fields and names, is the same capture")
    func members() {
        let plain = Reading(reader(file))
        let one = reader(gzipMember(file))
        #expect(Reading(one).packets == plain.packets)
        #expect(one.format.description == "pcap, little-endian, microseconds, gzip")
        var packed: [UInt8] = []
        for start in stride(from: 0, to: file.count, by: 7001) {
            packed += gzipMember(
                Array(file[start..<min(start + 7001, file.count)]), extra: [0x53, 0x4C, 1, 0, 7], name: "part")
        }
        let many = reader(packed)
        let reading = Reading(many)
        #expect(reading.packets == plain.packets && reading.ledger.isBalanced && many.problems.isEmpty)
        #expect(many.format.isGzip && many.format.members == (file.count + 7000) / 7001)
        #expect(reading.ledger.bytes == file.count)
    }

    @Test("by gzip itself is unpacked", .enabled(if: hasProgram("gzip"), "gzip is not installed"), arguments: [1, 9])
    func program(level: Int) throws {
        let packed = try run("gzip", ["-c", "-\(level)"], input: Data(file)).output
        #expect(Reading(reader([UInt8](packed))).packets == Reading(reader(file)).packets)
    }

    @Test("may be followed by zeros, which are padding")
    func padding() {
        let reader = reader(gzipMember(file) + [UInt8](repeating: 0, count: 500))
        let reading = Reading(reader)
        #expect(reading.packets.count == 3000 && reader.problems.isEmpty && reading.ledger.rejections.isEmpty)
    }

    @Test("followed by foreign octets gives all packets, and says so")
    func garbage() {
        for tail in [[UInt8](repeating: 0xAA, count: 50), [0, 0, 7, 0]] {
            let reader = reader(gzipMember(file) + tail)
            let reading = Reading(reader)
            #expect(reading.packets.count == 3000 && reader.problems.count == 1 && reading.ledger.isBalanced)
            #expect(reading.ledger.rejections.map(\.reason) == ["octets behind the gzip data are none"])
        }
    }

    @Test("whose tail is torn gives what stands in front, and says so")
    func torn() {
        let packed = gzipMember(file)
        for cut in [1, 8, 9, 500, packed.count / 2, packed.count - 2000] {
            let reader = reader(Array(packed.dropLast(cut)))
            let reading = Reading(reader)
            #expect(
                reading.ledger.isBalanced
                    && reading.ledger.rejections.map(\.reason).contains("the gzip data is cut short"))
            #expect(
                reading.packets
                    == Array(Reading(CaptureReader(name: "", bytes: file)).packets.prefix(reading.packets.count)))
            #expect(cut > 8 || reading.packets.count == 3000)
        }
    }

    @Test("whose checksum is wrong gives its packets, and says so")
    func checksum() {
        var packed = gzipMember(file)
        packed[packed.count - 6] ^= 1
        let reader = reader(packed)
        let reading = Reading(reader)
        #expect(reading.packets.count == 3000 && reading.ledger.isBalanced)
        #expect(reader.problems.map(\.reason) == ["the gzip data is damaged (incorrect data check)"])
    }

    @Test("that cannot be unpacked at all, or ends in its header, is refused")
    func hopeless() {
        var packed = gzipMember(file)
        packed[10] = 7
        #expect(reader(packed).refusal?.reason == .badCompression)
        #expect(reader(Array(gzipMember(file).prefix(12))).refusal?.reason == .badCompression)
        #expect(reader(gzipMember([])).refusal?.reason == .isEmpty)
    }
}
