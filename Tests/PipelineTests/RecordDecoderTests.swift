import Bytes
import Foundation
import Pipeline
import Support
import Testing

/// A batch of many messages is decoded in parts by several threads: nobody can tell.
@Suite struct RecordDecoderTests {
    private static func sentences(_ count: Int) -> [String] {
        (0..<count).map { number in
            let body =
                switch number % 5 {
                case 0: "GNTXT,01,01,02,number \(number)"
                case 1: "GNGGA,0230\(10 + number % 50).00,3041.\(10_000 + number),N,12117.9,E,1,24,0.9,20.0,M,9.8,M,,"
                case 2: "BDGSV,1,1,01,\(10 + number % 30),12,037,29,1"
                // Not written as it must be: each goes to the ledger.
                case 3: "GNZDA,023010.00,15,x3,2026,00,00"
                default: "GNVTG,0.00,T,,M,\(number).60,N,40.00,K,A"
                }
            let check = body.utf8.reduce(0, ^)
            return "$\(body)*\(check < 16 ? "0" : "")\(String(check, radix: 16, uppercase: true))\r\n"
        }
    }

    private static func decoded(_ lines: ArraySlice<String>) throws -> DecodedFile {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(lines.joined().utf8).write(to: file)
        return try DecodedFile(file, databases: []) { $0.withRaw = true }
    }

    @Test("parts come in the order of the input, with the values and the ledger that short logs have")
    func parts() throws {
        let sentences = Self.sentences(30_000)
        let whole = try Self.decoded(sentences[...])
        let lines = try whole.lines()
        try #require(lines.count == sentences.count)
        #expect(whole.ledger.isBalanced)
        var rejected = 0
        for first in stride(from: 0, to: sentences.count, by: 1_000) {
            let piece = try Self.decoded(sentences[first..<first + 1_000])
            for (long, short) in zip(lines[first...], try piece.lines()) {
                #expect(long["type"] == short["type"])
                #expect(long["parameters"] == short["parameters"])
                #expect(long["raw"] == short["raw"])
            }
            rejected += piece.ledger.rejections.reduce(0) { $0 + $1.count }
        }
        #expect(rejected == 6_000)
        #expect(whole.ledger.rejections.map(\.count) == [6_000])
        #expect(whole.ledger.rejections.first?.firstOffset == UInt64(sentences[..<3].joined().utf8.count))
    }
}
