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
        if left.isConstant {
            guard comparison.isOrder else {
                throw fail(
                    a, "the field stands to the left of '\(comparison.rawValue)', and what it may hold to the right")
            }
            return try test(right, b, comparison.mirrored(), left, a)
        }
        if right.isConstant { return try test(left, a, comparison, right, b) }
        return try compareFields(left, a, comparison, right, b)
    }

    /// A value against constants.
    mutating func membership(
        _ value: FilterExpression, _ members: [FilterExpression.Member], _ expression: FilterExpression
    ) throws(FilterError) -> Condition {
        let left = try known(value)
        guard !left.isConstant else { throw fail(value, "a field may stand here, and this is a constant") }
        // Of several fields one has to be in the set: both ends of a range are asked of the same.
        let fields = if case .several(let uses) = left { uses.map(Operand.field) } else { [left] }
        var conditions: [[Condition]] = fields.map { _ in [] }
        for member in members {
            let first = try operand(member.first)
            guard first.isConstant else {
                throw fail(member.first, "a set holds constants, and this is a field")
            }
            let end = try member.last.map { (last) throws(FilterError) in (try operand(last), last) }
            if let end, !end.0.isConstant { throw fail(end.1, "a range goes from one constant to another") }
            for (index, field) in fields.enumerated() {
                if let end {
                    let low = try test(field, value, .atLeast, first, member.first)
                    let high = try test(field, value, .atMost, end.0, end.1)
                    conditions[index].append(Self.range(low, high))
                } else {
                    conditions[index].append(try test(field, value, .equal, first, member.first))
                }
            }
        }
        return either(conditions.map { either(Self.merged($0)) })
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
    private static func merged(_ conditions: [Condition]) -> [Condition] {
        var found: [Condition] = []
        var at = 0
        while at < conditions.count {
            guard case .test(let use, let first) = conditions[at] else {
                found.append(conditions[at])
                at += 1
                continue
            }
            var tests = [first]
            at += 1
            while at < conditions.count, case .test(use, let test) = conditions[at], first.isSame(as: test) {
                tests.append(test)
                at += 1
            }
            found.append(.test(use, Test.joined(tests)))
        }
        return found
    }

    // MARK: Two fields

    private mutating func compareFields(
        _ left: Operand, _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ right: Operand,
        _ b: FilterExpression
    ) throws(FilterError) -> Condition {
        guard case .field(let first) = left, case .field(let second) = right else {
            return try compareNumbers(left, a, comparison, right, b)
        }
        let (sortA, sortB) = (try sort(of: first, a), try sort(of: second, b))
        switch (sortA, sortB) {
        case (.time, .time):
            guard comparison.isOrder else { throw fail(b, "'\(comparison.rawValue)' is of texts, and these are times") }
            return .compareTimes(first, comparison, second)
        case (.address, .address) where comparison != .equal:
            throw fail(b, "addresses are equal or not: '\(comparison.rawValue)' is not of them")
        case (.text, .text), (.octets, .octets), (.text, .octets), (.octets, .text), (.address, .address):
            guard comparison != .matches else {
                throw fail(b, "matches takes a pattern in quotes")
            }
            return .compareTexts(first, comparison, second)
        case (.number(let unit), .number(let other))
        where unit == other && first.isWhole && second.isWhole && first.hasOneUnit && second.hasOneUnit:
            guard comparison.isOrder else {
                throw fail(b, "'\(comparison.rawValue)' is of texts, and these are numbers")
            }
            return .compareWhole(first, comparison, second)
        case (.number, .number), (.number, .label), (.label, .number), (.label, .label):
            return try compareNumbers(left, a, comparison, right, b)
        default:
            throw fail(b, "'\(second.name)' is \(sortB.words), and '\(first.name)' is \(sortA.words)")
        }
    }

    private func compareNumbers(
        _ first: Operand, _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ second: Operand,
        _ b: FilterExpression
    ) throws(FilterError) -> Condition {
        guard comparison.isOrder else {
            throw fail(a, "'\(comparison.rawValue)' is of texts and octets, and this is a number")
        }
        let (left, unit) = try number(of: first, a)
        var (right, other) = try number(of: second, b)
        if !unit.isEmpty, !other.isEmpty { right = try convert(right, other, to: unit, b) }
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
