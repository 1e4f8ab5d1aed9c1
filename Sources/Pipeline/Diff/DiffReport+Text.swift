internal import Bytes
internal import Records

/// Differences for people.
extension DiffReport {
    static func head(_ names: (a: String, b: String), _ style: TextStyle, _ out: inout TextBuffer) {
        for (side, name) in [("A", names.a), ("B", names.b)] {
            out.append(style.faint)
            out.append(side)
            out.append("  ")
            out.append(style.end)
            out.append(name)
            out.append("\n")
        }
    }

    static func only(_ side: Int, _ packet: DiffPacket, _ style: TextStyle, _ out: inout TextBuffer) {
        out.append("\n")
        out.append(style.warning)
        out.append(side == 0 ? "only in A" : "only in B")
        out.append(style.end)
        out.append("  ")
        heading(packet, style, &out)
        place(packet, style, &out)
        out.append("\n")
    }

    static func changed(
        _ a: DiffPacket, _ b: DiffPacket, _ layout: ValueComparison.Layout, _ values: [Int], _ octets: OctetDifference?,
        _ style: TextStyle, _ out: inout TextBuffer
    ) {
        out.append("\n")
        heading(a, style, &out)
        if !layout.isOneType {
            out.append(" / ")
            out.append(b.type?.name ?? "–")
        }
        place(a, style, &out)
        if octets != nil, a.unit.packet != b.unit.packet, b.unit.packet > 0 {
            out.append(style.faint)
            out.append(", ")
            out.append(b.unit.packet)
            out.append(" in B")
            out.append(style.end)
        }
        out.append("\n")
        let width = values.map { layout.parameters[$0].name.columns }.max() ?? 0
        for index in values {
            let parameter = layout.parameters[index]
            out.append("  ")
            out.append(style.name)
            out.append(parameter.name)
            out.append(style.end)
            for _ in parameter.name.columns..<min(40, max(width, parameter.name.columns)) + 2 { out.append(" ") }
            value(a, parameter.columns.a, style, &out)
            out.append("  →  ")
            value(b, parameter.columns.b, style, &out)
            out.append("\n")
        }
        if let octets, values.isEmpty || octets.counts.a != octets.counts.b { describe(octets, &out) }
    }

    private static func value(_ packet: DiffPacket, _ column: Int, _ style: TextStyle, _ out: inout TextBuffer) {
        guard let table = packet.table else { return out.append("–") }
        out.appendCompared(table.columns[column], packet.row, isWhole: false, style)
    }

    private static func describe(_ octets: OctetDifference, _ out: inout TextBuffer) {
        out.append("  ")
        if octets.counts.a != octets.counts.b {
            out.append(octets.counts.a)
            out.append(" octets  →  ")
            out.append(octets.counts.b)
            if octets.differing > 0 { out.append(", ") }
        }
        if let first = octets.first {
            out.append(octets.differing)
            out.append(octets.differing == 1 ? " octet differs, octet " : " octets differ, the first of them octet ")
            out.append(first)
        }
        out.append("\n")
    }

    /// What packet it is.
    private static func heading(_ packet: DiffPacket, _ style: TextStyle, _ out: inout TextBuffer) {
        out.append(style.bold)
        out.append(packet.type?.name ?? (packet.unit.marks.contains(.encapsulation) ? "encapsulated" : "packet"))
        out.append(style.end)
        guard !packet.unit.marks.contains(.message) else { return }
        out.append("  ")
        out.appendAddress(packet.unit, packet.origin)
    }

    /// When it came, and where it stands.
    private static func place(_ packet: DiffPacket, _ style: TextStyle, _ out: inout TextBuffer) {
        out.append(style.faint)
        if packet.unit.time.isKnown {
            out.append("  ")
            out.append(packet.unit.time, digits: packet.origin.timeDigits)
        }
        if packet.unit.packet > 0 {
            out.append("  packet ")
            out.append(packet.unit.packet)
        }
        out.append(style.end)
    }

    static func definition(_ layout: ValueComparison.Layout, _ style: TextStyle, _ out: inout TextBuffer) {
        out.append("\n")
        let (a, b) = (layout.types.a?.name, layout.types.b?.name)
        out.append(style.bold)
        out.append(a ?? b ?? "")
        out.append(style.end)
        if let a, let b, a != b {
            out.append("  is called ")
            out.append(b)
            out.append(" under B")
        } else if a != b {
            out.append(a == nil ? "  only under B" : "  only under A")
        }
        out.append("\n")
        for (side, names) in [("A", layout.only.a), ("B", layout.only.b)] {
            for name in names {
                out.append("  ")
                out.append(style.name)
                out.append(name)
                out.append(style.end)
                out.append("  only under ")
                out.append(side)
                out.append("\n")
            }
        }
    }

    func summarise(_ rows: [ValueCount], _ passed: Int, _ out: inout TextBuffer) {
        out.append("\n")
        if passed > 0 {
            out.append(passed)
            out.append(passed == 1 ? " difference more is" : " differences more are")
            out.append(" not shown\n")
        }
        if counts.packets == (counts.same + counts.changed, counts.same + counts.changed) {
            out.append(counts.packets.a)
            out.append(" packets")
        } else {
            out.append(counts.packets.a)
            out.append(" packets in A, ")
            out.append(counts.packets.b)
            out.append(" in B")
        }
        out.append(": ")
        out.append(counts.same)
        out.append(" the same, ")
        out.append(counts.changed)
        out.append(" changed, ")
        out.append(counts.only.a)
        out.append(" only in A, ")
        out.append(counts.only.b)
        out.append(" only in B\n")
        let widths = (
            counts: rows.map { String($0.count).count }.max() ?? 0,
            types: min(40, rows.map { $0.type.columns }.max() ?? 0)
        )
        for row in rows {
            out.append("  ")
            for _ in String(row.count).count..<widths.counts { out.append(" ") }
            out.append(row.count)
            out.append("  ")
            out.append(row.type)
            for _ in row.type.columns..<max(widths.types, row.type.columns) + 2 { out.append(" ") }
            out.append(options.style.name)
            out.append(row.name)
            out.append(options.style.end)
            out.append("\n")
        }
    }
}
