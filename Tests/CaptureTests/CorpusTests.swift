import Bytes
import Capture
import Foundation
import Support
import Testing

@Suite("The corpus of captures", .enabled(if: Corpus.isThere, Comment(rawValue: Corpus.why)))
struct CorpusTests {
    /// A time of FACTS.tsv in nanoseconds; nil where there is none.
    private func time(_ text: String) -> Int64? {
        let parts = text.split(separator: ".")
        guard let seconds = Int64(parts[0]) else { return nil }
        let digits = parts.count > 1 ? String(parts[1]) : ""
        return seconds * 1_000_000_000 + Int64(digits.padding(toLength: 9, withPad: "0", startingAt: 0))!
    }

    @Test("is read as FACTS.tsv says: format, packets, first and last time, interfaces; nothing else is a capture")
    func facts() throws {
        let formats = ["pcap": "pcap", "nsecpcap": "pcap", "modpcap": "pcap"]
        for row in try Table(Corpus.file("captures/FACTS.tsv")).rows {
            let name = row["file"]!
            guard let count = row["packets"].flatMap({ Int($0) }) else {
                // What tshark does not read is refused, read up to the damage, or a bare stream: never packets made up.
                guard let reader = try? CaptureReader.open(Corpus.file(name).path) else { continue }
                let reading = Reading(reader)
                #expect(reading.ledger.isBalanced, "\(name)")
                // Behind a section that is not known we find one that is: one packet more than tshark.
                #expect(reader.packets <= (name.contains("test901") ? 2 : 0), "\(name)")
                continue
            }
            let reader = try CaptureReader.open(Corpus.file(name).path)
            let reading = Reading(reader)
            #expect(reading.packets.count == count, "\(name)")
            #expect(reading.ledger.isBalanced, "\(name)")
            #expect(reading.ledger.rejections.isEmpty, "\(name): \(reader.problems)")
            let format = row["format"]!.components(separatedBy: " ")[0]
            #expect(reader.format.kind.rawValue == formats[format] ?? format, "\(name)")
            #expect(reader.format.isGzip == (row["compressed"] == "gzip"), "\(name)")
            let times = reading.packets.map(\.time).filter { $0 != .min }
            if let first = time(row["first time"]!), let last = time(row["last time"]!), times.count == count {
                // The table has as many digits as the file's resolution.
                let digits = row["first time"]!.split(separator: ".")[1].count
                let step = (digits..<9).reduce(Int64(1)) { value, _ in value * 10 }
                #expect(times.min()! / step == first / step, "\(name)")
                #expect(times.max()! / step == last / step, "\(name)")
            }
            if let interfaces = row["interfaces"].flatMap({ Int($0) }), reader.format.kind == .pcapng {
                #expect(reader.interfaces.count == interfaces, "\(name)")
            }
        }
    }

    @Test("of the pcapng suite has the blocks that its descriptions say")
    func blocks() throws {
        let names = [
            "SHB": "section header", "IDB": "interface description", "EPB": "enhanced packet", "SPB": "simple packet",
            "PB": "packet (obsolete)", "NRB": "name resolution", "ISB": "interface statistics", "CB": "custom",
            "DCB": "custom, not to be copied",
        ]
        for url in Corpus.files(below: "pcapng") {
            let words = try String(
                contentsOf: url.deletingPathExtension().appendingPathExtension("txt"), encoding: .utf8)
            let reader = try CaptureReader.open(url.path)
            let reading = Reading(reader)
            #expect(reading.ledger.isBalanced && reading.ledger.rejections.isEmpty, "\(url.path) \(reader.problems)")
            var expected: [String: Int] = [:]
            for line in words.split(separator: "\n") where line.hasPrefix("\t") {
                let parts = line.dropFirst().components(separatedBy: ": ")
                if let name = names[parts[0]], let count = Int(parts[1]) { expected[name] = count }
            }
            let found = Dictionary(uniqueKeysWithValues: reader.blocks.map { ($0.name, $0.count) })
            for (name, count) in expected { #expect(found[name] == count, "\(url.path): \(name)") }
            #expect(expected.values.reduce(0, +) == found.values.reduce(0, +), "\(url.path) \(found)")
        }
    }

    @Test("has as many packets as capinfos counts", .enabled(if: hasProgram("capinfos"), "capinfos is not installed"))
    func capinfos() throws {
        let files = ["tcpdump", "pcapng", "captures", "spacecraft/pcap"].flatMap { Corpus.files(below: $0) }
        // One run for all: a row a file, and words on the files that are not wholly read.
        let finished = try run("capinfos", ["-T", "-r", "-c", "-m"] + files.map(\.path))
        let words = finished.words
        var compared = 0
        for row in finished.text.split(separator: "\n") {
            let parts = row.components(separatedBy: ",")
            guard parts.count == 2, let count = UInt64(parts[1]), !words.contains("\"\(parts[0])\"") else { continue }
            let reader = try CaptureReader.open(parts[0])
            let reading = Reading(reader)
            #expect(reader.packets == count, "\(parts[0]): \(reader.problems)")
            #expect(reading.ledger.isBalanced, "\(parts[0])")
            compared += 1
        }
        #expect(compared > 700)
    }

    @Test("of bare telemetry is never taken for a capture", arguments: ["spacecraft", "ccsdspy", "spp"])
    func bare(_ folder: String) throws {
        let endings = ["txt", "tsv", "md", "csv", "rst", "pcap", "xml", "xsd", "pcapng"]
        for url in Corpus.files(below: folder, except: endings) {
            let reader = try CaptureReader.open(url.path)
            #expect(reader.format.kind == .bareStream, "\(url.path)")
            var batch = Batch<Packet>()
            var ledger = Ledger()
            while reader.next(into: &batch, ledger: &ledger) {
                for index in 0..<batch.count { ledger.leave("test", bytes: batch[index].extent.count) }
            }
            #expect(ledger.isBalanced && reader.packets == 0, "\(url.path)")
            let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize
            #expect(ledger.bytes == size || reader.format.isGzip, "\(url.path)")
        }
    }
}
