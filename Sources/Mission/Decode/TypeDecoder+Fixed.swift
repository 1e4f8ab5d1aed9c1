import Bytes

/// Fields with a fixed place, a column at a time.
extension TypeDecoder {
    /// Reads every needed field whose place is fixed.
    func decodeFixed(_ table: DecodedTable) {
        let count = table.count
        var shortest = Int.max
        let lane = table.packets
        let packets = lane.span
        for row in packets.indices { shortest = min(shortest, packets[row].count) }
        for index in fixed {
            guard let column = table.fields[index], case .fixed(let offset) = plan.fields[index].place else { continue }
            prepare(column, count, filler: .valid)
            let field = plan.fields[index]
            let bits = field.fixedBits ?? 0
            let allInside = offset + bits <= shortest * 8
            if !allInside { markShort(column, table, offset: offset, bits: bits) }
            switch field.encoding {
            case .number(let format):
                read(format, offset, column, table, allInside: allInside, shortest: shortest)
                if !field.hasContexts { convert(field.conversion, format, column, table) }
            case .string(let string):
                for row in 0..<count where column.states[row] == .valid {
                    readString(string, field.conversion, bits: bits, at: offset, column, table, row)
                }
            case .binary:
                for row in 0..<count where column.states[row] == .valid {
                    storeBinary(field.conversion, bits: bits, at: offset, column, table, row)
                }
            }
        }
    }

    /// Makes a column as long as its table.
    func prepare(_ column: Column, _ count: Int, filler: Validity) {
        column.isMixed = filler != .valid
        column.rawCells.resize(to: count, filler: 0)
        if column.valueCells !== column.rawCells { column.valueCells.resize(to: count, filler: 0) }
        column.states.resize(to: count, filler: filler)
        column.states.fill(filler)
        if column.info.kind == .time { column.fractions.resize(to: count, filler: 0) }
        if column.info.hasLimits {
            column.limitStates.resize(to: count, filler: .nominal)
            column.limitStates.fill(.nominal)
        }
    }

    private func markShort(_ column: Column, _ table: DecodedTable, offset: Int, bits: Int) {
        for row in 0..<table.count where offset + bits > table.packets[row].count * 8 {
            column.states[row] = .beyondEnd
            column.isMixed = true
        }
    }

    private func read(
        _ format: NumberFormat, _ offset: Int, _ column: Column, _ table: DecodedTable, allInside: Bool, shortest: Int
    ) {
        // Spans are lent by local names: a borrow of a property would end at once.
        let packetLane = table.packets
        let packets = packetLane.span
        let cellLane = column.rawCells
        var cells = cellLane.writable
        guard allInside else {
            for row in packets.indices where column.states[row] == .valid {
                // The packets outlive the batch that is decoded; this holds for all loops below.
                cells[row] = format.read(unsafe packets[row].bytes(keptBy: table), at: offset)
            }
            return
        }
        let first = offset / 8
        let skip = UInt64(offset % 8)
        let bits = format.bits
        if format.isReversed || format.order != .bigEndian || offset % 8 + bits > 64 || first + 8 > shortest {
            for row in packets.indices {
                cells[row] = format.read(unsafe packets[row].bytes(keptBy: table), at: offset)
            }
            return
        }
        // One wide load, a shift up to drop what stands in front, a shift down to the width: all eight octets lie inside
        // the shortest packet.
        let down = UInt64(64 - bits)
        switch format.coding {
        case .unsigned:
            for row in packets.indices {
                let word = unsafe packets[row].bytes(keptBy: table).u64(at: first)
                cells[row] = (word &<< skip) &>> down
            }
        case .twosComplement:
            for row in packets.indices {
                let word = unsafe packets[row].bytes(keptBy: table).u64(at: first)
                cells[row] = UInt64(bitPattern: Int64(bitPattern: word &<< skip) &>> Int64(down))
            }
        case .ieee32:
            for row in packets.indices {
                let word = unsafe packets[row].bytes(keptBy: table).u64(at: first)
                let float = Float(bitPattern: UInt32(truncatingIfNeeded: (word &<< skip) &>> down))
                cells[row] = Double(float).bitPattern
            }
        case .ieee64:
            for row in packets.indices { cells[row] = unsafe packets[row].bytes(keptBy: table).u64(at: first) &<< skip }
        default:
            for row in packets.indices {
                let word = unsafe packets[row].bytes(keptBy: table).u64(at: first)
                cells[row] = NumberFormat.number((word &<< skip) &>> down, format.coding, bits)
            }
        }
    }

    /// The engineering values of a column from its raw values. Rows that are not there are converted as well: their
    /// cells mean nothing, and only conversions that can fail look whether they are there.
    private func convert(
        _ conversion: FieldPlan.Conversion, _ format: NumberFormat, _ column: Column, _ table: DecodedTable
    ) {
        let rawLane = column.rawCells
        let raw = rawLane.span
        let valueLane = column.valueCells
        switch conversion {
        case .none: return
        case .number, .calibrated(nil, _): Self.widen(raw, column.valueCells, format)
        case .calibrated(.linear(let slope, let intercept), _):
            Self.scale(raw, column.valueCells, format, slope: slope, intercept: intercept)
        case .calibrated(.polynomial(let polynomial), _):
            var values = valueLane.writable
            for row in raw.indices {
                values[row] = polynomial.value(Self.number(raw[row], format.rawKind)).bitPattern
            }
        case .truth:
            var values = valueLane.writable
            if format.rawKind == .float {
                for row in raw.indices { values[row] = Double(bitPattern: raw[row]) == 0 ? 0 : 1 }
            } else {
                for row in raw.indices { values[row] = raw[row] == 0 ? 0 : 1 }
            }
        default:
            for row in raw.indices where column.states[row] == .valid {
                convert(conversion, format, column, table, row)
            }
        }
    }

    @inline(__always)
    static func number(_ cell: UInt64, _ kind: RawKind) -> Double {
        switch kind {
        case .unsigned: Double(cell)
        case .signed: Double(Int64(bitPattern: cell))
        case .float, .bytes: Double(bitPattern: cell)
        }
    }

    private static func widen(_ raw: Span<UInt64>, _ lane: Lane<UInt64>, _ format: NumberFormat) {
        var values = lane.writable
        switch format.rawKind {
        case .unsigned where format.bits < 64:
            for row in raw.indices { values[row] = Double(Int64(bitPattern: raw[row])).bitPattern }
        case .unsigned: for row in raw.indices { values[row] = Double(raw[row]).bitPattern }
        case .signed: for row in raw.indices { values[row] = Double(Int64(bitPattern: raw[row])).bitPattern }
        case .float, .bytes: for row in raw.indices { values[row] = raw[row] }
        }
    }

    private static func scale(
        _ raw: Span<UInt64>, _ lane: Lane<UInt64>, _ format: NumberFormat, slope: Double, intercept: Double
    ) {
        var values = lane.writable
        switch format.rawKind {
        // Converting a signed number is one instruction, an unsigned one several.
        case .signed: fallthrough
        case .unsigned where format.bits < 64:
            for row in raw.indices {
                values[row] = (slope * Double(Int64(bitPattern: raw[row])) + intercept).bitPattern
            }
        case .unsigned:
            for row in raw.indices { values[row] = (slope * Double(raw[row]) + intercept).bitPattern }
        case .float, .bytes:
            for row in raw.indices { values[row] = (slope * Double(bitPattern: raw[row]) + intercept).bitPattern }
        }
    }
}
