import Bytes
import Capture
import Foundation
import Support
import Testing

/// What a writer makes of all that a reader gives; nil when it refuses.
func written(
    _ reader: CaptureReader, _ format: CaptureWriter.Format, comment: CaptureComment? = nil
) throws -> (octets: [UInt8], writer: CaptureWriter) {
    let writer = CaptureWriter(format)
    var batch = Batch<Packet>(capacity: 100)
    var (ledger, octets) = (Ledger(), [UInt8]())
    while reader.next(into: &batch, ledger: &ledger) {
        try writer.append(batch, interfaces: reader.interfaces, comment: comment)
        octets += formatted(writer)
        writer.buffer.removeAll()
    }
    writer.meet(reader.interfaces)
    writer.finish()
    return (octets + formatted(writer), writer)
}

/// What a writer has formatted so far.
private func formatted(_ writer: CaptureWriter) -> [UInt8] {
    let buffer = writer.buffer
    return buffer.bytes.copied()
}

@Suite("A capture that is written")
struct CaptureWriterTests {
    /// Every capture that we have and read.
    private static var captures: [URL] {
        var files =
            Corpus.isThere
            ? ["tcpdump", "pcapng", "captures", "spacecraft/pcap"].flatMap { Corpus.files(below: $0) } : []
        files += ["songjiang-pass.pcapng", "songjiang-packets.pcap", "songjiang-user0.pcap", "terminals.pcapng"].map(
            fixture)
        return files
    }

    private func isCapture(_ reader: CaptureReader) -> Bool { reader.format.kind != .bareStream }

    @Test("as pcapng is read the same: octets, times, lengths, interfaces; of every capture there is")
    func blocks() throws {
        var compared = 0
        for url in Self.captures {
            guard let source = try? CaptureReader.open(url.path), isCapture(source) else { continue }
            let original = try CaptureReader.open(url.path)
            let theirs = Reading(original)
            guard original.interfaces.allSatisfy({ $0.linkType.rawValue <= 0xFFFF }) else { continue }
            let (octets, writer) = try written(source, .pcapng)
            let copy = reader(octets)
            let ours = Reading(copy)
            #expect(ours.ledger.isBalanced && ours.ledger.rejections.isEmpty, "\(url.path): \(copy.problems)")
            #expect(writer.packets == theirs.packets.count, "\(url.path)")
            compare(ours, theirs, url, mayLoseTimes: writer.changedTimes)
            try compare(copy.interfaces, original.interfaces, url)
            compared += 1
        }
        #expect(compared >= (Corpus.isThere ? 700 : 4))
    }

    @Test("as pcap is read the same where it has one link type, and is refused where it has several")
    func classic() throws {
        var (compared, refused) = (0, 0)
        for url in Self.captures {
            guard let source = try? CaptureReader.open(url.path), isCapture(source) else { continue }
            let original = try CaptureReader.open(url.path)
            let theirs = Reading(original)
            let links = Set(theirs.packets.map(\.link))
            guard links.allSatisfy({ $0 <= 0xFFFF }) else { continue }
            if links.count > 1 {
                #expect(throws: CaptureWriter.Refusal.self, "\(url.path)") { try written(source, .pcap) }
                refused += 1
                continue
            }
            let (octets, writer) = try written(source, .pcap)
            let copy = reader(octets)
            let ours = Reading(copy)
            #expect(ours.ledger.isBalanced && ours.ledger.rejections.isEmpty, "\(url.path): \(copy.problems)")
            compare(ours, theirs, url, mayLoseTimes: writer.changedTimes)
            if let link = links.first { #expect(copy.interfaces[0].linkType.rawValue == link, "\(url.path)") }
            if original.format.kind == .pcap {
                #expect(copy.format.timeDigits == original.format.timeDigits, "\(url.path)")
                #expect(copy.interfaces[0].checkLength == original.interfaces[0].checkLength, "\(url.path)")
                let snap = original.interfaces[0].snapLength
                #expect(copy.interfaces[0].snapLength == (snap == 0 ? 262_144 : snap), "\(url.path)")
            }
            compared += 1
        }
        #expect(compared >= (Corpus.isThere ? 700 : 3))
        #expect(refused >= (Corpus.isThere ? 3 : 0))
    }

    private func compare(_ ours: Reading, _ theirs: Reading, _ url: URL, mayLoseTimes: Int) {
        #expect(ours.packets.count == theirs.packets.count, "\(url.path)")
        var lost = 0
        for (our, their) in zip(ours.packets, theirs.packets) {
            if our.time != their.time { lost += 1 }
            #expect(
                our.captured == their.captured && our.original == their.original && our.hash == their.hash
                    && our.link == their.link, "\(url.path) packet \(our.number)")
        }
        #expect(lost <= mayLoseTimes, "\(url.path)")
        // Only times that the capture does not have, or that lie before 1970 or behind 2106.
        if lost > 0 {
            #expect(
                theirs.packets.contains { $0.time < 0 || $0.time >= 4_294_967_296_000_000_000 } || lost < 3,
                "\(url.path): \(lost) times of \(theirs.packets.count)")
        }
    }

    private func compare(_ ours: [Interface], _ theirs: [Interface], _ url: URL) throws {
        try #require(ours.count == theirs.count, "\(url.path)")
        for (our, their) in zip(ours, theirs) {
            var their = their
            // One section holds all; what is finer than a nanosecond was dropped by reading.
            their.section = 0
            if our.resolution == 9, their.resolution != 9 { their.resolution = 9 }
            #expect(our == their, "\(url.path)")
        }
    }

    @Test(
        "is read the same by tshark: number, time, lengths, link, and capinfos finds nothing wrong",
        .enabled(if: hasProgram("tshark") && hasProgram("capinfos"), "tshark is not installed"))
    func wireshark() throws {
        let folder = try TemporaryFolder()
        let fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.interface_id"]
        var names = ["songjiang-pass.pcapng", "songjiang-packets.pcap", "songjiang-user0.pcap", "terminals.pcapng"].map(
            fixture)
        if Corpus.isThere {
            names += Corpus.files(below: "captures").filter { $0.pathExtension == "pcapng" }.prefix(12)
        }
        var compared = 0
        for url in names {
            guard let source = try? CaptureReader.open(url.path), isCapture(source) else { continue }
            let (octets, _) = try written(source, .pcapng)
            let file = folder.file("copy.pcapng")
            try Data(octets).write(to: file)
            func told(_ file: URL) throws -> Finished {
                try run("tshark", ["-n", "-r", file.path, "-T", "fields"] + fields.flatMap { ["-e", $0] })
            }
            let (theirs, ours) = (try told(url), try told(file))
            guard theirs.status == 0 else { continue }
            #expect(ours.status == 0, "\(url.path): \(ours.words)")
            // A classic pcap has an interface without a number in tshark.
            #expect(
                ours.text.split(separator: "\n").count == theirs.text.split(separator: "\n").count, "\(url.path)")
            if url.pathExtension == "pcapng", source.sections == 1 { #expect(ours.text == theirs.text, "\(url.path)") }
            let info = try run("capinfos", ["-M", "-c", "-E", "-t", file.path])
            #expect(info.status == 0 && info.text.contains("Number of packets:   \(source.packets)"), "\(info.text)")
            compared += 1
        }
        #expect(compared >= 4)
    }

    @Test(
        "has comments that tshark shows, one or several, with whatever characters",
        .enabled(if: hasProgram("tshark"), "tshark is not installed"))
    func comments() throws {
        let folder = try TemporaryFolder()
        let texts = ["kept by 'ccsds.apid == 17'", "松江 pass 3"]
        let (octets, _) = try written(reader(Blocks.file(20)), .pcapng, comment: CaptureComment(texts))
        let file = folder.file("comments.pcapng")
        try Data(octets).write(to: file)
        let told = try run("tshark", ["-r", file.path, "-T", "fields", "-E", "separator=|", "-e", "frame.comment"])
        let lines = told.text.split(separator: "\n")
        #expect(lines.count == 20)
        #expect(lines.allSatisfy { line in texts.allSatisfy { line.contains($0) } }, "\(told.text)")
        let copy = reader(octets)
        _ = Reading(copy)
        #expect(copy.remarks.filter { $0.kind == .comment }.prefix(2).map(\.text) == texts)
        #expect(copy.remarks.contains { $0.kind == .application && $0.text == "starlane" })
    }

    @Test("is whole at the end of any packet", arguments: CaptureWriter.Format.allCases)
    func prefixes(_ format: CaptureWriter.Format) throws {
        let source = reader(Blocks.file(40))
        let writer = CaptureWriter(format)
        var batch = Batch<Packet>(capacity: 1)
        var ledger = Ledger()
        var count = 0
        while source.next(into: &batch, ledger: &ledger) {
            try writer.append(
                batch, interfaces: source.interfaces, comment: count % 2 == 0 ? CaptureComment(["even"]) : nil)
            count += 1
            let copy = Reading(reader(formatted(writer)))
            #expect(copy.packets.count == count && copy.ledger.rejections.isEmpty && copy.ledger.pending == 0)
        }
        #expect(count == 40)
    }

    @Test("without a packet has its header", arguments: CaptureWriter.Format.allCases)
    func empty(_ format: CaptureWriter.Format) throws {
        let writer = CaptureWriter(format)
        writer.finish()
        let copy = reader(formatted(writer))
        #expect(copy.refusal == nil && copy.format.kind.rawValue == format.rawValue)
        #expect(Reading(copy).packets.isEmpty)
    }

    @Test("ends with the counts of its interfaces")
    func statistics() throws {
        let source = reader(Blocks.file(3))
        let writer = CaptureWriter(.pcapng)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while source.next(into: &batch, ledger: &ledger) { try writer.append(batch, interfaces: source.interfaces) }
        var row = InterfaceStatistics(interface: 0, time: CaptureTime(nanoseconds: 1_700_000_000_000_000_000))
        row.received = 70_000_000_000
        row.droppedBySystem = 4
        // An interface that is not there has none.
        writer.finish(statistics: [row, InterfaceStatistics(interface: 7, time: .unknown)])
        let copy = reader(formatted(writer))
        _ = Reading(copy)
        #expect(
            copy.remarks.filter { $0.kind == .statistics }.map(\.text)
                == ["interface 0, received 70000000000, dropped by the system 4"])
        #expect(copy.blocks.first { $0.name == "interface statistics" }?.count == 1)
    }

    @Test("has the interface of another capture once when it is described alike")
    func captures() throws {
        let writer = CaptureWriter(.pcapng)
        var ledger = Ledger()
        for (name, snap) in [("a", 0), ("a", 0), ("b", 0), ("b", 100)] {
            var file = Blocks()
            file.section()
            // Two that are alike stay two.
            for _ in 0..<2 { file.interface(snap: snap, options: [(2, Array(name.utf8))]) }
            file.enhanced(1_700_000_000_000_000, body(1, 50), interface: 1)
            let source = reader(file.octets)
            var batch = Batch<Packet>()
            writer.beginCapture()
            while source.next(into: &batch, ledger: &ledger) { try writer.append(batch, interfaces: source.interfaces) }
        }
        let copy = reader(formatted(writer))
        let packets = Reading(copy).packets
        #expect(copy.interfaces.map(\.name) == ["a", "a", "b", "b", "b", "b"] && packets.count == 4)
        #expect(copy.interfaces.map(\.snapLength) == [0, 0, 0, 0, 100, 100])
    }

    @Test("keeps times by every clock that nanoseconds can tell")
    func clocks() throws {
        for resolution in Array(0...20) + Array(0x80...0xC0) {
            for offset: Int64 in [0, -1, 1_600_000_000, -4_000_000_000] {
                var file = Blocks()
                file.section()
                let value = (0..<8).map { UInt8(truncatingIfNeeded: offset >> (8 * Int64($0))) }
                file.interface(options: [(9, [UInt8(resolution)]), (14, value)])
                for _ in 0..<20 {
                    // Seconds that the years 1970 to 2106 have, and any fraction.
                    let places = resolution & 0x7F
                    let seconds = UInt64.random(in: 0..<2_000_000_000)
                    let stamp =
                        resolution < 0x80
                        ? UInt64(min(1.8e19, Double(seconds) * pow(10, Double(places))))
                        : places < 32 ? seconds << UInt64(places) : UInt64.random(in: 0 ... .max)
                    file.enhanced(stamp &+ UInt64.random(in: 0...999), body(1, 40))
                }
                let theirs = Reading(reader(file.octets))
                let (octets, writer) = try written(reader(file.octets), .pcapng)
                let ours = Reading(reader(octets))
                #expect(ours.packets.map(\.time) == theirs.packets.map(\.time), "resolution \(resolution), \(offset)")
                #expect(writer.changedTimes == 0)
            }
        }
    }

    @Test("of a file that is begun in microseconds counts the times that are finer")
    func finer() throws {
        let writer = CaptureWriter(.pcap)
        let (micro, nano) = (Classic(), Classic(magic: 0xA1B2_3C4D))
        for file in [
            micro.header() + micro.record(1, 5, body(1, 40)), nano.header() + nano.record(2, 5001, body(2, 40)),
        ] {
            let source = reader(file)
            var batch = Batch<Packet>()
            var ledger = Ledger()
            writer.beginCapture()
            while source.next(into: &batch, ledger: &ledger) { try writer.append(batch, interfaces: source.interfaces) }
        }
        #expect(writer.changedTimes == 1)
        #expect(Reading(reader(formatted(writer))).packets.map(\.time) == [1_000_005_000, 2_000_005_000])
    }

    @Test("is refused where the format cannot hold it, in words, and nothing of the batch is written")
    func refusals() throws {
        var mixed = Blocks()
        mixed.section()
        mixed.interface(link: 1)
        mixed.interface(link: 147)
        mixed.enhanced(1, body(1, 40))
        mixed.enhanced(2, body(2, 40), interface: 1)
        func words(_ source: CaptureReader, _ format: CaptureWriter.Format) throws -> String {
            let writer = CaptureWriter(format)
            var batch = Batch<Packet>()
            var (ledger, words) = (Ledger(), "")
            while source.next(into: &batch, ledger: &ledger) {
                do {
                    try writer.append(batch, interfaces: source.interfaces)
                } catch {
                    words = error.description
                }
            }
            writer.finish()
            #expect(Reading(reader(formatted(writer))).packets.isEmpty && writer.packets == 0)
            return words
        }
        let mixedWords = try words(reader(mixed.octets), .pcap)
        #expect(mixedWords.contains("begun with Ethernet") && mixedWords.contains("a packet of USER0"))
        #expect(mixedWords.contains("write a pcapng"))
        for format in CaptureWriter.Format.allCases {
            #expect(try words(reader([1, 2, 3, 4, 5]), format).contains("a bare file has no packets"))
            var snoop = Octets(big: true)
            snoop.raw(Array("snoop".utf8) + [0, 0, 0])
            for word in [2, 99, 40, 40, 64, 0, 1, 2] { snoop.u32(word) }
            snoop.raw(body(1, 40))
            #expect(try words(reader(snoop.octets), format).contains("has no number in \(format.rawValue) files"))
        }
    }

    @Test("has a comment that is too long cut at the end of a character")
    func longComment() throws {
        let text = String(repeating: "星", count: 30_000)
        let (octets, _) = try written(reader(Blocks.file(2)), .pcapng, comment: CaptureComment([text]))
        let copy = reader(octets)
        let reading = Reading(copy)
        #expect(reading.packets.count == 2 && reading.ledger.rejections.isEmpty)
        #expect(octets.count > 2 * 65_000)
        #expect(
            String(validating: octets[octets.count - 4 - 4 - 65_536..<octets.count - 4 - 4 - 1], as: UTF8.self) != nil)
    }
}
