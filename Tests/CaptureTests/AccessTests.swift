import Bytes
import Capture
import Foundation
import Support
import Testing

@Suite("The same input is read the same, however it comes")
struct AccessTests {
    private static let inputs: [(String, [UInt8])] = {
        var jumbo = Classic().header()
        for number in 0..<6 { jumbo += Classic().record(1_700_000_000, number, body(number, 200_000 + number)) }
        var blocks = Blocks()
        blocks.section()
        blocks.interface()
        for number in 0..<4 { blocks.enhanced(UInt64(number), body(number, 1_500_000)) }
        return [
            ("pcap", Classic().file(900)), ("big pcapng", Blocks.file(900, big: true)), ("jumbo", jumbo),
            ("large blocks", blocks.octets), ("stream", body(0, 300_000)),
        ]
    }()

    /// Packets, or the octets of a stream, which comes in other pieces each time.
    private func same(_ a: Reading, _ b: Reading, _ name: String) -> Bool {
        let isStream = name == "stream"
        return a.ledger == b.ledger || isStream && a.ledger.bytes == b.ledger.bytes
            ? isStream ? Array(a.bytes.joined()) == Array(b.bytes.joined()) : a.packets == b.packets : false
    }

    @Test("from memory, from a file, mapped, and from a pipe", arguments: inputs.map(\.0))
    func ways(name: String) throws {
        let octets = Self.inputs.first { $0.0 == name }!.1
        let expected = Reading(reader(octets), keepsBytes: name == "stream")
        #expect(expected.ledger.isBalanced && expected.ledger.rejections.isEmpty && expected.ledger.pending == 0)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("input").path
        try Data(octets).write(to: URL(fileURLWithPath: path))

        let file = try CaptureReader.open(path)
        #expect(same(Reading(file, keepsBytes: name == "stream"), expected, name))
        #expect(file.totalSize == UInt64(octets.count) && file.compressedPosition == UInt64(octets.count))
        #expect(file.uncompressedBytes == UInt64(octets.count))
        #expect(same(Reading(try CaptureReader.open(path, mapped: true), keepsBytes: name == "stream"), expected, name))

        let pipe = Pipe()
        let writer = Thread {
            try? pipe.fileHandleForWriting.write(contentsOf: Data(octets))
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        let piped = try CaptureReader(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
        #expect(same(Reading(piped, keepsBytes: name == "stream"), expected, name) && piped.totalSize == nil)
    }

    @Test("in drops of 1 to 7 octets, with and without a thread, with buffers of any size", arguments: inputs.map(\.0))
    func drops(name: String) {
        let octets = Array(Self.inputs.first { $0.0 == name }!.1.prefix(700_000))
        let expected = Reading(reader(octets), keepsBytes: name == "stream")
        for (drop, piece, unthreaded) in [(1, 3, 1 << 30), (7, 64, 0), (5, 1 << 12, 1000), (100_000, 1 << 16, 0)] {
            // One octet at a time is slow for large inputs: packets of 200,000 octets would be looked at 200,000 times.
            if drop < 1000 && octets.count > 100_000 { continue }
            let dripping = CaptureReader(
                name: "drops", source: MemorySource(octets, pieceSize: drop), pieceSize: piece, unthreaded: unthreaded)
            #expect(same(Reading(dripping, keepsBytes: name == "stream"), expected, name), "drops of \(drop)")
        }
    }

    @Test("gzip'd, in drops")
    func packedDrops() {
        let octets = Blocks.file(400)
        let expected = Reading(reader(octets))
        for drop in 1...7 {
            let source = GzipSource(MemorySource(gzipMember(octets), pieceSize: drop))
            let dripping = CaptureReader(name: "drops", source: source, pieceSize: 100, unthreaded: 500)
            #expect(same(Reading(dripping), expected, ""))
        }
    }

    @Test("A live pipe hands on each packet as it comes, long before its end")
    func live() throws {
        let pipe = Pipe()
        let kind = Classic()
        try pipe.fileHandleForWriting.write(contentsOf: Data(kind.header() + kind.record(1, 0, body(1, 50))))
        let reader = try CaptureReader(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "live")
        var batch = Batch<Packet>()
        var ledger = Ledger()
        for number in 1...5 {
            #expect(reader.next(into: &batch, ledger: &ledger) && batch.count == 1)
            #expect(batch[0].number == UInt64(number))
            try pipe.fileHandleForWriting.write(contentsOf: Data(kind.record(1, 0, body(1, 50))))
        }
        try pipe.fileHandleForWriting.close()
        #expect(reader.next(into: &batch, ledger: &ledger))
        #expect(!reader.next(into: &batch, ledger: &ledger) && !reader.next(into: &batch, ledger: &ledger))
    }

    @Test("A reader that is left in the middle gives its thread and its memory back")
    func left() {
        let octets = Classic().file(20_000)
        for _ in 0..<50 {
            let reader = CaptureReader(name: "", source: MemorySource(octets), pieceSize: 10_000, unthreaded: 0)
            var batch = Batch<Packet>()
            var ledger = Ledger()
            #expect(reader.next(into: &batch, ledger: &ledger))
        }
    }
}
