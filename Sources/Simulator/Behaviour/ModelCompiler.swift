internal import Query
internal import Records

/// Makes a program of a model as it is written: the grammar of filters (`Specs/filter.md`), with the functions of
/// `Specs/simulation.md`.
struct ModelCompiler {
    let text: String
    let scope: ModelScope
    /// The labels that a bare word may be, where nothing is held against it.
    let labels: [String: Double]
    var program = ModelProgram()
    var nextSite: UInt64

    /// The program of a model.
    ///
    /// - Parameters:
    ///   - labels: what words mean that stand for the result: the labels of what the model is of.
    ///   - site: which noise is its own; models with different ones have different noise.
    static func program(
        _ text: String, _ scope: ModelScope, labels: [String: Double] = [:], site: UInt64
    ) throws(FilterError) -> ModelProgram {
        let expression = try FilterParser.parse(text)
        var compiler = ModelCompiler(text: text, scope: scope, labels: labels, nextSite: site << 16)
        try compiler.add(expression, labels)
        return compiler.program
    }

    /// The texts that the model of a text may give, in the order in which they stand there: its numbers are their places.
    static func texts(_ text: String) throws(FilterError) -> [String] {
        var texts: [String] = []
        func take(_ expression: FilterExpression) throws(FilterError) {
            switch expression.kind {
            case .text(let words): if !texts.contains(words) { texts.append(words) }
            case .call("if", let arguments) where arguments.count == 3:
                try take(arguments[1])
                try take(arguments[2])
            default:
                throw FilterError(
                    text, expression.range,
                    "this parameter is a text: its model is a text in quotes, or if(condition, text, text)")
            }
        }
        try take(try FilterParser.parse(text))
        return texts
    }

    init(text: String, scope: ModelScope, labels: [String: Double], nextSite: UInt64) {
        (self.text, self.scope, self.labels, self.nextSite) = (text, scope, labels, nextSite)
    }

    func failed(_ expression: FilterExpression, _ reason: String) -> FilterError {
        FilterError(text, expression.range, reason)
    }

    /// Adds an expression whose words may be some labels.
    mutating func add(_ expression: FilterExpression, _ labels: [String: Double]) throws(FilterError) {
        switch expression.kind {
        case .number(let digits, let unit): program.append(.number(try number(expression, digits, unit)), takes: 0)
        case .name(let name): try add(name: name, expression, labels)
        case .minus(let inner):
            try add(inner, [:])
            program.append(.one(.minus), takes: 1)
        case .not(let inner):
            try add(inner, [:])
            program.append(.one(.not), takes: 1)
        case .arithmetic(let operation, let a, let b):
            try add(a, [:])
            try add(b, [:])
            program.append(.two(Self.operation(operation)), takes: 2)
        case .logic(let logic, let a, let b):
            try add(a, [:])
            try add(b, [:])
            program.append(.two(logic == .and ? .and : logic == .or ? .or : .xor), takes: 2)
        case .comparison(let comparison, let a, let b): try add(comparison, a, b, expression)
        case .membership(let value, let members): try add(value, members)
        case .call(let name, let arguments): try add(call: name, arguments, expression, labels)
        case .text(let word) where labels[word] != nil:
            // A label that is no word, as "3D".
            program.append(.number(labels[word] ?? 0), takes: 0)
        case .text, .address, .slice, .within:
            throw failed(expression, "a model is a number, a truth or a label; this is none of them")
        }
    }

    func number(_ expression: FilterExpression, _ digits: String, _ unit: String?) throws(FilterError) -> Double {
        let value =
            digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16).map { Double($0) } : Double(digits)
        guard let value else { throw failed(expression, "'\(digits)' is no number that a model can reckon with") }
        guard let unit else { return value }
        guard let known = MeasureUnit(unit), let seconds = MeasureUnit("s"), known.dimension == seconds.dimension else {
            throw failed(
                expression, "'\(unit)': numbers of models have the unit of their parameter; s, min, h and d are times")
        }
        return known.convert(value, to: seconds)
    }

    private mutating func add(
        name: String, _ expression: FilterExpression, _ labels: [String: Double]
    ) throws(FilterError) {
        if let column = scope.column(name) { return program.append(.column(column), takes: 0) }
        if name.lowercased() == "true" || name.lowercased() == "false" {
            return program.append(.number(name.lowercased() == "true" ? 1 : 0), takes: 0)
        }
        if name == "pi" { return program.append(.number(.pi), takes: 0) }
        if let value = labels[name] ?? labels.first(where: { $0.key.lowercased() == name.lowercased() })?.value {
            return program.append(.number(value), takes: 0)
        }
        let words =
            labels.isEmpty
            ? "" : "; as a label one of \(labels.keys.sorted().prefix(12).joined(separator: ", ")) may stand here"
        throw failed(expression, "'\(name)' is no name that models know\(words)\(scope.hint(name))")
    }

    private static func operation(_ operation: FilterExpression.Arithmetic) -> ModelProgram.Two {
        switch operation {
        case .plus: .plus
        case .minus: .minus
        case .times: .times
        case .divided: .divided
        case .modulo: .modulo
        case .bits: .bits
        }
    }

    /// The labels of an expression that is a name with some.
    private func labels(of expression: FilterExpression) -> [String: Double] {
        guard case .name(let name) = expression.kind, let column = scope.column(name) else { return [:] }
        return scope.entries[column].labels
    }

    private mutating func add(
        _ comparison: FilterExpression.Comparison, _ a: FilterExpression, _ b: FilterExpression,
        _ whole: FilterExpression
    ) throws(FilterError) {
        // a > b is b < a.
        let isTurned = comparison == .greater || comparison == .atLeast
        let (first, second) = isTurned ? (b, a) : (a, b)
        try add(first, labels(of: second))
        try add(second, labels(of: first))
        let operation: ModelProgram.Two
        switch comparison {
        case .equal: operation = .equal
        case .unequal: operation = .unequal
        case .less, .greater: operation = .less
        case .atMost, .atLeast: operation = .atMost
        case .contains, .matches: throw failed(whole, "models have no texts to look into")
        }
        program.append(.two(operation), takes: 2)
    }

    /// A value is one of some, or between two: each of them is asked, and one suffices.
    private mutating func add(
        _ value: FilterExpression, _ members: [FilterExpression.Member]
    ) throws(FilterError) {
        let words = labels(of: value)
        program.append(.number(0), takes: 0)
        for member in members {
            if let last = member.last {
                try add(member.first, words)
                try add(value, [:])
                program.append(.two(.atMost), takes: 2)
                try add(value, [:])
                try add(last, words)
                program.append(.two(.atMost), takes: 2)
                program.append(.two(.and), takes: 2)
            } else {
                try add(value, [:])
                try add(member.first, words)
                program.append(.two(.equal), takes: 2)
            }
            program.append(.two(.or), takes: 2)
        }
    }

    mutating func site() -> UInt64 {
        nextSite += 1
        return nextSite
    }
}

extension ModelScope {
    /// The column of a state's own value a step before, and of the step's seconds; both are there for states alone.
    static let own = "self", step = "step"
}
