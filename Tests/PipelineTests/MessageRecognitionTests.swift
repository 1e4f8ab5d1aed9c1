import BeiDou
import Capture
import Foundation
import Pipeline
import Support
import Testing

/// What is no message of a terminal is not taken for one, wherever it comes from.
@Suite struct MessageRecognitionTests {
    /// Folders of the corpus that hold anything but receivers' logs.
    static let folders = ["captures", "ccsdspy", "pcapng", "sgp4", "spacecraft", "spp", "tcpdump", "yamcs"]

    private func expectNone(_ name: String, _ octets: [UInt8]) {
        let report = Inspection.run(CaptureReader(name: name, bytes: octets))
        #expect(report.messages.isEmpty, "\(name): \(report.messages.map(\.type.name))")
        for row in report.flows {
            guard let verdict = row.verdict, case .messages(let dialects) = verdict.carrying else { continue }
            #expect(!verdict.isSure, "\(name): \(dialects), \(verdict.evidence)")
        }
    }

    @Test(
        "no flow of captures, recordings and documents of other protocols is recognised as messages of terminals",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"), arguments: folders)
    func corpus(_ folder: String) throws {
        let files = Corpus.files(below: folder, except: [])
        #expect(!files.isEmpty)
        for file in files {
            let octets = [UInt8](try Data(contentsOf: file))
            expectNone(file.path, octets)
            // Without its first octet it is no capture: the first 64 KiB of it are a stream of anything.
            expectNone("\(file.path) without its first octet", Array(octets.dropFirst().prefix(1 << 16)))
        }
    }

    @Test("frames and packets of spacecraft are not recognised as messages of terminals")
    func spacecraft() throws {
        for name in ["songjiang.frames", "songjiang-pass.pcapng", "g60.packets", "g60-cadu.pcap"] {
            expectNone(name, [UInt8](try Data(contentsOf: fixture(name))))
        }
    }
}
