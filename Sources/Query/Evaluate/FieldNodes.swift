internal import Bytes
internal import Records

/// A number of every packet's own against constants.
final class HeaderTestNode: TruthNode {
    private let field: HeaderField
    private let ranges: KeyRanges

    init(_ field: HeaderField, _ ranges: KeyRanges) { (self.field, self.ranges) = (field, ranges) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        let (field, ranges) = (self.field, self.ranges)
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        if field == .apid, scope.rows == nil, ranges.runs.count == 1 {
            // The commonest filter of all: one APID, before anything is decoded.
            let (first, span) = (ranges.runs[0].first ^ 1 &<< 63, ranges.runs[0].last &- ranges.runs[0].first)
            let records = units.records
            for row in 0..<cells.count {
                let isSpacePacket = records[row].marks.isDisjoint(with: [.encapsulation, .message])
                let isInside = UInt64(records[row].apid) &- first <= span
                cells[row] = isSpacePacket ? Truth.of(isInside) : Truth.unknown
            }
            return
        }
        for row in 0..<cells.count {
            guard let number = HeaderField.number(field, units[scope.unit(row)]) else {
                cells[row] = Truth.unknown
                continue
            }
            cells[row] = Truth.of(ranges.contains(KeyRanges.key(of: UInt64(bitPattern: number), .signed)))
        }
    }
}

/// Whether a number of every packet's own is there.
final class HeaderExistsNode: TruthNode {
    private let field: HeaderField

    init(_ field: HeaderField) { self.field = field }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        let field = self.field
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = Truth.of(HeaderField.number(field, units[scope.unit(row)]) != nil) }
    }
}

/// What is the same for all packets of an origin: asked once for each.
final class OriginNode: TruthNode {
    private let judge: (Origin) -> UInt8
    private let known = Lane<UInt8>()

    init(_ judge: @escaping (Origin) -> UInt8) { self.judge = judge }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        while known.count < scope.origins.count { known.append(judge(scope.origins[known.count])) }
        let (known, origins) = (self.known, scope.originOfUnit)
        let (truths, indexes) = (known.span, origins.span)
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = truths[Int(indexes[scope.unit(row)])] }
    }
}

/// Whether a packet is a space packet, or a message.
final class UnitLayerNode: TruthNode {
    private let isMessage: Bool

    init(isMessage: Bool) { self.isMessage = isMessage }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        let isMessage = self.isMessage
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let marks = units[scope.unit(row)].marks
            cells[row] = Truth.of(
                isMessage ? marks.contains(.message) : marks.isDisjoint(with: [.message, .encapsulation]))
        }
    }
}

/// A column of numbers against constants.
final class ColumnTestNode: TruthNode {
    private let index: Int
    private let isRaw: Bool
    private let ranges: KeyRanges

    init(_ index: Int, isRaw: Bool, _ ranges: KeyRanges) {
        (self.index, self.isRaw, self.ranges) = (index, isRaw, ranges)
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        guard let column = scope.table?.columns[index] else { return out.fill(Truth.unknown) }
        let lane = isRaw ? column.rawCells : column.valueCells
        let ranges = self.ranges
        if ranges.runs.count == 1 {
            let (first, span) = (ranges.runs[0].first, ranges.runs[0].last &- ranges.runs[0].first)
            test(lane) { $0 &- first <= span }
        } else {
            test(lane) { ranges.contains($0) }
        }
        column.forgetAbsent(out, isRaw: isRaw)
    }

    /// Asks for each cell's key whether it is inside. What is no number is neither equal to one nor different.
    @inline(__always)
    private func test(_ lane: Lane<UInt64>, _ isInside: (UInt64) -> Bool) {
        let values = lane.span
        let result = out
        var cells = result.writable
        switch ranges.domain {
        case .unsigned: for row in 0..<cells.count { cells[row] = Truth.of(isInside(values[row])) }
        case .signed:
            for row in 0..<cells.count { cells[row] = Truth.of(isInside(KeyRanges.key(of: values[row], .signed))) }
        case .float:
            for row in 0..<cells.count {
                let number = Double(bitPattern: values[row])
                let truth = Truth.of(isInside(KeyRanges.key(of: values[row], .float)))
                // Only what is no number is not its own equal.
                cells[row] = number == number ? truth : Truth.unknown
            }
        }
    }
}

extension Column {
    /// Where the value is not there, the truth is unknown.
    func forgetAbsent(_ out: Lane<UInt8>, isRaw: Bool) {
        guard !isAllValid else { return }
        let states = states
        let validities = states.span
        let raws = rawCells
        let rawKind = info.rawKind
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let isThere = isRaw ? validities[row].hasRaw(cell: raws[row], rawKind) : validities[row].hasValue
            if !isThere { cells[row] = Truth.unknown }
        }
    }
}

/// Whether a column has a value.
final class ColumnExistsNode: TruthNode {
    private let index: Int
    private let isRaw: Bool

    init(_ index: Int, isRaw: Bool) { (self.index, self.isRaw) = (index, isRaw) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.holds)
        out.fill(Truth.holds)
        guard let column = scope.table?.columns[index] else { return out.fill(Truth.fails) }
        column.forgetAbsent(out, isRaw: isRaw)
        guard !column.isAllValid else { return }
        let result = out
        var cells = result.writable
        for row in 0..<cells.count where cells[row] == Truth.unknown { cells[row] = Truth.fails }
    }
}

/// How a column stands to its limits.
final class LimitNode: TruthNode {
    private let index: Int
    private let ranges: KeyRanges

    init(_ index: Int, _ ranges: KeyRanges) { (self.index, self.ranges) = (index, ranges) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        guard let column = scope.table?.columns[index], column.info.hasLimits else { return out.fill(Truth.unknown) }
        let lane = column.limitStates
        let states = lane.span
        let ranges = self.ranges
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = Truth.of(ranges.contains(UInt64(states[row].rawValue))) }
        column.forgetAbsent(out, isRaw: false)
    }
}

/// A column of times against constants.
final class ColumnTimeNode: TruthNode {
    private let index: Int
    private let set: NumberSet

    init(_ index: Int, _ set: NumberSet) { (self.index, self.set) = (index, set) }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        guard let column = scope.table?.columns[index] else { return out.fill(Truth.unknown) }
        let set = self.set
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = Truth.of(set.contains(column.time(at: row).utc)) }
        column.forgetAbsent(out, isRaw: false)
    }
}

extension NumberSet {
    /// Whether a whole number is one of them; the ends are whole, too.
    func contains(_ value: Int128) -> Bool {
        intervals.contains { interval in
            if let low = interval.low, case .whole(let end) = low.number, low.isOpen ? value <= end : value < end {
                return false
            }
            if let high = interval.high, case .whole(let end) = high.number, high.isOpen ? value >= end : value > end {
                return false
            }
            return true
        }
    }
}

/// A text or a run of octets against constants.
final class TextNode: TruthNode {
    private let source: TextSource
    private let test: TextTest
    private let pattern: Pattern?

    init(_ source: TextSource, _ test: TextTest) {
        self.source = source
        self.test = test
        if case .matches(let text) = test { pattern = try? Pattern(text) } else { pattern = nil }
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let found = source.visit(row, units, scope) { octets in test.accepts(octets, pattern) }
            cells[row] = found.map(Truth.of) ?? Truth.unknown
        }
    }
}

/// Whether a text or a slice of octets is there.
final class TextExistsNode: TruthNode {
    private let source: TextSource

    init(_ source: TextSource) { self.source = source }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.fails)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = Truth.of(source.visit(row, units, scope) { _ in true } ?? false) }
    }
}

/// Two texts or runs of octets against each other.
final class TextCompareNode: TruthNode {
    private let left: TextSource
    private let comparison: FilterExpression.Comparison
    private let right: TextSource

    init(_ left: TextSource, _ comparison: FilterExpression.Comparison, _ right: TextSource) {
        (self.left, self.comparison, self.right) = (left, comparison, right)
    }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let comparison = self.comparison
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let found = left.visit(row, units, scope) { a in
                right.visit(row, units, scope) { b in
                    comparison == .contains ? Self.isFound(b, in: a) : comparison.holds(TextTest.order(a, b))
                }
            }
            cells[row] = (found ?? nil).map(Truth.of) ?? Truth.unknown
        }
    }

    private static func isFound(_ part: RawSpan, in whole: RawSpan) -> Bool {
        guard part.byteCount <= whole.byteCount else { return false }
        for start in 0...whole.byteCount - part.byteCount
        where whole.slice(at: start, count: part.byteCount).isEqual(to: part) { return true }
        return false
    }
}
