import Bytes
import Mission
import Pipeline
import Records

/// A packet that was made, field by field, for people.
enum EncodeWords {
    /// Values longer than that are cut.
    private static let widest = 32

    static func write(_ encoder: PacketEncoder, _ packet: [UInt8], _ out: inout TextBuffer) {
        let fields = encoder.explanation()
        out.append(Style.output.bold(encoder.type.name) + "  \(packet.count.grouped) octets\n")
        let rows = fields.map { field in
            let unit =
                field.info.unit.isEmpty || field.value.isEmpty || field.info.kind == .time ? "" : " \(field.info.unit)"
            return [
                place(field), field.info.shortName, (field.value.isEmpty ? "(none)" : shown(field.value)) + unit,
                shown(field.raw), field.pattern.isEmpty ? "" : grouped(field.pattern), why(field.source),
            ]
        }
        let titles = ["octet.bit", "name", "value", "raw", "bits", "from"]
        let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].columns }.max() ?? 0 }
        for (number, row) in ([titles] + rows).enumerated() {
            var line = "  "
            for (column, text) in row.enumerated() {
                let cell = column == row.count - 1 ? text : text.left(widths[column] + 2)
                line += number == 0 ? Style.output.dim(cell) : column == 1 ? Style.output.name(cell) : cell
            }
            while line.last == " " { line.removeLast() }
            out.append(line + "\n")
        }
    }

    /// What would command a terminal is a point.
    private static func shown(_ text: String) -> String { MessageInput.words(Array(text.utf8)).cut(widest) }

    /// Where a field begins, and how many bits it has: `6.0+48`.
    private static func place(_ field: EncodedField) -> String { "\(field.start / 8).\(field.start % 8)+\(field.bits)" }

    /// Bits in groups of eight, counted from the last.
    private static func grouped(_ pattern: String) -> String {
        var out = ""
        for (index, bit) in pattern.enumerated() {
            if index > 0, (pattern.count - index) % 8 == 0 { out.append(" ") }
            out.append(bit)
        }
        return out
    }

    private static func why(_ source: EncodedField.Source) -> String {
        switch source {
        case .given: "given"
        case .criteria: "its type"
        case .length: "length"
        case .count: "count"
        case .header: "usual"
        case .derived: "derived"
        case .initial: "initial value"
        case .zero: ""
        }
    }
}
