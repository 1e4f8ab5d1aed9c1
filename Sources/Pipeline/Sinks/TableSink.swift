internal import Bytes
internal import Records
internal import CCSDS
internal import Mission

/// How a text for people is styled; nothing where no terminal looks on.
public struct TextStyle: Sendable {
    /// What to write before and behind names, faint text, good and bad values.
    public let name, faint, warning, alarm, bold, end: StaticString

    /// No styles.
    public static let plain = TextStyle(name: "", faint: "", warning: "", alarm: "", bold: "", end: "")
    /// The colours of a terminal (ECMA-48).
    public static let terminal = TextStyle(
        name: "\u{1B}[36m", faint: "\u{1B}[2m", warning: "\u{1B}[33m", alarm: "\u{1B}[31m", bold: "\u{1B}[1m",
        end: "\u{1B}[0m")
}

/// Packets for people: a heading each, and a line a parameter with its value, unit, raw value and limit state.
final class TableSink: RecordSink {
    private let file: any Outlet
    private let types: [PacketType]
    private let printed: [[String]]
    private let widths: [Int]
    private let withRaw: Bool
    private let style: TextStyle
    private var out = TextBuffer(capacity: 1 << 18)
    /// How many packets the text holds.
    private var records = 0
    private var isFirst = true

    init(_ file: any Outlet, types: [PacketType], withRaw: Bool, style: TextStyle) {
        self.file = file
        self.types = types
        self.withRaw = withRaw
        self.style = style
        printed = types.map(printedNames)
        widths = printed.map { names in min(40, names.map(\.columns).max() ?? 0) }
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        var cursor = context.cursor
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            let unit = units[index]
            let type = Int(decoded.types[index])
            heading(unit, context.origins[cursor.index(of: unit)], type)
            if type >= 0, let table = decoded.table(ofType: type) {
                parameters(table, Int(decoded.rows[index]), type)
            } else {
                octets(units.bytes(of: unit))
            }
            records += 1
            if out.count > 1 << 15 { try flush() }
        }
        // A person who watches a live stream sees each batch at once.
        try flush()
    }

    func flush() throws(OutputFile.Failure) {
        defer { records = 0 }
        if out.count > 0 { try file.write(&out, .whole(records: records)) }
    }

    func finish() throws(OutputFile.Failure) { try flush() }

    private func heading(_ unit: Unit, _ origin: Origin, _ type: Int) {
        if !isFirst { out.append("\n") }
        isFirst = false
        out.append(style.bold)
        if type >= 0 {
            out.append(types[type].name)
        } else {
            out.append(unit.marks.contains(.encapsulation) ? "encapsulated" : "packet")
        }
        out.append(style.end)
        out.append("  ")
        if unit.marks.contains(.message) {
            out.append(types[type].description)
        } else {
            out.appendAddress(unit, origin)
        }
        out.append(style.faint)
        if unit.time.isKnown {
            out.append("  ")
            out.append(unit.time, digits: origin.timeDigits)
        }
        if unit.packet > 0 {
            out.append("  packet ")
            out.append(unit.packet)
        }
        out.append(style.end)
        if unit.marks.contains(.gapBefore) { note("packets are missing before it") }
        if unit.marks.contains(.late) { note("late") }
        out.append("\n")
    }

    private func note(_ words: StaticString) {
        out.append("  ")
        out.append(style.warning)
        out.append(words)
        out.append(style.end)
    }

    private func parameters(_ table: DecodedTable, _ row: Int, _ type: Int) {
        for (index, column) in table.columns.enumerated() {
            let validity = column.isAllValid ? .valid : column.validities[row]
            guard validity != .notIncluded else { continue }
            out.append("  ")
            out.append(style.name)
            out.append(printed[type][index])
            out.append(style.end)
            let width = printed[type][index].columns
            for _ in width..<max(widths[type], width) + 2 { out.append(UInt8(ascii: " ")) }
            if validity.hasValue {
                out.appendMeasured(column, row)
            } else {
                out.append(style.faint)
                out.append("–")
                out.append(style.end)
            }
            if withRaw && validity.hasRaw {
                out.append(style.faint)
                out.append("  raw ")
                out.appendBounded { $0.appendReadable(raw: column, column.raws[row], row) }
                out.append(style.end)
            }
            if let word = validity.word { note(word) }
            if column.info.hasLimits && validity.hasValue { out.append(column.limits[row], style) }
            out.append("\n")
        }
    }

    /// A packet that no database explains: its first octets.
    private func octets(_ bytes: RawSpan) {
        let shown = min(32, bytes.byteCount)
        out.append("  ")
        out.append(style.faint)
        out.appendHex(bytes.slice(at: 0, count: shown))
        if shown < bytes.byteCount {
            out.append("… ")
            out.append(bytes.byteCount)
            out.append(" octets")
        }
        out.append(style.end)
        out.append("\n")
    }
}
