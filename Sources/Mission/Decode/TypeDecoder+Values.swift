import Bytes
import Records

/// One value at a time: what a walk finds, and conversions that look at other fields.
extension TypeDecoder {
    /// The engineering value of a number from its raw cell.
    func convert(
        _ conversion: FieldPlan.Conversion, _ format: NumberFormat, _ column: Column, _ table: DecodedTable, _ row: Int
    ) {
        let cell = column.rawCells[row]
        switch conversion {
        case .none, .text, .textTruth, .textLabels, .binaryTruth: return
        case .number: column.valueCells[row] = Self.number(cell, format.rawKind).bitPattern
        case .calibrated(let standard, let contexts):
            let number = Self.number(cell, format.rawKind)
            let bytes = unsafe table.packets[row].bytes(keptBy: table)
            let calibrator = contexts.first { holds($0.criteria, bytes, table, row) }?.calibrator ?? standard
            if let value = calibrator == nil ? number : calibrator?.value(number) {
                column.valueCells[row] = value.bitPattern
            } else {
                mark(column, row, .notCalibrated)
            }
        case .labels(let table):
            let label =
                format.rawKind == .float ? table.label(number: Double(bitPattern: cell)) : table.label(cell)
            if let label { column.valueCells[row] = UInt64(label) } else { mark(column, row, .noLabel) }
        case .truth:
            let isZero = format.rawKind == .float ? Double(bitPattern: cell) == 0 : cell == 0
            column.valueCells[row] = isZero ? 0 : 1
        case .time(let time):
            guard case .epoch = time.origin else { return }
            store(time.time(cell, format.rawKind, from: nil), column, row)
        }
    }

    private func store(_ time: StatedTime?, _ column: Column, _ row: Int) {
        guard let time else { return mark(column, row, .noTime) }
        column.valueCells[row] = UInt64(bitPattern: time.seconds)
        column.fractions[row] = time.attoseconds
    }

    /// Times that count from another field of the packet.
    func resolveChains(_ table: DecodedTable) {
        for index in chained {
            guard let column = table.fields[index], case .time(let time) = plan.fields[index].conversion,
                case .field(let origin) = time.origin, let base = table.fields[origin],
                case .number(let format) = plan.fields[index].encoding
            else { continue }
            for row in 0..<table.count where column.states[row] == .valid {
                let start = base.states[row].hasValue ? base.time(at: row) : nil
                store(time.time(column.rawCells[row], format.rawKind, from: start), column, row)
            }
        }
    }

    /// Conversions of fixed fields that look at other fields.
    func convertContexts(_ table: DecodedTable) {
        for index in contextual {
            guard let column = table.fields[index], case .number(let format) = plan.fields[index].encoding else {
                continue
            }
            for row in 0..<table.count where column.states[row] == .valid {
                convert(plan.fields[index].conversion, format, column, table, row)
            }
        }
    }

    @inline(__always)
    func mark(_ column: Column, _ row: Int, _ validity: Validity) {
        column.states[row] = validity
        column.isMixed = true
    }
}
