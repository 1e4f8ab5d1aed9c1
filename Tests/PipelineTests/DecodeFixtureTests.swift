import Records
import Bytes
import CCSDS
import Capture
import Foundation
import Pipeline
import Support
import Testing

/// Every value of every packet of the project's own captures, against what their maker, which shares no code with the
/// decoder, wrote down beside them.
@Suite struct DecodeFixtureTests {
    static let names: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: fixture("").path)) ?? []
        return all.filter { $0.hasSuffix(".expected.jsonl") }.map { String($0.dropLast(".expected.jsonl".count)) }
            .sorted()
    }()

    static func expected(_ name: String) throws -> [JSON] {
        try JSON.lines(String(contentsOf: fixture("\(name).expected.jsonl"), encoding: .utf8))
    }

    /// Whether a time is the expected one, cut off at the decimals that its field carries.
    private static func isTime(_ ours: String, _ expected: String) -> Bool {
        guard ours.hasSuffix("Z"), expected.hasSuffix("Z") else { return false }
        let (ours, expected) = (ours.dropLast(), expected.dropLast())
        return ours.count >= 19 && (expected.hasPrefix(ours) || ours.hasPrefix(expected))
    }

    /// Whether a value is the expected one: times as far as they are written; numbers but for the last digits, which
    /// depend on the order in which a polynomial is summed up.
    static func isSame(_ ours: JSON, _ expected: JSON) -> Bool {
        if ours == expected { return true }
        if case .number = expected, case .number = ours, let a = ours.double, let b = expected.double {
            return abs(a - b) <= 1e-13 * max(1, abs(b))
        }
        if let a = ours.text, let b = expected.text, b.wholeMatch(of: /\d{4}-\d\d-\d\dT.*Z/) != nil {
            return isTime(a, b)
        }
        return false
    }

    /// The words that say how a line differs from what is expected; empty where it does not.
    static func differences(_ line: JSON, _ expected: JSON) -> [String] {
        var found: [String] = []
        for key in ["packet", "spacecraft", "vcid", "apid", "sequence"] where expected[key] != nil {
            if line[key] != expected[key] { found.append("\(key) \(line[key] ?? .null), expected \(expected[key]!)") }
        }
        if let captured = expected["captured"]?.text, !isTime(line["time"]?.text ?? "", captured) {
            found.append("time \(line["time"] ?? .null), expected \(captured)")
        }
        let type = "\(expected["database"]?.text ?? "").\(expected["type"]?.text ?? "")"
        if line["type"]?.text != type { found.append("type \(line["type"] ?? .null), expected \(type)") }
        let ours = (values: line["parameters"]?.object ?? [:], raw: line["raw"]?.object ?? [:])
        let theirs = (values: expected["parameters"]?.object ?? [:], raw: expected["raw"]?.object ?? [:])
        if Set(ours.values.keys) != Set(theirs.values.keys) {
            found.append("not the same parameters: \(ours.values.keys)")
        }
        for (name, value) in theirs.values {
            guard let mine = ours.values[name] else { continue }
            if !isSame(mine, value) { found.append("\(name) \(mine), expected \(value)") }
            let raw = theirs.raw[name] ?? value
            if ours.raw[name].map({ isSame($0, raw) }) != true {
                found.append("raw \(name) \(ours.raw[name] ?? .null), expected \(raw)")
            }
        }
        let limits = expected["limits"]?.object ?? [:]
        if (line["limits"]?.object ?? [:]) != limits {
            found.append("limits \(line["limits"] ?? .null), expected \(limits)")
        }
        return found
    }

    @Test("every packet has the values, raw values, limits and times that its maker wrote down", arguments: names)
    func values(_ name: String) throws {
        let expected = try Self.expected(name)
        let decoded = try DecodedFile(fixture(name)) { $0.withRaw = true }
        let lines = try decoded.lines()
        #expect(lines.count == expected.count)
        #expect(decoded.packets == expected.count && decoded.explained == expected.count)
        #expect(decoded.ledger.isBalanced)
        for (number, (line, wanted)) in zip(lines, expected).enumerated() {
            #expect(Self.differences(line, wanted).isEmpty, "\(name), line \(number + 1)")
        }
    }

    @Test("an octet of a value that is wrong is seen: the comparison above can fail")
    func comparison() throws {
        let line = try #require(try Self.expected("g60.packets").first)
        let same = JSON.object(
            ["type": .string("g60.\(line["type"]?.text ?? "")")].merging(line.object ?? [:]) { a, _ in a })
        let raw = (line["parameters"]?.object ?? [:]).merging(line["raw"]?.object ?? [:]) { $1 }
        func changed(_ key: String, _ value: JSON) -> JSON {
            .object((same.object ?? [:]).merging([key: value]) { $1 })
        }
        let right = changed("raw", .object(raw))
        #expect(Self.differences(right, line).isEmpty)
        #expect(!Self.differences(same, line).isEmpty, "raw values are missing")
        #expect(Self.differences(changed("apid", .number("1")), line).contains { $0.hasPrefix("apid") })
        #expect(!Self.isSame(.number("1.000000000001"), .number("1")))
        #expect(!Self.isSame(.string("2026-03-15T02:30:01.4Z"), .string("2026-03-15T02:30:01.399999999Z")))
        #expect(Self.isSame(.string("2026-03-15T02:30:01.39Z"), .string("2026-03-15T02:30:01.399999999Z")))
    }

    /// A damaged file, its good twin, how many packets the damage may cost, and what the ledger has to say.
    struct Twin: CustomTestStringConvertible, Sendable {
        let bad: String
        let good: String
        let lost: ClosedRange<Int>
        let stage: Ledger.Stage
        let words: String
        var testDescription: String { bad }
    }

    static let twins = [
        Twin(
            bad: "songjiang-pass-capture-cut.pcapng", good: "songjiang-pass.pcapng", lost: 1048...1048, stage: .capture,
            words: "the input ends in the middle of a record"),
        Twin(
            bad: "songjiang-pass-block-length-wrong.pcapng", good: "songjiang-pass.pcapng", lost: 1058...1058,
            stage: .capture, words: "block length is out of range"),
        Twin(
            bad: "songjiang-packets-member-cut.pcap.gz", good: "songjiang-packets.pcap", lost: 1...1, stage: .capture,
            words: "the gzip data is cut short"),
        Twin(
            bad: "g60-cadu-segment-lost.pcap", good: "g60-cadu.pcap", lost: 24...24, stage: .frame,
            words: "octets of the stream are missing inside a frame"),
        Twin(
            bad: "songjiang-frame-bad-fecf.frames", good: "songjiang.frames", lost: 4...4, stage: .frame,
            words: "frame error control is wrong"),
        Twin(
            bad: "songjiang-frame-lost.frames", good: "songjiang.frames", lost: 4...4, stage: .packet,
            words: "frames were lost inside a packet"),
        Twin(
            bad: "g60-packet-truncated.packets", good: "g60.packets", lost: 1...1, stage: .packet,
            words: "the file ends inside a packet"),
        Twin(
            bad: "g60-packet-length-wrong.packets", good: "g60.packets", lost: 1...1, stage: .packet,
            words: "no packet header where one must be"),
    ]

    @Test(
        "a damaged file gives the good packets of its twin, in their order, and the ledger names the damage",
        arguments: twins)
    func damage(_ twin: Twin) throws {
        let good = try DecodedFile(fixture(twin.good))
        let bad = try DecodedFile(fixture(twin.bad))
        let (whole, left) = (try good.lines(), try bad.lines())
        var rest = whole.map { $0["parameters"] }[...]
        for (number, line) in left.enumerated() {
            guard let place = rest.firstIndex(of: line["parameters"]) else {
                Issue.record("\(twin.bad): line \(number + 1) is not in \(twin.good), or not in this order: \(line)")
                break
            }
            rest = rest[(place + 1)...]
        }
        #expect(twin.lost.contains(whole.count - left.count), "\(whole.count - left.count) packets are lost")
        #expect(bad.ledger.isBalanced)
        #expect(bad.ledger.rejections.contains { $0.stage == twin.stage && $0.reason.contains(twin.words) })
    }
}
