internal import Bytes
internal import CCSDS
internal import Mission

/// A JSON object a packet, a line each: the keys are described in the manual, `starlane(1)`.
final class JSONLinesSink: RecordSink {
    private let file: OutputFile
    private let withRaw: Bool
    private let skipsOthers: Bool
    private var out = TextBuffer(capacity: 1 << 18)
    private var layouts: [TypeLayout] = []
    private var keys = FieldKeys()
    /// The piece of each origin: flow, spacecraft and virtual channel.
    private var originPieces: [Int] = []

    /// Where the pieces of one packet type are.
    private struct TypeLayout {
        var name = 0
        /// For each parameter its key, with the comma in front and the colon behind.
        var keys: [Int] = []
        /// For each parameter the first of its labels; -1 where it has none.
        var labels: [Int] = []
        var hasLimits = false
    }

    /// - Parameters:
    ///   - withRaw: whether raw values stand beside the engineering values.
    ///   - skipsOthers: whether packets of types without any selected parameter are left out.
    init(_ file: OutputFile, types: [PacketType], withRaw: Bool, skipsOthers: Bool) {
        self.file = file
        self.withRaw = withRaw
        self.skipsOthers = skipsOthers
        for type in types {
            var layout = TypeLayout()
            layout.name = keys.add { out in
                out.append(",\"type\":")
                out.appendJSON(type.name)
            }
            for (parameter, name) in zip(type.parameters, printedNames(type)) {
                layout.keys.append(
                    keys.add { out in
                        out.append(",")
                        out.appendJSON(name)
                        out.append(":")
                    })
                layout.labels.append(-1)
                if parameter.kind == .enumeration {
                    for (index, label) in parameter.labels.enumerated() {
                        let piece = keys.add { $0.appendJSON(label) }
                        if index == 0 { layout.labels[layout.labels.count - 1] = piece }
                    }
                }
                if parameter.hasLimits { layout.hasLimits = true }
            }
            layouts.append(layout)
        }
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        for index in 0..<units.count {
            let unit = units[index]
            guard !unit.marks.contains(.idle) else { continue }
            let type = Int(decoded.types[index])
            if skipsOthers && (type < 0 || layouts[type].keys.isEmpty) { continue }
            let origin = context.origin(of: unit)
            if origin >= originPieces.count { meet(context) }
            header(unit, origin, context.origins[origin].timeDigits)
            if type >= 0, let table = decoded.table(ofType: type) {
                keys.write(layouts[type].name, &out)
                parameters(table, Int(decoded.rows[index]), type)
            } else {
                out.append(",\"type\":null,\"parameters\":{}")
                if withRaw { out.append(",\"raw\":{}") }
            }
            out.append("}\n")
            if out.count > 1 << 17 { try file.write(&out) }
        }
    }

    func finish() throws(OutputFile.Failure) {
        try file.write(&out)
    }

    private func meet(_ context: RecordContext) {
        for origin in context.origins[originPieces.count...] {
            originPieces.append(
                keys.add { out in
                    out.append(",\"flow\":")
                    out.appendJSON(origin.flow)
                    out.append(",\"spacecraft\":")
                    out.appendJSON(origin.spacecraft)
                    out.append(",\"vcid\":")
                    out.appendJSON(origin.vcid)
                })
        }
    }

    private func header(_ unit: Unit, _ origin: Int, _ digits: Int) {
        out.append("{\"time\":")
        out.appendJSON(unit.time, digits: digits)
        out.append(",\"packet\":")
        out.append(unit.packet)
        keys.write(originPieces[origin], &out)
        if unit.marks.contains(.encapsulation) {
            out.append(",\"apid\":null,\"protocol\":")
            out.append(UInt64(unit.apid))
            out.append(",\"sequence\":null")
        } else {
            out.append(",\"apid\":")
            out.append(UInt64(unit.apid))
            out.append(",\"sequence\":")
            out.append(UInt64(unit.sequence))
        }
    }

    private func parameters(_ table: DecodedTable, _ row: Int, _ type: Int) {
        let columns = table.columns
        out.append(",\"parameters\":{")
        var start = out.count
        var isMixed = false
        for index in columns.indices {
            let column = columns[index]
            if !column.isAllValid {
                let validity = column.validities[row]
                if validity != .valid { isMixed = true }
                if validity == .notIncluded { continue }
                keys.write(layouts[type].keys[index], &out, isFirst: out.count == start)
                guard validity.hasValue else {
                    out.append("null")
                    continue
                }
            } else {
                keys.write(layouts[type].keys[index], &out, isFirst: out.count == start)
            }
            let labels = layouts[type].labels[index]
            out.appendJSON(column, column.values[row], row) { cell, out in
                // The labels of a parameter stand one behind the other, in the order of their indexes.
                keys.write(labels + Int(truncatingIfNeeded: cell), &out)
            }
        }
        out.append("}")
        if withRaw {
            out.append(",\"raw\":{")
            start = out.count
            for index in columns.indices {
                let column = columns[index]
                guard column.isAllValid || column.validities[row].hasRaw else { continue }
                keys.write(layouts[type].keys[index], &out, isFirst: out.count == start)
                out.appendJSON(raw: column, column.raws[row], row)
            }
            out.append("}")
        }
        if layouts[type].hasLimits { limits(columns, row, type) }
        if isMixed { invalid(columns, row, type) }
    }

    private func limits(_ columns: [Column], _ row: Int, _ type: Int) {
        let before = out.count
        out.append(",\"limits\":{")
        let start = out.count
        for index in columns.indices where columns[index].info.hasLimits {
            let column = columns[index]
            guard column.isAllValid || column.validities[row].hasValue else { continue }
            let state = column.limits[row]
            guard state != .nominal else { continue }
            keys.write(layouts[type].keys[index], &out, isFirst: out.count == start)
            out.append("\"")
            out.append(state.name)
            out.append("\"")
        }
        if out.count == start { out.truncate(to: before) } else { out.append("}") }
    }

    private func invalid(_ columns: [Column], _ row: Int, _ type: Int) {
        let before = out.count
        out.append(",\"invalid\":{")
        let start = out.count
        for index in columns.indices {
            let column = columns[index]
            guard !column.isAllValid, let word = column.validities[row].word else { continue }
            keys.write(layouts[type].keys[index], &out, isFirst: out.count == start)
            out.append("\"")
            out.append(word)
            out.append("\"")
        }
        if out.count == start { out.truncate(to: before) } else { out.append("}") }
    }
}
