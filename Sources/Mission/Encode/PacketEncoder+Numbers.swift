import Bytes
import Records

/// From values as they were given to raw cells, and from what was written back to them.
extension PacketEncoder {
    // MARK: Reading what was given

    /// A whole number.
    func whole(_ index: Int, _ value: PacketValue) throws(PacketRefusal) -> Int128 {
        switch value {
        case .integer(let number): return number
        case .truth(let isTrue): return isTrue ? 1 : 0
        case .number(let number):
            if let whole = Int128(exactly: number) { return whole }
        case .text(let text):
            if let whole = Loader.integer(plain(text, index)) { return whole }
            if let number = Double(plain(text, index)), let whole = Int128(exactly: number) { return whole }
        case .octets, .time: break
        }
        throw refusal(index, "\(value) is given, a whole number is wanted")
    }

    /// A number.
    func number(_ index: Int, _ value: PacketValue) throws(PacketRefusal) -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .truth(let isTrue): return isTrue ? 1 : 0
        case .text(let text):
            if let number = Loader.number(plain(text, index)) {
                // Digits that no Double is large enough for are no infinity.
                guard number.isFinite || !text.utf8.contains(where: { (48...57).contains($0) }) else {
                    throw refusal(index, "\(text) does not fit: no number is so large")
                }
                return number
            }
        case .octets, .time: break
        }
        throw refusal(index, "\(value) is given, a number is wanted")
    }

    /// A number without the unit that may stand behind it.
    private func plain(_ text: String, _ index: Int) -> String {
        let unit = plan.fields[index].info.unit
        guard !unit.isEmpty, text.hasSuffix(unit), text.count > unit.count else { return text }
        return Element.trim(String(text.dropLast(unit.count)))
    }

    /// True or false: the names that the database gives them, true and false, 1 and 0.
    func truth(_ index: Int, _ value: PacketValue) throws(PacketRefusal) -> Bool {
        let labels = plan.fields[index].info.labels
        switch value {
        case .truth(let isTrue): return isTrue
        case .integer(0): return false
        case .integer(1): return true
        case .text(let text):
            if text == labels[1] { return true }
            if text == labels[0] { return false }
            switch text.lowercased() {
            case "true", "1": return true
            case "false", "0": return false
            default: break
            }
        default: break
        }
        throw refusal(index, "\(value) is given, \(labels[0]) or \(labels[1]) is wanted")
    }

    /// A label of an enumeration.
    func label(_ index: Int, _ value: PacketValue) throws(PacketRefusal) -> String {
        let labels = plan.fields[index].info.labels
        let text: String
        switch value {
        case .text(let words): text = words
        case .integer(let number): text = "\(number)"
        case .truth(let isTrue): text = "\(isTrue)"
        default: throw refusal(index, "\(value) is given, one of its labels is wanted: \(few(labels))")
        }
        if labels.contains(text) { return text }
        let same = labels.filter { $0.lowercased() == text.lowercased() }
        let near = same.isEmpty ? Names.nearest(to: text, in: labels) : Array(same.prefix(3))
        throw refusal(
            index,
            "\"\(text)\" is none of its labels; "
                + (near.isEmpty ? "they are \(few(labels))" : "near it are \(near.joined(separator: ", "))")
                + (Loader.integer(text) == nil ? "" : "; raw.\(plan.fields[index].info.shortName) takes the number"))
    }

    private func few(_ labels: [String]) -> String {
        labels.prefix(8).joined(separator: ", ") + (labels.count > 8 ? " …" : "")
    }

    /// A time and how many decimals it was given with; nil decimals where it was not given as text.
    func time(_ index: Int, _ value: PacketValue) throws(PacketRefusal) -> (time: StatedTime, decimals: Int?) {
        switch value {
        case .time(let time): return (time, nil)
        case .text(let text):
            if let read = StatedTime.read(Element.trim(text)) { return (read.time, read.decimals) }
        default: break
        }
        throw refusal(index, "\(value) is given, a time is wanted: 2026-03-15T02:30:00.25Z")
    }

    // MARK: Cells

    /// The raw cell of a number that was given.
    func cell(_ index: Int) throws(PacketRefusal) -> UInt64 {
        guard let mine = given[index], case .number(let format) = plan.fields[index].encoding else { return 0 }
        if let raw = mine.raw { return try rawCell(index, raw, format) }
        guard let value = mine.value else { return 0 }
        return try cell(index, value, format)
    }

    /// The raw cell of the initial value, which the database gives as an engineering value.
    func initialCell(_ index: Int) throws(PacketRefusal) -> UInt64? {
        guard let text = plan.fields[index].initialValue, case .number(let format) = plan.fields[index].encoding else {
            return nil
        }
        isReadingInitial = true
        defer { isReadingInitial = false }
        do { return try cell(index, .text(text), format) } catch {
            throw refusal(index, "its initial value in the database is not possible: \(error.reason)")
        }
    }

    private func rawCell(_ index: Int, _ value: PacketValue, _ format: NumberFormat) throws(PacketRefusal) -> UInt64 {
        guard let integers = format.integers else {
            let number = try number(index, value)
            if let cell = format.nearest(number) { return cell }
            throw refusal(
                index,
                "\(number) does not fit: raw \(format.floats.lowerBound) to \(format.floats.upperBound) are allowed")
        }
        let whole = try whole(index, value)
        guard integers.contains(whole) else {
            throw refusal(
                index, "\(whole) does not fit: raw \(integers.lowerBound) to \(integers.upperBound) are allowed")
        }
        return NumberFormat.cell(whole)
    }

    private func cell(_ index: Int, _ value: PacketValue, _ format: NumberFormat) throws(PacketRefusal) -> UInt64 {
        switch plan.fields[index].conversion {
        case .labels(let table): return try labelCell(index, value, table, format)
        case .truth:
            guard try truth(index, value) else { return 0 }
            guard let integers = format.integers else { return Double(1).bitPattern }
            // One bit of two's complement has 0 and -1.
            guard let cell = [1, -1].first(where: { integers.contains($0) }) else {
                throw refusal(index, "\(value) does not fit: raw 0 is all that \(format.bits) bits of its coding hold")
            }
            return NumberFormat.cell(cell)
        case .time(let time): return try timeCell(index, value, time, format)
        case .calibrated(let standard, let contexts):
            if contexts.contains(where: { $0.criteria.steps.contains { $0.test.fields.contains(index) } }) {
                return try ownContextCell(index, value, format, standard, contexts)
            }
            return try contextCell(index, value, format, standard, contexts, number: context(contexts))
        case .none, .number, .text, .textTruth, .textLabels, .binaryTruth: return try plainCell(index, value, format)
        }
    }

    /// Which of the calibrators applies: 0 the standard one, then those of contexts.
    func context(_ contexts: [ContextPlan]) -> Int {
        contexts.firstIndex { holds($0.criteria) }.map { $0 + 1 } ?? 0
    }

    private func contextCell(
        _ index: Int, _ value: PacketValue, _ format: NumberFormat, _ standard: Calibrator?, _ contexts: [ContextPlan],
        number: Int
    ) throws(PacketRefusal) -> UInt64 {
        guard let calibrator = number > 0 ? contexts[number - 1].calibrator : standard else {
            return try plainCell(index, value, format)
        }
        return try calibratedCell(index, value, format, calibrator, number: number)
    }

    /// Contexts that look at the raw value itself: of the raw values to which the calibrator applies that gave them, the
    /// one whose engineering value is nearest.
    private func ownContextCell(
        _ index: Int, _ value: PacketValue, _ format: NumberFormat, _ standard: Calibrator?, _ contexts: [ContextPlan]
    ) throws(PacketRefusal) -> UInt64 {
        let wanted = try number(index, value)
        var first: PacketRefusal?
        var best: (cell: UInt64, error: Double)?
        for number in Array(1...contexts.count) + [0] {
            do throws(PacketRefusal) {
                let cell = try contextCell(index, value, format, standard, contexts, number: number)
                guard try isApplied(index, cell, format, contexts, number: number) else { continue }
                let raw = TypeDecoder.number(cell, format.rawKind)
                let calibrator = number > 0 ? contexts[number - 1].calibrator : standard
                let found = calibrator == nil ? raw : calibrator?.value(raw) ?? .infinity
                let error = found == wanted ? 0 : (found - wanted).magnitude
                if error < best?.error ?? .infinity || best == nil { best = (cell, error) }
            } catch { first = first ?? error }
        }
        if let best { return best.cell }
        throw first ?? refusal(index, "\(value) is given, and none of its calibrators gives it where it applies")
    }

    /// Whether a calibrator is the one that applies when a raw value stands in the packet.
    private func isApplied(
        _ index: Int, _ cell: UInt64, _ format: NumberFormat, _ contexts: [ContextPlan], number: Int
    ) throws(PacketRefusal) -> Bool {
        guard let bits = format.field(cell), let column = table.fields[index] else { return false }
        if case .fixed(let start) = plan.fields[index].place {
            try makeRoom(index, start, format.bits)
            packet.replace(bitsAt: start, count: format.bits, with: bits)
        } else {
            column.rawCells[0] = cell
            column.states[0] = .valid
        }
        return context(contexts) == number
    }

    /// A number without a calibrator.
    private func plainCell(_ index: Int, _ value: PacketValue, _ format: NumberFormat) throws(PacketRefusal) -> UInt64 {
        guard format.integers != nil, plan.fields[index].info.kind == .float else {
            return try rawCell(index, value, format)
        }
        if case .integer = value { return try rawCell(index, value, format) }
        return try rawCell(index, .number(try number(index, value).rounded()), format)
    }

    /// The calibrator of a field run backwards.
    func inverse(
        _ index: Int, _ format: NumberFormat, _ calibrator: Calibrator, number: Int
    ) throws(PacketRefusal) -> InverseCalibration {
        if let made = inverses[index], made.indices.contains(number), let inverse = made[number] { return inverse }
        guard let inverse = InverseCalibration(calibrator, format) else {
            throw refusal(
                index,
                "its polynomial has over \(Calibrator.Polynomial.mostTerms) terms and cannot be run backwards: give the raw "
                    + "value")
        }
        var made = inverses[index] ?? []
        while made.count <= number { made.append(nil) }
        made[number] = inverse
        inverses[index] = made
        return inverse
    }

    private func calibratedCell(
        _ index: Int, _ value: PacketValue, _ format: NumberFormat, _ calibrator: Calibrator, number place: Int
    ) throws(PacketRefusal) -> UInt64 {
        let wanted = try number(index, value)
        let inverse = try inverse(index, format, calibrator, number: place)
        let unit = plan.fields[index].info.unit
        func with(_ number: Double) -> String { unit.isEmpty ? "\(number)" : "\(number) \(unit)" }
        guard wanted.isFinite else {
            // What is no finite number comes of a float that is none.
            if format.integers == nil, let made = calibrator.value(wanted), made == wanted || made.isNaN && wanted.isNaN
            {
                return wanted.bitPattern
            }
            throw refusal(index, "\(wanted) does not fit: \(allowed(inverse, format, with))")
        }
        // Of several raw values the one nearest to the initial value.
        var near: Int128?
        if !isReadingInitial, plan.fields[index].initialValue != nil, given[index] != nil,
            let cell = try? initialCell(index)
        {
            near = inverse.isFloat ? InverseCalibration.number(Double(bitPattern: cell)) : format.integer(cell)
        }
        guard let found = inverse.find(wanted, near: near), found.isNear || found.error == 0 else {
            let isInside = inverse.values?.contains(wanted) == true
            let best = inverse.find(wanted, near: near).flatMap { inverse.forward($0.raw) }
            throw refusal(
                index,
                isInside
                    ? "\(with(wanted)) is between two steps of its calibrator: \(best.map(with) ?? "none") is the nearest"
                    : "\(with(wanted)) does not fit: \(allowed(inverse, format, with))")
        }
        guard inverse.isFloat else { return NumberFormat.cell(found.raw) }
        let raw = inverse.value(found.raw)
        guard let cell = format.nearest(raw) else {
            throw refusal(index, "\(with(wanted)) does not fit: \(allowed(inverse, format, with))")
        }
        return cell
    }

    private func allowed(_ inverse: InverseCalibration, _ format: NumberFormat, _ with: (Double) -> String) -> String {
        guard let values = inverse.values else { return "its calibrator reaches no raw value" }
        let low = inverse.pieces.map(\.low).min() ?? 0
        let high = inverse.pieces.map(\.high).max() ?? 0
        let raws = inverse.isFloat ? "" : " (raw \(low) to \(high))"
        return "\(with(values.lowerBound)) to \(with(values.upperBound))\(raws) are allowed"
    }

    private func labelCell(
        _ index: Int, _ value: PacketValue, _ table: LabelTable, _ format: NumberFormat
    ) throws(PacketRefusal) -> UInt64 {
        let label = try label(index, value)
        let labels = plan.fields[index].info.labels
        guard let integers = format.integers else {
            for entry in table.numbers where labels[Int(entry.label)] == label {
                if let cell = format.nearest(entry.number), Double(bitPattern: cell) == entry.number { return cell }
            }
            throw refusal(index, "\(label) stands for no raw value that fits")
        }
        for range in table.ranges where labels[Int(range.label)] == label {
            let low = format.integer(LabelTable.biased(range.low, isSigned: table.isSigned))
            let high = format.integer(LabelTable.biased(range.high, isSigned: table.isSigned))
            // Of a range of raw values the first that fits and that no label in front of it has.
            for raw in max(low, integers.lowerBound)...max(low, integers.lowerBound) + 4_096
            where raw <= high && integers.contains(raw) {
                let cell = NumberFormat.cell(raw)
                if let found = table.label(cell), labels[Int(found)] == label { return cell }
            }
        }
        throw refusal(
            index,
            "\(label) stands for no raw value that fits: raw \(integers.lowerBound) to \(integers.upperBound) are allowed"
        )
    }
}
