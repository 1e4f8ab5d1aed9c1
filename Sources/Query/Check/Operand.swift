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

    /// What a constant is, for people.
    var words: String {
        switch self {
        case .number: "a number"
        case .text: "a text"
        case .address: "an address or octets"
        case .word: "a word"
        case .field, .several, .tree: "a field"
        }
    }

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
            let found = try known(inner)
            if case .number(let number, let unit) = found { return .number(number.negated, unit: unit) }
            let (tree, unit) = try number(of: found, inner)
            return .tree(.minus(tree), unit: unit)
        case .arithmetic(let operation, let a, let b): return try arithmetic(operation, a, b, expression)
        case .slice(let inner, let slices): return try slice(inner, slices, expression)
        case .call(let name, let arguments): return try call(name, arguments, expression)
        case .comparison, .membership, .not, .logic, .within:
            throw fail(
                expression, "this is a condition and has no value; 'and', 'or', 'xor' and 'not' put conditions together"
            )
        }
    }

    private mutating func slice(
        _ inner: FilterExpression, _ slices: [FilterExpression.Slice], _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        guard case .field(var use) = try known(inner) else {
            throw fail(inner, "only fields have octets to take some of")
        }
        guard use.slices.isEmpty else {
            throw fail(inner, "this is a slice already: several runs stand in one pair of brackets, [0:2,5]")
        }
        let sort = try sort(of: use, inner)
        guard sort == .text || sort == .octets || sort == .address else {
            throw fail(inner, "'\(use.name)' is \(sort.words): slices are of texts, octets and addresses")
        }
        use.slices = slices
        return .field(use)
    }

    private mutating func call(
        _ name: String, _ arguments: [FilterExpression], _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        guard Self.functions.contains(name) else { throw unknownFunction(name, expression) }
        if name == "abs" {
            guard arguments.count == 1 else {
                throw fail(expression, "abs takes one number, and not \(arguments.count) values")
            }
            let (tree, unit) = try number(arguments[0])
            return .tree(.absolute(tree), unit: unit)
        }
        guard name != "changed" else {
            throw fail(
                expression, "changed(…) is a condition and has no value: it stands alone, as in: changed(…) and …")
        }
        var use = try argument(name, arguments, expression)
        let sort = try sort(of: use, arguments[0])
        switch name {
        case "raw", "limit":
            guard case .parameter(let parameter) = use.source else {
                let what = name == "raw" ? "raw value" : "limits"
                throw fail(arguments[0], "\(name) is of a packet's parameter: '\(use.name)' has no \(what)")
            }
            guard use == FieldUse(source: use.source) else {
                throw fail(arguments[0], "\(name) takes the name of a parameter, and nothing else")
            }
            if name == "limit", !parameter.infos.contains(where: \.hasLimits) {
                throw fail(arguments[0], "'\(use.name)' has no limits in its database")
            }
            use.part = name == "raw" ? .raw : .limit
            return .field(use)
        case "lower", "upper":
            guard sort == .text else {
                throw fail(arguments[0], "\(name) is of a text: '\(use.name)' is \(sort.words)")
            }
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
        try number(of: known(expression), expression)
    }

    /// The same of what an expression was found to give.
    func number(
        of operand: Operand, _ expression: FilterExpression
    ) throws(FilterError) -> (NumberTree, unit: String) {
        switch operand {
        case .number(let number, let unit): return (.constant(number.double), unit ?? "")
        case .tree(let tree, let unit): return (tree, unit)
        case .field(let use): return try number(use, expression)
        case .word(let word): throw unknown(word, expression)
        case .text, .address: throw fail(expression, "a number may stand here, and this is none")
        case .several(let uses):
            let names = uses.map(\.name).joined(separator: " or ")
            throw fail(expression, "this is several fields, which can only be held against constants: use \(names)")
        }
    }

    func number(_ use: FieldUse, _ expression: FilterExpression) throws(FilterError) -> (NumberTree, unit: String) {
        let sort = try sort(of: use, expression)
        switch sort {
        case .number(let unit): return (.field(use, unit: unit), unit)
        case .label(_, let isBoolean):
            var use = use
            // A truth is 0 or 1; of a label the number that stands in the packet.
            if !isBoolean, case .parameter = use.source { use = try rawNumber(use, expression) }
            return (.field(use, unit: ""), "")
        case .octets where !use.slices.isEmpty, .text where !use.slices.isEmpty:
            guard use.isShortSlice else {
                throw fail(expression, "a slice is a number when it has 1 to 8 octets, and says how many: [0:2]")
            }
            return (.field(use, unit: ""), "")
        default: throw fail(expression, "'\(use.name)' is \(sort.words), and a number may stand here")
        }
    }

    private mutating func arithmetic(
        _ operation: FilterExpression.Arithmetic, _ a: FilterExpression, _ b: FilterExpression,
        _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        let (first, second) = (try known(a), try known(b))
        if operation == .minus, case .field(let later) = first, case .field(let earlier) = second,
            try sort(of: later, a) == .time, try sort(of: earlier, b) == .time
        {
            return .tree(.elapsed(later, since: earlier), unit: "s")
        }
        let (left, leftUnit) = try number(of: first, a)
        var (right, rightUnit) = try number(of: second, b)
        if case .constant(let x) = left, case .constant(let y) = right {
            return try constant(operation, (x, leftUnit), (y, rightUnit), expression)
        }
        switch operation {
        case .plus, .minus:
            if case .constant(let value) = right, !leftUnit.isEmpty, !rightUnit.isEmpty, rightUnit != leftUnit {
                right = .constant(try convert(value, rightUnit, to: leftUnit, b, isDifference: true))
            } else if !leftUnit.isEmpty, !rightUnit.isEmpty, leftUnit != rightUnit {
                right = try convert(right, rightUnit, to: leftUnit, b)
            }
            rightUnit = leftUnit.isEmpty ? rightUnit : leftUnit
            return .tree(.arithmetic(operation, left, right), unit: rightUnit)
        case .times, .divided, .modulo, .bits:
            // Only a plain number leaves the unit as it is, and twice a temperature of some scales is no temperature.
            let unit =
                switch operation {
                case .times where leftUnit.isEmpty: rightUnit
                case .times, .divided, .modulo: rightUnit.isEmpty ? leftUnit : ""
                default: ""
                }
            let isScale = MeasureUnit.named(unit).map { $0.offset != 0 } ?? false
            return .tree(.arithmetic(operation, left, right), unit: isScale ? "" : unit)
        }
    }

    /// Constants are reckoned at once, as the packets' numbers will be.
    private func constant(
        _ operation: FilterExpression.Arithmetic, _ a: (number: Double, unit: String),
        _ b: (number: Double, unit: String),
        _ expression: FilterExpression
    ) throws(FilterError) -> Operand {
        let isSum = operation == .plus || operation == .minus
        guard b.unit.isEmpty || isSum && a.unit == b.unit || operation == .times && a.unit.isEmpty else {
            throw fail(
                expression, "constants with units are only added, and in one unit; or multiplied by a plain number")
        }
        guard let value = Self.reckon(operation, a.number, b.number) else {
            throw fail(
                expression, operation == .bits ? "'&' is of whole numbers up to 2^53" : "nothing can be divided by 0")
        }
        guard value.isFinite else { throw fail(expression, "this number is too large") }
        let unit = a.unit.isEmpty ? b.unit : a.unit
        return .number(.real(value), unit: unit.isEmpty ? nil : unit)
    }

    /// The raw number of a label.
    func rawNumber(_ use: FieldUse, _ expression: FilterExpression) throws(FilterError) -> FieldUse {
        var raw = use
        raw.part = .raw
        guard case .number = try sort(of: raw, expression) else {
            throw fail(
                expression, "'\(use.name)' has labels, and none has a number: what stands in the packet is a text")
        }
        return raw
    }

    static func reckon(_ operation: FilterExpression.Arithmetic, _ a: Double, _ b: Double) -> Double? {
        switch operation {
        case .plus: return a + b
        case .minus: return a - b
        case .times: return a * b
        case .divided: return b == 0 ? nil : a / b
        case .modulo: return b == 0 ? nil : a.truncatingRemainder(dividingBy: b)
        case .bits:
            // Beyond 2^53 a double has lost bits.
            guard let x = Int64(exactly: a), let y = Int64(exactly: b), max(x.magnitude, y.magnitude) <= 1 << 53 else {
                return nil
            }
            return Double(x & y)
        }
    }

    /// A number of one unit in another.
    func convert(
        _ value: Double, _ unit: String, to other: String, _ expression: FilterExpression, isDifference: Bool = false
    ) throws(FilterError) -> Double {
        guard unit != other else { return value }
        let (from, to) = try measures(unit, other, expression)
        if isDifference { return MeasureUnit.rounded(value * from.factor / to.factor) }
        return from.convert(value, to: to)
    }

    /// What is reckoned in one unit in another.
    func convert(
        _ tree: NumberTree, _ unit: String, to other: String, _ expression: FilterExpression
    ) throws(FilterError) -> NumberTree {
        guard unit != other else { return tree }
        let (from, to) = try measures(unit, other, expression)
        if case .field(let use, _) = tree { return .field(use, unit: other) }
        let scaled = NumberTree.arithmetic(.times, tree, .constant(from.factor / to.factor))
        let offset = (from.offset - to.offset) / to.factor
        return offset == 0 ? scaled : .arithmetic(.plus, scaled, .constant(offset))
    }

    /// Two units of one quantity.
    private func measures(
        _ unit: String, _ other: String, _ expression: FilterExpression
    ) throws(FilterError) -> (MeasureUnit, MeasureUnit) {
        guard !other.isEmpty else {
            throw fail(expression, "what this is held against has no unit: leave '\(unit)' out")
        }
        guard let from = MeasureUnit.named(unit) else {
            throw fail(expression, "'\(unit)' is no unit that is known; what this is held against is in \(other)")
        }
        guard let to = MeasureUnit.named(other) else {
            throw fail(
                expression, "what this is held against is in \(other), which is not converted: leave '\(unit)' out")
        }
        guard from.dimension == to.dimension else {
            throw fail(
                expression, "'\(unit)' does not measure what '\(other)' does: what this is held against is in \(other)")
        }
        return (from, to)
    }
}
