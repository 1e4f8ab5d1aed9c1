internal import Bytes
internal import Records

/// Where the octets of a field are, for each row of a scope; and which of them are asked for.
final class TextSource {
    enum Place {
        /// The packet itself.
        case unit
        /// A column of the type's table.
        case column(Int, isRaw: Bool)
        /// The same for all packets.
        case constant([UInt8])
        /// The same for all packets of an origin.
        case origin(HeaderField)
    }

    private let place: Place
    private let slices: [FilterExpression.Slice]
    private let folding: FieldUse.Folding
    private let scratch = ByteBuffer(capacity: 64)

    init(_ place: Place, _ use: FieldUse) {
        self.place = place
        slices = use.slices
        folding = use.folding
    }

    var needsOrigins: Bool { if case .origin = place { true } else { false } }

    /// Gives the octets of a row to `body`; nil where there are none.
    @inline(__always)
    func visit<Result>(
        _ row: Int, _ units: borrowing Batch<Unit>, _ scope: Scope, _ body: (RawSpan) -> Result
    ) -> Result? {
        switch place {
        case .unit: return take(units.bytes(of: units[scope.unit(row)]), body)
        case .column(let index, let isRaw):
            guard let column = scope.table?.columns[index] else { return nil }
            if isRaw {
                guard column.isAllValid || column.validities[row].hasRaw(cell: column.raws[row], column.info.rawKind)
                else { return nil }
                return take(column.rawBytes(at: row), body)
            }
            guard column.isAllValid || column.validities[row].hasValue else { return nil }
            return take(column.bytes(at: row), body)
        case .constant(let octets): return take(octets.octets, body)
        case .origin(let field):
            let index = Int(scope.originOfUnit[scope.unit(row)])
            guard let octets = field.octets(scope.origins[index]) else { return nil }
            return take(octets.octets, body)
        }
    }

    @inline(__always)
    private func take<Result>(_ whole: RawSpan, _ body: (RawSpan) -> Result) -> Result? {
        guard !slices.isEmpty || folding != .none else { return body(whole) }
        scratch.removeAll()
        for slice in slices.isEmpty ? [.init(start: 0, count: nil)] : slices {
            let start = slice.start < 0 ? whole.byteCount + slice.start : slice.start
            guard start >= 0, start <= whole.byteCount else { return nil }
            let count = slice.count ?? whole.byteCount - start
            guard count >= 0, start + count <= whole.byteCount else { return nil }
            scratch.append(whole.slice(at: start, count: count))
        }
        if folding != .none { fold() }
        let scratch = self.scratch
        return body(scratch.bytes)
    }

    /// Turns ASCII letters; others have no small twin that all agree on.
    private func fold() {
        let (first, last, change): (UInt8, UInt8, UInt8) = folding == .lower ? (0x41, 0x5A, 0x20) : (0x61, 0x7A, 0x20)
        let isLower = folding == .lower
        scratch.update { octet in
            octet >= first && octet <= last ? (isLower ? octet + change : octet - change) : octet
        }
    }
}

extension TextTest {
    /// Whether some octets are what the test asks for. A pattern is compiled once, by who asks.
    @inline(__always)
    func accepts(_ octets: RawSpan, _ pattern: Pattern?) -> Bool {
        switch self {
        case .oneOf(let all):
            for one in all where octets.byteCount == one.count && octets.isEqual(to: one.octets) { return true }
            return false
        case .contains(let part): return part.isEmpty || octets.firstIndex(of: part, from: 0, stride: 1) != nil
        case .matches: return pattern?.isFound(in: octets) ?? false
        case .compare(let comparison, let other): return comparison.holds(Self.order(octets, other.octets))
        }
    }

    /// Which of two runs of octets comes first: below 0 the first, 0 when they are equal.
    static func order(_ a: RawSpan, _ b: RawSpan) -> Int {
        let shorter = min(a.byteCount, b.byteCount)
        for index in 0..<shorter {
            let (x, y) = (a.u8(at: index), b.u8(at: index))
            if x != y { return x < y ? -1 : 1 }
        }
        return a.byteCount - b.byteCount
    }
}

extension FilterExpression.Comparison {
    /// Whether two values whose order is given (below 0: the first comes first) stand so.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .atMost: order <= 0
        case .greater: order > 0
        case .atLeast: order >= 0
        case .contains, .matches: false
        }
    }
}
