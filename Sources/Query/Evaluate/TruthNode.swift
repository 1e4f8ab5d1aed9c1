internal import Bytes
internal import Records

/// A part of a compiled filter that says something of each row of a scope. It keeps the truths of the last rows it
/// looked at; dynamic calls are made once a scope.
class TruthNode {
    /// A truth a row.
    let out = Lane<UInt8>()

    /// Looks at the rows of a scope.
    func run(_ units: borrowing Batch<Unit>, _ scope: Scope) { out.resize(to: scope.count, filler: Truth.unknown) }

    /// Whether it needs to see every row, because it remembers.
    var hasMemory: Bool { false }

    /// Writes a truth for every row.
    @inline(__always)
    final func fill(_ scope: Scope, _ truth: (Int) -> UInt8) {
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count { cells[row] = truth(row) }
    }
}

/// What is the same for all packets of a type.
final class ConstantNode: TruthNode {
    private let truth: UInt8

    init(_ truth: UInt8) { self.truth = truth }

    /// The truth of a node that is the same for all rows; nil for others.
    static func truth(of node: TruthNode) -> UInt8? { (node as? ConstantNode)?.truth }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        out.resize(to: scope.count, filler: truth)
        out.fill(truth)
    }
}

final class NotNode: TruthNode {
    private let inner: TruthNode

    init(_ inner: TruthNode) { self.inner = inner }

    override var hasMemory: Bool { inner.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        inner.run(units, scope)
        let truths = inner.out
        let cells = truths.span
        fill(scope) { Truth.not(cells[$0]) }
    }
}

/// Two truths put together. Where the left one settles all rows the right one is not looked at, unless it remembers.
final class LogicNode: TruthNode {
    private let logic: FilterExpression.Logic
    private let left: TruthNode
    private let right: TruthNode

    init(_ logic: FilterExpression.Logic, _ left: TruthNode, _ right: TruthNode) {
        (self.logic, self.left, self.right) = (logic, left, right)
    }

    override var hasMemory: Bool { left.hasMemory || right.hasMemory }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        left.run(units, scope)
        let (leftLane, rightLane) = (left.out, right.out)
        if logic != .xor, !right.hasMemory, isSettled(leftLane) {
            let a = leftLane.span
            fill(scope) { a[$0] }
            return
        }
        right.run(units, scope)
        let (a, b) = (leftLane.span, rightLane.span)
        switch logic {
        case .and: fill(scope) { Truth.and(a[$0], b[$0]) }
        case .or: fill(scope) { Truth.or(a[$0], b[$0]) }
        case .xor: fill(scope) { Truth.xor(a[$0], b[$0]) }
        }
    }

    /// Whether all rows fail in front of an `and`, or all hold in front of an `or`.
    private func isSettled(_ lane: Lane<UInt8>) -> Bool {
        let settling = logic == .and ? Truth.fails : Truth.holds
        let cells = lane.span
        var differences: UInt8 = 0
        for row in cells.indices { differences |= cells[row] ^ settling }
        return differences == 0
    }
}

/// Whether a packet came near in time to one for which a condition holds.
final class WithinNode: TruthNode {
    private let event: Int

    init(_ event: Int) { self.event = event }

    override func run(_ units: borrowing Batch<Unit>, _ scope: Scope) {
        let times = scope.events[event]
        out.resize(to: scope.count, filler: Truth.unknown)
        let result = out
        var cells = result.writable
        for row in 0..<cells.count {
            let time = units[scope.unit(row)].time
            cells[row] = time.isKnown ? Truth.of(times.contains(time.nanoseconds)) : Truth.unknown
        }
    }
}
