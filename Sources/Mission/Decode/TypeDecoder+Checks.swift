import Bytes
import Records

/// Ranges and limits, once all values are there.
extension TypeDecoder {
    func judge(_ table: DecodedTable) {
        for index in judged {
            guard let column = table.fields[index] else { continue }
            if let range = plan.fields[index].validRange { check(range, plan.fields[index], column) }
            if let limits = plan.fields[index].limits { judge(limits, column, table) }
        }
    }

    private func check(_ range: RangeModel, _ field: FieldPlan, _ column: Column) {
        let isCalibrated = field.validRangeIsCalibrated
        guard case .number(let format) = field.encoding else { return }
        for row in 0..<column.count where column.states[row] == .valid {
            let value =
                isCalibrated
                ? Self.engineering(column.valueCells[row], column.info.kind)
                : Self.number(column.rawCells[row], format.rawKind)
            if let value, !range.contains(value) { mark(column, row, .outOfRange) }
        }
    }

    /// The engineering value as a number, for those that are numbers.
    static func engineering(_ cell: UInt64, _ kind: ValueKind) -> Double? {
        switch kind {
        case .unsigned: Double(cell)
        case .signed: Double(Int64(bitPattern: cell))
        case .float: Double(bitPattern: cell)
        default: nil
        }
    }

    private func judge(_ limits: LimitsPlan, _ column: Column, _ table: DecodedTable) {
        for row in 0..<column.count where column.states[row].hasValue {
            var alarm = limits.standard
            if !limits.contexts.isEmpty {
                let bytes = unsafe table.packets[row].bytes(keptBy: table)
                alarm = limits.contexts.first { holds($0.criteria, bytes, table, row) }?.alarm ?? alarm
            }
            guard let alarm else { continue }
            let cell = column.valueCells[row]
            switch column.info.kind {
            case .enumeration, .boolean:
                if cell < UInt64(alarm.labels.count) { column.limitStates[row] = alarm.labels[Int(cell)] }
            default:
                guard let value = Self.engineering(cell, column.info.kind) else { continue }
                for (level, range) in alarm.ranges where range.contains(value) == alarm.isInside {
                    column.limitStates[row] = level
                    break
                }
            }
        }
    }
}
