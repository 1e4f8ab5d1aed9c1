import Bytes
import Capture
import Foundation
import Support
import Testing

/// A record of Endace's format: seconds and half of one.
private func erf(_ seconds: Int, type: UInt8, _ payload: [UInt8], wire: Int, port: UInt8 = 0) -> [UInt8] {
    var stamp = Octets()
    stamp.u32(1 << 31)
    stamp.u32(seconds)
    var rest = Octets(big: true)
    rest.raw([type, 4 | port])
    rest.u16(16 + payload.count)
    rest.u16(0)
    rest.u16(wire)
    rest.raw(payload)
    return stamp.octets + rest.octets
}

private func snoop(version: Int = 2, link: Int = 4, _ packets: [[UInt8]]) -> [UInt8] {
    var file = Octets(big: true)
    file.raw(Array("snoop\0\0\0".utf8))
    file.u32(version)
    file.u32(link)
    for (number, packet) in packets.enumerated() {
        let padding = (4 - packet.count % 4) % 4
        for value in [packet.count + 7, packet.count, 24 + packet.count + padding, 0, 100 + number, 5] {
            file.u32(value)
        }
        file.raw(packet + [UInt8](repeating: 0, count: padding))
    }
    return file.octets
}

@Suite("ERF, snoop and what is no capture")
struct FormatTests {
    @Test(
        "ERF is known by its records: Ethernet behind two octets, extension headers, raw IP, others whole, no padding")
    func records() {
        let file =
            erf(100, type: 2, [0, 0] + body(1, 60) + [9, 9], wire: 60)
            + erf(100, type: 48, body(0, 16), wire: 0)
            + erf(101, type: 0x82, [0x80] + body(2, 7) + [0] + body(3, 7) + [0, 0] + body(4, 60), wire: 64, port: 1)
            + erf(102, type: 22, body(5, 40), wire: 40) + erf(103, type: 27, body(6, 16), wire: 0)
        let reader = reader(file)
        let reading = Reading(reader, keepsBytes: true)
        #expect(reader.format.kind == .erf && reader.packets == 4)
        #expect(reading.packets.map(\.link) == [1, 1, 228, 197])
        #expect(reading.bytes == [body(1, 60), body(4, 60), body(5, 40), Array(file.suffix(32))])
        #expect(reading.packets.map(\.time).first == 100_500_000_000)
        #expect(reader.interfaces.count == 4 && reader.interfaces[1].name == "port 1")
        #expect(reading.ledger.isBalanced && reading.ledger.rejections.isEmpty)
    }

    @Test("ERF and snoop have as many packets as capinfos counts", .enabled(if: hasProgram("capinfos"), "no capinfos"))
    func capinfos() throws {
        var records: [UInt8] = []
        for (number, type) in [2, 48, 27, 1, 22, 23, 5, 24, 2].enumerated() {
            records += erf(100 + number, type: UInt8(type), [0, 0] + body(number, 62), wire: 60)
        }
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        for file in [records, snoop((0..<7).map { body($0, 60 + $0) })] {
            try Data(file).write(to: url)
            let words = try run("capinfos", ["-T", "-r", "-c", "-m", url.path]).text
            let reader = try CaptureReader.open(url.path)
            #expect(
                Reading(reader).packets.count == Int(words.trimmingCharacters(in: .newlines).split(separator: ",")[1]))
        }
    }

    @Test("ERF with a broken record gives those in front and rejects the rest")
    func brokenERF() {
        var file: [UInt8] = []
        for second in 0..<30 { file += erf(100 + second, type: 2, [0, 0] + body(second, 60), wire: 60) }
        file[25 * 78 + 8] = 0
        let reading = Reading(reader(file))
        #expect(reading.packets.count == 25 && reading.ledger.rejectedBytes == 5 * 78 && reading.ledger.isBalanced)
    }

    @Test("snoop is read: big-endian, padded, with both lengths")
    func snoopRecords() {
        let reader = reader(snoop([body(1, 61), body(2, 64)]))
        let reading = Reading(reader, keepsBytes: true)
        #expect(reader.format.kind == .snoop && reading.bytes == [body(1, 61), body(2, 64)])
        #expect(reading.packets.map(\.original) == [68, 71] && reading.packets[1].time == 101_000_005_000)
        #expect(reading.packets[0].link == 1 && reading.ledger.overhead == 16 + 48 + 3 && reading.ledger.isBalanced)
    }

    @Test("snoop of another version is refused, and a broken record of it ends the reading")
    func brokenSnoop() {
        #expect(reader(snoop(version: 5, [])).refusal?.reason == .unknownVersion)
        var file = snoop([body(1, 60), body(2, 60), body(3, 60)])
        file[16 + 84 + 8] = 0xFF
        let reading = Reading(reader(file))
        #expect(reading.packets.count == 1 && reading.ledger.rejectedBytes == 2 * 84 && reading.ledger.isBalanced)
    }

    @Test("A bare stream comes in pieces without number and time, and is no packet")
    func bareStream() {
        let octets = body(3, 700_000)
        let reader = reader(octets)
        let reading = Reading(reader, keepsBytes: true)
        #expect(reader.format.kind == .bareStream && reader.packets == 0)
        #expect(reading.bytes.count == 3 && Array(reading.bytes.joined()) == octets)
        #expect(reading.packets.map(\.number) == [0, 0, 0] && reading.packets.map(\.offset) == [0, 262_144, 524_288])
        #expect(reading.packets.allSatisfy { $0.time == .min && $0.link == LinkType.bareStream.rawValue })
        #expect(reading.ledger.isBalanced && reading.ledger.bytes == 700_000)
    }

    @Test("Even one octet is a stream", arguments: 1...30)
    func short(length: Int) {
        let reading = Reading(reader([UInt8](repeating: 0x0B, count: length)))
        #expect(reading.packets.map(\.captured) == [length] && reading.ledger.isBalanced)
    }

    @Test(
        "A file of a known foreign format is refused with its name and what to do",
        arguments: [
            ("a zip archive", "504b030414000000"), ("a zstd file", "28b52ffd0458"), ("an xz file", "fd377a585a0000"),
            ("a bzip2 file", "425a683931415926535900"), ("an XML document", "3c3f786d6c2076657273696f6e"),
            ("a program", "7f454c4602010100"), ("a Network Monitor capture", "474d425500020000"),
        ])
    func foreign(name: String, hex: String) {
        let refusal = reader(octets(hex)).refusal
        #expect(refusal?.reason == .foreign && refusal?.found == name && refusal?.advice.isEmpty == false)
    }

    @Test("An empty input, and a header that is cut, are refused and say so")
    func emptyAndCut() {
        #expect(reader([]).refusal?.reason == .isEmpty)
        #expect(reader(Array(Classic().file(1).prefix(23))).refusal?.reason == .isCutShort)
        #expect(reader(Array(Blocks.file(1).prefix(27))).refusal?.reason == .isCutShort)
        #expect(reader(Array(snoop([]).prefix(15))).refusal?.reason == .isCutShort)
        #expect(Reading(reader(Array(Classic().file(1).prefix(23)))).ledger.isBalanced)
    }

    @Test("Opening says what is wrong: no such file, a folder, an empty file")
    func opening() {
        #expect(throws: CaptureError(file: "", reason: .cannotOpen)) { try CaptureReader.open("/nowhere/x.pcap") }
        #expect(throws: CaptureError(file: "", reason: .isFolder)) { try CaptureReader.open("/usr") }
        #expect(throws: CaptureError(file: "", reason: .isEmpty)) { try CaptureReader.open("/dev/null") }
        do {
            _ = try CaptureReader.open("/nowhere/x.pcap")
        } catch {
            #expect(
                "\(error)"
                    == "/nowhere/x.pcap cannot be opened: No such file or directory; look whether the name is right")
        }
    }
}
