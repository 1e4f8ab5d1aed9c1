internal import Bytes
internal import Query
internal import Records
internal import CCSDS
internal import Mission

/// Chosen fields for people: a table with a row a packet; raw values, where they are wanted, in parentheses.
final class FieldTableSink: RecordSink {
    private let file: any Outlet
    private let types: [PacketType]
    private let columns: SinkColumns
    private let withRaw: Bool
    private let style: TextStyle
    private let skips: [Bool]
    private var out = TextBuffer(capacity: 1 << 18)
    /// How many packets the text holds.
    private var records = 0
    private var widths: [Int]
    private var hasHeader = false

    init(_ file: any Outlet, types: [PacketType], columns: SinkColumns, withRaw: Bool, style: TextStyle) {
        self.file = file
        self.types = types
        self.columns = columns
        self.withRaw = withRaw
        self.style = style
        skips = types.indices.map { columns.hasParameters && !columns.shows($0) }
        widths = zip(columns.names, columns.units).map { name, unit in
            max(4, name.columns + (unit.isEmpty ? 0 : unit.columns + 3))
        }
        for (index, kind) in columns.kinds.enumerated() {
            // Texts and times are longer than their names.
            if kind == .string || kind == .time { widths[index] = max(widths[index], 24) }
        }
        for (index, source) in columns.sources.enumerated() {
            if case .header(let field) = source {
                widths[index] = [.time: 30, .flow: 42, .type: 30][field] ?? max(widths[index], 8)
            }
        }
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        if !hasHeader { header() }
        var cursor = context.cursor
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            let unit = units[index]
            let type = Int(decoded.types[index])
            if type < 0 ? columns.hasParameters : skips[type] { continue }
            row(
                unit, units.bytes(of: unit), context.origins[cursor.index(of: unit)], type,
                type >= 0 ? decoded.table(ofType: type) : nil,
                Int(decoded.rows[index]))
            records += 1
            if out.count > 1 << 15 { try flush() }
        }
        try flush()
    }

    func flush() throws(OutputFile.Failure) {
        defer { records = 0 }
        if out.count > 0 { try file.write(&out, .whole(records: records)) }
    }

    func finish() throws(OutputFile.Failure) { try flush() }

    private func header() {
        hasHeader = true
        out.append(style.bold)
        for index in columns.names.indices {
            let unit = columns.units[index]
            let name = columns.names[index] + (unit.isEmpty ? "" : " [\(unit)]")
            out.append(name)
            if index + 1 < columns.names.count { pad(name.columns, index) }
        }
        out.append(style.end)
        out.append("\n")
    }

    private func pad(_ written: Int, _ column: Int) {
        for _ in written..<max(widths[column], written) + 2 { out.append(UInt8(ascii: " ")) }
    }

    private func row(
        _ unit: Unit, _ octets: RawSpan, _ origin: Origin, _ type: Int, _ table: DecodedTable?, _ row: Int
    ) {
        for index in columns.sources.indices {
            let start = out.count
            var hidden = 0
            switch columns.sources[index] {
            case .header(let field): out.append(field, unit, octets, origin, type >= 0 ? types[type] : nil)
            case .parameter(let indexes):
                guard let table, indexes[type] >= 0 else { break }
                let column = table.columns[Int(indexes[type])]
                guard column.isAllValid || column.validities[row].hasValue else { break }
                let state = column.info.hasLimits ? column.limits[row] : .nominal
                let colour = state == .nominal ? "" : state >= .distress ? style.alarm : style.warning
                out.append(colour)
                out.appendBounded { $0.appendReadable(column, column.values[row], row) }
                if withRaw && (column.isAllValid || column.validities[row].hasRaw) {
                    out.append(" (")
                    out.appendReadable(raw: column, column.raws[row], row)
                    out.append(")")
                }
                if state != .nominal {
                    // Without colours the state is told by a mark.
                    if colour.utf8CodeUnitCount == 0 {
                        out.append(" !")
                    } else {
                        out.append(style.end)
                        hidden = colour.utf8CodeUnitCount + style.end.utf8CodeUnitCount
                    }
                }
            }
            if index + 1 < columns.sources.count { pad(out.columns(from: start) - hidden, index) }
        }
        out.append("\n")
    }
}
