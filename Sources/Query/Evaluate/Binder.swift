internal import Bytes
internal import Records

/// A node, and what can come of it: what can never hold need not be run.
struct Bound {
    let node: TruthNode
    var canHold = true
    var canFail = true

    init(_ node: TruthNode) { self.node = node }

    init(constant truth: UInt8) {
        node = ConstantNode(truth)
        canHold = truth == Truth.holds
        canFail = truth == Truth.fails
    }

    var isConstant: Bool { node is ConstantNode }
}

/// Compiles conditions for the packets of one type: names become columns, and what all packets of the type have in common
/// becomes a constant.
struct Binder {
    /// The type; nil for packets without one, and for what is asked before packets are told apart.
    let type: PacketType?
    /// Whether anything asks where packets come from.
    private(set) var needsOrigins = false

    init(type: PacketType?) { self.type = type }

    mutating func bind(_ condition: Condition) -> Bound {
        switch condition {
        case .exists(let use): return exists(use)
        case .layer(let name): return layer(name)
        case .test(let use, let test): return bind(use, test)
        case .compare(let a, let comparison, let b):
            guard let left = number(a), let right = number(b) else { return Bound(constant: Truth.unknown) }
            return Bound(CompareNode(left, comparison, right))
        case .compareWhole(let a, let comparison, let b):
            let (left, right) = (whole(a), whole(b))
            if case .absent = left { return Bound(constant: Truth.unknown) }
            if case .absent = right { return Bound(constant: Truth.unknown) }
            return Bound(CompareWholeNode(left, comparison, right))
        case .compareTexts(let a, let comparison, let b):
            guard let left = text(a), let right = text(b) else { return Bound(constant: Truth.unknown) }
            return Bound(TextCompareNode(left, comparison, right))
        case .compareTimes(let a, let comparison, let b):
            let (left, right) = (time(a), time(b))
            if case .absent = left { return Bound(constant: Truth.unknown) }
            if case .absent = right { return Bound(constant: Truth.unknown) }
            return Bound(CompareTimeNode(left, comparison, right))
        case .changed(let use): return changed(use)
        case .not(let inner): return negation(bind(inner))
        case .logic(let logic, let a, let b): return Self.logic(logic, bind(a), bind(b))
        case .within(let event): return Bound(WithinNode(event))
        }
    }

    private func negation(_ inner: Bound) -> Bound {
        if let truth = ConstantNode.truth(of: inner.node) { return Bound(constant: Truth.not(truth)) }
        var bound = Bound(NotNode(inner.node))
        (bound.canHold, bound.canFail) = (inner.canFail, inner.canHold)
        return bound
    }

    private static func logic(_ logic: FilterExpression.Logic, _ a: Bound, _ b: Bound) -> Bound {
        let (left, right) = (ConstantNode.truth(of: a.node), ConstantNode.truth(of: b.node))
        switch (logic, left, right) {
        case (.and, let x?, let y?): return Bound(constant: Truth.and(x, y))
        case (.or, let x?, let y?): return Bound(constant: Truth.or(x, y))
        case (.xor, let x?, let y?): return Bound(constant: Truth.xor(x, y))
        case (.and, Truth.holds, _), (.or, Truth.fails, _): return b
        case (.and, _, Truth.holds), (.or, _, Truth.fails): return a
        case (.and, Truth.fails, _) where !b.node.hasMemory: return a
        case (.or, Truth.holds, _) where !b.node.hasMemory: return a
        case (.and, _, Truth.fails) where !a.node.hasMemory: return b
        case (.or, _, Truth.holds) where !a.node.hasMemory: return b
        default: break
        }
        var bound = Bound(LogicNode(logic, a.node, b.node))
        switch logic {
        case .and: (bound.canHold, bound.canFail) = (a.canHold && b.canHold, a.canFail || b.canFail)
        case .or: (bound.canHold, bound.canFail) = (a.canHold || b.canHold, a.canFail && b.canFail)
        case .xor: break
        }
        return bound
    }

    // MARK: Fields

    /// The place of a parameter among the columns of the type, and what it is.
    private func column(_ use: FieldUse) -> (index: Int, info: ParameterInfo)? {
        guard case .parameter(let parameter) = use.source, let type, let index = parameter.index(in: type) else {
            return nil
        }
        return (index, type.parameters[index])
    }

    /// A text that all packets of the type have in common.
    private func constant(_ field: HeaderField) -> String? {
        switch field {
        case .type: type?.name
        case .dialect: type?.dialect
        case .spacecraftName: type?.mission
        default: nil
        }
    }

    private mutating func layer(_ name: String) -> Bound {
        if name == "ccsds" || name == "message" { return Bound(UnitLayerNode(isMessage: name == "message")) }
        needsOrigins = true
        return Bound(OriginNode { Truth.of($0.layers.contains(name)) })
    }

    private mutating func exists(_ use: FieldUse) -> Bound {
        switch use.source {
        case .parameter:
            guard let (index, info) = column(use), use.part != .limit || info.hasLimits else {
                return Bound(constant: Truth.fails)
            }
            if !use.slices.isEmpty, let source = text(use) { return Bound(TextExistsNode(source)) }
            return Bound(ColumnExistsNode(index, isRaw: use.part == .raw))
        case .header(let field):
            if field.isOfUnit { return Bound(HeaderExistsNode(field)) }
            if field.kind == .number {
                needsOrigins = true
                return Bound(OriginNode { Truth.of(field.number($0) != nil) })
            }
            return text(use).map { Bound(TextExistsNode($0)) } ?? Bound(constant: Truth.fails)
        }
    }

    private mutating func bind(_ use: FieldUse, _ test: Test) -> Bound {
        switch test {
        case .numbers(let set, let unit): return numbers(use, set, unit)
        case .times(let set):
            if let (index, _) = column(use) { return Bound(ColumnTimeNode(index, set)) }
            guard case .header = use.source else { return Bound(constant: Truth.unknown) }
            // Captures count nanoseconds.
            return Bound(HeaderTestNode(.time, KeyRanges(set, .signed, scale: 1_000_000_000)))
        case .limits(let set):
            guard let (index, info) = column(use), info.hasLimits else { return Bound(constant: Truth.unknown) }
            return Bound(LimitNode(index, KeyRanges(set, .unsigned)))
        case .addresses(let ranges):
            guard case .header(let field) = use.source else { return Bound(constant: Truth.unknown) }
            needsOrigins = true
            return Bound(
                OriginNode { origin in
                    guard let address = field.octets(origin) else { return Truth.unknown }
                    return Truth.of(ranges.contains { $0.contains(address) })
                })
        case .text(let test): return texts(use, test)
        case .sliceNumbers(let set):
            return text(use).map { Bound(SliceTestNode($0, KeyRanges(set, .unsigned))) }
                ?? Bound(constant: Truth.unknown)
        }
    }

    private mutating func numbers(_ use: FieldUse, _ set: NumberSet, _ unit: String) -> Bound {
        if case .header(let field) = use.source {
            let ranges = KeyRanges(Self.convert(set, from: unit, to: field.unit), .signed)
            if field.isOfUnit { return Bound(HeaderTestNode(field, ranges)) }
            needsOrigins = true
            return Bound(
                OriginNode { origin in
                    guard let number = field.number(origin) else { return Truth.unknown }
                    return Truth.of(ranges.contains(KeyRanges.key(of: UInt64(bitPattern: number), .signed)))
                })
        }
        guard let (index, info) = column(use), let domain = Self.domain(of: info, use.part) else {
            return Bound(constant: Truth.unknown)
        }
        let own = use.part == .raw ? "" : info.unit
        let ranges = KeyRanges(Self.convert(set, from: unit, to: own), domain)
        return Bound(ColumnTestNode(index, isRaw: use.part == .raw, ranges))
    }

    /// How the cells of a parameter hold numbers; nil where they hold something else.
    private static func domain(of info: ParameterInfo, _ part: FieldUse.Part) -> KeyRanges.Domain? {
        if part == .raw {
            switch info.rawKind {
            case .unsigned: return .unsigned
            case .signed: return .signed
            case .float: return .float
            case .bytes, .text: return nil
            }
        }
        switch info.kind {
        case .unsigned, .boolean: return .unsigned
        case .signed: return .signed
        case .float: return .float
        case .enumeration, .string, .binary, .time, .list: return nil
        }
    }

    /// A set of numbers in another unit of the same quantity.
    private static func convert(_ set: NumberSet, from unit: String, to own: String) -> NumberSet {
        guard unit != own, let from = MeasureUnit.named(unit), let to = MeasureUnit.named(own) else { return set }
        func end(_ end: NumberSet.End?) -> NumberSet.End? {
            end.map { NumberSet.End(number: .real(from.convert($0.number.double, to: to)), isOpen: $0.isOpen) }
        }
        return NumberSet(
            intervals: set.intervals.map { NumberSet.Interval(low: end($0.low), high: end($0.high)) })
    }

    private mutating func texts(_ use: FieldUse, _ test: TextTest) -> Bound {
        let pattern: Pattern? = if case .matches(let text) = test { try? Pattern(text) } else { nil }
        if let (index, info) = column(use), use.part == .value, info.kind == .enumeration || info.kind == .boolean {
            // A label is looked at once, and not for every packet.
            let indexes = info.labels.indices.filter { label in
                test.accepts(Array(info.labels[label].utf8).octets, pattern)
            }
            return Bound(ColumnTestNode(index, isRaw: false, KeyRanges(indexes: indexes)))
        }
        if case .header(let field) = use.source, case .label(let labels) = field.kind {
            let indexes = labels.indices.filter { test.accepts(Array(labels[$0].utf8).octets, pattern) }
            let set = NumberSet(intervals: indexes.flatMap { NumberSet.one(.whole(Int128($0))).intervals })
            return Bound(HeaderTestNode(field, KeyRanges(set, .signed)))
        }
        if case .header(let field) = use.source, use.slices.isEmpty, use.folding == .none {
            if field == .flow || field == .interfaceName {
                needsOrigins = true
                return Bound(
                    OriginNode { origin in
                        field.octets(origin).map { Truth.of(test.accepts($0.octets, pattern)) } ?? Truth.unknown
                    })
            }
            if field != .octets {
                let found = constant(field).map { Truth.of(test.accepts(Array($0.utf8).octets, pattern)) }
                return Bound(constant: found ?? Truth.unknown)
            }
        }
        return text(use).map { Bound(TextNode($0, test)) } ?? Bound(constant: Truth.unknown)
    }

    private mutating func text(_ use: FieldUse) -> TextSource? {
        if case .header(let field) = use.source {
            switch field {
            case .octets: return TextSource(.unit, use)
            case .type, .dialect, .spacecraftName:
                return constant(field).map { TextSource(.constant(Array($0.utf8)), use) }
            default:
                needsOrigins = true
                return TextSource(.origin(field), use)
            }
        }
        guard let (index, info) = column(use) else { return nil }
        let isText =
            use.part == .raw
            ? info.rawKind == .bytes || info.rawKind == .text
            : info.kind == .string || info.kind == .binary || info.kind == .list
        return isText ? TextSource(.column(index, isRaw: use.part == .raw), use) : nil
    }

    private func time(_ use: FieldUse) -> TimeSource {
        if case .header = use.source { return .captured }
        return column(use).map { .column($0.index) } ?? .absent
    }

    private mutating func whole(_ use: FieldUse) -> CompareWholeNode.Source {
        if case .header(let field) = use.source {
            if !field.isOfUnit { needsOrigins = true }
            return .header(field)
        }
        guard let (index, info) = column(use) else { return .absent }
        let isSigned = use.part == .raw ? info.rawKind == .signed : info.kind == .signed
        return .column(index, isRaw: use.part == .raw, isSigned: isSigned)
    }

    private mutating func changed(_ use: FieldUse) -> Bound {
        needsOrigins = true
        if case .header(let field) = use.source {
            switch field.kind {
            case .time: return Bound(ChangedTimeNode(.captured))
            case .number, .label: return Bound(ChangedNumberNode(HeaderNumberNode(field)))
            case .text, .octets, .address: break
            }
        } else if let (index, info) = column(use), use.slices.isEmpty {
            switch (use.part, info.kind) {
            case (.limit, _):
                return info.hasLimits ? Bound(ChangedCellNode(index, .limit)) : Bound(constant: Truth.unknown)
            case (.value, .time): return Bound(ChangedTimeNode(.column(index)))
            case (.value, .enumeration): return Bound(ChangedCellNode(index, .value))
            default:
                guard let domain = Self.domain(of: info, use.part) else { break }
                let isRaw = use.part == .raw
                return domain == .float
                    ? Bound(ChangedNumberNode(ColumnNumberNode(index, isRaw: isRaw, domain)))
                    : Bound(ChangedCellNode(index, isRaw ? .raw : .value))
            }
        }
        return text(use).map { Bound(ChangedTextNode($0)) } ?? Bound(constant: Truth.unknown)
    }

    // MARK: Numbers

    private mutating func number(_ tree: NumberTree) -> NumberNode? {
        switch tree {
        case .constant(let value): return ConstantNumberNode(value)
        case .field(let use, let unit): return number(use, unit: unit)
        case .elapsed(let later, let earlier):
            let (a, b) = (time(later), time(earlier))
            if case .absent = a { return nil }
            if case .absent = b { return nil }
            return ElapsedNode(a, since: b)
        case .minus(let inner): return number(inner).map { MinusNode($0, isAbsolute: false) }
        case .absolute(let inner): return number(inner).map { MinusNode($0, isAbsolute: true) }
        case .arithmetic(let operation, let a, let b):
            guard let left = number(a), let right = number(b) else { return nil }
            return ArithmeticNode(operation, left, right)
        case .delta(let use), .rate(let use):
            needsOrigins = true
            let isRate = if case .rate = tree { true } else { false }
            guard let inner = number(use, unit: Self.unit(of: use)) else { return nil }
            return DeltaNode(inner, isRate: isRate)
        case .length(let use): return text(use).map { LengthNode($0) }
        }
    }

    private static func unit(of use: FieldUse) -> String {
        if case .number(let unit) = use.sorts[0] { unit } else { "" }
    }

    private mutating func number(_ use: FieldUse, unit: String) -> NumberNode? {
        if !use.slices.isEmpty { return text(use).map { SliceNumberNode($0) } }
        if case .header(let field) = use.source {
            if !field.isOfUnit { needsOrigins = true }
            return Self.converted(HeaderNumberNode(field), from: field.unit, to: unit)
        }
        guard let (index, info) = column(use), let domain = Self.domain(of: info, use.part) else { return nil }
        return Self.converted(
            ColumnNumberNode(index, isRaw: use.part == .raw, domain), from: use.part == .raw ? "" : info.unit, to: unit)
    }

    /// A number in another unit of the same quantity.
    private static func converted(_ node: NumberNode, from own: String, to unit: String) -> NumberNode {
        guard own != unit, let from = MeasureUnit.named(own), let to = MeasureUnit.named(unit) else { return node }
        return ScaleNode(node, factor: from.factor / to.factor, offset: (from.offset - to.offset) / to.factor)
    }
}
