internal import Bytes
internal import Records

/// A part of a compiled filter that reckons a number for each row of a scope; what is no number is not there.
class NumberNode {
    /// A number a row.
    let out = Lane<Double>()

    /// Reckons the rows of a scope.
    func run(_ units: borrowing Batch<Unit>, _ scope: Scope) { out.resize(to: scope.count, filler: .nan) }

    var hasMemory: Bool { false }
}

final class ConstantNumberNode: NumberNode {
    private let value: Double

    init(_ value: Double) { self.value = value }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: value)
        out.fill(value)
    }
}

/// A number of a column.
final class ColumnNumberNode: NumberNode {
    private let index: Int
    private let isRaw: Bool
    private let domain: KeyRanges.Domain

    init(_ index: Int, isRaw: Bool, _ domain: KeyRanges.Domain) {
        (self.index, self.isRaw, self.domain) = (index, isRaw, domain)
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: .nan)
        guard let column = scope.table?.columns[index] else { return out.fill(.nan) }
        let lane = isRaw ? column.rawCells : column.valueCells
        let values = lane.span
        let result = out
        var cells = result.writable
        switch domain {
        case .unsigned: for row in 0..<cells.count { cells[row] = Double(values[row]) }
        case .signed: for row in 0..<cells.count { cells[row] = Double(Int64(bitPattern: values[row])) }
        case .float: for row in 0..<cells.count { cells[row] = Double(bitPattern: values[row]) }
        }
        guard !column.isAllValid else { return }
        let states = column.validities
        let raws = column.rawCells
        for row in 0..<cells.count {
            let isThere = isRaw ? states[row].hasRaw(cell: raws[row], column.info.rawKind) : states[row].hasValue
            if !isThere { cells[row] = .nan }
        }
    }
}

/// A number in another unit of the same quantity.
final class ScaleNode: NumberNode {
    private let inner: NumberNode
    private let factor: Double
    private let offset: Double

    init(_ inner: NumberNode, factor: Double, offset: Double) {
        (self.inner, self.factor, self.offset) = (inner, factor, offset)
    }

    override var hasMemory: Bool { inner.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        inner.run(units, scope)
        let lane = inner.out
        let values = lane.span
        let (factor, offset) = (self.factor, self.offset)
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = values[row] * factor + offset }
    }
}

/// A number of every packet's own, or of its origin.
final class HeaderNumberNode: NumberNode {
    private let field: HeaderField

    init(_ field: HeaderField) { self.field = field }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: .nan)
        let field = self.field
        let isOfUnit = field.isOfUnit
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let unit = scope.unit(row)
            let number =
                isOfUnit
                ? HeaderField.number(field, units[unit]) : field.number(scope.origins[Int(scope.originOfUnit[unit])])
            cells[row] = number.map { Double($0) } ?? .nan
        }
    }
}

final class MinusNode: NumberNode {
    private let inner: NumberNode
    private let isAbsolute: Bool

    init(_ inner: NumberNode, isAbsolute: Bool) { (self.inner, self.isAbsolute) = (inner, isAbsolute) }

    override var hasMemory: Bool { inner.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        inner.run(units, scope)
        let lane = inner.out
        let values = lane.span
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        if isAbsolute {
            for row in 0..<cells.count { cells[row] = values[row].magnitude }
        } else {
            for row in 0..<cells.count { cells[row] = -values[row] }
        }
    }
}

final class ArithmeticNode: NumberNode {
    private let operation: FilterExpression.Arithmetic
    private let left: NumberNode
    private let right: NumberNode

    init(_ operation: FilterExpression.Arithmetic, _ left: NumberNode, _ right: NumberNode) {
        (self.operation, self.left, self.right) = (operation, left, right)
    }

    override var hasMemory: Bool { left.hasMemory || right.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        left.run(units, scope)
        right.run(units, scope)
        let (leftLane, rightLane) = (left.out, right.out)
        let (a, b) = (leftLane.span, rightLane.span)
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        switch operation {
        case .plus: for row in 0..<cells.count { cells[row] = a[row] + b[row] }
        case .minus: for row in 0..<cells.count { cells[row] = a[row] - b[row] }
        case .times: for row in 0..<cells.count { cells[row] = a[row] * b[row] }
        case .divided, .modulo, .bits:
            for row in 0..<cells.count { cells[row] = Checker.reckon(operation, a[row], b[row]) ?? .nan }
        }
    }
}

/// Octets of a field.
final class LengthNode: NumberNode {
    private let source: TextSource

    init(_ source: TextSource) { self.source = source }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            cells[row] = source.visit(row, units, scope) { Double($0.byteCount) } ?? .nan
        }
    }
}

/// Some octets as a number, the most significant first.
final class SliceNumberNode: NumberNode {
    private let source: TextSource

    init(_ source: TextSource) { self.source = source }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: .nan)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            cells[row] = (source.visit(row, units, scope) { $0.wholeNumber } ?? nil).map { Double($0) } ?? .nan
        }
    }
}

extension RawSpan {
    /// Up to eight octets as a number, the most significant first; nil for more or none.
    var wholeNumber: UInt64? {
        guard byteCount > 0, byteCount <= 8 else { return nil }
        var value: UInt64 = 0
        for index in 0..<byteCount { value = value << 8 | UInt64(u8(at: index)) }
        return value
    }
}

/// Some octets, as a number, against constants.
final class SliceTestNode: TruthNode {
    private let source: TextSource
    private let ranges: KeyRanges

    init(_ source: TextSource, _ ranges: KeyRanges) { (self.source, self.ranges) = (source, ranges) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let number = source.visit(row, units, scope) { $0.wholeNumber } ?? nil
            cells[row] = number.map { Truth.of(ranges.contains($0)) } ?? Truth.unknown
        }
    }
}

/// Two numbers against each other.
final class CompareNode: TruthNode {
    private let left: NumberNode
    private let comparison: FilterExpression.Comparison
    private let right: NumberNode

    init(_ left: NumberNode, _ comparison: FilterExpression.Comparison, _ right: NumberNode) {
        (self.left, self.comparison, self.right) = (left, comparison, right)
    }

    override var hasMemory: Bool { left.hasMemory || right.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        left.run(units, scope)
        right.run(units, scope)
        let (leftLane, rightLane) = (left.out, right.out)
        let (a, b) = (leftLane.span, rightLane.span)
        let comparison = self.comparison
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let (x, y) = (a[row], b[row])
            let isThere = !x.isNaN && !y.isNaN
            cells[row] = isThere ? Truth.of(comparison.holds(x < y ? -1 : x > y ? 1 : 0)) : Truth.unknown
        }
    }
}
