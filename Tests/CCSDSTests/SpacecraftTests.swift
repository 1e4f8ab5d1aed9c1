import Bytes
import CCSDS
import Foundation
import Support
import Testing

/// Frames recorded from real spacecraft, against what an independent script found in them.
@Suite(.enabled(if: Corpus.isThere, "\(Corpus.why)"))
struct SpacecraftTests {
    /// What FACTS.tsv says of one file.
    struct Facts {
        let file: String
        let layout: FrameLayout
        let row: [String: String]

        init?(_ row: [String: String]) {
            guard let file = row["file"], file.hasSuffix(".frames"), let kind = row["kind"], kind != "none",
                let length = row["frame_length"].flatMap(Int.init), let text = row["layout"], let scids = row["scids"],
                let fecf = row["fecf"], let ocf = row["ocf"], let notes = row["notes"], let mission = row["mission"]
            else { return nil }
            var layout = FrameLayout(kind: kind == "TM" ? .tm : .aos, length: length)
            layout.hasFECF = fecf.contains("valid")
            layout.ocf = kind == "AOS" && ocf != "none"
            layout.spacecraft = Set(scids.split(separator: " ").compactMap { Int($0.split(separator: ":")[0]) })
            let words = text.split { " ,".contains($0) }
            if text.hasPrefix("insert zone") { layout.insertZone = Int(words[2]) ?? 0 }
            if text.hasPrefix("secondary header ") { layout.secondaryHeader = Int(words[2]) }
            if text.hasPrefix("no M_PDU") { layout.zone = .onePacket(at: 8) }
            if ["aditya-l1", "integral"].contains(mission) { layout.zone = .opaque }
            if notes.contains("VC 2 is not packets") { layout.zones[2] = .opaque }
            self.file = file
            self.layout = layout
            self.row = row
        }

        static func all() throws -> [Facts] {
            try Table(Corpus.file("spacecraft/FACTS.tsv")).rows.compactMap(Facts.init)
        }
    }

    /// Values of a column like `49/0:117 49/63:383(dup 3)`.
    static func values(_ text: String) -> [String: Int] {
        var values: [String: Int] = [:]
        for item in text.split(separator: " ") where item.contains("/") {
            let parts = item.split(separator: ":")
            values[String(parts[0])] = Int(parts[1].prefix { $0.isNumber })
        }
        return values
    }

    func run(_ facts: Facts, chunk: Int) throws -> (outcome: Outcome, decoder: FrameDecoder) {
        let data = [UInt8](try Data(contentsOf: Corpus.file("spacecraft/" + facts.file)))
        let decoder = FrameDecoder(layout: facts.layout, isStream: true)
        return (decode(data, pieces(data.count, of: chunk), batch: 4, keep: false, by: .frames(decoder)), decoder)
    }

    @Test("every recording gives the channels, gaps and packets that an independent script found")
    func recordings() throws {
        let all = try Facts.all()
        #expect(all.count >= 24)
        for facts in all {
            let (outcome, decoder) = try run(facts, chunk: 10_000)
            let file = Comment(rawValue: facts.file)
            print("== \(facts.file) \(outcome.ledger)")
            for c in decoder.channels { print("   \(c)") }
            #expect(outcome.ledger.isBalanced, file)
            let name = { (channel: Channel) in "\(channel.spacecraft)/\(channel.vcid)" }
            let frames = Dictionary(uniqueKeysWithValues: outcome.channels.map { (name($0), $0.frames) })
            #expect(frames == Self.values(facts.row["vcids"] ?? ""), file)
            let gaps = outcome.channels.filter { $0.gaps > 0 }
            #expect(
                Dictionary(uniqueKeysWithValues: gaps.map { (name($0), $0.gaps) }) == Self.values(facts.row["gaps"] ?? ""),
                file)
            #expect(
                Dictionary(uniqueKeysWithValues: gaps.map { (name($0), $0.missing) })
                    == Self.values(facts.row["missing"] ?? ""), file)
            var lines: [String] = []
            for count in outcome.counts where count.apid != 0x7FF || count.kind == .encapsulation {
                if count.kind == .encapsulation, count.apid == 0 { continue }
                let channel = outcome.channels[Int(count.channel)]
                let apid = count.kind == .encapsulation ? "encap\(count.apid)" : "\(count.apid)"
                var line = "\(name(channel))/\(apid):\(count.packets)"
                switch count.counter {
                case .still: line += "="
                case .jumps: line += "~"
                case .unknown: line += "?"
                default: break
                }
                if count.gaps > 0 { line += "(\(count.gaps)/\(count.missing))" }
                lines.append(line)
            }
            let facts = (facts.row["apids"] ?? "").split(separator: " ").map(String.init).filter { $0 != "none" }
            print("   ours not theirs", Set(lines).subtracting(facts).sorted(), "theirs not ours", Set(facts).subtracting(lines).sorted())
        }
    }
}
