internal import Records

/// Checks a filter against the fields that exist: names, types, units and labels. What comes of it can be compiled.
struct Checker {
    let catalogue: FieldCatalogue
    let text: String
    private(set) var events: [Event] = []
    private(set) var parameters: [String] = []
    private(set) var hasMemory = false

    init(_ catalogue: FieldCatalogue, _ text: String) {
        self.catalogue = catalogue
        self.text = text
    }

    func fail(_ expression: FilterExpression, _ reason: String) -> FilterError {
        FilterError(text, expression.range, reason)
    }

    // MARK: Truths

    mutating func condition(_ expression: FilterExpression) throws(FilterError) -> Condition {
        switch expression.kind {
        case .not(let inner): return .not(try condition(inner))
        case .logic(let logic, let a, let b): return .logic(logic, try condition(a), try condition(b))
        case .comparison(let comparison, let a, let b): return try compare(a, comparison, b, expression)
        case .membership(let value, let members): return try membership(value, members, expression)
        case .within(let time, let other): return try within(time, other)
        case .call("changed", let arguments):
            hasMemory = true
            return .changed(try argument("changed", arguments, expression))
        case .name(let name): return try presence(name, expression)
        case .call("raw", _), .call("limit", _), .slice:
            guard case .field(let use) = try operand(expression) else { break }
            return .exists(use)
        case .call("delta", _), .call("rate", _), .call("len", _), .call("abs", _), .call("lower", _),
            .call("upper", _):
            _ = try operand(expression)
        case .call(let name, _): throw unknownFunction(name, expression)
        case .arithmetic(.bits, _, _):
            // As in Wireshark: whether one of the bits is set.
            let (tree, _) = try number(expression)
            return .compare(tree, .unequal, .constant(0))
        default: break
        }
        throw fail(expression, "this is a value and no condition: hold it against something, as in … == 1")
    }

    /// A bare name: whether the field is there.
    private mutating func presence(_ name: String, _ expression: FilterExpression) throws(FilterError) -> Condition {
        switch catalogue.meaning(of: name) {
        case .layer(let layer): return .layer(layer)
        case .several(let fields):
            return either(fields.map { .exists(FieldUse(source: .header($0))) })
        default: return .exists(try field(name, expression))
        }
    }

    private mutating func within(
        _ time: FilterExpression, _ other: FilterExpression
    ) throws(FilterError) -> Condition {
        guard case .number(let digits, let unit) = time.kind, let number = Number(digits)?.double, number >= 0 else {
            throw fail(time, "within takes a time that is no less than 0, as in: within 5 s of (…)")
        }
        guard let unit, let measure = MeasureUnit.named(unit), measure.dimension == ["s": 1] else {
            throw fail(time, "within takes a time with its unit: ns, us, ms, s, min or h, as in: within 5 s of (…)")
        }
        let nanoseconds = number * measure.factor * 1e9
        guard nanoseconds < 9e18 else { throw fail(time, "within looks as far as 285 years, and this is more") }
        let inner = try condition(other)
        // Numbers are given from the inside out, so that a condition needs only those with lower numbers.
        events.append(Event(condition: inner, distance: Int64(nanoseconds.rounded())))
        return .within(events.count - 1)
    }

    func either(_ conditions: [Condition], _ logic: FilterExpression.Logic = .or) -> Condition {
        // As flat as it can be: what is deep costs levels of the stack.
        var level = conditions
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                $0 + 1 < level.count ? .logic(logic, level[$0], level[$0 + 1]) : level[$0]
            }
        }
        return level[0]
    }

    // MARK: Fields

    /// The field that a name means.
    mutating func field(_ name: String, _ expression: FilterExpression) throws(FilterError) -> FieldUse {
        switch catalogue.meaning(of: name) {
        case .header(let field): return FieldUse(source: .header(field))
        case .parameter(let use):
            for name in use.names where !parameters.contains(name) { parameters.append(name) }
            return FieldUse(source: .parameter(use))
        case .several(let fields):
            let names = fields.map(\.rawValue).joined(separator: " and ")
            throw fail(expression, "'\(name)' is several fields, which only comparisons can be: \(names) are one each")
        case .layer:
            throw fail(expression, "'\(name)' is a layer and has no value: it stands alone, as in: \(name) and …")
        case .ambiguous(let names):
            let shown = names.prefix(5).joined(separator: ", ")
            throw fail(expression, "'\(name)' means several parameters of one packet: \(shown)")
        case .unknown: throw unknown(name, expression)
        }
    }

    /// Nothing is called so. `but`: what else is to be said of the place.
    func unknown(_ name: String, _ expression: FilterExpression, but: String = "") -> FilterError {
        let nearest = catalogue.nearest(to: name)
        let near = nearest.isEmpty ? "" : "; near it are \(nearest.joined(separator: ", "))"
        return fail(expression, "no field is called '\(name)'\(but)\(near)")
    }

    func unknownFunction(_ name: String, _ expression: FilterExpression) -> FilterError {
        let nearest = Names.nearest(to: name, in: Self.functions)
        let near = nearest.isEmpty ? "" : "; near it is \(nearest[0])"
        let all = Self.functions.joined(separator: ", ")
        return fail(expression, "there is no function '\(name)'\(near); functions are \(all)")
    }

    static let functions = ["abs", "changed", "delta", "len", "limit", "lower", "rate", "raw", "upper"]

    /// The one argument of a function, which is a field.
    mutating func argument(
        _ function: String, _ arguments: [FilterExpression], _ expression: FilterExpression
    ) throws(FilterError) -> FieldUse {
        guard arguments.count == 1 else {
            throw fail(expression, "\(function) takes one field, and not \(arguments.count) values")
        }
        switch try known(arguments[0]) {
        case .field(let use): return use
        case .several(let uses):
            let names = uses.map(\.name).joined(separator: " or ")
            throw fail(arguments[0], "\(function) takes one field, and this is several: use \(names)")
        default: throw fail(arguments[0], "\(function) takes one field, and this is none")
        }
    }

    mutating func remember() { hasMemory = true }

    /// What all meanings of a name are, or an error that names two that differ.
    func sort(of use: FieldUse, _ expression: FilterExpression) throws(FilterError) -> FieldUse.Sort {
        let sorts = use.sorts
        guard case .parameter(let parameter) = use.source else { return sorts[0] }
        for (index, sort) in sorts.enumerated() where !sort.isComparable(to: sorts[0]) {
            let (a, b) = (parameter.infos[0].name, parameter.infos[index].name)
            throw fail(
                expression, "'\(use.name)' is \(sorts[0].words) in \(a) and \(sort.words) in \(b): use the longer name")
        }
        return sorts[0]
    }
}

extension FieldUse.Sort {
    /// What it is, for people.
    var words: String {
        switch self {
        case .number(let unit): unit.isEmpty ? "a number" : "a number in \(unit)"
        case .label(_, let isBoolean): isBoolean ? "a truth" : "one of some labels"
        case .text: "a text"
        case .octets: "a run of octets"
        case .time: "a time"
        case .address: "an address"
        case .limit: "a limit state"
        }
    }

    /// Whether one constant can be held against both.
    func isComparable(to other: FieldUse.Sort) -> Bool {
        switch (self, other) {
        case (.number(let a), .number(let b)):
            a == b || MeasureUnit.named(a)?.dimension == MeasureUnit.named(b)?.dimension && MeasureUnit.named(a) != nil
        case (.label, .label), (.label, .text), (.text, .label): true
        default: self == other
        }
    }
}

extension FieldCatalogue {
    /// Reads and checks a filter.
    ///
    /// - Throws: what is wrong and where, with the names that are near.
    public func check(_ text: String) throws(FilterError) -> CheckedFilter {
        let expression = try FilterParser.parse(text)
        var checker = Checker(self, text)
        let condition = try checker.condition(expression)
        return CheckedFilter(
            text: text, condition: condition, events: checker.events, parameters: checker.parameters,
            hasMemory: checker.hasMemory || !checker.events.isEmpty)
    }
}
