import Bytes
import Records

/// Fields with a fixed place, a column at a time.
extension TypeDecoder {
    /// Reads every needed field whose place is fixed.
    func decodeFixed(_ table: DecodedTable) {
        let lane = table.packets
        let packets = lane.span
        var shortest = Int.max
        for row in packets.indices { shortest = min(shortest, packets[row].count) }
        for operation in fixed {
            guard let column = table.fields[Int(operation.field)] else { continue }
            column.prepare(packets.count, filler: .valid)
            let isInside = operation.offset + operation.bits <= shortest * 8
            if !isInside { markShort(column, table, operation) }
            // All eight octets of the wide load lie inside the shortest packet.
            guard isInside, operation.load.rawValue < FixedOperation.Load.number.rawValue,
                operation.offset / 8 + 8 <= shortest
            else {
                readEach(operation, column, table)
                continue
            }
            switch operation.load {
            case .unsigned where operation.bits == 64: read(operation, WideKernel.self, column, table)
            case .unsigned: read(operation, UnsignedKernel.self, column, table)
            case .signed: read(operation, SignedKernel.self, column, table)
            case .float32: read(operation, SingleKernel.self, column, table)
            default: read(operation, DoubleKernel.self, column, table)
            }
        }
    }

    private func markShort(_ column: Column, _ table: DecodedTable, _ operation: FixedOperation) {
        for row in 0..<table.count where operation.offset + operation.bits > table.packets[row].count * 8 {
            mark(column, row, .beyondEnd)
        }
    }

    /// A column row by row, for what has no loop of its own.
    private func readEach(_ operation: FixedOperation, _ column: Column, _ table: DecodedTable) {
        let field = plan.fields[Int(operation.field)]
        for row in 0..<table.count where column.states[row] == .valid {
            switch field.encoding {
            case .number(let format):
                // The packets outlive the batch that is decoded.
                let bytes = unsafe table.packets[row].bytes(keptBy: table)
                column.rawCells[row] = format.read(bytes, at: operation.offset)
                if operation.finish != .later { convert(field.conversion, format, column, table, row) }
            case .string(let string):
                readString(
                    string, field.conversion, bits: operation.bits, at: operation.offset, column, table, row)
            case .binary:
                storeBinary(field.conversion, bits: operation.bits, at: operation.offset, column, table, row)
            }
        }
    }

    /// One loop over all packets: load, shift, and the engineering value in the same breath.
    @inline(__always)
    private func read<Kernel: FieldKernel>(
        _ operation: FixedOperation, _ kernel: Kernel.Type, _ column: Column, _ table: DecodedTable
    ) {
        let packetLane = table.packets
        let rawLane = column.rawCells
        let valueLane = column.valueCells
        let packets = packetLane.span
        let first = operation.offset / 8
        let skip = UInt64(truncatingIfNeeded: operation.offset % 8)
        let down = UInt64(truncatingIfNeeded: 64 - operation.bits)
        precondition(
            rawLane.count == packets.count && valueLane.count == packets.count, "columns are as long as tables")
        // In all these loops: the row is below the length of all three, which was looked at above, and the caller has
        // seen that eight octets from `first` on lie inside the shortest packet.
        @inline(__always)
        func raw(_ row: Int) -> UInt64 {
            Kernel.raw(unsafe packets[unchecked: row].word(at: first), skip, down)
        }
        switch operation.finish {
        case .none, .later, .each:
            var raws = rawLane.writable
            for row in 0..<packets.count { unsafe raws[unchecked: row] = raw(row) }
        case .widen:
            var raws = rawLane.writable
            var values = valueLane.writable
            for row in 0..<packets.count {
                let cell = raw(row)
                unsafe raws[unchecked: row] = cell
                unsafe values[unchecked: row] = Kernel.number(cell).bitPattern
            }
        case .linear:
            let slope = operation.slope
            let intercept = operation.intercept
            var raws = rawLane.writable
            var values = valueLane.writable
            for row in 0..<packets.count {
                let cell = raw(row)
                unsafe raws[unchecked: row] = cell
                unsafe values[unchecked: row] = (slope * Kernel.number(cell) + intercept).bitPattern
            }
        case .truth:
            var raws = rawLane.writable
            var values = valueLane.writable
            for row in 0..<packets.count {
                let cell = raw(row)
                unsafe raws[unchecked: row] = cell
                unsafe values[unchecked: row] = cell == 0 ? 0 : 1
            }
        case .polynomial:
            guard case .calibrated(.polynomial(let polynomial), _) = plan.fields[Int(operation.field)].conversion else {
                return
            }
            var raws = rawLane.writable
            var values = valueLane.writable
            for row in 0..<packets.count {
                let cell = raw(row)
                unsafe raws[unchecked: row] = cell
                unsafe values[unchecked: row] = polynomial.value(Kernel.number(cell)).bitPattern
            }
        }
        guard operation.finish == .each else { return }
        let field = plan.fields[Int(operation.field)]
        guard case .number(let format) = field.encoding else { return }
        if case .labels(let labels) = field.conversion, !labels.dense.isEmpty {
            return lookUp(labels, column)
        }
        for row in 0..<packets.count { convert(field.conversion, format, column, table, row) }
    }

    private func lookUp(_ labels: LabelTable, _ column: Column) {
        let rawLane = column.rawCells
        let valueLane = column.valueCells
        let raws = rawLane.span
        var values = valueLane.writable
        for row in raws.indices {
            if let label = labels.label(raws[row]) {
                values[row] = UInt64(label)
            } else {
                mark(column, row, .noLabel)
            }
        }
    }

    @inline(__always)
    static func number(_ cell: UInt64, _ kind: RawKind) -> Double {
        switch kind {
        case .unsigned: Double(cell)
        case .signed: Double(Int64(bitPattern: cell))
        case .float, .bytes, .text: Double(bitPattern: cell)
        }
    }
}

/// From eight octets to a raw cell, and from there to a number: one of these for each loop, which is made for it.
private protocol FieldKernel {
    /// The cell: shifted up to drop what stands in front, down to the width.
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64
    static func number(_ cell: UInt64) -> Double
}

/// Unsigned of under 64 bits: converting a signed number is one instruction, an unsigned one several.
private enum UnsignedKernel: FieldKernel {
    @inline(__always)
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64 { (word &<< skip) &>> down }
    @inline(__always)
    static func number(_ cell: UInt64) -> Double { Double(Int64(bitPattern: cell)) }
}

private enum WideKernel: FieldKernel {
    @inline(__always)
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64 { word }
    @inline(__always)
    static func number(_ cell: UInt64) -> Double { Double(cell) }
}

private enum SignedKernel: FieldKernel {
    @inline(__always)
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: word &<< skip) &>> Int64(bitPattern: down))
    }
    @inline(__always)
    static func number(_ cell: UInt64) -> Double { Double(Int64(bitPattern: cell)) }
}

private enum SingleKernel: FieldKernel {
    @inline(__always)
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64 {
        Double(Float(bitPattern: UInt32(truncatingIfNeeded: (word &<< skip) &>> down))).bitPattern
    }
    @inline(__always)
    static func number(_ cell: UInt64) -> Double { Double(bitPattern: cell) }
}

private enum DoubleKernel: FieldKernel {
    @inline(__always)
    static func raw(_ word: UInt64, _ skip: UInt64, _ down: UInt64) -> UInt64 { word }
    @inline(__always)
    static func number(_ cell: UInt64) -> Double { Double(bitPattern: cell) }
}
