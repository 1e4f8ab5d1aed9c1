import BeiDou
import Bytes
import CCSDS
import Capture
import Pipeline
import Transport
import Records

/// An inspection in words, under a screen long: what there is most of first, the rest counted.
///
/// Tables of channels and APIDs and the ledger are in `InspectText+Tables.swift`.
struct InspectText {
    let report: InspectReport
    let style: Style
    let width: Int
    /// Everything, however long.
    let all: Bool

    /// The whole text, a line feed at its end.
    func text() -> String {
        let lines = heading() + links() + flows() + channels() + apids() + messages() + dropped() + ledger()
        return lines.joined(separator: "\n") + "\n"
    }

    /// On a narrow terminal the columns that say least are left out.
    var isNarrow: Bool { width < 100 }

    func limit(_ few: Int) -> Int { all ? .max : few }

    func more(_ count: Int, _ thing: String) -> String {
        "  " + style.dim("… and \(counted(count, "more \(thing)")) (--all shows \(count == 1 ? "it" : "them"))")
    }

    func counted(_ number: some BinaryInteger, _ thing: String) -> String {
        "\(number.grouped) \(thing)\(number == 1 ? "" : "s")"
    }

    private func heading() -> [String] {
        var facts = [report.format.description]
        if report.format.kind != .bareStream { facts.append(counted(report.packets, "packet")) }
        facts.append(counted(report.ledger.bytes, "octet") + (report.format.isGzip ? " unpacked" : ""))
        var lines = [style.bold(report.file), "  " + facts.joined(separator: " · ")]
        if report.first.isKnown {
            let span =
                report.last > report.first
                ? " to \(time(report.last)) UTC (\(Self.span(report.first, report.last)))" : " UTC"
            lines.append("  " + time(report.first) + span)
        }
        if let choice = report.choice {
            let words = "\(choice.chosen.grouped) of \(counted(choice.packets, "packet")) chosen"
            lines.append("  " + style.name(words) + (choice.filter.isEmpty ? "" : " by " + choice.filter))
        }
        if let slice = report.slice {
            let (read, all) = (slice.wanted.count { $0 }, slice.wanted.count)
            lines.append("  what follows is of the \(read.grouped) of \(counted(all, "member")) that can hold them")
        }
        if !report.isComplete {
            lines.append("  " + style.doubtful("stopped before its end: what follows holds as far as it was read"))
        }
        for problem in report.problems.prefix(limit(3)) {
            lines.append("  " + style.bad(problem.description.wrapped(width, indent: "    ")))
        }
        if report.problems.count > limit(3) { lines.append(more(report.problems.count - 3, "problem")) }
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
        case ..<0.001: return "under 1 ms"
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
            let label = "\(index)  \(row.interface.linkType.name)" + (names.isEmpty ? "" : "  \(names)")
            let room = width - 22
            lines.append("  " + label.cut(room).left(room) + counted(row.packets, "packet").right(20))
        }
        if report.interfaces.count > limit(4) { lines.append(more(report.interfaces.count - 4, "link")) }
        return lines
    }

    private func flows() -> [String] {
        guard !report.flows.isEmpty else { return [] }
        let octets = isNarrow ? 0 : 13
        let carries = isNarrow ? 21 : 38
        let room = max(16, width - carries - octets - 18)
        let head =
            "FLOWS".left(room + 2) + "packets".right(9) + (octets > 0 ? "octets".right(octets) : "") + "  "
            + "carries".left(carries) + "sure".right(5)
        var lines = ["", style.bold(head)]
        // Those that carry something first, then the largest.
        let rows = report.flows.sorted {
            ($0.isSure ? 1 : 0, $0.flow.bytes) > ($1.isSure ? 1 : 0, $1.flow.bytes)
        }
        // What carries nothing known is shown where nothing else is.
        let sure = rows.count(where: \.isSure)
        let shown = rows.prefix(limit(sure == 0 ? 6 : max(1, min(sure, 5))))
        for row in shown {
            let isFile = row.flow.key.kind == .bareStream
            var line = "  " + style.name(row.flow.name.cut(room).left(room))
            line += (isFile ? "–" : row.flow.packets.grouped).right(9)
            if octets > 0 { line += row.flow.bytes.grouped.right(octets) }
            let words = row.carries.cut(carries).left(carries)
            line += "  " + (row.isSure ? words : style.dim(words))
            line += row.isSure ? style.good(row.sureness.right(5)) : style.dim("–".right(5))
            lines.append(line)
            if row.isSure, !row.troubles.isEmpty {
                lines.append("    " + style.doubtful(row.troubles.wrapped(width, indent: "    ")))
            }
            guard let verdict = row.verdict, row.isSure || report.flows.count == 1, !verdict.evidence.isEmpty else {
                continue
            }
            let evidence = (row.isSure ? "" : "too little to go by: ") + verdict.evidence
            let brief = all ? evidence : evidence.cut(2 * (width - 6))
            lines.append("    " + style.dim(brief.wrapped(width, indent: "    ")))
        }
        if rows.count > shown.count { lines.append(more(rows.count - shown.count, "flow")) }
        return lines
    }
}

extension InspectReport.FlowRow {
    var isSure: Bool { verdict?.isSure ?? false }

    fileprivate var sureness: String { verdict?.isTold == true ? "told" : "\(Int((verdict?.confidence ?? 0) * 100)) %" }

    /// What went wrong on the way, in words; empty when nothing did.
    fileprivate var troubles: String {
        var words: [String] = []
        let wrong = flow.checksums.wrong + flow.checksums.wrongHeader
        if wrong > 0 { words.append("\(wrong.grouped) checksums are wrong") }
        if flow.checksums.leftEmpty > 0 {
            words.append("\(flow.checksums.leftEmpty.grouped) checksums were left to the sender's hardware")
        }
        if strays > 0 { words.append("\(strays.grouped) frames of another spacecraft or version") }
        if let tcp = flow.tcp {
            if tcp.beginsInTheMiddle { words.append("the connection begins in the middle") }
            if tcp.missing > 0 { words.append("\(tcp.missing.grouped) octets of the stream are missing") }
        }
        return words.joined(separator: ", ")
    }

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
        case .messages([]): return "other sentences"
        case .messages(let dialects): return dialects.map(\.title).joined(separator: ", ")
        case .unknown: return "not recognised"
        }
    }
}
