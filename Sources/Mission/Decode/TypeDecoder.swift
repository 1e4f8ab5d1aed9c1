import Bytes
import Records

/// A type plan cut down to what is wanted: which fields are read column by column, and the walk to the others.
final class TypeDecoder {
    let plan: TypePlan
    /// The fields that a column is needed for: those that are selected, and those that sizes, conditions, contexts and
    /// times look at.
    let isNeeded: [Bool]
    /// The fields that are selected, in the order of the packet.
    let selected: [Int]
    /// Needed fields with a fixed place.
    let fixed: [FixedOperation]
    /// Empty when no needed field has to be walked to.
    let walk: [TypePlan.Step]
    /// Needed fields with a fixed place whose conversion looks at other fields.
    let contextual: [Int]
    /// Selected fields with a range or limits.
    let judged: [Int]
    /// Times that count from other fields, each behind the one that it counts from.
    let chained: [Int]

    /// A decoder for the selected fields. A `probe` needs everything that the walk finds.
    init(plan: TypePlan, selection: Selection, isProbe: Bool = false) {
        self.plan = plan
        var needed = plan.fields.map { selection.contains($0.info) }
        selected = plan.fields.indices.filter { needed[$0] }
        if isProbe {
            for index in plan.fields.indices
            where plan.fields[index].place == .walked || plan.fields[index].info.rawKind == .bytes {
                needed[index] = true
            }
        }
        // What a field looks at stands before it, so one pass from the end finds all.
        for index in plan.fields.indices.reversed() where needed[index] {
            for other in plan.fields[index].references { needed[other] = true }
        }
        let walks = isProbe || plan.fields.indices.contains { needed[$0] && plan.fields[$0].place == .walked }
        if walks {
            for step in plan.walk {
                switch step {
                case .branch(let criteria, _):
                    for test in criteria.steps { for other in test.test.fields { needed[other] = true } }
                case .field(let index): for other in plan.fields[index].sizeReferences { needed[other] = true }
                default: break
                }
            }
            for index in plan.fields.indices.reversed() where needed[index] {
                for other in plan.fields[index].references { needed[other] = true }
            }
        }
        isNeeded = needed
        walk = walks ? plan.walk : []
        fixed = plan.fields.indices.compactMap { index in
            guard needed[index], case .fixed(let offset) = plan.fields[index].place else { return nil }
            return FixedOperation(plan.fields[index], field: index, offset: offset)
        }
        contextual = plan.fields.indices.filter {
            needed[$0] && plan.fields[$0].place != .walked && plan.fields[$0].hasContexts
        }
        judged = selected.filter { plan.fields[$0].validRange != nil || plan.fields[$0].limits != nil }
        chained = plan.fields.indices.filter { index in
            guard needed[index], case .time(let time) = plan.fields[index].conversion, case .field = time.origin else {
                return false
            }
            return true
        }
    }

    /// An empty table for what it decodes.
    func table(_ type: PacketType, _ index: Int) -> DecodedTable {
        DecodedTable(
            type: type, typeIndex: index,
            fields: plan.fields.indices.map { field in
                isNeeded[field] ? (plan.fields[field].info, plan.fields[field].sharesCells) : nil
            }, selected: selected, registers: plan.registers)
    }
}

extension FieldPlan {
    /// Whether raw and engineering value are one.
    var sharesCells: Bool { if case .none = conversion { true } else { false } }

    var hasContexts: Bool { if case .calibrated(_, let contexts) = conversion { !contexts.isEmpty } else { false } }

    /// The fields that its size depends on.
    var sizeReferences: [Int] {
        func of(_ size: SizePlan?) -> [Int] {
            switch size {
            case nil, .fixed: []
            case .dynamic(let field, _, _, _): [field]
            case .lookup(let lookups): lookups.flatMap { $0.criteria.steps.flatMap(\.test.fields) }
            }
        }
        switch encoding {
        case .number: return []
        case .string(let string): return of(string.buffer)
        case .binary(let size): return of(size)
        }
    }

    /// All fields that it looks at.
    var references: [Int] {
        var found = sizeReferences
        switch conversion {
        case .calibrated(_, let contexts): found += contexts.flatMap { $0.criteria.steps.flatMap(\.test.fields) }
        case .time(let time): if case .field(let origin) = time.origin { found.append(origin) }
        default: break
        }
        found += limits?.contexts.flatMap { $0.criteria.steps.flatMap(\.test.fields) } ?? []
        return found
    }
}
