/// Reads a filter: the grammar stands in Specs/filter.md.
public struct FilterParser {
    private let text: String
    private let tokens: [Token]
    private var at = 0
    private var depth = 0
    private var operations = 0

    /// Deeper brackets than that are refused: each costs a level of the stack.
    private static let deepest = 100
    /// So do operations: `a and b and c …` is as deep as it is long. The values of a set are none.
    private static let mostOperations = 2_000

    /// The expression that a text is.
    ///
    /// - Throws: what is wrong, and where.
    public static func parse(_ text: String) throws(FilterError) -> FilterExpression {
        var parser = FilterParser(text: text, tokens: try Lexer.tokens(of: text))
        if case .end = parser.token.kind {
            throw FilterError(
                text, parser.token.range, "the filter is empty: a name, a comparison or 'not' may begin it")
        }
        let expression = try parser.disjunction()
        if case .end = parser.token.kind { return expression }
        throw parser.unexpected("a comparison, 'and', 'or' or the end of the filter")
    }

    private init(text: String, tokens: [Token]) {
        self.text = text
        self.tokens = tokens
    }

    private var token: Token { tokens[at] }

    private func unexpected(_ allowed: String) -> FilterError {
        FilterError(text, token.range, "\(token.words(in: text)) stands where \(allowed) may")
    }

    private mutating func take(_ signs: String...) -> Bool {
        guard let sign = token.sign, signs.contains(sign) else { return false }
        at += 1
        return true
    }

    private mutating func takeWord(_ words: String...) -> Bool {
        guard let word = token.word, words.contains(word) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ sign: String, _ allowed: String) throws(FilterError) {
        guard take(sign) else { throw unexpected(allowed) }
    }

    // MARK: Truths

    /// Goes a level deeper.
    private mutating func descend() throws(FilterError) {
        depth += 1
        guard depth <= Self.deepest else {
            throw FilterError(
                text, token.range, "brackets, functions and 'within' stand more than \(Self.deepest) deep here")
        }
    }

    /// An operation of others: what is deeper than the others are.
    private mutating func operation(
        _ kind: FilterExpression.Kind, _ range: SourceRange
    ) throws(FilterError) -> FilterExpression {
        operations += 1
        guard operations <= Self.mostOperations else {
            throw FilterError(
                text, range,
                "a filter has at most \(Self.mostOperations) operations; many values of a field are one: … in {1, 3..5}"
            )
        }
        return FilterExpression(kind, range)
    }

    private mutating func disjunction() throws(FilterError) -> FilterExpression {
        try descend()
        defer { depth -= 1 }
        var left = try conjunction()
        while true {
            let logic: FilterExpression.Logic
            if take("||") || takeWord("or") {
                logic = .or
            } else if take("^^") || takeWord("xor") {
                logic = .xor
            } else {
                return left
            }
            let right = try conjunction()
            left = try operation(.logic(logic, left, right), left.range + right.range)
        }
    }

    private mutating func conjunction() throws(FilterError) -> FilterExpression {
        var left = try negation()
        while take("&&") || takeWord("and") {
            let right = try negation()
            left = try operation(.logic(.and, left, right), left.range + right.range)
        }
        return left
    }

    private mutating func negation() throws(FilterError) -> FilterExpression {
        var starts: [SourceRange] = []
        while token.sign == "!" || token.word == "not" {
            starts.append(token.range)
            at += 1
        }
        var expression = try comparison()
        for start in starts.reversed() { expression = try operation(.not(expression), start + expression.range) }
        return expression
    }

    private mutating func comparison() throws(FilterError) -> FilterExpression {
        let first = try sum()
        var left = first
        var whole: FilterExpression?
        while true {
            let relation = token.word == "not" ? try negatedRelation(left) : try relationIfAny(left)
            guard let next = relation else { return whole ?? first }
            // 1 < x < 5 is two comparisons that share what stands between them.
            if let before = whole {
                whole = try operation(.logic(.and, before, next), before.range + next.range)
            } else {
                whole = next
            }
            guard case .comparison(_, _, let right) = next.kind else { return whole ?? next }
            left = right
        }
    }

    /// `x not in {1}`, `x not contains "a"`, `x not matches "a"`.
    private mutating func negatedRelation(_ left: FilterExpression) throws(FilterError) -> FilterExpression? {
        // Behind a word there is a token yet, if only the end.
        let next = tokens[at + 1]
        guard ["in", "contains", "matches"].contains(next.word ?? "") || next.sign == "~" else { return nil }
        at += 1
        let inner = try relation(left)
        return try operation(.not(inner), inner.range)
    }

    private mutating func relation(_ left: FilterExpression) throws(FilterError) -> FilterExpression {
        if let found = try relationIfAny(left) { return found }
        throw unexpected("a comparison")
    }

    private mutating func relationIfAny(_ left: FilterExpression) throws(FilterError) -> FilterExpression? {
        if takeWord("in") { return try membership(left) }
        guard let comparison = takeComparison() else { return nil }
        let right = try sum()
        return FilterExpression(.comparison(comparison, left, right), left.range + right.range)
    }

    private mutating func takeComparison() -> FilterExpression.Comparison? {
        let comparison: FilterExpression.Comparison? =
            switch (token.sign, token.word) {
            case ("==", _), (_, "eq"): .equal
            case ("!=", _), (_, "ne"): .unequal
            case ("<", _), (_, "lt"): .less
            case ("<=", _), (_, "le"): .atMost
            case (">", _), (_, "gt"): .greater
            case (">=", _), (_, "ge"): .atLeast
            case (_, "contains"): .contains
            case ("~", _), (_, "matches"): .matches
            default: nil
            }
        if comparison != nil { at += 1 }
        return comparison
    }

    /// `{1, 3..5, "a"}`; commas may be left out, as in Wireshark's older versions.
    private mutating func membership(_ value: FilterExpression) throws(FilterError) -> FilterExpression {
        try expect("{", "a set in braces, {1, 3..5},")
        var members: [FilterExpression.Member] = []
        while true {
            let first = try sum()
            let last = take("..") ? try sum() : nil
            members.append(FilterExpression.Member(first: first, last: last))
            let end = token.range
            if take("}") { return FilterExpression(.membership(value, members), value.range + end) }
            _ = take(",")
        }
    }

    // MARK: Values

    private mutating func sum() throws(FilterError) -> FilterExpression {
        var left = try product()
        while token.sign == "+" || token.sign == "-" {
            let operation: FilterExpression.Arithmetic = take("+") ? .plus : .minus
            if operation == .minus { at += 1 }
            let right = try product()
            left = try self.operation(.arithmetic(operation, left, right), left.range + right.range)
        }
        return left
    }

    private mutating func product() throws(FilterError) -> FilterExpression {
        var left = try signed()
        while let sign = token.sign, ["*", "/", "%", "&"].contains(sign),
            let operation = FilterExpression.Arithmetic(rawValue: sign)
        {
            at += 1
            let right = try signed()
            left = try self.operation(.arithmetic(operation, left, right), left.range + right.range)
        }
        return left
    }

    private mutating func signed() throws(FilterError) -> FilterExpression {
        let start = token.range
        var minuses = 0
        while take("-") { minuses += 1 }
        let value = try sliced()
        return minuses % 2 == 0 ? value : FilterExpression(.minus(value), start + value.range)
    }

    private mutating func sliced() throws(FilterError) -> FilterExpression {
        var value = try primary()
        while token.sign == "[" {
            at += 1
            var slices: [FilterExpression.Slice] = []
            repeat { slices.append(try slice()) } while take(",")
            let end = token.range
            try expect("]", "',' or ']'")
            value = try operation(.slice(value, slices), value.range + end)
        }
        return value
    }

    /// `[offset]`, `[offset:count]`, `[offset:]`, `[:count]`, `[first-last]`; offsets below 0 count from the end.
    private mutating func slice() throws(FilterError) -> FilterExpression.Slice {
        if take(":") { return FilterExpression.Slice(start: 0, count: try count()) }
        let start = try index()
        if take(":") {
            if token.sign == "]" || token.sign == "," { return FilterExpression.Slice(start: start, count: nil) }
            return FilterExpression.Slice(start: start, count: try count())
        }
        guard take("-") else { return FilterExpression.Slice(start: start, count: 1) }
        let range = token.range
        let last = try index()
        guard start >= 0 else {
            throw FilterError(text, range, "a slice that begins below 0 has a count and no end: [-4:2]")
        }
        guard last >= start else {
            throw FilterError(text, range, "a slice ends at or behind its beginning, \(start)")
        }
        return FilterExpression.Slice(start: start, count: last - start + 1)
    }

    private mutating func count() throws(FilterError) -> Int {
        let range = token.range
        let count = try index()
        guard count > 0 else { throw FilterError(text, range, "a slice has one octet or more, not \(count)") }
        return count
    }

    private mutating func index() throws(FilterError) -> Int {
        let isNegative = take("-")
        guard case .number(let digits) = token.kind, let value = Int32(digits) else {
            throw unexpected("a whole number of octets")
        }
        at += 1
        return isNegative ? -Int(value) : Int(value)
    }

    private mutating func primary() throws(FilterError) -> FilterExpression {
        let start = token
        at += start.kind == .end ? 0 : 1
        switch start.kind {
        case .number(let digits): return number(digits, start)
        case .text(let text): return FilterExpression(.text(text), start.range)
        case .address(let address): return FilterExpression(.address(address), start.range)
        case .word("within"): return try within(start)
        case .word(let word) where Self.keywords.contains(word):
            at -= 1
            throw unexpected("a name or a value")
        case .word(let word):
            guard token.sign == "(" else { return FilterExpression(.name(word), start.range) }
            return try call(word, start)
        case .sign("("):
            let inner = try disjunction()
            let end = token.range
            try expect(")", "a comparison, 'and', 'or' or ')'")
            return FilterExpression(inner.kind, start.range + end)
        case .sign, .end:
            at -= start.kind == .end ? 0 : 1
            throw unexpected("a name or a value")
        }
    }

    private mutating func call(_ name: String, _ start: Token) throws(FilterError) -> FilterExpression {
        at += 1
        var arguments: [FilterExpression] = []
        if token.sign != ")" {
            repeat { arguments.append(try disjunction()) } while take(",")
        }
        let end = token.range
        try expect(")", "',' or ')'")
        return FilterExpression(.call(name, arguments), start.range + end)
    }

    /// `within 5s of (…)`.
    private mutating func within(_ start: Token) throws(FilterError) -> FilterExpression {
        try descend()
        defer { depth -= 1 }
        let time = try sum()
        guard takeWord("of") else { throw unexpected("'of', as in: within 5s of (…)") }
        let other = try negation()
        return FilterExpression(.within(time, of: other), start.range + other.range)
    }

    /// Words that are no names.
    static let keywords: Set<String> = [
        "and", "or", "xor", "not", "in", "of", "contains", "matches", "eq", "ne", "lt", "le", "gt", "ge",
    ]

    /// A number, with the unit that stands behind it: `310 K`, `72 km/h`, `5s`, `20%` where no value comes behind it.
    private mutating func number(_ digits: String, _ start: Token) -> FilterExpression {
        if token.sign == "%", tokens[at + 1].endsValue {
            let end = token.range
            at += 1
            return FilterExpression(.number(digits, unit: "%"), start.range + end)
        }
        guard let word = token.word, !Self.keywords.contains(word) else {
            return FilterExpression(.number(digits, unit: nil), start.range)
        }
        var (unit, end) = (word, token.range)
        at += 1
        // The parts of a unit stand without blanks: km/h, m/s.
        while token.sign == "/", token.isJoined, tokens[at + 1].isJoined, let below = tokens[at + 1].word {
            unit += "/" + below
            end = tokens[at + 1].range
            at += 2
        }
        return FilterExpression(.number(digits, unit: unit), start.range + end)
    }
}
