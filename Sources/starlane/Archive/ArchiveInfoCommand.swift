import ArgumentParser
import Bytes
import Capture
import Glibc
import Pipeline
import Records

struct ArchiveInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What an archive holds, by the headers of its members: nothing is unpacked.")

    @Argument(help: "Archives.", completion: .file())
    var files: [String]

    @Flag(help: "A line a member; in JSON an array of them.")
    var members = false

    @Option(help: "table, or json: one object a file.")
    var format = Format.table

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    func run() throws {
        let output = Output()
        for file in files {
            guard let index = ArchiveOpening.open(file, output, { try ArchiveIndex(path: $0) }) else { continue }
            try output.write { text in
                if format == .json { return ArchiveReport(file, index).write(json: &text, listsMembers: members) }
                let style = Style.output
                func row(_ name: String, _ words: String) { text.append("  " + style.dim(name.left(9)) + words + "\n") }
                text.append(style.bold(file) + "\n")
                row("packets", index.packets.grouped)
                let share = index.rawOctets > 0 ? Double(index.end) * 100 / Double(index.rawOctets) : 100
                row("octets", "\(index.rawOctets.grouped) in \(index.end.grouped), \(Int(share + 0.5)) %")
                row("members", index.entries.count.grouped)
                let known = index.entries.map(\.member).filter { $0.earliest <= $0.latest }
                if let first = known.map(\.earliest).min(), let last = known.map(\.latest).max() {
                    row("first", time(first))
                    row("last", time(last))
                }
                for defined in index.definitions {
                    let names = defined.databases.map { "\($0.name) \($0.shortDigits)" }.joined(separator: ", ")
                    row("defined", "by \(names.isEmpty ? "nothing" : names) from packet \(defined.packet.grouped) on")
                }
                for gap in index.gaps {
                    row(
                        "damage",
                        "\(gap.range.count.grouped) octets from \(gap.range.lowerBound.grouped) on: \(gap.words)")
                }
                if let tail = index.tail {
                    row("behind", "\(index.tornOctets.grouped) octets behind packet \(index.packets.grouped): \(tail)")
                }
                guard members else { return }
                for entry in index.entries {
                    let member = entry.member
                    let span =
                        member.earliest <= member.latest ? "\(time(member.earliest)) … \(time(member.latest))" : ""
                    text.append(
                        "  \(entry.offset.grouped.right(16))  \(member.size.grouped.right(10))  "
                            + "\(member.packets.grouped.right(9)) packets  \(span)\n")
                }
            }
            if index.tail != nil || !index.gaps.isEmpty { output.reject() }
        }
        try output.finish()
    }

    private func time(_ nanoseconds: Int64) -> String {
        var text = TextBuffer(capacity: 64)
        text.append(CaptureTime(nanoseconds: nanoseconds), digits: 6)
        return String(decoding: text.bytes.copied(), as: UTF8.self)
    }
}

/// Opens archives, or says why not.
enum ArchiveOpening {
    /// Refuses an output that is one of the inputs.
    static func check(_ sources: [String], against output: String) throws {
        guard !sources.contains(where: { SameFile.isThere($0, output) }) else {
            throw ValidationError("\(output) would be written over while it is read: choose another file.")
        }
    }

    static func open<Opened>(_ file: String, _ output: Output, _ work: (String) throws -> Opened?) -> Opened? {
        do {
            if let opened = try work(file) { return opened }
            output.refused(
                "\(file) is no archive of Starlane's: its first member says nothing of itself; "
                    + "'starlane archive \(file) -o NAME.pcapng.gz' makes one of a capture")
        } catch { output.refused("\(file) cannot be read: \(error)") }
        return nil
    }
}

struct ArchiveVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Unpack every member and hold it against what its header says.")

    @Argument(help: "Archives.", completion: .file())
    var files: [String]

    func run() throws {
        Interruption.listen()
        let output = Output()
        for file in files {
            guard let reading = ArchiveOpening.open(file, output, { try ArchiveReading(path: $0) }) else { continue }
            var good = 0
            let members = reading.index.members
            for (number, entry) in members.enumerated() where !Interruption.isAsked {
                do {
                    try reading.verify(entry)
                    good += 1
                } catch {
                    let (before, packets) = (entry.member.packetsBefore, entry.member.packets)
                    let what =
                        entry.member.kind == .definitions
                        ? "mission databases behind packet \(before.grouped)"
                        : "packets \((before + 1).grouped) to \((before + UInt64(packets)).grouped)"
                    Console.say(
                        "starlane: \(file): member \(number + 1) at octet \(entry.offset.grouped), \(what): \(error)")
                    output.reject()
                }
            }
            if good == members.count, !Interruption.isAsked { try check(file, reading.index, output) }
            for gap in reading.index.gaps {
                Console.say(
                    "starlane: \(file): \(gap.range.count.grouped) octets from \(gap.range.lowerBound.grouped) on are no "
                        + "member: \(gap.words)")
                output.reject()
            }
            if let tail = reading.index.tail {
                Console.say(
                    "starlane: \(file): \(reading.index.tornOctets.grouped) octets behind packet "
                        + "\(reading.index.packets.grouped) are lost: \(tail)")
                output.reject()
            }
            let all = members.count
            try output.write {
                $0.append("\(file): \(good.grouped) of \(all.grouped) members are whole\n")
            }
        }
        try output.finish()
    }

    /// Holds summaries against packets, which takes a reading from the beginning.
    private func check(_ file: String, _ index: ArchiveIndex, _ output: Output) throws {
        let (wrong, untold) = try SummaryCheck.run(file, index) { _ in !Interruption.isAsked }
        let members = index.members
        for place in wrong {
            let number = members.firstIndex(of: index.entries[place]).map { $0 + 1 } ?? 0
            Console.say(
                "starlane: \(file): member \(number) at octet \(index.entries[place].offset.grouped) tells of other "
                    + "packets than it holds: a filter may pass it")
            output.reject()
        }
        if untold > 0 {
            Console.say(
                "starlane: \(file): \(untold.grouped) members do not tell what their packets are, so filters do not pass any"
            )
        }
    }
}
