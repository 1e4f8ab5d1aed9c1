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

    @Test(
        "other protocols with 7E around frames, or dollar signs and sums of one octet, are not recognised as messages")
    func lookalikes() {
        var random = SeededGenerator(seed: 20_261_125)
        func noise(_ counts: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: counts, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        var (hdlc, msp, gdb): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        for _ in 0..<3_000 {
            // PPP (RFC 1662): 7E, octets of which 7D and 7E are escaped, 7E.
            hdlc.append(0x7E)
            for octet in [0xFF, 0x03, 0x00, 0x21] + noise(20...80) {
                hdlc += octet == 0x7E || octet == 0x7D || octet < 0x20 ? [0x7D, octet ^ 0x20] : [octet]
            }
            hdlc.append(0x7E)
            // MultiWii's serial protocol: $M>, length, command, octets, and the exclusive or of all behind the >.
            let values = noise(0...40)
            let body = [UInt8(values.count), UInt8.random(in: 100...119, using: &random)] + values
            msp += Array("$M>".utf8) + body + [body.reduce(0, ^)]
            // GDB's remote protocol: $, text, #, and the sum of the text in two digits.
            let text = Array("m\(String(UInt32.random(in: 0...(.max), using: &random), radix: 16)),4".utf8)
            let sum = String(text.reduce(UInt8(0), &+), radix: 16)
            gdb += Array("+$".utf8) + text + Array("#\(sum.count == 1 ? "0" : "")\(sum)".utf8)
        }
        for (name, octets) in [("PPP", hdlc), ("MSP", msp), ("GDB", gdb)] { expectNone(name, octets) }
    }

    @Test("the same look finds messages in a receiver's log, whole or without its first line")
    func control() throws {
        let octets = [UInt8](try Data(contentsOf: fixture("receiver-plain.nmea")))
        for part in [octets, Array(octets.drop { $0 != 0x0A })] {
            let report = Inspection.run(CaptureReader(name: "log", bytes: part))
            guard case .messages? = report.flows.first?.verdict?.carrying else {
                Issue.record("nothing is recognised in \(part.count) octets")
                continue
            }
            #expect(!report.messages.isEmpty && report.flows.first?.verdict?.isSure == true)
        }
    }
}
