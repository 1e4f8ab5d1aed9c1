internal import Records

extension Checker {
    /// Two values held against each other.
    mutating func compare(
        _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ b: FilterExpression,
        _ expression: FilterExpression
    ) throws(FilterError) -> Condition {
        if comparison == .unequal { return .not(try compare(a, .equal, b, expression)) }
        let (left, right) = (try operand(a), try operand(b))
        // A word is a label of the other side, or a name that nothing has.
        if case .word(let word) = left, case .word = right { throw unknown(word, a) }
        if left.isConstant && right.isConstant {
            if case .word(let word) = left { throw unknown(word, a) }
            if case .word(let word) = right { throw unknown(word, b) }
            throw fail(expression, "two constants are held against each other: a field has to be among them")
        }
        if left.isConstant { return try test(right, b, comparison.mirrored(), left, a, text: text) }
        if right.isConstant { return try test(left, a, comparison, right, b, text: text) }
        return try compareFields(left, a, comparison, right, b)
    }

    /// A value against constants.
    mutating func membership(
        _ value: FilterExpression, _ members: [FilterExpression.Member], _ expression: FilterExpression
    ) throws(FilterError) -> Condition {
        let left = try known(value)
        guard !left.isConstant else { throw fail(value, "a field may stand here, and this is a constant") }
        var conditions: [Condition] = []
        for member in members {
            let first = try operand(member.first)
            guard let last = member.last else {
                guard first.isConstant else {
                    throw fail(member.first, "a set holds constants, and this is a field")
                }
                conditions.append(try test(left, value, .equal, first, member.first, text: text))
                continue
            }
            let end = try operand(last)
            guard first.isConstant, end.isConstant else {
                throw fail(member.first, "a range goes from one constant to another")
            }
            let low = try test(left, value, .atLeast, first, member.first, text: text)
            let high = try test(left, value, .atMost, end, last, text: text)
            conditions.append(Self.range(low, high))
        }
        return Self.merged(conditions)
    }

    /// What lies between two ends.
    private static func range(_ low: Condition, _ high: Condition) -> Condition {
        guard case .test(let use, .numbers(let above, let unit)) = low,
            case .test(_, .numbers(let below, let other)) = high, unit == other,
            above.intervals.count == 1, below.intervals.count == 1
        else { return .logic(.and, low, high) }
        let interval = NumberSet.Interval(low: above.intervals[0].low, high: below.intervals[0].high)
        return .test(use, .numbers(NumberSet(intervals: [interval]), unit: unit))
    }

    /// Conditions of which one has to hold; those that ask the same field are one test.
    private static func merged(_ conditions: [Condition]) -> Condition {
        var found: [Condition] = []
        for condition in conditions {
            guard case .test(let use, let test) = condition, case .test(let other, let before)? = found.last,
                use == other
            else {
                found.append(condition)
                continue
            }
            switch (before, test) {
            case (.numbers(let a, let unit), .numbers(let b, let same)) where unit == same:
                found[found.count - 1] = .test(use, .numbers(a + b, unit: unit))
            case (.text(.oneOf(let a)), .text(.oneOf(let b))):
                found[found.count - 1] = .test(use, .text(.oneOf(a + b)))
            case (.addresses(let a), .addresses(let b)): found[found.count - 1] = .test(use, .addresses(a + b))
            default: found.append(condition)
            }
        }
        return found.dropFirst().reduce(found[0]) { .logic(.or, $0, $1) }
    }

    // MARK: Two fields

    private mutating func compareFields(
        _ left: Operand, _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ right: Operand,
        _ b: FilterExpression
    ) throws(FilterError) -> Condition {
        guard case .field(let first) = left, case .field(let second) = right else {
            return try compareNumbers(a, comparison, b)
        }
        let (sortA, sortB) = (try sort(of: first, a), try sort(of: second, b))
        switch (sortA, sortB) {
        case (.time, .time):
            guard comparison.isOrder else { throw fail(b, "'\(comparison.rawValue)' is of texts, and these are times") }
            return .compareTimes(first, comparison, second)
        case (.text, .text), (.octets, .octets), (.text, .octets), (.octets, .text), (.address, .address):
            guard comparison != .matches else {
                throw fail(b, "matches takes a pattern in quotes")
            }
            return .compareTexts(first, comparison, second)
        case (.number(let unit), .number(let other)) where unit == other && first.isWhole && second.isWhole:
            guard comparison.isOrder else { throw fail(b, "'\(comparison.rawValue)' is of texts, and these are numbers") }
            return .compareWhole(first, comparison, second)
        case (.number, .number), (.number, .label), (.label, .number), (.label, .label):
            return try compareNumbers(a, comparison, b)
        default:
            throw fail(b, "'\(second.name)' is \(sortB.words), and '\(first.name)' is \(sortA.words)")
        }
    }

    private mutating func compareNumbers(
        _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ b: FilterExpression
    ) throws(FilterError) -> Condition {
        guard comparison.isOrder else { throw fail(a, "'\(comparison.rawValue)' is of texts and octets, and this is a number") }
        let (left, unit) = try number(a)
        var (right, other) = try number(b)
        if !unit.isEmpty, !other.isEmpty, unit != other {
            _ = try convert(1, other, to: unit, b)
            if case .field(let use, _) = right { right = .field(use, unit: unit) } else {
                guard let from = MeasureUnit.named(other), let to = MeasureUnit.named(unit) else {
                    return .compare(left, comparison, right)
                }
                right = .arithmetic(.times, right, .constant(from.factor / to.factor))
            }
        }
        return .compare(left, comparison, right)
    }
}

extension FilterExpression.Comparison {
    /// What it is with its sides exchanged; contains and matches have no mirror.
    func mirrored() -> FilterExpression.Comparison {
        switch self {
        case .less: .greater
        case .atMost: .atLeast
        case .greater: .less
        case .atLeast: .atMost
        case .equal, .unequal, .contains, .matches: self
        }
    }

    /// Whether numbers can be compared so.
    var isOrder: Bool { self != .contains && self != .matches }
}
