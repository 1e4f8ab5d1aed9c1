internal import Bytes
internal import CCSDS
internal import Mission

/// One table of comma-separated values (RFC 4180): a line of names, then a row a packet; empty where a packet has no
/// such parameter.
///
/// With raw values each parameter has a second column, `name.raw`. Limits that are not nominal stand in the last
/// column, `limits`, as `name=state` with blanks between, where any parameter has limits.
final class CSVSink: RecordSink {
    private let file: OutputFile
    private let columns: SinkColumns
    private let types: [PacketType]
    private let printed: [[String]]
    private let withRaw: Bool
    private let withLimits: Bool
    private let skips: [Bool]
    private let skipsUntyped: Bool
    private var out = TextBuffer(capacity: 1 << 18)

    init(_ file: OutputFile, types: [PacketType], columns: SinkColumns, withRaw: Bool, skipsOthers: Bool) {
        self.file = file
        self.types = types
        self.columns = columns
        self.withRaw = withRaw
        printed = types.map(printedNames)
        withLimits = types.contains { $0.parameters.contains(where: \.hasLimits) } && columns.hasParameters
        skips = types.indices.map { skipsOthers && !columns.shows($0) }
        skipsUntyped = skipsOthers
        header()
    }

    private func header() {
        for (index, name) in columns.names.enumerated() {
            if index > 0 { out.append(",") }
            out.append(Self.quoted(name))
            if withRaw, case .parameter = columns.sources[index] {
                out.append(",")
                out.append(Self.quoted(name + ".raw"))
            }
        }
        if withLimits { out.append(",limits") }
        out.append("\r\n")
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        for index in 0..<units.count {
            let unit = units[index]
            guard !unit.marks.contains(.idle) else { continue }
            let type = Int(decoded.types[index])
            if type < 0 ? skipsUntyped : skips[type] { continue }
            let origin = context.origin(of: unit)
            let table = type >= 0 ? decoded.table(ofType: type) : nil
            row(unit, context.origins[origin], table, type, Int(decoded.rows[index]))
            if out.count > 1 << 17 { try file.write(&out) }
        }
    }

    func finish() throws(OutputFile.Failure) { try file.write(&out) }

    private func row(_ unit: Unit, _ origin: RecordContext.Origin, _ table: DecodedTable?, _ type: Int, _ row: Int) {
        for index in columns.sources.indices {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            switch columns.sources[index] {
            case .header(let field):
                let start = out.count
                out.append(field, unit, origin, type: type >= 0 ? types[type].name : nil)
                if field == .flow { out.quoteCSV(from: start) }
            case .parameter(let indexes):
                if let table, indexes[type] >= 0 {
                    cell(table.columns[Int(indexes[type])], row)
                } else if withRaw {
                    out.append(UInt8(ascii: ","))
                }
            }
        }
        if withLimits {
            out.append(",")
            if let table { limits(table, type, row) }
        }
        out.append("\r\n")
    }

    @inline(__always)
    private func cell(_ column: Column, _ row: Int) {
        if column.isAllValid || column.validities[row].hasValue {
            let start = out.count
            out.appendPlain(column, column.values[row], row)
            if column.info.kind == .string || column.info.kind == .enumeration { out.quoteCSV(from: start) }
        }
        guard withRaw else { return }
        out.append(UInt8(ascii: ","))
        if column.isAllValid || column.validities[row].hasRaw { out.appendPlain(raw: column, column.raws[row], row) }
    }

    private func limits(_ table: DecodedTable, _ type: Int, _ row: Int) {
        let start = out.count
        for (column, name) in zip(table.columns, printed[type]) where column.info.hasLimits {
            guard column.isAllValid || column.validities[row].hasValue, column.limits[row] != .nominal else { continue }
            if out.count > start { out.append(" ") }
            out.append(name)
            out.append("=")
            out.append(column.limits[row].name)
        }
    }
}

extension TextBuffer {
    /// Puts what was written since `start` into quotes where a reader of CSV would take it apart (RFC 4180, 2).
    mutating func quoteCSV(from start: Int) {
        guard needsQuotes(from: start) else { return }
        let text = bytes.slice(at: start, count: count - start).copied()
        truncate(to: start)
        append(UInt8(ascii: "\""))
        for octet in text {
            if octet == 0x22 { append(octet) }
            append(octet)
        }
        append(UInt8(ascii: "\""))
    }

    private func needsQuotes(from start: Int) -> Bool {
        for index in start..<count {
            switch bytes.u8(at: index) {
            case 0x22, 0x2C, 0x0A, 0x0D: return true
            default: continue
            }
        }
        return false
    }
}
