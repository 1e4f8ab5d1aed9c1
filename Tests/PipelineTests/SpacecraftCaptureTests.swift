import Records
import Bytes
import CCSDS
import Capture
import Foundation
import Pipeline
import Support
import Testing
import Transport

/// Captures as a station's network would carry them, of frames recorded from space, from end to end: every flow, frame,
/// channel, gap and packet that an independent script counted.
@Suite(.enabled(if: Corpus.isThere, "\(Corpus.why)"))
struct SpacecraftCaptureTests {
    /// What the table says of one flow.
    struct Facts {
        let capture: String
        let flow: String
        let row: [String: String]
    }

    static func facts() throws -> [Facts] {
        try Table(Corpus.file("spacecraft/FACTS.tsv")).rows.compactMap { row in
            guard let file = row["file"], file.hasPrefix("pcap/") else { return nil }
            let parts = file.split(separator: " ", maxSplits: 1).map(String.init)
            return parts.count == 2 ? Facts(capture: parts[0], flow: parts[1], row: row) : nil
        }
    }

    /// `341/0:12 341/1:9` as numbers by channel; "0" and "none" are nothing.
    private static func values(_ text: String?) -> [String: Int] {
        var values: [String: Int] = [:]
        for item in (text ?? "").split(separator: " ") where item.contains("/") {
            let parts = item.split(separator: ":")
            values[String(parts[0])] = Int(parts[1].prefix { $0.isNumber })
        }
        return values
    }

    /// A row of `apids` as the table writes it: count, what the 14-bit count does, gaps and missing packets.
    private static func word(_ row: InspectReport.APIDRow) -> String {
        var word = "\(row.spacecraft ?? -1)/\(row.vcid ?? -1)/\(row.count.apid):\(row.count.packets)"
        switch row.count.counter {
        case .still: word += "="
        case .jumps: word += "~"
        case .unknown: word += "?"
        case .steps, .none: break
        }
        return row.count.gaps > 0 ? word + "(\(row.count.gaps)/\(row.count.missing))" : word
    }

    @Test("everything is found unasked, and nothing else")
    func endToEnd() throws {
        let all = try Self.facts()
        #expect(all.count == 4)
        for capture in Set(all.map(\.capture)) {
            let facts = all.filter { $0.capture == capture }
            let report = Inspection.run(try CaptureReader.open(Corpus.file("spacecraft/\(capture)").path))
            #expect(report.ledger.isBalanced)
            let sure = report.flows.indices.filter { report.flows[$0].verdict?.isSure == true }
            #expect(Set(sure.map { report.flows[$0].flow.name }) == Set(facts.map(\.flow)), "\(capture)")
            for fact in facts {
                let index = try #require(report.flows.firstIndex { $0.flow.name == fact.flow })
                check(report, index, fact)
            }
        }
    }

    private func check(_ report: InspectReport, _ index: Int, _ facts: Facts) {
        let (row, name) = (facts.row, Comment(rawValue: facts.flow))
        guard case .frames(let layout)? = report.flows[index].verdict?.carrying else {
            Issue.record("\(facts.flow) carries no frames")
            return
        }
        #expect(layout.kind.rawValue == row["kind"], name)
        #expect(layout.length == Int(row["frame_length"] ?? ""), name)
        #expect(layout.hasFECF == row["fecf"]?.contains("valid"), name)
        if let valid = row["fecf"]?.split(separator: " ").first.flatMap({ Int($0) }) {
            #expect(report.flows[index].errorControl.valid == valid, name)
        }
        let channels = report.channels.filter { $0.flow == index }.map(\.channel)
        let key = { (channel: Channel) in "\(channel.spacecraft)/\(channel.vcid)" }
        #expect(
            Dictionary(uniqueKeysWithValues: channels.map { (key($0), $0.frames) }) == Self.values(row["vcids"]), name)
        let broken = channels.filter { $0.gaps > 0 }
        #expect(Dictionary(uniqueKeysWithValues: broken.map { (key($0), $0.gaps) }) == Self.values(row["gaps"]), name)
        #expect(
            Dictionary(uniqueKeysWithValues: broken.map { (key($0), $0.missing) }) == Self.values(row["missing"]), name)
        #expect(channels.reduce(0) { $0 + $1.frames } == Int(row["frames"] ?? ""), name)
        let apids = report.apids.filter { Int($0.count.flow) == index && !$0.isIdle && $0.count.kind != .encapsulation }
        #expect(Set(apids.map(Self.word)) == Set((row["apids"] ?? "").split(separator: " ").map(String.init)), name)
    }
}
