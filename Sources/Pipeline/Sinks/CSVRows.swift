internal import Bytes
internal import Query
internal import Records
internal import CCSDS
internal import Mission

/// One table of comma-separated values (RFC 4180): a line of names, then a row a packet; empty where a packet has no
/// such parameter.
///
/// With raw values each parameter has a second column, `name.raw`. Limits that are not nominal stand in the last
/// column, `limits`, as `name=state` with blanks between, where any parameter has limits.
struct CSVRows: LineWriter, ~Copyable {
    private let columns: SinkColumns
    private let withRaw: Bool
    private let withLimits: Bool
    private let types: [PacketType]
    private var keys = FieldKeys()
    private var views = CellViews()
    /// The name of each type, and for each of its columns the name and the first label.
    private var typeNames: [Extent] = []
    private var pieces: [[(key: Extent, labels: Int32)]] = []
    /// For each type, one behind the other, the column of its table that each column of ours shows; -1 = none, -2 and
    /// below = the header field -2 - n.
    private var plan: [Int32] = []
    private var origins: [Origin] = []

    init(_ types: [PacketType], _ columns: SinkColumns, withRaw: Bool) {
        self.columns = columns
        self.withRaw = withRaw
        self.types = types
        withLimits = types.contains { $0.parameters.contains(where: \.hasLimits) } && columns.hasParameters
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
        // The last plan is that of packets without a type.
        for type in 0...types.count {
            for source in columns.sources {
                switch source {
                case .header(let field): plan.append(-2 - Int32(HeaderField.allCases.firstIndex(of: field) ?? 0))
                case .parameter(let indexes): plan.append(type < types.count ? indexes[type] : -1)
                }
            }
        }
    }

    func header(_ out: inout TextBuffer) {
        for (index, name) in columns.names.enumerated() {
            if index > 0 { out.append(",") }
            var start = out.count
            out.append(name)
            out.quoteCSV(from: start)
            if withRaw, case .parameter = columns.sources[index] {
                out.append(",")
                start = out.count
                out.append(name + ".raw")
                out.quoteCSV(from: start)
            }
        }
        if withLimits { out.append(",limits") }
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
        let width = columns.sources.count
        let start = (type >= 0 ? type : types.count) &* width
        let first = type >= 0 ? views.range(of: type).lowerBound : 0
        for index in 0..<width {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            let shown = Int(plan[start &+ index])
            if shown >= 0 {
                cell(views[first &+ shown], row, type, decoded, &out)
            } else if shown < -1 {
                header(HeaderField.allCases[-2 - shown], unit, octets, origins[origin], type, &out)
            } else if withRaw {
                out.append(UInt8(ascii: ","))
            }
        }
        if withLimits {
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
        for index in views.range(of: type) {
            let view = views[index]
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
        let sink = LineSink(
            file, skips: types.indices.map { skipsOthers && !columns.shows($0) }, skipsUntyped: skipsOthers
        ) { CSVRows(types, columns, withRaw: withRaw) }
        let head = CSVRows(types, columns, withRaw: withRaw)
        sink.begin { head.header(&$0) }
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
