import Bytes
import Records

/// Looking at what was written.
extension PacketEncoder {
    /// Holds what the decoder makes of a field against what was given, and against the valid range.
    func check(_ index: Int, _ column: Column) throws(PacketRefusal) {
        guard let mine = given[index], !mine.isDerived else { return }
        let state = column.states[0]
        if let value = mine.value {
            guard state.hasValue else {
                // Of a value that is not there only the raw one can be given.
                throw refusal(
                    index, "\(value) is given, and the raw value \(mine.raw.map { "\($0) " } ?? "")has no such meaning")
            }
            if let raw = mine.raw, !(try agrees(index, value, column)) {
                throw refusal(index, "\(value) is given, and raw \(raw) is another value: give one of them")
            }
        }
        guard options.checksValidRanges, mine.isTrusted, mine.value != nil, let range = plan.fields[index].validRange,
            case .number(let format) = plan.fields[index].encoding
        else { return }
        let isCalibrated = plan.fields[index].validRangeIsCalibrated
        let number =
            isCalibrated
            ? TypeDecoder.engineering(column.valueCells[0], column.info.kind)
            : TypeDecoder.number(column.rawCells[0], format.rawKind)
        guard let number, !range.contains(number) else { return }
        throw refusal(
            index,
            "\(mine.value.map { "\($0)" } ?? "") is outside the valid range of the database: \(words(range))"
                + "\(isCalibrated ? "" : " raw") is allowed; raw.\(plan.fields[index].info.shortName) is not held against it"
        )
    }

    private func words(_ range: RangeModel) -> String {
        let low = range.minimum == -.infinity ? nil : "\(range.minimumIsInside ? "from" : "above") \(range.minimum)"
        let high = range.maximum == .infinity ? nil : "\(range.maximumIsInside ? "to" : "below") \(range.maximum)"
        return [low, high].compactMap { $0 }.joined(separator: " ")
    }

    /// Whether the engineering value that was given is the one that a given raw value has.
    private func agrees(_ index: Int, _ value: PacketValue, _ column: Column) throws(PacketRefusal) -> Bool {
        let cell = column.valueCells[0]
        switch column.info.kind {
        case .unsigned: return try whole(index, value) == Int128(cell)
        case .signed: return try whole(index, value) == Int128(Int64(bitPattern: cell))
        case .float:
            let wanted = try number(index, value)
            let found = Double(bitPattern: cell)
            if wanted == found || wanted.isNaN && found.isNaN { return true }
            guard case .number(let format) = plan.fields[index].encoding else { return false }
            if case .calibrated(let standard, let contexts) = plan.fields[index].conversion {
                let number = context(contexts)
                if let calibrator = number > 0 ? contexts[number - 1].calibrator : standard {
                    let inverse = try inverse(index, format, calibrator, number: number)
                    let raw = column.rawCells[0]
                    return inverse.agrees(
                        inverse.isFloat ? InverseCalibration.number(Double(bitPattern: raw)) : format.integer(raw),
                        with: wanted)
                }
            }
            return format.integers == nil ? format.nearest(wanted) == cell : wanted.rounded() == found
        case .enumeration: return try label(index, value) == column.info.labels[Int(cell)]
        case .boolean: return try truth(index, value) == (cell != 0)
        case .string, .list:
            guard case .text(let text) = value else { return false }
            return text == String(decoding: column.text(at: 0).copied(), as: UTF8.self)
        case .binary: return column.bytes(at: 0).copied() == (try octets(of: index) ?? [])
        case .time:
            let (time, decimals) = try time(index, value)
            let digits = min(decimals ?? 12, column.info.timeDigits)
            return time.text(digits: digits) == column.time(at: 0).text(digits: digits)
        }
    }
}
