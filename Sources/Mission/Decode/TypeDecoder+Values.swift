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
            guard case .epoch(let epoch, let isTAI) = time.origin else { return }
            store(attoseconds(time, cell, format.rawKind).map { ($0, epoch, isTAI) }, column, row)
        }
    }

    /// Raw x scale + offset of a time; nil when it is beyond all years.
    func attoseconds(_ time: TimePlan, _ cell: UInt64, _ kind: RawKind) -> Int128? {
        let elapsed: Int128?
        switch kind {
        case .unsigned: elapsed = time.scale.attoseconds(of: Int128(cell))
        case .signed: elapsed = time.scale.attoseconds(of: Int128(Int64(bitPattern: cell)))
        case .float, .bytes, .text:
            let number = Double(bitPattern: cell)
            guard number.magnitude < 1e15 else { return nil }
            // The whole part is exact; the fraction has the digits that a double carries.
            let whole = number.rounded(.down)
            guard let seconds = time.scale.attoseconds(of: Int128(whole)) else { return nil }
            let unit = Double(time.scale.attoseconds(of: 1) ?? 0)
            let fraction = (number - whole) * unit
            guard fraction.magnitude < 1e36 else { return nil }
            elapsed = seconds.addingReportingOverflow(Int128(fraction)).partialValue
        }
        guard let elapsed else { return nil }
        let (sum, overflow) = elapsed.addingReportingOverflow(time.offset)
        return overflow ? nil : sum
    }

    private func store(_ parts: (Int128, Int128, Bool)?, _ column: Column, _ row: Int) {
        guard let (elapsed, epoch, isTAI) = parts else { return mark(column, row, .noTime) }
        let (sum, overflow) = elapsed.addingReportingOverflow(epoch)
        guard !overflow, let time = isTAI ? LeapSeconds.time(fromTAI: sum) : StatedTime(utc: sum) else {
            return mark(column, row, .noTime)
        }
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
                guard base.states[row].hasValue, let elapsed = attoseconds(time, column.rawCells[row], format.rawKind)
                else {
                    mark(column, row, .noTime)
                    continue
                }
                // The parts of a time are seconds of one clock, which leap seconds do not change in between.
                let start = base.time(at: row)
                let (sum, overflow) = elapsed.addingReportingOverflow(
                    Int128(start.seconds) * StatedTime.attosecondsInSecond + Int128(start.attoseconds))
                guard !overflow, var whole = StatedTime(utc: sum) else {
                    mark(column, row, .noTime)
                    continue
                }
                if start.attoseconds >= UInt64(StatedTime.attosecondsInSecond), whole.seconds == start.seconds + 1 {
                    whole.seconds -= 1
                    whole.attoseconds += UInt64(StatedTime.attosecondsInSecond)
                }
                column.valueCells[row] = UInt64(bitPattern: whole.seconds)
                column.fractions[row] = whole.attoseconds
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
