import Foundation
import Support
import Testing

/// Every message of the project's own captures and logs of terminals, against what their maker, which shares no code with
/// the decoder, wrote down beside them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageFixtureTests {
    static let names = ["terminals.pcapng", "receiver-serial.log", "receiver-plain.nmea", "terminal-2.1.log"]

    private func isSame(_ ours: JSON?, _ expected: JSON) -> Bool {
        if ours == expected { return true }
        if let a = ours?.double, let b = expected.double { return abs(a - b) <= 1e-9 * max(1, abs(b)) }
        guard let a = ours?.text, let b = expected.text, a.hasSuffix("Z"), b.hasSuffix("Z") else { return false }
        // Times carry as many decimals as their clock resolves.
        return b.dropLast().hasPrefix(a.dropLast()) || a.dropLast().hasPrefix(b.dropLast())
    }

    @Test("messages come with the values, flow, packet and time that their maker gave them", arguments: names)
    func messages(_ name: String) throws {
        let lines = try JSON.lines(Starlane.run(["decode", "--format", "jsonl", name]).text)
        let expected = try JSON.lines(String(contentsOf: fixture("\(name).messages.jsonl"), encoding: .utf8))
        #expect(lines.count == expected.count)
        for (line, expected) in zip(lines, expected) {
            for key in ["dialect", "type"] { #expect(line[key] == expected[key], "\(expected)") }
            if let packet = expected["packet"], packet != .null { #expect(line["packet"] == packet) }
            if name.hasSuffix(".pcapng") { #expect(line["flow"] == expected["flow"]) }
            if let captured = expected["captured"], captured != .null { #expect(isSame(line["time"], captured)) }
            for (parameter, value) in expected["parameters"]?.object ?? [:] {
                let ours = line["parameters"]?[parameter]
                #expect(isSame(ours, value), "\(parameter): \(ours ?? .null), expected \(value) in \(expected)")
            }
        }
    }

    @Test("an inspection counts them, and accounts for every octet", arguments: names)
    func counts(_ name: String) throws {
        let finished = try Starlane.run(["inspect", "--format", "json", name])
        #expect(finished.status == (name == "receiver-plain.nmea" ? finished.status : 1))
        let report = try JSON.lines(finished.text)[0]
        #expect(report["ledger"]?["balanced"]?.bool == true)
        let facts = try JSON.lines(
            String(contentsOf: fixture("\(name).facts.json"), encoding: .utf8).replacingOccurrences(of: "\n", with: " ")
        )[0]
        func sums(_ rows: [JSON]) -> [String: Int] {
            var sums: [String: Int] = [:]
            for row in rows where row["type"]?.text != "0x0704 entry" {
                let key = "\(row["dialect"]?.text ?? "") \(row["type"]?.text ?? "")"
                sums[key, default: 0] += row["messages"]?.integer ?? 0
            }
            return sums
        }
        #expect(sums(report["messages"]?.array ?? []) == sums(facts["messages"]?.array ?? []))
    }

    @Test("a document that quotes a sentence is no log, nor are random octets")
    func documents() throws {
        var generator = SeededGenerator(seed: 42)
        let text =
            "# Notes\n\nThe receiver says `$BDFKI,DWA,N,Y,0,0058*16` when it is too early.\n"
            + String(repeating: "Nothing else in this text is a sentence of a terminal, and it goes on.\n", count: 30)
        let noise = Data((0..<200_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        for input in [Data(text.utf8), noise] {
            let finished = try Starlane.run(["inspect", "--format", "json", "-"], input: input)
            #expect(try JSON.lines(finished.text)[0]["messages"] == .array([]))
        }
    }
}
