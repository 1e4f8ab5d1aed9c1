internal import Bytes
internal import Records

/// Differences for programs: the keys are described in the manual.
extension DiffReport {
    static func only(_ side: Int, json packet: DiffPacket, _ out: inout TextBuffer) {
        begin(side == 0 ? "only-a" : "only-b", packet, &out)
        out.member("type", packet.type?.name)
        place(side == 0 ? "a" : "b", packet, &out)
        out.append("}\n")
    }

    static func changed(
        json a: DiffPacket, _ b: DiffPacket, _ layout: ValueComparison.Layout, _ values: [Int],
        _ octets: OctetDifference?, _ out: inout TextBuffer
    ) {
        begin("changed", a, &out)
        out.member("type", a.type?.name)
        if !layout.isOneType { out.member("typeB", b.type?.name) }
        place("a", a, &out)
        place("b", b, &out)
        out.member("values", values) { index, out in
            let parameter = layout.parameters[index]
            out.append("{")
            out.member("name", parameter.name)
            value("a", a, parameter.columns.a, &out)
            value("b", b, parameter.columns.b, &out)
            out.append("}")
        }
        if let octets {
            out.member("octets")
            out.append("{")
            out.member("a", octets.counts.a)
            out.member("b", octets.counts.b)
            out.member("differing", octets.differing)
            out.member("first", octets.first)
            out.append("}")
        }
        out.append("}\n")
    }

    private static func begin(_ kind: StaticString, _ packet: DiffPacket, _ out: inout TextBuffer) {
        let unit = packet.unit
        out.append("{")
        out.member("difference")
        out.append("\"")
        out.append(kind)
        out.append("\"")
        if unit.marks.contains(.message) {
            out.member("dialect", packet.type?.dialect)
        } else {
            out.member("spacecraft", packet.origin.spacecraft)
            out.member("vcid", packet.origin.vcid)
            let isPacket = !unit.marks.contains(.encapsulation)
            if isPacket { out.member("apid", Int(unit.apid)) } else { out.member("protocol", Int(unit.apid)) }
            out.member("sequence", isPacket ? Int(unit.sequence) : nil)
        }
    }

    private static func place(_ side: StaticString, _ packet: DiffPacket, _ out: inout TextBuffer) {
        out.member(side)
        out.append("{")
        out.member("time", packet.unit.time, digits: packet.origin.timeDigits)
        out.member("packet", packet.unit.packet > 0 ? Int(clamping: packet.unit.packet) : nil)
        out.member("flow", packet.origin.flow)
        out.append("}")
    }

    private static func value(_ side: StaticString, _ packet: DiffPacket, _ index: Int, _ out: inout TextBuffer) {
        guard let column = packet.table?.columns[index] else { return }
        let validity = column.validity(packet.row)
        out.member(side)
        out.append("{")
        out.member("value")
        if validity.hasValue { out.appendJSON(value: column, packet.row) } else { out.append("null") }
        if !column.info.unit.isEmpty, column.info.kind != .time { out.member("unit", column.info.unit) }
        if validity.hasValue, column.info.hasLimits, column.limits[packet.row] != .nominal {
            out.member("limit", column.limits[packet.row].name)
        }
        if let word = validity.word { out.member("invalid", word.description) }
        out.append("}")
    }

    static func definition(json layout: ValueComparison.Layout, _ out: inout TextBuffer) {
        out.append("{")
        out.member("difference", "definition")
        out.member("type", layout.types.a?.name)
        if !layout.isOneType { out.member("typeB", layout.types.b?.name) }
        out.member("onlyA", layout.only.a) { $1.appendJSON($0) }
        out.member("onlyB", layout.only.b) { $1.appendJSON($0) }
        out.append("}\n")
    }

    func summarise(json rows: [ValueCount], _ out: inout TextBuffer) {
        out.append("{")
        out.member("difference", "summary")
        for (side, name, packets, only) in [
            ("a" as StaticString, names.a, counts.packets.a, counts.only.a),
            ("b" as StaticString, names.b, counts.packets.b, counts.only.b),
        ] {
            out.member(side)
            out.append("{")
            out.member("name", name)
            out.member("packets", packets)
            out.member("only", only)
            out.append("}")
        }
        out.member("same", counts.same)
        out.member("changed", counts.changed)
        out.member("definitions", counts.definitions)
        out.member("values", rows) { row, out in
            out.append("{")
            out.member("type", row.type)
            out.member("name", row.name)
            out.member("packets", row.count)
            out.append("}")
        }
        out.append("}\n")
    }
}

extension TextBuffer {
    /// Adds an engineering value that is there as JSON.
    fileprivate mutating func appendJSON(value column: Column, _ row: Int) {
        let cell = column.values[row]
        switch column.info.kind {
        case .unsigned: append(cell)
        case .signed: append(Int64(bitPattern: cell))
        case .float: appendJSON(Double(bitPattern: cell))
        case .enumeration: appendJSON(column.info.labels[Int(cell)])
        case .boolean: append(cell == 0 ? "false" : "true")
        case .string, .binary, .time, .list: appendJSON(octetsOf: column, row)
        }
    }
}
