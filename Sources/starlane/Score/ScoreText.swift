import Bytes
import Pipeline
import Records

/// A score in words, under a screen long: the verdict last, where it is looked for.
struct ScoreText {
    let report: ScoreReport
    let style: Style
    let width: Int
    /// So many APIDs, parameters and reasons are shown.
    static let few = 12

    /// The whole text, a line feed at its end.
    func text() -> String {
        var lines = heading()
        if report.result != nil {
            lines += packets() + groups() + values()
            lines += examples("MISSED", report.missed, of: report.packets.missed)
            lines += examples("WRONG", report.wrong, of: report.rows.wrong)
            lines += examples("INVENTED", report.invented, of: report.rows.invented)
            lines += examples("REPEATED", report.repeated, of: report.rows.repeated)
        }
        if report.ledgerFile != nil { lines += faults() }
        return (lines + verdict()).joined(separator: "\n") + "\n"
    }

    private func heading() -> [String] {
        let of = [report.command, report.subject, report.seed.map { "seed \($0)" }].compactMap { $0 }
        var lines = [style.bold(report.result ?? report.truth)]
        if report.result != nil {
            let known = report.columns.filter { $0.meaning.rawValue != $0.name }.map {
                "\($0.meaning.rawValue) is \($0.name)"
            }
            let other = report.rows.other > 0 ? ["\(report.rows.other.grouped) of no APID"] : []
            lines.append("  " + ([counted(report.rows.all, "packet")] + other + known).joined(separator: " · "))
        }
        if let clock = report.clock { lines += clockWords(clock) }
        let truth = "held against \(report.reference ?? report.truth)"
        if report.messages.sent > 0 {
            let words =
                "\(counted(report.messages.sent, "message")) of terminals, \(report.messages.received.grouped) of them received"
            lines.append("  " + style.doubtful("not rated: " + words))
        }
        let before = report.referenceLedger.map { ["without what \($0) has"] } ?? []
        let words = ([truth] + before + (report.reference == nil ? [] : ["faults of \(report.truth)"]) + of)
        lines.append("  " + style.dim(words.joined(separator: " · ")))
        return lines
    }

    func counted(_ number: some BinaryInteger, _ thing: String) -> String {
        "\(number.grouped) \(thing)\(number == 1 ? "" : "s")"
    }

    private func packets() -> [String] {
        let (packets, rows) = (report.packets, report.rows)
        func line(_ indent: Int, _ words: String, _ count: Int, _ more: String = "", isBad: Bool = false) -> String {
            let number = count.grouped.right(14 - indent)
            let colored = isBad && count > 0 ? style.bad(number) : number
            return String(repeating: " ", count: indent) + words.left(18) + colored + (more.isEmpty ? "" : "  " + more)
        }
        var lines = ["", style.bold("PACKETS"), line(2, "made", packets.made)]
        if packets.neverSent > 0 {
            lines.append(
                line(4, "never sent", packets.neverSent, style.dim("no contact, no room, or waiting at the end")))
        }
        if packets.lost > 0 {
            var words = report.reference == nil ? "heard whole by no station" : "faults hit what carried them"
            if report.reference == nil { words += ", \(packets.explained.grouped) of them by faults that are told" }
            if packets.salvaged > 0 { words += "; \(packets.salvaged.grouped) were found nevertheless" }
            lines.append(line(4, "lost on the way", packets.lost, style.dim(words)))
        }
        lines.append(line(4, "receivable", packets.receivable))
        let share = ScoreReport.percentage(packets.share)
        lines.append(line(6, "found", packets.found, packets.missed == 0 ? style.good(share) : style.bad(share)))
        lines.append(line(6, "missed", packets.missed, isBad: true))
        let values = rows.wrong > 0 ? "\(counted(rows.wrong, "value")) of \(rows.compared.grouped)" : ""
        lines.append(line(2, "wrong", packets.wrong, values, isBad: true))
        lines.append(line(2, "invented", rows.invented, isBad: true))
        lines.append(line(2, "repeated", rows.repeated))
        if rows.elsewhere > 0 {
            lines.append(line(2, "elsewhere", rows.elsewhere, style.dim("of an interface that did not hear them")))
        }
        if rows.rejected > 0 { lines.append(line(2, "rejected", rows.rejected, "lines", isBad: true)) }
        return lines
    }

    private func groups() -> [String] {
        // Those with most amiss first, then those of the most packets.
        func amiss(_ group: ScoreReport.Group) -> Int { group.packets.missed + group.packets.wrong }
        let sorted = report.groups.enumerated().sorted {
            (amiss($0.element), $0.element.packets.receivable, $1.offset)
                > (amiss($1.element), $1.element.packets.receivable, $0.offset)
        }.map(\.element)
        let shown = sorted.prefix(Self.few)
        func name(_ group: ScoreReport.Group) -> String {
            (group.spacecraft.isEmpty ? "" : group.spacecraft + "/") + "\(group.apid)"
        }
        let names = max(14, shown.map { name($0).columns }.max() ?? 0)
        let head =
            "APIDS".left(names + 2) + "receivable".right(11) + "found".right(10) + "missed".right(9) + "wrong".right(8)
            + "  type"
        var lines = ["", style.bold(head)]
        for group in shown {
            let packets = group.packets
            func count(_ number: Int, _ room: Int) -> String {
                number > 0 ? style.bad(number.grouped.right(room)) : number.grouped.right(room)
            }
            var line = "  " + style.name(name(group).left(names)) + packets.receivable.grouped.right(11)
            line += packets.found.grouped.right(10) + count(packets.missed, 9) + count(packets.wrong, 8)
            let type = (group.types.first ?? "") + (group.types.count > 1 ? " +\(group.types.count - 1)" : "")
            line += type.isEmpty ? "" : "  " + type.cut(max(10, width - names - 44))
            lines.append(line)
        }
        return lines + more(sorted.count - shown.count, "APID")
    }

    func more(_ count: Int, _ thing: String) -> [String] {
        count > 0 ? ["  " + style.dim("… and \(counted(count, "more \(thing)"))")] : []
    }

    private func examples(_ title: String, _ examples: [ScoreReport.Example], of all: Int) -> [String] {
        guard !examples.isEmpty else { return [] }
        var lines = ["", style.bold(title)]
        for example in examples {
            var line =
                "  " + style.name((example.spacecraft.isEmpty ? "" : example.spacecraft + "/") + "\(example.apid)")
            line += "  count \(example.count)"
            if let type = example.type { line += "  " + type }
            if example.time.isKnown { line += "  " + Self.time(example.time) }
            line += style.dim("  \(example.file), line \(example.line)")
            lines.append(line)
            if let parameter = example.parameter {
                lines.append(
                    "    " + style.name(parameter) + "  \(example.expected ?? "") expected, "
                        + style.bad(example.found ?? "") + " found")
            } else if let words = example.words {
                lines.append("    " + style.dim(words))
            }
        }
        return lines + more(all - examples.count, title == "WRONG" ? "value" : "packet")
    }

    private static func time(_ time: CaptureTime) -> String {
        var out = TextBuffer(capacity: 64)
        out.append(time, digits: 6)
        return String(decoding: out.bytes.copied(), as: UTF8.self)
    }

    private func faults() -> [String] {
        let isExact = report.unseen != nil
        let tellsVisible = report.faults.contains { $0.visible != nil }
        var head = "FAULTS".left(24) + "injected".right(12) + (tellsVisible ? "visible".right(12) : "")
        head += "in ledger".right(12) + "difference".right(12)
        var lines = ["", style.bold(head)]
        for row in report.faults {
            let name =
                switch row.kind {
                case .broken: "broken / rejected"
                case .missing: "not whole / missing"
                case .repeated: "doubled / repeated"
                case .late: "passed / late"
                }
            let difference = row.difference.map { $0 > 0 ? "+\($0.grouped)" : $0.grouped } ?? "–"
            let isOff = row.difference ?? 0 != 0 && (row.kind != .late || isExact)
            lines.append(
                "  " + name.left(22) + row.injected.grouped.right(12)
                    + (tellsVisible ? (row.visible?.grouped ?? "–").right(12) : "")
                    + (row.found?.grouped ?? "–").right(12)
                    + (isOff ? style.doubtful(difference.right(12)) : difference.right(12)))
        }
        lines += unseen()
        for row in report.rejections.prefix(Self.few) {
            let words = "\(row.stage): \(row.reason), \(row.count.grouped) \(row.count == 1 ? "time" : "times")"
            lines.append("  " + style.dim(words.cut(width - 2)))
        }
        lines += more(report.rejections.count - Self.few, "reason")
        if !report.isBalanced { lines.append("  " + style.bad("the ledger does not balance")) }
        return lines
    }

    /// Why counts tell something else than what was injected.
    private func unseen() -> [String] {
        let overlooked = (report.overlooked, "with wrong bits and a right error control field: nobody can see them")
        guard let unseen = report.unseen else {
            let words = "the truth does not say which frames arrived: ends of flows, long gaps and late ones may differ"
            return lines([overlooked]) + ["  " + style.dim(words.cut(width - 2))]
        }
        return lines([
            (
                unseen.outside,
                "lost in front of the first or behind the last that arrived of a connection: no gap tells of them"
            ),
            (unseen.hidden, "lost in gaps as long as counts or longer: only the rest of such a gap is told"),
            (unseen.passed, "late: missing up to then, and counted so"), overlooked,
        ])
    }

    private func lines(_ reasons: [(Int, String)]) -> [String] {
        reasons.filter { $0.0 > 0 }.map { "  " + style.dim("\($0.0.grouped) \($0.1)".cut(width - 2)) }
    }

    private func verdict() -> [String] {
        guard !report.passes else { return ["", style.good("PASS")] }
        return [""]
            + report.objections.enumerated().map { index, words in
                (index == 0 ? style.bad("FAIL") + "  " : "      ") + words
            }
    }
}
