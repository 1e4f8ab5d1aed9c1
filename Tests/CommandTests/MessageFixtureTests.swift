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

    /// What the maker of a file says of it as a whole.
    static func facts(_ name: String) throws -> JSON {
        try JSON(String(contentsOf: fixture("\(name).facts.json"), encoding: .utf8))
    }

    /// Messages and octets of one name in one flow, summed over its forms: a TXSQ may send a message or ask for them. The
    /// entries of a batch stand in the octets of the batch.
    private struct Count: Equatable {
        var messages = 0
        var octets = 0
    }

    private func counts(_ rows: [JSON], octets: String, flow: (JSON) -> String?) throws -> [String: Count] {
        var counts: [String: Count] = [:]
        for row in rows {
            let type = try #require(row["type"]?.text)
            let key = "\(flow(row) ?? "no flow") \(row["dialect"]?.text ?? "") \(type)"
            counts[key, default: Count()].messages += try #require(row["messages"]?.integer)
            if !type.hasSuffix(" entry") { counts[key]?.octets += try #require(row[octets]?.integer) }
        }
        return counts
    }

    @Test("an inspection counts messages and octets of each type in each flow", arguments: names)
    func counts(_ name: String) throws {
        let (finished, facts) = (try Starlane.run(["inspect", "--format", "json", name]), try Self.facts(name))
        let report = try JSON(finished.text)
        let flows = try #require(report["flows"]?.array)
        let ours = try counts(report["messages"]?.array ?? [], octets: "bytes") { row in
            row["flow"]?.integer.flatMap { flows.indices.contains($0) ? flows[$0]["flow"]?.text : nil }
        }
        // A log is one flow, which has no name in the facts.
        let theirs = try counts(facts["messages"]?.array ?? [], octets: "octets") { $0["flow"]?.text ?? "stream" }
        #expect(!theirs.isEmpty)
        for key in Set(ours.keys).union(theirs.keys) { #expect(ours[key] == theirs[key], "\(key)") }
        #expect(report["capture"]?["packets"] == facts["capture_packets"] ?? .number("0"))
        #expect(finished.status == (facts["damaged"] == .array([]) ? 0 : 1))
    }

    // MARK: Damage

    /// What the decoder says of a damage that the maker describes with these words.
    private static let reasons = [
        "one bit of the message is wrong": "check of a JT/T 808 frame is wrong",
        "the message ends after 37 octets": "body length of a JT/T 808 frame is wrong",
        "7D is followed by 05": "JT/T 808 frame has a 7D that escapes nothing",
        "one bit of a frame is wrong": "check of an RDSS 4.0 frame is wrong",
        "the frame ends after 19 octets": "check of an RDSS 4.0 frame is wrong",
        "a digit of the sentence is wrong": "checksum of a sentence is wrong",
        "one bit of a character is wrong": "checksum of a sentence is wrong",
        "the sentence ends after 33 octets": "sentence is cut off by the next one",
        "the line ends after 11 octets": "sentence without a checksum",
    ]

    @Test("an inspection rejects what the maker damaged, there and for that reason, and nothing else", arguments: names)
    func damage(_ name: String) throws {
        let (finished, facts) = (try Starlane.run(["inspect", "--format", "json", name]), try Self.facts(name))
        let ledger = try #require(try JSON(finished.text)["ledger"])
        #expect(ledger["balanced"]?.bool == true)
        #expect(ledger["bytes"] == facts["bytes"] && ledger["pending"]?.integer == 0)
        let damaged = try #require(facts["damaged"]?.array)
        let groups = try Dictionary(grouping: damaged) { entry in
            try #require(Self.reasons[entry["why"]?.text ?? ""], "what is said of this: \(entry)")
        }
        let rejected = try #require(ledger["rejected"]?.array)
        #expect(Set(rejected.map { $0["reason"]?.text }) == Set(groups.keys))
        #expect(rejected.count == groups.count)
        for row in rejected {
            let entries = try #require(groups[row["reason"]?.text ?? ""])
            #expect(row["stage"]?.text == "message")
            #expect(row["count"]?.integer == entries.count, "\(row)")
            #expect(row["bytes"]?.integer == entries.reduce(0) { $0 + ($1["octets"]?.integer ?? 0) }, "\(row)")
            // The facts are in the order of the file.
            try expectPlace(of: row, entries[0], name)
        }
    }

    /// The place of a rejection is that of the damaged message.
    private func expectPlace(of row: JSON, _ entry: JSON, _ name: String) throws {
        let octets = [UInt8](try Data(contentsOf: fixture(name)))
        let (offset, packet) = (row["first"]?["offset"]?.integer ?? -1, row["first"]?["packet"]?.integer ?? -1)
        if let line = entry["line"]?.integer {
            let start = octets.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(line - 1)
                .reduce(0) { $0 + $1.count + 1 }
            #expect(offset == octets[start...].firstIndex(of: UInt8(ascii: "$")), "\(row)")
            #expect(packet == 0)
            return
        }
        // What is cut off is known to be so when the next message of its flow has come.
        let next = try JSON.lines(String(contentsOf: fixture("\(name).messages.jsonl"), encoding: .utf8)).first {
            $0["flow"] == entry["flow"] && ($0["packet"]?.integer ?? 0) > (entry["packet"]?.integer ?? 0)
        }
        let isCut = entry["why"]?.text?.contains(" ends after ") == true
        #expect(packet == entry["packet"]?.integer || isCut && packet == next?["packet"]?.integer, "\(row)")
        let type = entry["type"]?.text ?? ""
        let beginning: [UInt8] =
            switch entry["dialect"]?.text {
            case "jtt-808": [0x7E] + Support.octets(String(type.dropFirst(2)))
            case "rdss-4.0": Array("$\(type)".utf8)
            default: Array("$GN\(type),".utf8)
            }
        #expect(octets.dropFirst(offset).starts(with: beginning), "\(row)")
    }

    @Test("decode says on standard error what an inspection rejects, a line a reason", arguments: names)
    func words(_ name: String) throws {
        let rejected = try JSON(Starlane.run(["inspect", "--format", "json", name]).text)["ledger"]?["rejected"]?.array
        let decoded = try Starlane.run(["decode", "--format", "jsonl", name])
        #expect(decoded.status == (rejected == [] ? 0 : 1))
        let lines = try (rejected ?? []).map { row in
            func number(_ value: JSON?) throws -> Int { try #require(value?.integer) }
            let (count, packet) = (try number(row["count"]), try number(row["first"]?["packet"]))
            return "starlane: \(name): message: \(row["reason"]?.text ?? ""), "
                + (count == 1 ? "once at " : "\(count) times, first at ") + (packet > 0 ? "packet \(packet), " : "")
                + "octet \(grouped(try number(row["first"]?["offset"]))) (\(try number(row["bytes"])) octets)"
        }
        #expect(decoded.words.split(separator: "\n").map(String.init).sorted() == lines.sorted())
    }

    /// A number with commas between its thousands.
    private func grouped(_ number: Int) -> String {
        let digits = String(number)
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }.joined()
    }

    // MARK: What is none

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
