import BeiDou
import Bytes
import Capture
import Foundation
import Mission
import Pipeline
import Query
import Records
import Support
import Testing

/// What the entry points of `Tools/fuzz` do with an input. Where a target ends the program, this fails a test. A target that
/// changes is changed here too.
enum CrashReplay: String, CaseIterable {
    case archive, bytes, capture, filter, frames, jtt808, messages, packets, rdss4, sentences, transport, whole, xtce

    /// The entry point that a file's name begins with.
    init?(file name: String) {
        guard let hyphen = name.firstIndex(of: "-") else { return nil }
        self.init(rawValue: String(name[..<hyphen]))
    }

    /// Reads a file as the entry point does, and what may be a capture as the commands do it.
    func replay(_ file: URL) throws {
        let octets = [UInt8](try Data(contentsOf: file))
        switch self {
        case .archive: try Self.archive(octets)
        case .bytes: Self.bits(octets)
        case .filter: Self.filter(octets)
        case .frames: Self.frames(octets)
        case .packets: Self.packets(octets)
        case .messages, .sentences, .rdss4, .jtt808: scan(octets)
        case .xtce: try Self.database(octets, file.lastPathComponent)
        case .capture: try Self.capture(octets)
        case .transport: Self.transport(octets)
        case .whole: break
        }
        switch self {
        case .messages:
            Self.cuts(octets)
            try Self.whole(file, octets)
        case .capture, .transport, .whole: try Self.whole(file, octets)
        default: break
        }
    }

    /// Reads every octet.
    static func reach(_ bytes: RawSpan) {
        var seen: UInt8 = 0
        for index in 0..<bytes.byteCount { seen ^= bytes.u8(at: index) }
        withExtendedLifetime(seen) {}
    }

    // MARK: Parts

    /// Opened, read, checked and copied; the last octet, which tells the target what the others are, is 0: a file.
    private static func archive(_ octets: [UInt8]) throws {
        #expect(octets.last == 0, "a file of this entry point ends in an octet of 0")
        let folder = try TemporaryFolder()
        let path = folder.file("archive").path
        try Data(octets.dropLast()).write(to: folder.file("archive"))
        var ledger = Ledger()
        if let reader = try? CaptureReader.open(path) {
            var batch = Batch<Packet>()
            while reader.next(into: &batch, ledger: &ledger) {
                for index in 0..<batch.count {
                    #expect(Int(batch[index].interface) < reader.interfaces.count)
                    reach(batch.bytes(of: batch[index]))
                    ledger.leave("packets", bytes: batch[index].extent.count)
                }
            }
        }
        #expect(ledger.isBalanced)
        guard let index = try ArchiveIndex(path: path), let reading = try ArchiveReading(path: path) else { return }
        #expect(index.entries.allSatisfy { $0.end <= index.size } && index.end <= index.size)
        let copier = MemberCopier(reading)
        for number in reading.index.entries.indices where (try? copier.look(number)) != nil { try? copier.copy() }
        _ = copier.copyTorn()
        _ = try? ArchiveWriter(behind: reading)
        let buffer = copier.buffer
        guard buffer.count > 0 else { return }
        try Data(buffer.bytes.copied()).write(to: folder.file("copy"))
        let copy = try #require(try ArchiveReading(path: folder.file("copy").path))
        #expect(copy.index.gaps.isEmpty && copy.index.tail == nil && copy.index.packets == copier.packets)
        for entry in copy.index.entries { try copy.verify(entry) }
    }

    /// A bit field is what its bits say, one by one; the first two octets choose its place and size.
    private static func bits(_ octets: [UInt8]) {
        guard octets.count > 2 else { return }
        let size = Int(octets[1] & 63) + 1
        guard octets.count * 8 >= size else { return }
        let place = Int(octets[0]) % (octets.count * 8 - size + 1)
        var expected: UInt64 = 0
        for bit in place..<place + size {
            let value = octets[bit >> 3] >> UInt8(7 - bit & 7) & 1
            expected = expected << 1 | UInt64(value)
        }
        #expect(octets.octets.bits(at: place, count: size) == expected)
    }

    /// Read, and checked against the fields of all messages; the same text means the same again.
    private static func filter(_ octets: [UInt8]) {
        let text = String(decoding: octets, as: UTF8.self)
        let catalogue = FieldCatalogue(types: MessageTypes.all.map(\.packetType))
        do throws(FilterError) {
            let checked = try catalogue.check(text)
            _ = Filter(checked, types: catalogue.types)
        } catch {
            #expect(error.range.start <= error.range.end && error.range.end <= text.utf8.count && !error.reason.isEmpty)
            #expect(!error.description.isEmpty)
        }
    }

    /// Loaded, and then it decodes packets that it was not made for, or refused with a place.
    private static func database(_ octets: [UInt8], _ name: String) throws {
        do {
            let database = try Database(xml: Data(octets), file: name)
            let decoded = try DecodedFile(fixture("g60.packets"), databases: [database])
            #expect(decoded.ledger.isBalanced)
        } catch let error as MissionError {
            #expect(!error.errors.isEmpty)
            #expect(error.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 })
        }
    }

    /// Looked into and decoded in every format, with raw values.
    private static func whole(_ file: URL, _ octets: [UInt8]) throws {
        let report = Inspection.run(CaptureReader(name: file.lastPathComponent, bytes: octets))
        #expect(report.ledger.isBalanced)
        var text = TextBuffer()
        report.write(json: &text)
        for format in [Decoding.Format.jsonl, .csv, .table] {
            let decoded = try? DecodedFile(file) {
                $0.format = format
                $0.withRaw = true
            }
            #expect(decoded?.ledger.isBalanced ?? true)
        }
    }
}
