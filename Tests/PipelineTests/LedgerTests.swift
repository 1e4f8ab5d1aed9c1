import Records
import Bytes
import CCSDS
import Capture
import Foundation
import Pipeline
import Support
import Testing

/// The ledger balances for every input, however it is cut or damaged.
@Suite struct LedgerTests {
    static let inputs = [
        "songjiang-pass.pcapng", "songjiang-packets.pcap", "g60-cadu.pcap", "songjiang.frames", "g60-skip4.packets",
        "songjiang-packets-members.pcap.gz",
    ]

    @Test("cut at every octet of the first 4 KiB", arguments: inputs)
    func cut(_ name: String) throws {
        let octets = [UInt8](try Data(contentsOf: fixture(name)))
        for length in 1..<min(4096, octets.count) {
            let report = Inspection.run(CaptureReader(name: name, bytes: Array(octets[..<length])))
            guard report.ledger.isBalanced else {
                Issue.record("\(name) cut after \(length) octets: \(report.ledger)")
                return
            }
        }
        #expect(octets.count > 4096)
    }

    @Test("bits flipped at random", arguments: inputs)
    func flipped(_ name: String) throws {
        let octets = [UInt8](try Data(contentsOf: fixture(name)))
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var damaged = octets
            for _ in 0...(round % 12) * 4 {
                let place = Int.random(in: damaged.indices, using: &random)
                damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            let report = Inspection.run(CaptureReader(name: name, bytes: damaged))
            #expect(report.ledger.isBalanced, "\(name), seed \(seed), round \(round): \(report.ledger)")
        }
    }

    @Test("the corpus's captures", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func corpus() throws {
        var looked = 0
        for folder in ["tcpdump", "pcapng", "captures", "spacecraft", "ccsdspy", "gpsd"] {
            for file in Corpus.files(below: folder) {
                guard let reader = try? CaptureReader.open(file.path) else { continue }
                let report = Inspection.run(reader)
                looked += 1
                #expect(report.ledger.isBalanced, "\(file.path): \(report.ledger)")
            }
        }
        #expect(looked > 800)
    }
}
