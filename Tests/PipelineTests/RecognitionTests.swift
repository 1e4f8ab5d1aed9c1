import Records
import Bytes
import CCSDS
import Transport
import Capture
import Foundation
import Pipeline
import Support
import Testing

/// Recognition of bare files and flows, against recordings from space and what is known of them.
@Suite struct RecognitionTests {
    private static func inspect(_ url: URL, told: ToldLayout? = nil) throws -> InspectReport {
        Inspection.run(try CaptureReader.open(url.path), told: told)
    }

    private static func frames(_ report: InspectReport) -> [FrameLayout] {
        report.flows.compactMap { row in
            guard let verdict = row.verdict, verdict.isSure, case .frames(let layout) = verdict.carrying else {
                return nil
            }
            return layout
        }
    }

    /// A row of the facts about recordings: frames of each channel, packets of each APID.
    private static func pairs(_ text: String, _ pattern: String) -> [String: Int] {
        var found: [String: Int] = [:]
        for part in text.split(separator: " ") {
            let fields = part.split(separator: ":")
            guard fields.count == 2, fields[0].wholeMatch(of: try! Regex(pattern)) != nil else { continue }
            found[String(fields[0])] = Int(fields[1].prefix { $0.isNumber })
        }
        return found
    }

    @Test(
        "recordings from space are recognised unasked, with their channels and packets",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func recordings() throws {
        var looked = 0
        for row in try Table(Corpus.file("spacecraft/FACTS.tsv")).rows {
            guard let name = row["file"], !name.hasPrefix("pcap/") else { continue }
            let report = try Self.inspect(Corpus.file("spacecraft/\(name)"))
            looked += 1
            #expect(report.ledger.isBalanced, "\(name)")
            let layouts = Self.frames(report)
            guard let kind = row["kind"], kind != "none" else {
                #expect(report.flows.allSatisfy { !($0.verdict?.isSure ?? false) }, "\(name) is no CCSDS")
                continue
            }
            #expect(layouts.map(\.kind.rawValue) == [kind], "\(name)")
            #expect(layouts.map { String($0.length) } == [row["frame_length"]], "\(name)")
            let channels = Dictionary(
                uniqueKeysWithValues: report.channels.map {
                    ("\($0.channel.spacecraft)/\($0.channel.vcid)", $0.channel)
                })
            #expect(channels.mapValues(\.frames) == Self.pairs(row["vcids"] ?? "", #"\d+/\d+"#), "\(name)")
            for (column, value) in [("gaps", \Channel.gaps), ("missing", \Channel.missing)] {
                for (channel, count) in Self.pairs(row[column] ?? "", #"\d+/\d+"#) {
                    #expect(channels[channel]?[keyPath: value] == count, "\(name) \(column) of \(channel)")
                }
            }
            let apids = report.apids.filter { !$0.isIdle && $0.count.kind != .encapsulation }
            let counted = Dictionary(
                uniqueKeysWithValues: apids.map {
                    ("\($0.spacecraft ?? -1)/\($0.vcid ?? -1)/\($0.count.apid)", $0.count.packets)
                })
            #expect(counted == Self.pairs(row["apids"] ?? "", #"\d+/\d+/\d+"#), "\(name)")
        }
        #expect(looked >= 30)
    }

    @Test(
        "telemetry files of other missions are space packets to the last octet",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func packetFiles() throws {
        let files =
            Corpus.files(below: "ccsdspy/hs") + Corpus.files(below: "ccsdspy/europa_clipper")
            + Corpus.files(below: "spp/jpss", except: ["xml", "csv"])
        #expect(files.count >= 12)
        for file in files {
            let report = try Self.inspect(file)
            guard case .packets(skip: 0)? = report.flows.first?.verdict?.carrying else {
                Issue.record("\(file.lastPathComponent) is not recognised")
                continue
            }
            #expect(report.flows[0].verdict?.isSure == true, "\(file.lastPathComponent)")
            #expect(report.ledger.decoded == report.ledger.bytes, "\(file.lastPathComponent)")
        }
    }

    @Test(
        "packet headers of another version are named and not taken for packets",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func otherVersion() throws {
        let report = try Self.inspect(Corpus.file("ccsdspy/byte_order/byteorder_1234.bin"))
        let verdict = try #require(report.flows.first?.verdict)
        #expect(!verdict.isSure)
        #expect(verdict.evidence.contains("version is 1"))
    }

    @Test("what is no telemetry is not recognised: texts, noise, zeros, counters")
    func nothing() throws {
        var random = SeededGenerator(seed: 20_261_124)
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let bits = (0..<200_000).map { _ in UInt8.random(in: 0...1, using: &random) }
        let texts = try ["Package.swift", "Specs/songjiang.xml", "LICENSE"].map {
            try Data(contentsOf: projectFolder.appendingPathComponent($0))
        }
        let inputs: [(String, [UInt8])] =
            [
                ("noise", noise), ("bits", bits), ("zeros", [UInt8](repeating: 0, count: 100_000)),
                ("ones", [UInt8](repeating: 0xFF, count: 100_000)),
                ("counter", (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }),
            ] + texts.enumerated().map { ("text \($0.offset)", [UInt8]($0.element)) }
        for (name, octets) in inputs {
            let report = Inspection.run(CaptureReader(name: name, bytes: octets))
            #expect(
                report.flows.allSatisfy { !($0.verdict?.isSure ?? false) },
                "\(name): \(report.flows.first?.verdict?.evidence ?? "")")
            #expect(report.ledger.isBalanced, "\(name)")
            // Some formats are refused by name before anybody looks for telemetry.
            #expect(report.ledger.unclaimedBytes + report.ledger.rejectedBytes == report.ledger.bytes, "\(name)")
        }
    }

    @Test("frames that are told are decoded as told")
    func told() throws {
        let report = try Self.inspect(fixture("songjiang.frames"), told: try ToldLayout(frames: "tm:1115,fecf"))
        #expect(Self.frames(report).map(\.length) == [1115])
        #expect(report.flows[0].verdict?.evidence == "as told")
        #expect(report.ledger.isBalanced)
    }
}
