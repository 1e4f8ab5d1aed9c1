internal import Bytes
internal import Records

/// Compares the values of packets under two decoders, parameter by parameter: they differ where people see something else,
/// value, unit, label or limit state.
final class ValueComparison {
    /// A parameter of two packet types.
    struct Parameter {
        let name: String
        let columns: (a: Int, b: Int)
        /// Whether equal cells mean equal values.
        let areAlike: Bool
    }

    /// Two packet types, parameter by parameter.
    final class Layout {
        let types: (a: PacketType?, b: PacketType?)
        /// The parameters that both have, in the order of the first.
        let parameters: [Parameter]
        /// Those that only one of them has.
        let only: (a: [String], b: [String])
        /// How many packets had another value, for each parameter.
        fileprivate(set) var counts: [Int]

        fileprivate init(_ a: PacketType?, _ b: PacketType?) {
            types = (a, b)
            let names = (a: a.map(printedNames) ?? [], b: b.map(printedNames) ?? [])
            let places = Dictionary(zip(names.b, names.b.indices)) { first, _ in first }
            var parameters: [Parameter] = []
            for (column, name) in names.a.enumerated() {
                guard let a, let b, let other = places[name] else { continue }
                let (one, two) = (a.parameters[column], b.parameters[other])
                parameters.append(
                    Parameter(name: name, columns: (column, other), areAlike: ValueComparison.areAlike(one, two)))
            }
            self.parameters = parameters
            counts = Array(repeating: 0, count: parameters.count)
            let (first, second) = (Set(names.a), Set(names.b))
            // Where a type is not known there at all, so are its parameters.
            only =
                a == nil || b == nil
                ? ([], []) : (names.a.filter { !second.contains($0) }, names.b.filter { !first.contains($0) })
        }

        /// Whether both types have the same name.
        var isOneType: Bool { types.a?.name == types.b?.name }
    }

    private struct Key: Hashable { let a: Int, b: Int }

    private let types: (a: [PacketType], b: [PacketType])
    private var layouts: [Key: Layout] = [:]
    private var last: (key: Key, layout: Layout)?
    /// The parameters of the last packet that differ, as indexes of its layout.
    private(set) var found: [Int] = []
    private var textA = TextBuffer(capacity: 256)
    private var textB = TextBuffer(capacity: 256)

    init(_ a: [PacketType], _ b: [PacketType]) { types = (a, b) }

    /// The layouts that were met, by the names of their types.
    var met: [Layout] {
        layouts.values.sorted { ($0.types.a ?? $0.types.b)?.name ?? "" < ($1.types.a ?? $1.types.b)?.name ?? "" }
    }

    /// The layout of two types, -1 for none, and whether they are met for the first time.
    func layout(_ a: Int, _ b: Int) -> (Layout, isNew: Bool) {
        let key = Key(a: a, b: b)
        if let last, last.key == key { return (last.layout, false) }
        if let layout = layouts[key] {
            last = (key, layout)
            return (layout, false)
        }
        let layout = Layout(a < 0 ? nil : types.a[a], b < 0 ? nil : types.b[b])
        layouts[key] = layout
        last = (key, layout)
        return (layout, true)
    }

    /// Finds the parameters of a packet that differ; false where none does.
    func compare(_ layout: Layout, _ a: DecodedTable, _ row: Int, _ b: DecodedTable, _ other: Int) -> Bool {
        found.removeAll(keepingCapacity: true)
        for index in layout.parameters.indices {
            let parameter = layout.parameters[index]
            let (one, two) = (a.columns[parameter.columns.a], b.columns[parameter.columns.b])
            if parameter.areAlike, Self.areEqual(one, row, two, other) { continue }
            textA.removeAll()
            textB.removeAll()
            textA.appendCompared(one, row, isWhole: true)
            textB.appendCompared(two, other, isWhole: true)
            guard !textA.bytes.isEqual(to: textB.bytes) else { continue }
            found.append(index)
            layout.counts[index] += 1
        }
        return !found.isEmpty
    }

    private static func areAlike(_ a: ParameterInfo, _ b: ParameterInfo) -> Bool {
        a.kind == b.kind && a.rawKind == b.rawKind && a.unit == b.unit && a.labels == b.labels
            && a.timeDigits == b.timeDigits && a.hasLimits == b.hasLimits
    }

    /// Whether values of parameters that are alike are the same, cell by cell.
    private static func areEqual(_ a: Column, _ row: Int, _ b: Column, _ other: Int) -> Bool {
        let (one, two) = (a.validity(row), b.validity(other))
        guard one == two else { return false }
        guard one.hasValue else { return true }
        if a.info.hasLimits, a.limits[row] != b.limits[other] { return false }
        switch a.info.kind {
        case .string, .list, .binary: return a.bytes(at: row).isEqual(to: b.bytes(at: other))
        case .time: return a.time(at: row) == b.time(at: other)
        default: return a.values[row] == b.values[other]
        }
    }
}

extension Column {
    /// Whether a value is there.
    func validity(_ row: Int) -> Validity { isAllValid ? .valid : validities[row] }
}

extension TextBuffer {
    /// Adds a value as `decode` shows it: a dash where it is not there, and why.
    mutating func appendCompared(_ column: Column, _ row: Int, isWhole: Bool, _ style: TextStyle = .plain) {
        let validity = column.validity(row)
        guard validity.hasValue else {
            append("–")
            if let word = validity.word {
                append(" ")
                append(word)
            }
            return
        }
        appendMeasured(column, row, isWhole: isWhole)
        if let word = validity.word {
            append("  ")
            append(word)
        }
        if column.info.hasLimits { append(column.limits[row], style) }
    }
}
