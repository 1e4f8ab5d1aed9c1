internal import Records

/// One side of a comparison.
enum Operand {
    case number(Number, unit: String?)
    case text(String)
    case address(String)
    /// A word that names no field: perhaps a label of the other side.
    case word(String)
    case field(FieldUse)
    /// Several fields, of which one has to hold.
    case several([FieldUse])
    /// A number that is reckoned, and its unit where that is known.
    case tree(NumberTree, unit: String)

    var isConstant: Bool {
        switch self {
        case .number, .text, .address, .word: true
        case .field, .several, .tree: false
        }
    }
}

extension Checker {
    /// What an expression gives that is no truth.
    mutating func operand(_ expression: FilterExpression) throws(FilterError) -> Operand {
        switch expression.kind {
        case .number(let digits, let unit):
            guard let number = Number(digits) else { throw fail(expression, "this number is too large") }
            return .number(number, unit: unit)
        case .text(let text): return .text(text)
        case .address(let address): return .address(address)
        case .name(let name):
            switch catalogue.meaning(of: name) {
            case .unknown: return .word(name)
            case .several(let fields): return .several(fields.map { FieldUse(source: .header($0)) })
            default: return .field(try field(name, expression))
            }
        case .minus(let inner):
            if case .number(let number, let unit) = try operand(inner) { return .number(number.negated, unit: unit) }
            let (tree, unit) = try number(inner)
            return .tree(.minus(tree), unit: unit)
        case .arithmetic(let operation, let a, let b): return try arithmetic(operation, a, b, expression)
        case .slice(let inner, let slices): return try slice(inner, slices, expression)
        case .call(let name, let arguments): return try call(name, arguments, expression)
        case .comparison, .membership, .not, .logic, .within:
            throw fail(expression, "this is a condition and has no value")
        }
    }

    private mutating func slice(
        _ inner: FilterExpression, _ slices: [FilterExpression.Slice], _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        guard case .field(var use) = try known(inner), use.slices.isEmpty else {
            throw fail(inner, "only fields have octets to take some of")
        }
        let sort = try sort(of: use, inner)
        guard sort == .text || sort == .octets else {
            throw fail(inner, "'\(use.name)' is \(sort.words): slices are of texts and octets")
        }
        use.slices = slices
        return .field(use)
    }

    private mutating func call(
        _ name: String, _ arguments: [FilterExpression], _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        guard Self.functions.contains(name) else { throw unknownFunction(name, expression) }
        if name == "abs" {
            guard arguments.count == 1 else { throw fail(expression, "abs takes one number") }
            let (tree, unit) = try number(arguments[0])
            return .tree(.absolute(tree), unit: unit)
        }
        guard name != "changed" else { throw fail(expression, "changed(…) is a condition and has no value") }
        var use = try argument(name, arguments, expression)
        let sort = try sort(of: use, arguments[0])
        switch name {
        case "raw", "limit":
            guard case .parameter(let parameter) = use.source, use.part == .value, use.slices.isEmpty else {
                throw fail(arguments[0], "\(name) is of a parameter: '\(use.name)' is none")
            }
            if name == "limit", !parameter.infos.contains(where: \.hasLimits) {
                throw fail(arguments[0], "'\(use.name)' has no limits in its database")
            }
            use.part = name == "raw" ? .raw : .limit
            return .field(use)
        case "lower", "upper":
            guard sort == .text else { throw fail(arguments[0], "\(name) is of a text: '\(use.name)' is \(sort.words)") }
            use.folding = name == "lower" ? .lower : .upper
            return .field(use)
        case "len":
            guard sort == .text || sort == .octets else {
                throw fail(arguments[0], "len is of a text or octets: '\(use.name)' is \(sort.words)")
            }
            return .tree(.length(use), unit: "")
        default:
            guard case .number(let unit) = sort else {
                throw fail(arguments[0], "\(name) is of a number: '\(use.name)' is \(sort.words)")
            }
            remember()
            // A difference of temperatures is no temperature, and what is per second has a unit of its own.
            let plain = MeasureUnit.named(unit).map { $0.offset == 0 } ?? true
            return name == "delta"
                ? .tree(.delta(use), unit: plain ? unit : "") : .tree(.rate(use), unit: plain ? unit + "/s" : "")
        }
    }

    /// What an expression gives; a word has to be a field's name.
    mutating func known(_ expression: FilterExpression) throws(FilterError) -> Operand {
        let found = try operand(expression)
        if case .word(let word) = found { throw unknown(word, expression) }
        return found
    }

    // MARK: Numbers

    /// The number that an expression gives, and its unit; a constant's unit is that which it was written with.
    mutating func number(_ expression: FilterExpression) throws(FilterError) -> (NumberTree, unit: String) {
        switch try known(expression) {
        case .number(let number, let unit): return (.constant(number.double), unit ?? "")
        case .tree(let tree, let unit): return (tree, unit)
        case .field(let use): return try number(use, expression)
        case .text, .address, .word: throw fail(expression, "a number may stand here, and this is none")
        case .several: throw fail(expression, "this is several fields, which cannot be reckoned with")
        }
    }

    func number(_ use: FieldUse, _ expression: FilterExpression) throws(FilterError) -> (NumberTree, unit: String) {
        let sort = try sort(of: use, expression)
        switch sort {
        case .number(let unit): return (.field(use, unit: unit), unit)
        case .label(_, let isBoolean):
            var use = use
            // A truth is 0 or 1; of a label the number that stands in the packet.
            if !isBoolean, case .parameter = use.source { use.part = .raw }
            return (.field(use, unit: ""), "")
        case .octets where !use.slices.isEmpty: return (.field(use, unit: ""), "")
        default: throw fail(expression, "'\(use.name)' is \(sort.words), and a number may stand here")
        }
    }

    private mutating func arithmetic(
        _ operation: FilterExpression.Arithmetic, _ a: FilterExpression, _ b: FilterExpression,
        _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        if operation == .minus, case .field(let later) = try known(a), case .field(let earlier) = try known(b),
            try sort(of: later, a) == .time, try sort(of: earlier, b) == .time
        {
            return .tree(.elapsed(later, since: earlier), unit: "s")
        }
        let (left, leftUnit) = try number(a)
        var (right, rightUnit) = try number(b)
        if case .constant(let x) = left, case .constant(let y) = right, leftUnit == rightUnit || rightUnit.isEmpty {
            // Constants are reckoned at once, as the packets' numbers will be.
            if let value = Self.reckon(operation, x, y) { return .number(.real(value), unit: leftUnit) }
        }
        switch operation {
        case .plus, .minus:
            if case .constant(let value) = right, !leftUnit.isEmpty, !rightUnit.isEmpty, rightUnit != leftUnit {
                right = .constant(try convert(value, rightUnit, to: leftUnit, b, isDifference: true))
            } else if !leftUnit.isEmpty, !rightUnit.isEmpty, leftUnit != rightUnit {
                guard case .field(let use, _) = right else {
                    throw fail(expression, "what stands left is in \(leftUnit), what stands right in \(rightUnit)")
                }
                _ = try convert(1, rightUnit, to: leftUnit, b)
                right = .field(use, unit: leftUnit)
            }
            rightUnit = leftUnit.isEmpty ? rightUnit : leftUnit
            return .tree(.arithmetic(operation, left, right), unit: rightUnit)
        case .times, .divided, .modulo, .bits:
            // Only a plain number leaves the unit as it is.
            let keeps = rightUnit.isEmpty && operation != .bits && leftUnit != "degC" && leftUnit != "degF"
            return .tree(.arithmetic(operation, left, right), unit: keeps ? leftUnit : "")
        }
    }

    static func reckon(_ operation: FilterExpression.Arithmetic, _ a: Double, _ b: Double) -> Double? {
        switch operation {
        case .plus: return a + b
        case .minus: return a - b
        case .times: return a * b
        case .divided: return b == 0 ? nil : a / b
        case .modulo: return b == 0 ? nil : a.truncatingRemainder(dividingBy: b)
        case .bits:
            guard let x = Int64(exactly: a), let y = Int64(exactly: b) else { return nil }
            return Double(x & y)
        }
    }

    /// A number of one unit in another.
    func convert(
        _ value: Double, _ unit: String, to other: String, _ expression: FilterExpression, isDifference: Bool = false
    ) throws(FilterError) -> Double {
        guard unit != other else { return value }
        guard !other.isEmpty else {
            throw fail(expression, "what this is held against has no unit: leave '\(unit)' out")
        }
        guard let from = MeasureUnit.named(unit) else {
            throw fail(expression, "'\(unit)' is no unit that is known; what this is held against is in \(other)")
        }
        guard let to = MeasureUnit.named(other), from.dimension == to.dimension else {
            throw fail(expression, "'\(unit)' does not measure what '\(other)' does: what this is held against is in \(other)")
        }
        if isDifference { return MeasureUnit.rounded(value * from.factor / to.factor) }
        return from.convert(value, to: to)
    }
}
