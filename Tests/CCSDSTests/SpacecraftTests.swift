import Records
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

    /// Values of a column like `49/0:117 49/63:383(dup 3)`; `dup` gives those in parentheses.
    private func values(_ text: String?, dup: Bool = false) -> [String: Int] {
        var values: [String: Int] = [:]
        for item in (text ?? "").split(separator: " ") where item.contains("/") {
            let parts = item.split(separator: ":")
            values[String(parts[0])] = Int(parts[1].prefix { $0.isNumber })
        }
        if !dup { return values }
        for part in (text ?? "").split(separator: ")") where part.contains("(dup ") {
            let sides = part.components(separatedBy: "(dup ")
            let name = sides[0].split { " :".contains($0) }.dropLast().last.map(String.init) ?? ""
            values[name] = -(Int(sides[1]) ?? 0)
        }
        return values.filter { $0.value < 0 }.mapValues { -$0 }
    }

    /// The number in front of or behind some words of the notes, 0 when they are not there.
    private func number(_ notes: String, before words: String) -> Int {
        guard let place = notes.range(of: words) else { return 0 }
        return Int(notes[..<place.lowerBound].split { " ;".contains($0) }.last ?? "") ?? 0
    }

    private func number(_ notes: String, behind words: String) -> Int {
        guard let place = notes.range(of: words) else { return 0 }
        return Int(notes[place.upperBound...].prefix { $0.isNumber }) ?? 0
    }

    private func name(_ channel: Channel) -> String { "\(channel.spacecraft)/\(channel.vcid)" }

    private func table(_ channels: [Channel], _ value: (Channel) -> Int) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: channels.map { (name($0), value($0)) }.filter { $0.1 != 0 })
    }

    private func run(_ facts: Facts, _ cut: (Int) -> [Piece], isStream: Bool) throws -> (Outcome, FrameDecoder) {
        let data = [UInt8](try Data(contentsOf: Corpus.file("spacecraft/" + facts.file)))
        let decoder = FrameDecoder(layout: facts.layout, isStream: isStream)
        return (decode(data, cut(data.count), batch: 4, by: .frames(decoder)), decoder)
    }

    @Test("every recording gives the channels, gaps and repeated frames that an independent script found")
    func channels() throws {
        let all = try Facts.all()
        #expect(all.count >= 24)
        for facts in all {
            let (outcome, decoder) = try run(facts, { pieces($0, of: 10_000) }, isStream: true)
            let (file, notes) = (Comment(rawValue: facts.file), facts.row["notes"] ?? "")
            #expect(outcome.ledger.isBalanced, file)
            #expect(table(outcome.channels, \.frames) == values(facts.row["vcids"]), file)
            #expect(table(outcome.channels, \.repeated) == values(facts.row["vcids"], dup: true), file)
            #expect(table(outcome.channels, \.gaps) == values(facts.row["gaps"]), file)
            #expect(table(outcome.channels, \.missing) == values(facts.row["missing"]), file)
            #expect(decoder.strays == number(notes, before: " stray"), file)
            #expect(decoder.frameErrorControl.wrong == number(notes, before: " rejected by FECF"), file)
            if facts.layout.hasFECF {
                #expect(decoder.frameErrorControl.valid == number(facts.row["fecf"] ?? "", before: " of "), file)
            }
            let drops = notes.range(of: "packets dropped: ").map { String(notes[$0.upperBound...]) } ?? ""
            #expect(outcome.channels.reduce(0) { $0 + $1.droppedAtGaps } == number(drops, behind: "gap "), file)
            // Europa Clipper's cut idle packet is one of those that the script dropped; here nothing is lost by it.
            let cutIdle = facts.file.hasPrefix("europa") ? 1 : 0
            #expect(
                outcome.channels.reduce(cutIdle) { $0 + $1.droppedByPointer } == number(drops, behind: "pointer "), file
            )
        }
    }

    @Test("every recording gives the packets of each APID, and the gaps of its counts where they mean something")
    func packets() throws {
        for facts in try Facts.all() {
            let (outcome, _) = try run(facts, { pieces($0, of: 10_000) }, isStream: true)
            var ours: [String: String] = [:]
            for count in outcome.counts where count.counter != .none || count.kind == .encapsulation && count.apid != 0
            {
                let apid = count.kind == .encapsulation ? "encap\(count.apid)" : "\(count.apid)"
                let sign = [.still: "=", .jumps: "~", .unknown: "?"][count.counter, default: ""]
                let gaps = count.gaps > 0 && sign.isEmpty ? "(\(count.gaps)/\(count.missing))" : ""
                ours["\(name(outcome.channels[Int(count.channel)]))/\(apid)"] = "\(count.packets)\(sign)\(gaps)"
            }
            var theirs: [String: String] = [:]
            for item in (facts.row["apids"] ?? "").split(separator: " ") where item.contains("/") {
                let parts = item.split(separator: ":")
                var value = String(parts[1])
                if value.contains("?") { value = value.prefix { $0.isNumber } + "?" }
                theirs[String(parts[0])] = value
            }
            if facts.file == "kplo/0844.frames" {
                // The script does not look at counts there; each packet has the count of its frame, and three frames
                // are lost.
                for apid in ["33/673", "35/675", "36/676"] { theirs["187/" + apid] = "346(1/1)" }
            }
            #expect(ours == theirs, Comment(rawValue: facts.file))
        }
    }

    @Test("every recording gives the idle packets, frames and octets that an independent script found")
    func idle() throws {
        for facts in try Facts.all() {
            let (outcome, _) = try run(facts, { pieces($0, of: 10_000) }, isStream: true)
            var theirs: [String: [Int]] = [:]
            let words = (facts.row["idle"] ?? "").split { " ,:".contains($0) }
            for (index, word) in words.enumerated() where word.contains("/") && index + 5 < words.count {
                theirs[String(word)] = [index + 1, index + 3, index + 5].compactMap { Int(words[$0]) }
            }
            if facts.file.hasPrefix("europa") {
                // The cut idle packet of six octets, and three octets of idle packet in front of each of two frames.
                theirs["159/32"]?[2] += 6
                theirs["159/63"]?[2] += 6
            }
            var ours: [String: [Int]] = [:]
            for channel in outcome.channels where channel.idleOctets > 0 {
                ours[name(channel)] = [channel.idlePackets, channel.idleFrames, channel.idleOctets]
            }
            #expect(ours == theirs, Comment(rawValue: facts.file))
            #expect(
                outcome.ledger.idle == outcome.channels.reduce(0) { $0 + $1.idleOctets }, Comment(rawValue: facts.file))
        }
    }

    @Test("a recording gives the same as datagrams, and as a stream cut anywhere")
    func cuts() throws {
        var random = SeededGenerator(seed: 20)
        for facts in try Facts.all() {
            let (length, file) = (facts.layout.length, Comment(rawValue: facts.file))
            let (whole, _) = try run(facts, { [Piece(range: 0..<$0)] }, isStream: true)
            let (datagrams, _) = try run(facts, { pieces($0, of: length) }, isStream: false)
            let (stream, _) = try run(facts, { pieces($0, upTo: 1460, by: &random) }, isStream: true)
            for other in [datagrams, stream] {
                #expect(other.ledger.isBalanced, file)
                #expect(other.channels == whole.channels, file)
                #expect(other.packets == whole.packets, file)
                #expect(other.units.map(\.offset) == whole.units.map(\.offset), file)
            }
        }
    }
}
