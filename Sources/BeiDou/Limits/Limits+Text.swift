extension Limits {
    /// The whole table as a settings file, with remarks; reading it gives the table again.
    public var settings: String {
        var lines = [
            "# What cards, terminals and systems allow: the limits that Starlane holds messages to.",
            "# This is the standard table. A file of settings has the same form and may name only what it changes.",
            "# A value may stand alone (express: 188). `open: true`: the sources leave the value open.",
        ]
        var here: [Substring] = []
        for key in LimitKey.all {
            let path = key.path.split(separator: ".")
            let known = zip(here, path.dropLast()).prefix { $0 == $1 }.count
            if known == 0 {
                if here.first == "addresses" { lines += addressLines }
                lines.append("")
            }
            for depth in known..<path.count - 1 { lines.append(Self.indent(depth) + path[depth] + ":") }
            let mark = open.contains(key.path) ? ", open: true" : ""
            let remark = key.remark.isEmpty ? "" : "  # " + key.remark
            let value = self[keyPath: key.place]
            lines.append(
                "\(Self.indent(path.count - 1))\(path[path.count - 1]): {\(key.unit): \(value)\(mark)}\(remark)")
            here = path.dropLast()
        }
        lines += [
            "", "# What feedback means for a message: sent, wait (as it states), retry, lasting, lifted.", "feedback:",
        ]
        for table in FeedbackTable.allCases {
            lines.append("  \(table.rawValue):\(Self.remark(of: table))")
            for (code, meaning) in (feedback[table] ?? [:]).sorted(by: { $0.key < $1.key }) {
                let seconds = meaning.seconds.map { ", seconds: \($0)" } ?? ""
                let mark = open.contains("feedback.\(table.rawValue).\(code)") ? ", open: true" : ""
                lines.append("    \(code): {label: \(meaning.label), rule: \(meaning.rule.rawValue)\(seconds)\(mark)}")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var addressLines: [String] {
        func list(_ addresses: [Int]) -> String { "[\(addresses.map(String.init).joined(separator: ", "))]" }
        return [
            "  broadcast: \(list(broadcastAddresses))  # besides those that a card states",
            "  groups: \(list(groupAddresses))",
        ]
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func remark(of table: FeedbackTable) -> String {
        switch table {
        case .fkxx: "  # the kind of FKXX; 9 to 160 are reserved, 161 to 255 a maker's own"
        case .fki2: "  # the suppression of FKI in RDSS 2.1, when it is not executed; 0 with a wait: too soon"
        case .fki3: "  # the reason of FKI in BeiDou-3, when it is not executed"
        }
    }
}
