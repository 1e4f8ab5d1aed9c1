internal import Bytes
internal import Query
internal import Records
internal import CCSDS
internal import Mission

/// A JSON object a packet, a line each: the keys are described in the manual, `starlane(1)`.
struct JSONLines: LineWriter, ~Copyable {
    private let withRaw: Bool
    /// Fields of every packet that were asked for and that no line has by itself, each with its key.
    private var extras: [(field: HeaderField, key: Extent)] = []
    private let types: [PacketType]
    private var origins: [Origin] = []
    private var layouts: [TypeLayout] = []
    private var keys = FieldKeys()
    private var views = CellViews()
    /// The piece of each origin: flow, spacecraft and virtual channel.
    private var originPieces: [Extent] = []
    /// The piece of each origin for messages: the flow.
    private var flowPieces: [Extent] = []
    /// Decimals of a second that the times of each origin carry.
    private var timeDigits: [Int] = []

    /// Where the pieces of one packet type are.
    private struct TypeLayout {
        var name = Extent.empty
        /// For each parameter its key with the comma in front and the colon behind, and the first of its labels.
        var pieces: [(key: Extent, labels: Int32)?] = []
        var hasLimits = false
    }

    init(_ types: [PacketType], withRaw: Bool, only columns: SinkColumns?) {
        self.withRaw = withRaw
        self.types = types
        for (name, field) in columns?.headers ?? [] where !HeaderField.printed.contains(field) {
            let key = keys.piece { out in
                out.append(",")
                out.appendJSON(name)
                out.append(":")
            }
            extras.append((field, key))
        }
        for (number, type) in types.enumerated() {
            var layout = TypeLayout()
            layout.name = keys.piece { out in
                if let dialect = type.dialect {
                    out.append(",\"dialect\":")
                    out.appendJSON(dialect)
                }
                out.append(",\"type\":")
                out.appendJSON(type.name)
                out.append(",\"parameters\":{")
            }
            for (index, name) in printedNames(type).enumerated() {
                let parameter = type.parameters[index]
                // What only a filter looks at is not shown.
                guard columns?.shows(type: number, column: index) ?? true else {
                    layout.pieces.append(nil)
                    continue
                }
                let key = keys.piece { out in
                    out.append(",")
                    out.appendJSON(name)
                    out.append(":")
                }
                var labels: Int32 = -1
                if parameter.kind == .enumeration {
                    for (index, label) in parameter.labels.enumerated() {
                        let piece = keys.add { $0.appendJSON(label) }
                        if index == 0 { labels = Int32(piece) }
                    }
                }
                layout.pieces.append((key, labels))
                if parameter.hasLimits { layout.hasLimits = true }
            }
            layouts.append(layout)
        }
    }

    /// Makes ready for a batch.
    mutating func begin(_ decoded: DecodedBatch, _ origins: [Origin]) {
        let layouts = self.layouts
        views.fill(decoded, types: layouts.count) { layouts[$0].pieces[$1] }
        self.origins = origins
        for origin in origins[originPieces.count...] {
            let flow = keys.piece { out in
                out.append(",\"flow\":")
                out.appendJSON(origin.flow)
            }
            flowPieces.append(flow)
            let piece = keys.piece { out in
                out.append(",\"flow\":")
                out.appendJSON(origin.flow)
                out.append(",\"spacecraft\":")
                out.appendJSON(origin.spacecraft)
                out.append(",\"vcid\":")
                out.appendJSON(origin.vcid)
                out.append(",\"apid\":")
            }
            originPieces.append(piece)
            timeDigits.append(origin.timeDigits)
        }
    }

    /// Writes one packet.
    func line(
        _ unit: Unit, _ octets: RawSpan, _ origin: Int, _ type: Int, _ row: Int, _ decoded: DecodedBatch,
        _ out: inout TextBuffer
    ) {
        out.append("{\"time\":")
        out.appendJSON(unit.time, digits: timeDigits[origin])
        out.append(",\"packet\":")
        // A bare file has no packets to count.
        if unit.packet > 0 { out.append(unit.packet) } else { out.append("null") }
        if unit.marks.contains(.message) {
            out.append(flowPieces[origin], keptBy: keys)
            out.append(layouts[type].name, keptBy: keys)
            parameters(type, row, decoded, &out)
            writeExtras(unit, octets, origin, type, &out)
            out.append("}\n")
            return
        }
        out.append(originPieces[origin], keptBy: keys)
        if unit.marks.contains(.encapsulation) {
            out.append("null,\"protocol\":")
            out.append(UInt64(unit.apid))
            out.append(",\"sequence\":null")
        } else {
            out.append(UInt64(unit.apid))
            out.append(",\"sequence\":")
            out.append(UInt64(unit.sequence))
        }
        if type >= 0 {
            out.append(layouts[type].name, keptBy: keys)
            parameters(type, row, decoded, &out)
        } else {
            out.append(",\"type\":null,\"parameters\":{}")
            if withRaw { out.append(",\"raw\":{}") }
        }
        writeExtras(unit, octets, origin, type, &out)
        out.append("}\n")
    }

    private func writeExtras(
        _ unit: Unit, _ octets: RawSpan, _ origin: Int, _ type: Int, _ out: inout TextBuffer
    ) {
        for (field, key) in extras {
            out.append(key, keptBy: keys)
            let packetType = type >= 0 ? types[type] : nil
            if field.kind == .number {
                let start = out.count
                out.append(field, unit, octets, origins[origin], packetType)
                if out.count == start { out.append("null") }
            } else {
                out.appendJSON(field, unit, octets, origins[origin], packetType)
            }
        }
    }

    private func parameters(_ type: Int, _ row: Int, _ decoded: DecodedBatch, _ out: inout TextBuffer) {
        let range = views.range(of: type)
        var isMixed = false
        let start = out.count
        for index in range {
            let view = views[index]
            let validity = view.validity(row, keptBy: views)
            if validity != .valid {
                isMixed = true
                if validity == .notIncluded { continue }
            }
            out.append(view.key, keptBy: keys, isFirst: out.count == start)
            guard validity.hasValue else {
                out.append("null")
                continue
            }
            value(view, row, type, decoded, &out)
        }
        out.append("}")
        if withRaw { raws(range, row, type, decoded, &out) }
        if layouts[type].hasLimits { limits(range, row, &out) }
        if isMixed { invalid(range, row, &out) }
    }

    @inline(__always)
    private func value(_ view: CellView, _ row: Int, _ type: Int, _ decoded: DecodedBatch, _ out: inout TextBuffer) {
        let cell = view.value(row, keptBy: views)
        switch view.kind {
        case .unsigned: out.append(cell)
        case .signed: out.append(Int64(bitPattern: cell))
        case .float: out.appendJSON(Double(bitPattern: cell))
        // The labels of a parameter stand one behind the other, in the order of their indexes.
        case .enumeration: keys.write(Int(view.labels) + Int(truncatingIfNeeded: cell), &out)
        case .boolean: out.append(cell == 0 ? "false" : "true")
        case .string, .binary, .time, .list:
            guard let table = decoded.table(ofType: type) else { return out.append("null") }
            out.appendJSON(octetsOf: table.columns[Int(view.column)], row)
        }
    }

    private func raws(_ range: Range<Int>, _ row: Int, _ type: Int, _ decoded: DecodedBatch, _ out: inout TextBuffer) {
        out.append(",\"raw\":{")
        let start = out.count
        for index in range {
            let view = views[index]
            guard view.hasRaw(row, keptBy: views) else { continue }
            out.append(view.key, keptBy: keys, isFirst: out.count == start)
            let cell = view.raw(row, keptBy: views)
            switch view.rawKind {
            case .unsigned: out.append(cell)
            case .signed: out.append(Int64(bitPattern: cell))
            case .float: out.appendJSON(Double(bitPattern: cell))
            case .bytes:
                out.append(UInt8(ascii: "\""))
                if let column = decoded.table(ofType: type)?.columns[Int(view.column)] {
                    out.appendHex(column.rawBytes(at: row))
                }
                out.append(UInt8(ascii: "\""))
            case .text:
                if let column = decoded.table(ofType: type)?.columns[Int(view.column)] {
                    out.appendJSON(rawText: column.rawBytes(at: row))
                }
            }
        }
        out.append("}")
    }

    private func limits(_ range: Range<Int>, _ row: Int, _ out: inout TextBuffer) {
        let before = out.count
        out.append(",\"limits\":{")
        let start = out.count
        for index in range {
            let view = views[index]
            let state = view.limit(row, keptBy: views)
            guard state != .nominal, view.validity(row, keptBy: views).hasValue else { continue }
            out.append(view.key, keptBy: keys, isFirst: out.count == start)
            out.append("\"")
            out.append(state.name)
            out.append("\"")
        }
        if out.count == start { out.truncate(to: before) } else { out.append("}") }
    }

    private func invalid(_ range: Range<Int>, _ row: Int, _ out: inout TextBuffer) {
        let before = out.count
        out.append(",\"invalid\":{")
        let start = out.count
        for index in range {
            let view = views[index]
            guard let word = view.validity(row, keptBy: views).word else { continue }
            out.append(view.key, keptBy: keys, isFirst: out.count == start)
            out.append("\"")
            out.append(word)
            out.append("\"")
        }
        if out.count == start { out.truncate(to: before) } else { out.append("}") }
    }
}

extension JSONLines {
    /// A sink of JSON lines.
    ///
    /// - Parameters:
    ///   - withRaw: whether raw values stand beside the engineering values.
    ///   - columns: what was asked for, where packets that have none of it are left out.
    ///   - shown: what was asked for.
    static func sink(
        _ file: any Outlet, types: [PacketType], withRaw: Bool, only columns: SinkColumns?,
        showing shown: SinkColumns? = nil
    ) -> LineSink<JSONLines> {
        LineSink(
            file, skips: types.indices.map { type in columns.map { !$0.shows(type) } ?? false },
            skipsUntyped: columns != nil
        ) { JSONLines(types, withRaw: withRaw, only: shown) }
    }
}
