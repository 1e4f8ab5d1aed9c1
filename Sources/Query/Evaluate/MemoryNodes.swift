internal import Bytes
internal import Records

/// How much a number grew since the packet of its kind before, for each origin by itself; perhaps a second.
final class DeltaNode: NumberNode {
    private let inner: NumberNode
    private let isRate: Bool
    /// For each origin the number before and when it came.
    private let before = Lane<Double>()
    private let times = Lane<Int64>()

    init(_ inner: NumberNode, isRate: Bool) { (self.inner, self.isRate) = (inner, isRate) }

    override var hasMemory: Bool { true }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        inner.run(units, scope)
        let lane = inner.out
        let values = lane.span
        before.resize(to: scope.origins.count, filler: .nan)
        times.resize(to: scope.origins.count, filler: .min)
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let unit = scope.unit(row)
            let origin = Int(scope.originOfUnit[unit])
            let value = values[row]
            cells[row] = .nan
            // A packet without the value does not end the series.
            guard !value.isNaN else { continue }
            let time = units[unit].time.nanoseconds
            var difference = value - before[origin]
            if isRate {
                let isTimed = time != .min && times[origin] != .min && time != times[origin]
                // The two may lie farther apart than 64 bits count.
                let elapsed = Double(Int128(time) - Int128(times[origin])) / 1e9
                difference = isTimed ? difference / elapsed : .nan
            }
            cells[row] = difference
            before[origin] = value
            times[origin] = time
        }
    }
}

/// Whether a whole number, a label or a limit state differs from that of the packet of its kind before, for each origin
/// by itself.
final class ChangedCellNode: TruthNode {
    private let index: Int
    private let part: FieldUse.Part
    private let before = Lane<UInt64>()
    private let isKnown = Lane<Bool>()

    init(_ index: Int, _ part: FieldUse.Part) { (self.index, self.part) = (index, part) }

    override var hasMemory: Bool { true }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        out.fill(Truth.unknown)
        guard let column = scope.table?.columns[index] else { return }
        out.fill(Truth.holds)
        column.forgetAbsent(out, isRaw: part == .raw)
        before.resize(to: scope.origins.count, filler: 0)
        isKnown.resize(to: scope.origins.count, filler: false)
        let (lane, limits) = (part == .raw ? column.rawCells : column.valueCells, column.limitStates)
        let values = lane.span
        let result = out
        var cells = result.writable
        for row in 0..<cells.count where cells[row] != Truth.unknown {
            let origin = Int(scope.originOfUnit[scope.unit(row)])
            let value = part == .limit ? UInt64(limits[row].rawValue) : values[row]
            cells[row] = isKnown[origin] ? Truth.of(before[origin] != value) : Truth.unknown
            isKnown[origin] = true
            before[origin] = value
        }
    }
}

/// The same of a point in time.
final class ChangedTimeNode: TruthNode {
    private let source: TimeSource
    private var before: [Int128?] = []

    init(_ source: TimeSource) { self.source = source }

    override var hasMemory: Bool { true }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        while before.count < scope.origins.count { before.append(nil) }
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            cells[row] = Truth.unknown
            guard let time = source.time(row, units, scope) else { continue }
            let origin = Int(scope.originOfUnit[scope.unit(row)])
            if let last = before[origin] { cells[row] = Truth.of(last != time) }
            before[origin] = time
        }
    }
}

/// The same of a number of every packet's own, and of numbers that may be none.
final class ChangedNumberNode: TruthNode {
    private let inner: NumberNode
    private let before = Lane<Double>()

    init(_ inner: NumberNode) { self.inner = inner }

    override var hasMemory: Bool { true }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        inner.run(units, scope)
        before.resize(to: scope.origins.count, filler: .nan)
        let lane = inner.out
        let values = lane.span
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            cells[row] = Truth.unknown
            guard !values[row].isNaN else { continue }
            let origin = Int(scope.originOfUnit[scope.unit(row)])
            if !before[origin].isNaN { cells[row] = Truth.of(before[origin] != values[row]) }
            before[origin] = values[row]
        }
    }
}

/// The same of a text or octets.
final class ChangedTextNode: TruthNode {
    private let source: TextSource
    private var before: [[UInt8]?] = []

    init(_ source: TextSource) { self.source = source }

    override var hasMemory: Bool { true }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        while before.count < scope.origins.count { before.append(nil) }
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let origin = Int(scope.originOfUnit[scope.unit(row)])
            let truth = source.visit(row, units, scope) { octets in
                guard let last = before[origin] else {
                    before[origin] = octets.copied()
                    return Truth.unknown
                }
                if octets.isEqual(to: last.octets) { return Truth.fails }
                before[origin] = octets.copied()
                return Truth.holds
            }
            cells[row] = truth ?? Truth.unknown
        }
    }
}

/// Two whole numbers of fields against each other, exactly.
final class CompareWholeNode: TruthNode {
    /// Where a whole number comes from.
    enum Source {
        case column(Int, isRaw: Bool, isSigned: Bool)
        case header(HeaderField)
        case absent
    }

    private let left: Source
    private let comparison: FilterExpression.Comparison
    private let right: Source

    init(_ left: Source, _ comparison: FilterExpression.Comparison, _ right: Source) {
        (self.left, self.comparison, self.right) = (left, comparison, right)
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let comparison = self.comparison
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            guard let a = number(left, row, units, scope), let b = number(right, row, units, scope) else {
                cells[row] = Truth.unknown
                continue
            }
            cells[row] = Truth.of(comparison.holds(a < b ? -1 : a > b ? 1 : 0))
        }
    }

    @inline(__always)
    private func number(
        _ source: Source, _ row: Int, _ units: borrowing Batch<Unit>, _ scope: Scope
    ) -> Int128? {
        switch source {
        case .column(let index, let isRaw, let isSigned):
            guard let column = scope.table?.columns[index] else { return nil }
            let cell = isRaw ? column.raws[row] : column.values[row]
            if !column.isAllValid {
                let state = column.validities[row]
                guard isRaw ? state.hasRaw(cell: cell, column.info.rawKind) : state.hasValue else { return nil }
            }
            return isSigned ? Int128(Int64(bitPattern: cell)) : Int128(cell)
        case .header(let field):
            let unit = scope.unit(row)
            if field.isOfUnit { return HeaderField.number(field, units[unit]).map { Int128($0) } }
            return field.number(scope.origins[Int(scope.originOfUnit[unit])]).map { Int128($0) }
        case .absent: return nil
        }
    }
}

/// Where a time comes from.
enum TimeSource {
    case column(Int)
    case captured
    case absent

    /// The time of a row in attoseconds since 1970.
    @inline(__always)
    func time(_ row: Int, _ units: borrowing Batch<Unit>, _ scope: Scope) -> Int128? {
        switch self {
        case .column(let index):
            guard let column = scope.table?.columns[index], column.isAllValid || column.validities[row].hasValue else {
                return nil
            }
            return column.time(at: row).utc
        case .captured:
            let time = units[scope.unit(row)].time
            return time.isKnown ? Int128(time.nanoseconds) * 1_000_000_000 : nil
        case .absent: return nil
        }
    }
}

/// Two points in time against each other.
final class CompareTimeNode: TruthNode {
    private let left: TimeSource
    private let comparison: FilterExpression.Comparison
    private let right: TimeSource

    init(_ left: TimeSource, _ comparison: FilterExpression.Comparison, _ right: TimeSource) {
        (self.left, self.comparison, self.right) = (left, comparison, right)
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            guard let a = left.time(row, units, scope), let b = right.time(row, units, scope) else {
                cells[row] = Truth.unknown
                continue
            }
            cells[row] = Truth.of(comparison.holds(a < b ? -1 : a > b ? 1 : 0))
        }
    }
}

/// The seconds between two points in time.
final class ElapsedNode: NumberNode {
    private let later: TimeSource
    private let earlier: TimeSource

    init(_ later: TimeSource, since earlier: TimeSource) { (self.later, self.earlier) = (later, earlier) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            guard let a = later.time(row, units, scope), let b = earlier.time(row, units, scope) else {
                cells[row] = .nan
                continue
            }
            cells[row] = Double(a - b) / 1e18
        }
    }
}
