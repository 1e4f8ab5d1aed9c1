import Foundation
import Support
import Testing

/// Tables with Chinese texts in them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageTableTests {
    /// Columns on a terminal.
    private func columns(_ text: Substring) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
    }

    @Test("what stands behind a Chinese text begins where it begins behind others")
    func chosenFields() throws {
        let table = try Starlane.run(["decode", "terminals.pcapng", "--fields", "text,type"])
        let lines = table.text.split(separator: "\n").filter { $0.contains("TXSQ") || $0.contains("TXR") }
        #expect(lines.count(where: { $0.contains("返航") }) >= 2)
        for line in lines where columns(line) < 26 + 30 {
            let type = try #require(line.range(of: "TX", options: .backwards))
            #expect(columns(line[..<type.lowerBound]) == 26, "\(line)")
        }
    }

    @Test("a long Chinese text is cut by its columns, and its characters are counted")
    func long() throws {
        let text = String(repeating: "水", count: 60)
        let encoded = try Starlane.run(["message", "encode", "TXA", "receiver=1", "text=\(text)"])
        let line = encoded.text.trimmingCharacters(in: .newlines)
        let shown = try Starlane.run(["message", "decode", line]).text
        #expect(shown.contains("  text            \(String(repeating: "水", count: 44))… (60 characters)\n"))
        let whole = try Starlane.run(["message", "decode", "--format", "json", line]).text
        #expect(whole.contains(text))
    }

    @Test("what a sentence carries without a layout is shown as the text that it is")
    func carried() throws {
        let shown = try Starlane.run(["message", "decode", "$APXDR,A,0.135,D,PTCH*7C", "$BDHZ,SOS,救命*12"]).text
        #expect(shown.contains("  body      A,0.135,D,PTCH\n"))
        #expect(shown.contains("  body    534f532cbec8c3fc\n"))
        let json = try Starlane.run(["message", "decode", "--format", "json", "$APXDR,A,0.135,D,PTCH*7C"]).text
        #expect(json.contains("412c302e3133352c442c50544348"))
    }
}
