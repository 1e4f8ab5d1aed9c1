public import Bytes
internal import Records

extension ScoreReport {
    /// A share for people: `99.98 %`, which is 100 % only where nothing is missing.
    public static func percentage(_ share: Double) -> String {
        if share >= 1 { return "100 %" }
        let hundredths = min(9_999, Int(share * 10_000))
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }

    /// Adds the report as one JSON object on one line, line feed included. `Specs/truth.md` describes it.
    public func write(json out: inout TextBuffer) {
        out.append("{")
        out.member("passes", passes)
        out.member("objections", objections) { $1.appendJSON($0) }
        out.member("truth", truth)
        out.member("result", result)
        if let reference { out.member("reference", reference) }
        out.member("command", command)
        out.member("complete", isWhole)
        if messages.sent > 0 {
            out.member("messages")
            out.append("{")
            out.member("sent", messages.sent)
            out.member("received", messages.received)
            out.member("rated", false)
            out.append("}")
        }
        if result != nil {
            out.member("packets")
            out.append("{")
            write(packets, &out)
            out.append("}")
            writeRows(&out)
            out.member("groups", groups) { group, out in
                out.append("{")
                out.member("spacecraft", group.spacecraft)
                out.member("apid", group.apid)
                out.member("types", group.types) { $1.appendJSON($0) }
                write(group.packets, &out)
                out.member("repeated", group.repeated)
                out.append("}")
            }
            out.member("values", values) { value, out in
                out.append("{")
                out.member("name", value.name)
                out.member("compared", value.compared)
                out.member("wrong", value.wrong)
                out.member("not_compared", value.apart)
                out.member("unreadable", value.unreadable)
                out.member("missing", value.missing)
                out.append("}")
            }
            out.member("missed", missed) { write($0, &$1) }
            out.member("wrong", wrong) { write($0, &$1) }
            out.member("invented", invented) { write($0, &$1) }
            out.member("repeated", repeated) { write($0, &$1) }
        }
        out.member("rejected", bad) { bad, out in
            out.append("{")
            out.member("file", bad.file)
            out.member("line", bad.line)
            out.member("words", bad.words)
            out.append("}")
        }
        if ledgerFile != nil { writeLedger(&out) }
        out.append("}\n")
    }

    private func write(_ packets: Packets, _ out: inout TextBuffer) {
        out.member("made", packets.made)
        out.member("never_sent", packets.neverSent)
        out.member("lost", packets.lost)
        out.member("explained", packets.explained)
        out.member("salvaged", packets.salvaged)
        out.member("receivable", packets.receivable)
        out.member("found", packets.found)
        out.member("missed", packets.missed)
        out.member("wrong", packets.wrong)
    }

    private func writeRows(_ out: inout TextBuffer) {
        out.member("rows")
        out.append("{")
        out.member("all", rows.all)
        out.member("other", rows.other)
        out.member("invented", rows.invented)
        out.member("repeated", rows.repeated)
        out.member("elsewhere", rows.elsewhere)
        out.member("rejected", rows.rejected)
        out.member("values", rows.compared)
        out.member("wrong_values", rows.wrong)
        out.member("not_compared", rows.apart)
        out.member("unreadable", rows.unreadable)
        out.member("missing_values", rows.missing)
        out.member("compared_share")
        out.append(rows.share)
        out.append("}")
        out.member("columns")
        out.append("{")
        for (index, column) in columns.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(column.meaning.rawValue)
            out.append(":")
            out.appendJSON(column.name)
        }
        out.append("}")
        guard let clock else { return }
        out.member("clock")
        out.append("{")
        out.member("column", clock.column)
        out.member("use", clock.use.rawValue)
        if clock.use == .shifted {
            out.member("offset_seconds")
            out.append(Double(clock.offset) / 1e9)
        }
        out.member("near", clock.near)
        out.member("of", clock.all)
        out.member("unread", clock.unread)
        if let example = clock.example { out.member("unread_example", example) }
        out.append("}")
    }

    private func writeLedger(_ out: inout TextBuffer) {
        out.member("ledger")
        out.append("{")
        out.member("file", ledgerFile)
        if let referenceLedger { out.member("reference", referenceLedger) }
        out.member("balanced", isBalanced)
        out.member("faults", faults) { row, out in
            out.append("{")
            out.member("kind", row.kind.rawValue)
            out.member("injected", row.injected)
            if let visible = row.visible { out.member("visible", visible) }
            out.member("found", row.found)
            out.member("difference", row.difference)
            out.append("}")
        }
        if let unseen {
            out.member("unseen")
            out.append("{")
            out.member("outside", unseen.outside)
            out.member("hidden", unseen.hidden)
            out.member("passed", unseen.passed)
            out.append("}")
        }
        if overlooked > 0 { out.member("undetected", overlooked) }
        out.member("rejected", rejections) { row, out in
            out.append("{")
            out.member("stage", row.stage)
            out.member("reason", row.reason)
            out.member("count", row.count)
            out.append("}")
        }
        out.append("}")
    }

    private func write(_ example: Example, _ out: inout TextBuffer) {
        out.append("{")
        out.member("spacecraft", example.spacecraft)
        out.member("type", example.type)
        out.member("apid", example.apid)
        out.member("count", example.count)
        out.member("time", example.time, digits: 9)
        if let parameter = example.parameter {
            out.member("parameter", parameter)
            out.member("expected", example.expected)
            out.member("found", example.found)
        }
        out.member("file", example.file)
        out.member("line", example.line)
        if let words = example.words { out.member("words", words) }
        out.append("}")
    }
}
