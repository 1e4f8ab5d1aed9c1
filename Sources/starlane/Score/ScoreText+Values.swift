import Bytes
import Pipeline
import Records

extension ScoreText {
    /// What of the values was compared, and what was not.
    func values() -> [String] {
        let rows = report.rows
        guard !report.values.isEmpty else {
            return ["", style.bold("VALUES"), "  " + style.dim("the truth has none of the packets that were found")]
        }
        let compared = report.values.filter { $0.compared > 0 }
        var head = "\(rows.compared.grouped) compared of " + counted(compared.count, "parameter")
        if rows.share < 1 {
            head +=
                ", " + style.doubtful(ScoreReport.percentage(rows.share))
                + " of \(rows.told.grouped) that the truth has"
        }
        var lines = ["", style.bold("VALUES".left(16)) + head]
        if !compared.isEmpty { lines.append(list(compared.map(\.name))) }
        for (words, count) in [
            ("not compared, of another kind: ", \ScoreReport.Value.apart), ("missing in rows: ", \.missing),
            ("cannot be read: ", \.unreadable),
        ] {
            let values = report.values.filter { $0[keyPath: count] > 0 }
            // Those that were never compared first: what is missing now and then is the lesser trouble.
            let names = (values.filter { $0.compared == 0 } + values.filter { $0.compared > 0 }).map {
                $0[keyPath: count] == $0.told
                    ? $0.name : "\($0.name) (\($0[keyPath: count].grouped) of \($0.told.grouped))"
            }
            if !names.isEmpty { lines.append(list(names, words)) }
        }
        let wrong = compared.filter { $0.wrong > 0 }.sorted { $0.wrong > $1.wrong }
        let names = max(14, wrong.prefix(Self.few).map { $0.name.columns }.max() ?? 0)
        for value in wrong.prefix(Self.few) {
            lines.append(
                "  " + style.name(value.name.left(names)) + style.bad(value.wrong.grouped.right(10))
                    + " wrong of \(value.compared.grouped)")
        }
        return lines + more(wrong.count - min(wrong.count, Self.few), "parameter")
    }

    private func list(_ names: [String], _ words: String = "") -> String {
        let text = words + names.joined(separator: " ")
        return "  " + style.dim(text.cut(2 * (width - 6)).wrapped(width, indent: "    "))
    }

    /// What was made of the times of the result, where that is not just what they say.
    func clockWords(_ clock: ScoreReport.Clock) -> [String] {
        var lines: [String] = []
        switch clock.use {
        case .exact: break
        case .shifted:
            let seconds = Double(clock.offset.magnitude) / 1e9
            lines.append(
                "\(clock.column) is \(Self.seconds(seconds)) \(clock.offset < 0 ? "behind" : "ahead of") the truth's times: "
                    + "another epoch or zone; that is allowed for")
        case .loose:
            lines.append(
                "\(clock.column) is no time of packets (\(clock.near.grouped) of \(clock.all.grouped) are near one): of several "
                    + "packets with the same count rows are given the nearest that is left")
        case .leftOut:
            lines.append(
                "\(clock.column) is left out: its times are not those of the truth (\(clock.near.grouped) of "
                    + "\(clock.all.grouped) are near a packet), nor are they some constant time off; values and order decide"
            )
        }
        if clock.unread > 0 {
            let example = clock.example.map { ", as '\($0)'" } ?? ""
            lines.append(
                "\(counted(clock.unread, "time")) of \(clock.column) could not be read\(example): values and order decide"
            )
        }
        return lines.map { "  " + style.doubtful($0.wrapped(width, indent: "    ")) }
    }

    /// `378,691,237.000 s`.
    private static func seconds(_ seconds: Double) -> String {
        let thousandths = Int((seconds * 1_000).rounded())
        let rest = String(thousandths % 1_000)
        return "\((thousandths / 1_000).grouped).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
    }
}
