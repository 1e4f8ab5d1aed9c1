import Bytes
import Records

/// Conditions on one packet.
extension TypeDecoder {
    func holds(_ criteria: CriteriaPlan, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int) -> Bool {
        var step = criteria.start
        while step >= 0 {
            let at = criteria.steps[Int(step)]
            step = passes(at.test, bytes, table, row) ? at.onTrue : at.onFalse
        }
        return step == CriteriaPlan.holds
    }

    /// One test; false when it cannot be decided because a value is not there.
    private func passes(_ test: TestPlan, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int) -> Bool {
        switch test.kind {
        case .always(let result): return result
        case .range(let low, let high, let isInside):
            guard let cell = rawCell(test.field, bytes, table, row) else { return false }
            let value = LabelTable.biased(cell, isSigned: test.isSigned)
            return (value >= low && value <= high) == isInside
        case .ranges(let ranges, let isInside):
            guard let cell = rawCell(test.field, bytes, table, row) else { return false }
            let value = LabelTable.biased(cell, isSigned: test.isSigned)
            return ranges.contains { $0.contains(value) } == isInside
        case .number(let sign, let operand, let isCalibrated):
            guard let value = number(test.field, isCalibrated, bytes, table, row) else { return false }
            return sign.holds(value, operand)
        case .pair(let sign, let other, let isCalibrated, let otherIsCalibrated):
            if let a = integer(test.field, isCalibrated, bytes, table, row),
                let b = integer(other, otherIsCalibrated, bytes, table, row)
            {
                return sign.holds(a, b)
            }
            guard let a = number(test.field, isCalibrated, bytes, table, row),
                let b = number(other, otherIsCalibrated, bytes, table, row)
            else { return false }
            return sign.holds(a, b)
        case .octets(let octets, let isEqual, let isText):
            guard let column = table.fields[test.field], row < column.states.count, column.states[row].hasRaw,
                isText ? column.states[row].hasValue : true
            else { return false }
            let value = isText ? column.text(at: row) : column.rawBytes(at: row)
            guard value.byteCount == octets.count else { return !isEqual }
            for index in octets.indices where value.u8(at: index) != octets[index] { return !isEqual }
            return isEqual
        }
    }

    /// The raw cell of a number: out of the packet where its place is fixed, out of its column where the walk was.
    private func rawCell(_ index: Int, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int) -> UInt64? {
        guard case .number(let format) = plan.fields[index].encoding else { return nil }
        if case .fixed(let offset) = plan.fields[index].place {
            guard offset + format.bits <= bytes.byteCount * 8 else { return nil }
            return format.read(bytes, at: offset)
        }
        guard let column = table.fields[index], row < column.states.count, column.states[row].hasRaw else { return nil }
        return column.rawCells[row]
    }

    /// A number on either side of its calibration.
    func number(_ index: Int, _ isCalibrated: Bool, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int) -> Double? {
        guard let cell = rawCell(index, bytes, table, row), case .number(let format) = plan.fields[index].encoding
        else {
            return nil
        }
        let raw = Self.number(cell, format.rawKind)
        guard isCalibrated else { return raw }
        switch plan.fields[index].conversion {
        case .calibrated(let standard, let contexts):
            let calibrator = contexts.first { holds($0.criteria, bytes, table, row) }?.calibrator ?? standard
            return calibrator == nil ? raw : calibrator?.value(raw)
        case .truth: return raw == 0 ? 0 : 1
        default: return raw
        }
    }

    private func integer(
        _ index: Int, _ isCalibrated: Bool, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int
    ) -> Int128? {
        guard case .number(let format) = plan.fields[index].encoding, format.rawKind != .float else { return nil }
        if isCalibrated, case .calibrated = plan.fields[index].conversion { return nil }
        guard let cell = rawCell(index, bytes, table, row) else { return nil }
        let value = format.rawKind == .signed ? Int128(Int64(bitPattern: cell)) : Int128(cell)
        if isCalibrated, case .truth = plan.fields[index].conversion { return value == 0 ? 0 : 1 }
        return value
    }

    /// A size in bits; nil when it is not known, negative, or no whole number.
    func bits(_ size: SizePlan, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int) -> Int? {
        switch size {
        case .fixed(let bits): return bits
        case .dynamic(let field, let isCalibrated, let slope, let intercept):
            guard let value = number(field, isCalibrated, bytes, table, row) else { return nil }
            guard let bits = Int(exactly: slope * value + intercept), bits >= 0, bits <= 1 << 40 else { return nil }
            return bits
        case .lookup(let lookups):
            return lookups.first { holds($0.criteria, bytes, table, row) }?.bits
        }
    }
}
