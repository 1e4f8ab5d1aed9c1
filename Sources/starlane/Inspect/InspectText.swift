import Bytes
import CCSDS
import Capture
import Pipeline
import Transport

/// An inspection in words, under a screen long: what there is most of first, the rest counted.
struct InspectText {
    let report: InspectReport
    let style: Style
    let width: Int
    /// Everything, however long.
    let all: Bool

    /// The whole text, a line feed at its end.
    func text() -> String {
        var lines = heading()
        lines += links()
        lines += flows()
        lines += channels()
        lines += apids()
        lines += ledger()
        return lines.joined(separator: "\n") + "\n"
    }

    private func limit(_ few: Int) -> Int { all ? .max : few }

    private func heading() -> [String] {
        var facts = [report.format.description]
        if report.format.kind != .bareStream {
            facts.append("\(report.packets.grouped) packet\(report.packets == 1 ? "" : "s")")
        }
        facts.append("\(report.ledger.bytes.grouped) octets" + (report.format.isGzip ? " unpacked" : ""))
        var lines = [style.bold(report.file), "  " + facts.joined(separator: " · ")]
        if report.first.isKnown {
            lines.append(
                "  \(time(report.first)) to \(time(report.last)) UTC (\(Self.span(report.first, report.last)))")
        }
        for problem in report.problems.prefix(limit(3)) {
            lines.append("  " + style.bad(problem.description.wrapped(width - 2, indent: "    ")))
        }
        if report.problems.count > limit(3) {
            lines.append("  " + style.bad("… and \(report.problems.count - 3) more problems"))
        }
        return lines
    }

    private func time(_ time: CaptureTime) -> String {
        var out = TextBuffer(capacity: 64)
        out.append(time, digits: report.timeDigits)
        return String(decoding: out.bytes.copied(), as: UTF8.self).replacing("T", with: " ").replacing("Z", with: "")
    }

    private static func span(_ first: CaptureTime, _ last: CaptureTime) -> String {
        let seconds = (Double(last.nanoseconds) - Double(first.nanoseconds)) / 1e9
        switch seconds {
        case ..<1: return "\(Int(seconds * 1000 + 0.5)) ms"
        case ..<120: return "\(Double(Int(seconds * 10)) / 10) s"
        case ..<7200: return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
        case ..<172_800: return "\(Int(seconds) / 3600) h \(Int(seconds) / 60 % 60) min"
        default: return "\(Int(seconds) / 86_400) days \(Int(seconds) / 3600 % 24) h"
        }
    }

    private func links() -> [String] {
        guard report.format.kind != .bareStream, !report.interfaces.isEmpty else { return [] }
        var lines = ["", style.bold("LINKS")]
        for (index, row) in report.interfaces.enumerated().prefix(limit(4)) {
            let names = [row.interface.name, row.interface.description].compactMap { $0 }.joined(separator: ", ")
            let label = "\(index)  \(row.interface.linkType.name)\(names.isEmpty ? "" : "  \(names)")"
            lines.append("  " + label.cut(width - 36).left(width - 36) + "\(row.packets.grouped) packets".right(34))
        }
        if report.interfaces.count > limit(4) { lines.append(more(report.interfaces.count - 4, "link")) }
        return lines
    }

    private func more(_ count: Int, _ thing: String) -> String {
        "  " + style.dim("… and \(count.grouped) more \(thing)\(count == 1 ? "" : "s") (--all shows them)")
    }

    private func flows() -> [String] {
        guard !report.flows.isEmpty else { return [] }
        let carriesWidth = 34
        let nameWidth = max(20, width - carriesWidth - 32)
        var lines = [
            "",
            style.bold(
                "FLOWS".left(nameWidth + 2) + "packets".right(9) + "octets".right(13) + "  "
                    + "carries".left(carriesWidth) + "sure".right(5)),
        ]
        // Those that carry something first, then the largest.
        let rows = report.flows.sorted { ($0.isSure ? 1 : 0, $0.flow.bytes) > ($1.isSure ? 1 : 0, $1.flow.bytes) }
        for row in rows.prefix(limit(6)) {
            let sure =
                row.isSure
                ? style.good("\(Int((row.verdict?.confidence ?? 0) * 100)) %".right(5)) : style.dim("–".right(5))
            let carries = row.carries.cut(carriesWidth).left(carriesWidth)
            lines.append(
                "  " + style.name(row.flow.name.cut(nameWidth).left(nameWidth)) + row.flow.packets.grouped.right(9)
                    + row.flow.bytes.grouped.right(13) + "  " + (row.isSure ? carries : style.dim(carries)) + sure)
            if let verdict = row.verdict, row.isSure || report.flows.count == 1, !verdict.evidence.isEmpty {
                lines.append("    " + style.dim(verdict.evidence.wrapped(width - 4, indent: "    ")))
            }
        }
        if rows.count > limit(6) { lines.append(more(rows.count - 6, "flow")) }
        return lines
    }

    private func channels() -> [String] {
        guard !report.channels.isEmpty else { return [] }
        var lines = [
            "",
            style.bold(
                "VIRTUAL CHANNELS".left(22) + "frames".right(10) + "idle".right(10) + "gaps".right(8)
                    + "missing".right(10)
                    + "late".right(8) + "repeated".right(10)),
        ]
        for row in report.channels.prefix(limit(8)) {
            let channel = row.channel
            lines.append(
                "  " + "\(channel.spacecraft)/\(channel.vcid)".left(20) + channel.frames.grouped.right(10)
                    + channel.idleFrames.grouped.right(10) + count(channel.gaps, 8) + count(channel.missing, 10)
                    + count(channel.late, 8) + count(channel.repeated, 10))
        }
        if report.channels.count > limit(8) { lines.append(more(report.channels.count - 8, "channel")) }
        return lines
    }

    /// A count that is better 0.
    private func count(_ number: Int, _ width: Int) -> String {
        let text = number.grouped.right(width)
        return number == 0 ? style.dim(text) : style.doubtful(text)
    }

    private func apids() -> [String] {
        let rows = report.apids.filter { !$0.isIdle }
        guard !rows.isEmpty else { return [] }
        let hasTypes = rows.contains { $0.type != nil }
        var lines = [
            "",
            style.bold(
                "APIDS".left(22) + "packets".right(10) + "octets".right(12) + "rate/s".right(10) + "gaps".right(8)
                    + "missing".right(10) + (hasTypes ? "  type" : "")),
        ]
        let shown =
            rows.count > limit(14)
            ? Array(rows.sorted { $0.count.packets > $1.count.packets }.prefix(12)).sorted { $0.place < $1.place }
            : rows
        for row in shown {
            let losses =
                row.count.counter == .still || row.count.counter == .jumps
                ? style.dim((row.count.counter == .still ? "count stands still" : "not counted per APID").right(18))
                : count(row.count.gaps, 8) + count(row.count.missing, 10)
            let type = row.type.map { "  " + style.name($0.cut(max(12, width - 74))) } ?? ""
            lines.append(
                "  " + row.name.left(20) + row.count.packets.grouped.right(10) + row.count.bytes.grouped.right(12)
                    + (row.rate.map(Self.rate) ?? "–").right(10) + losses + type)
        }
        if shown.count < rows.count { lines.append(more(rows.count - shown.count, "APID")) }
        return lines
    }

    private static func rate(_ value: Double) -> String {
        value >= 100 ? Int(value + 0.5).grouped : "\((value * 100).rounded() / 100)"
    }

    private func ledger() -> [String] {
        let ledger = report.ledger
        var lines = ["", style.bold("LEDGER".left(12) + ledger.bytes.grouped.right(16) + " octets")]
        func row(_ name: String, _ bytes: Int, _ words: String = "") {
            let share = ledger.bytes == 0 ? 0 : Double(bytes) / Double(ledger.bytes)
            let bar = String(repeating: "█", count: Int((share * 20).rounded()))
            let text = "  " + name.left(10) + bytes.grouped.right(16) + "  " + Self.percent(share).right(8) + "  "
            lines.append(text + (words.isEmpty ? style.dim(bar) : words))
        }
        row("decoded", ledger.decoded)
        row("overhead", ledger.overhead)
        if ledger.idle > 0 { row("idle", ledger.idle) }
        if ledger.unclaimedBytes > 0 {
            let largest = ledger.unclaimed.sorted { $0.bytes > $1.bytes }
            let names = largest.prefix(4).map { "\($0.name) \($0.bytes.grouped)" }.joined(separator: ", ")
            row("unclaimed", ledger.unclaimedBytes, names + (largest.count > 4 ? " …" : ""))
        }
        for reject in ledger.rejections.prefix(limit(5)) {
            let place =
                reject.firstPacket > 0 ? "first in packet \(reject.firstPacket.grouped) at octet" : "first at octet"
            let found = "\(reject.count.grouped), \(place) \(reject.firstOffset.grouped)"
            row("rejected", reject.bytes, style.bad("\(reject.stage.rawValue): \(reject.reason) (\(found))"))
        }
        if ledger.rejections.count > limit(5) { lines.append(more(ledger.rejections.count - 5, "reason")) }
        if ledger.pending > 0 { row("pending", ledger.pending, "incomplete at the end") }
        lines.append(
            ledger.isBalanced
                ? "  " + style.good("balanced: every octet is accounted for")
                : "  " + style.bad("does not balance: please report this"))
        return lines
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

extension InspectReport.FlowRow {
    var isSure: Bool { verdict?.isSure ?? false }

    /// What it carries, in words.
    var carries: String {
        guard let verdict, verdict.isSure else { return "not recognised" }
        switch verdict.carrying {
        case .frames(let layout):
            var words = "\(layout.kind.rawValue) frames of \(layout.length)"
            if !layout.marker.isEmpty { words += ", marker" }
            if layout.hasFECF { words += ", FECF" }
            if layout.ocf { words += ", OCF" }
            if layout.insertZone > 0 { words += ", insert zone \(layout.insertZone)" }
            return words
        case .packets(let skip): return skip == 0 ? "space packets" : "space packets behind \(skip) octets"
        case .unknown: return "not recognised"
        }
    }
}

extension InspectReport.APIDRow {
    /// Spacecraft, channel and APID, as far as there are: `341/0/100`.
    var name: String {
        let front = [spacecraft, vcid].compactMap { $0.map(String.init) }.map { $0 + "/" }.joined()
        switch count.kind {
        case .telemetry: return front + String(count.apid)
        case .telecommand: return front + "\(count.apid) command"
        case .encapsulation: return front + "encapsulated \(count.apid)"
        }
    }

    fileprivate var place: (Int, Int, Int) { (spacecraft ?? -1, vcid ?? -1, Int(count.apid)) }
}
