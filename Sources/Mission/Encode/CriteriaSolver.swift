import Records

/// Finds raw values for fields that were not given, so that conditions hold: the conditions of decoding read as demands.
///
/// The ways through the tests of a condition are tried in order until one agrees with what is known. What cannot be told
/// from the fields alone is let pass; the packet is looked at as a whole in the end.
struct CriteriaSolver {
    /// What a field that was not given has to hold.
    enum Demand: Sendable, Equatable {
        /// One of these raw integers, in the order of ``LabelTable/biased(_:isSigned:)``.
        case cells([ClosedRange<UInt64>])
        /// This text or these octets.
        case octets([UInt8], isText: Bool)
    }
    /// What is known of a field.
    enum Known {
        case cell(UInt64)
        case octets([UInt8])
        /// It was given, and what it comes to depends on others.
        case open
    }
    let fields: [FieldPlan]
    /// What was given, by field.
    var known: [Int: Known]
    private(set) var demands: [Int: Demand]
    private var steps = 0

    /// More tests than that are not tried.
    private static let mostSteps = 4_096

    init(_ fields: [FieldPlan], known: [Int: Known], demands: [Int: Demand] = [:]) {
        self.fields = fields
        self.known = known
        self.demands = demands
    }

    /// Adds what a condition demands; false, and nothing added, when it cannot hold.
    mutating func satisfy(_ criteria: CriteriaPlan) -> Bool {
        steps = 0
        guard let found = walk(criteria, criteria.start, demands) else { return false }
        demands = found
        return true
    }

    private mutating func walk(_ criteria: CriteriaPlan, _ step: Int32, _ demands: [Int: Demand]) -> [Int: Demand]? {
        guard step >= 0 else { return step == CriteriaPlan.holds ? demands : nil }
        steps += 1
        guard steps <= Self.mostSteps else { return nil }
        let at = criteria.steps[Int(step)]
        for (wanted, next) in [(true, at.onTrue), (false, at.onFalse)] {
            guard let added = add(at.test, wanted, demands), let found = walk(criteria, next, added) else { continue }
            return found
        }
        return nil
    }

    /// The demands with a test that is to come out as wanted; nil when it cannot.
    private func add(_ test: TestPlan, _ wanted: Bool, _ demands: [Int: Demand]) -> [Int: Demand]? {
        var demands = demands
        let field = test.field
        switch test.kind {
        case .always(let result): return result == wanted ? demands : nil
        case .range(let low, let high, let isInside):
            return add(field, low <= high ? [low...high] : [], wanted == isInside, demands)
        case .ranges(let ranges, let isInside): return add(field, ranges, wanted == isInside, demands)
        case .number(let sign, let operand, let isCalibrated):
            func holds(_ cell: UInt64) -> Bool {
                guard let value = number(field, cell, isCalibrated) else { return true }
                return sign.holds(value, operand) == wanted
            }
            switch known[field] {
            case .cell(let cell): return holds(cell) ? demands : nil
            case .octets, .open: return demands
            case nil: break
            }
            for cell in candidates(field, operand, isCalibrated) {
                let place = LabelTable.biased(cell, isSigned: isSigned(field))
                if case .cells(let ranges) = demands[field], !ranges.contains(where: { $0.contains(place) }) {
                    continue
                }
                guard holds(cell) else { continue }
                demands[field] = .cells([place...place])
                return demands
            }
            return nil
        case .octets(let octets, let isEqual, let isText):
            switch known[field] {
            case .octets(let mine): return ((mine == octets) == isEqual) == wanted ? demands : nil
            case .cell, .open: return demands
            case nil: break
            }
            if isEqual != wanted { return demands[field] == .octets(octets, isText: isText) ? nil : demands }
            if let other = demands[field], other != .octets(octets, isText: isText) { return nil }
            demands[field] = .octets(octets, isText: isText)
            return demands
        case .pair(let sign, let other, let isCalibrated, let otherIsCalibrated):
            guard case .cell(let cell) = known[field], case .cell(let otherCell) = known[other],
                let a = number(field, cell, isCalibrated), let b = number(other, otherCell, otherIsCalibrated)
            else { return demands }
            return sign.holds(a, b) == wanted ? demands : nil
        }
    }

    /// The raw integer of a field is to lie in one of several ranges, or in none of them.
    private func add(
        _ field: Int, _ ranges: [ClosedRange<UInt64>], _ isInside: Bool, _ demands: [Int: Demand]
    ) -> [Int: Demand]? {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        var allowed = sorted
        if !isInside {
            allowed = []
            var next: UInt64? = 0
            for range in sorted {
                if let start = next, range.lowerBound > start { allowed.append(start...range.lowerBound - 1) }
                if let start = next, range.upperBound >= start {
                    next = range.upperBound == .max ? nil : range.upperBound + 1
                }
            }
            if let start = next { allowed.append(start...UInt64.max) }
        }
        switch known[field] {
        case .cell(let cell):
            let place = LabelTable.biased(cell, isSigned: isSigned(field))
            return allowed.contains { $0.contains(place) } ? demands : nil
        case .octets, .open: return demands
        case nil: break
        }
        let before: [ClosedRange<UInt64>]
        if case .cells(let ranges) = demands[field] { before = ranges } else { before = [whole(field)] }
        let common = before.flatMap { one in
            allowed.compactMap { other -> ClosedRange<UInt64>? in one.overlaps(other) ? one.clamped(to: other) : nil }
        }
        guard !common.isEmpty else { return nil }
        var demands = demands
        demands[field] = .cells(common)
        return demands
    }

    private func isSigned(_ field: Int) -> Bool { fields[field].info.rawKind == .signed }

    /// All raw integers of a field.
    private func whole(_ field: Int) -> ClosedRange<UInt64> {
        guard case .number(let format) = fields[field].encoding, let integers = format.integers else {
            return 0...UInt64.max
        }
        return LabelTable.biased(
            NumberFormat.cell(integers.lowerBound), isSigned: isSigned(field))...LabelTable.biased(
                NumberFormat.cell(integers.upperBound), isSigned: isSigned(field))
    }

    /// The number of a cell on either side of its calibration; nil where a context decides.
    private func number(_ field: Int, _ cell: UInt64, _ isCalibrated: Bool) -> Double? {
        guard case .number(let format) = fields[field].encoding else { return nil }
        let raw = TypeDecoder.number(cell, format.rawKind)
        guard isCalibrated else { return raw }
        switch fields[field].conversion {
        case .calibrated(let calibrator, let contexts):
            guard contexts.isEmpty else { return nil }
            return calibrator == nil ? raw : calibrator?.value(raw)
        case .truth: return raw == 0 ? 0 : 1
        default: return raw
        }
    }

    /// Raw values that a comparison with a number may ask for: what it compares with, and a step to each side.
    private func candidates(_ field: Int, _ operand: Double, _ isCalibrated: Bool) -> [UInt64] {
        guard case .number(let format) = fields[field].encoding else { return [] }
        var calibrator = Calibrator.linear(slope: 1, intercept: 0)
        if isCalibrated, case .calibrated(let standard?, _) = fields[field].conversion { calibrator = standard }
        guard let inverse = InverseCalibration(calibrator, format), let found = inverse.find(operand, near: 0) else {
            return [0]
        }
        if format.integers == nil {
            let value = inverse.value(found.raw)
            return [0, value, value - 1, value + 1].map { (value: Double) in
                format.nearest(value) ?? value.bitPattern
            }
        }
        let ends = format.integers ?? 0...0
        return [0, found.raw, found.raw - 1, found.raw + 1].filter { ends.contains($0) }.map { NumberFormat.cell($0) }
    }
}
