import Records
import Bytes
import Foundation
import Mission
import Support
import Testing

/// Whatever comes in: no crash, and the ledger balances.
struct HostileTests {
    private static let databases = [
        "binaries", "calibrators", "floats", "inheritance", "integers", "labels", "layout", "limits", "peer",
        "repeated",
        "strings", "times",
    ]

    @Test("random packets of every length decode or are told", arguments: databases)
    func packets(name: String) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let packets = (0..<400).map { length in
            (0..<length).map { index in
                // Small numbers make sizes that fit more often.
                index % 3 == 0
                    ? UInt8.random(in: 0...255, using: &generator) : UInt8.random(in: 0...3, using: &generator)
            }
        }
        let decoded = Decoded([try database(name)], packets)
        decoded.again()
        for index in packets.indices { _ = decoded.values(index) }
        #expect(decoded.ledger.isBalanced, "seed \(seed)")
        #expect(decoded.ledger.rejections.allSatisfy { $0.bytes == 0 && $0.stage == .parameter }, "seed \(seed)")
    }

    @Test("a database cut at any octet is refused or read, never more", arguments: ["strings", "inheritance", "times"])
    func cut(name: String) throws {
        let data = try Data(contentsOf: fixture("xtce/\(name).xml"))
        for length in stride(from: 0, to: data.count - 20, by: 7) {
            let error = #expect(throws: MissionError.self) { try Database(xml: data.prefix(length), file: "cut") }
            #expect((error?.errors.first?.line ?? 0) >= 1)
        }
    }

    @Test("a database with wrong octets is refused with a line, or decodes what it says")
    func flipped() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let names = ["strings", "inheritance", "times", "calibrators", "layout", "limits", "binaries"]
        let packets = (0..<24).map { length in (0..<length).map { _ in UInt8.random(in: 0...9, using: &generator) } }
        var refused = 0
        for _ in 0..<400 {
            let name = names[Int.random(in: 0..<names.count, using: &generator)]
            var data = try Data(contentsOf: fixture("xtce/\(name).xml"))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<data.count, using: &generator)
                data[place] = UInt8.random(in: 32...126, using: &generator)
            }
            do {
                let decoded = Decoded([try Database(xml: data, file: "flipped")], packets)
                for index in packets.indices { _ = decoded.values(index) }
                #expect(decoded.ledger.isBalanced, "seed \(seed)")
            } catch {
                refused += 1
                #expect(error.errors.isEmpty == false, "seed \(seed)")
                #expect(error.errors.allSatisfy { $0.line >= 1 && $0.column >= 1 }, "seed \(seed)")
            }
        }
        #expect(refused > 0, "seed \(seed)")
    }

    @Test(
        "numbers at the edge of what can be counted are refused, not added up",
        arguments: [
            "999999999999999999999999999999999999999999", "-1", "1e9", "0x7fffffffffffffff", "",
        ])
    func edges(size: String) throws {
        let text = try String(contentsOf: fixture("xtce/binaries.xml"), encoding: .utf8)
            .replacingOccurrences(of: "<FixedValue>24</FixedValue>", with: "<FixedValue>\(size)</FixedValue>")
        let error = try #require(throws: MissionError.self) { try Database(xml: Data(text.utf8), file: "edge") }
        #expect(error.errors.first?.message.contains("bits are allowed") == true)
    }

    @Test("values far beyond 64 bits are compared and looked up as what they are: never there")
    func huge() throws {
        let text = try String(contentsOf: fixture("xtce/labels.xml"), encoding: .utf8)
            .replacingOccurrences(of: "value=\"-1\"", with: "value=\"-1267650600228229401496703205376\"")
        let decoded = Decoded([try Database(xml: Data(text.utf8), file: "huge")], [[0xFF]])
        #expect(decoded.values(0)["mode"]?.validity == .noLabel)
        let criteria = try String(contentsOf: fixture("xtce/inheritance.xml"), encoding: .utf8)
            .replacingOccurrences(of: "value=\"0x2A\"", with: "value=\"99999999999999999999\"")
        let other = Decoded(
            [try Database(xml: Data(criteria.utf8), file: "huge")], [ContainerTests.packet(apid: 42, mode: 0, [5])])
        #expect(other.type(0) == nil)
        let beyond = text.replacingOccurrences(of: "-1267650600228229401496703205376", with: "9e99x")
        #expect(throws: MissionError.self) { try Database(xml: Data(beyond.utf8), file: "huge") }
    }
}
