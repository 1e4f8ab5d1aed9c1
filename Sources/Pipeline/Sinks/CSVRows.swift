internal import Bytes
internal import Query
internal import Records
internal import CCSDS
internal import Mission

/// Rows of comma-separated values (RFC 4180): a line of names, then a row a packet; empty where a packet has no such
/// parameter. All types share their columns, or each has its own.
///
/// With raw values each parameter has a second column, `name.raw`. Limits that are not nominal stand in the last
/// column, `limits`, as `name=state` with blanks between, where any parameter has limits.
struct CSVRows: LineWriter, ~Copyable {
    private let withRaw: Bool
    private let types: [PacketType]
    private var keys = FieldKeys()
    private var views = CellViews()
    /// The name of each type, and for each of its columns the name and the first label.
    private var typeNames: [Extent] = []
    private var pieces: [[(key: Extent, labels: Int32)]] = []
    /// The columns of each type; the last are those of packets without a type.
    private let layouts: [CSVLayout]
    /// For each of them where its columns begin in `plan`.
    private var starts: [Int32] = [0]
    /// What all columns show, one type behind the other.
    private var plan: [Int32] = []
    private var withLimits: [Bool] = []
    /// For each layout the columns that it shows and that have limits, each once.
    private var limited: [[Int32]] = []
    private var origins: [Origin] = []

    init(_ types: [PacketType], _ layouts: [CSVLayout], withRaw: Bool) {
        self.layouts = layouts
        self.withRaw = withRaw
        self.types = types
        for type in types {
            typeNames.append(keys.piece { $0.append(type.name) })
            var row: [(key: Extent, labels: Int32)] = []
            for (parameter, name) in zip(type.parameters, printedNames(type)) {
                var labels: Int32 = -1
                for (index, label) in parameter.labels.enumerated() {
                    let piece = keys.add { out in
                        out.append(label)
                        out.quoteCSV(from: 0)
                    }
                    if index == 0 { labels = Int32(piece) }
                }
                row.append((keys.piece { $0.append(name) }, labels))
            }
            pieces.append(row)
        }
        for (number, layout) in layouts.enumerated() {
            let parameters = number < types.count ? types[number].parameters : []
            limited.append(
                parameters.indices.map { Int32($0) }.filter {
                    parameters[Int($0)].hasLimits && layout.shown.contains($0)
                })
            plan += layout.shown
            starts.append(Int32(plan.count))
            withLimits.append(layout.withLimits)
        }
    }

    /// Writes the line of names; those of a type, or of packets without one (-1).
    func header(ofType type: Int, _ out: inout TextBuffer) {
        let layout = layouts[type >= 0 ? type : types.count]
        for (index, name) in layout.names.enumerated() {
            if index > 0 { out.append(",") }
            var start = out.count
            out.append(name)
            out.quoteCSV(from: start)
            if withRaw, layout.shown[index] >= -1 {
                out.append(",")
                start = out.count
                out.append(name + ".raw")
                out.quoteCSV(from: start)
            }
        }
        if layout.withLimits { out.append(",limits") }
        out.append("\r\n")
    }

    mutating func begin(_ decoded: DecodedBatch, _ origins: [Origin]) {
        self.origins = origins
        let pieces = self.pieces
        views.fill(decoded, types: types.count) { pieces[$0][$1] }
    }

    func line(
        _ unit: Unit, _ octets: RawSpan, _ origin: Int, _ type: Int, _ row: Int, _ decoded: DecodedBatch,
        _ out: inout TextBuffer
    ) {
        let layout = type >= 0 ? type : types.count
        let start = Int(starts[layout])
        let first = type >= 0 ? views.range(of: type).lowerBound : 0
        for index in start..<Int(starts[layout &+ 1]) {
            if index > start { out.append(UInt8(ascii: ",")) }
            let shown = Int(plan[index])
            if shown >= 0 {
                cell(views[first &+ shown], row, type, decoded, &out)
            } else if shown < -1 {
                header(HeaderField.allCases[-2 - shown], unit, octets, origins[origin], type, &out)
            } else if withRaw {
                out.append(UInt8(ascii: ","))
            }
        }
        if withLimits[layout] {
            out.append(",")
            if type >= 0 { limits(type, row, &out) }
        }
        out.append("\r\n")
    }

    private func header(
        _ field: HeaderField, _ unit: Unit, _ octets: RawSpan, _ origin: Origin, _ type: Int, _ out: inout TextBuffer
    ) {
        switch field {
        case .type: if type >= 0 { out.append(typeNames[type], keptBy: keys) }
        case .flow, .interfaceName, .dialect, .spacecraftName:
            let start = out.count
            out.append(field, unit, octets, origin, type >= 0 ? types[type] : nil)
            out.quoteCSV(from: start)
        default: out.append(field, unit, octets, origin, nil)
        }
    }

    @inline(__always)
    private func cell(_ view: CellView, _ row: Int, _ type: Int, _ decoded: DecodedBatch, _ out: inout TextBuffer) {
        let validity = view.validity(row, keptBy: views)
        if validity.hasValue {
            let cell = view.value(row, keptBy: views)
            switch view.kind {
            case .unsigned: out.append(cell)
            case .signed: out.append(Int64(bitPattern: cell))
            case .float: out.appendPlain(Double(bitPattern: cell))
            case .enumeration, .boolean: keys.write(Int(view.labels) + Int(truncatingIfNeeded: cell), &out)
            case .string, .binary, .time, .list:
                let start = out.count
                let column = decoded.table(ofType: type)?.columns[Int(view.column)]
                if let column { out.appendPlain(column, cell, row) }
                if view.kind == .string || view.kind == .list { out.quoteCSV(from: start) }
            }
        }
        guard withRaw else { return }
        out.append(UInt8(ascii: ","))
        guard view.hasRaw(row, keptBy: views) else { return }
        let cell = view.raw(row, keptBy: views)
        switch view.rawKind {
        case .unsigned: out.append(cell)
        case .signed: out.append(Int64(bitPattern: cell))
        case .float: out.appendPlain(Double(bitPattern: cell))
        case .bytes, .text:
            guard let column = decoded.table(ofType: type)?.columns[Int(view.column)] else { return }
            let start = out.count
            out.appendPlain(raw: column, cell, row)
            if view.rawKind == .text { out.quoteCSV(from: start) }
        }
    }

    private func limits(_ type: Int, _ row: Int, _ out: inout TextBuffer) {
        let start = out.count
        let first = views.range(of: type).lowerBound
        for column in limited[type] {
            let view = views[first &+ Int(column)]
            let state = view.limit(row, keptBy: views)
            guard state != .nominal, view.validity(row, keptBy: views).hasValue else { continue }
            if out.count > start { out.append(" ") }
            out.append(view.key, keptBy: keys)
            out.append("=")
            out.append(state.name)
        }
    }
}

extension CSVRows {
    /// A sink of one table.
    static func sink(
        _ file: any Outlet, types: [PacketType], columns: SinkColumns, withRaw: Bool, skipsOthers: Bool
    ) -> LineSink<CSVRows> {
        let layouts = CSVLayout.shared(types, columns)
        let sink = LineSink(
            file, skips: types.indices.map { skipsOthers && !columns.shows($0) }, skipsUntyped: skipsOthers
        ) { CSVRows(types, layouts, withRaw: withRaw) }
        let head = CSVRows(types, layouts, withRaw: withRaw)
        sink.begin { head.header(ofType: -1, &$0) }
        return sink
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
