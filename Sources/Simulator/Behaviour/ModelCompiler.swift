internal import Query
internal import Records

/// Makes a program of a model as it is written: the grammar of filters (`Specs/filter.md`), with the functions of
/// `Specs/simulation.md`.
struct ModelCompiler {
    private let text: String
    private let scope: ModelScope
    /// The labels that a bare word may be, where nothing is held against it.
    private let labels: [String: Double]
    private var program = ModelProgram()
    private var nextSite: UInt64

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

    private init(text: String, scope: ModelScope, labels: [String: Double], nextSite: UInt64) {
        (self.text, self.scope, self.labels, self.nextSite) = (text, scope, labels, nextSite)
    }

    private func failed(_ expression: FilterExpression, _ reason: String) -> FilterError {
        FilterError(text, expression.range, reason)
    }

    /// Adds an expression whose words may be some labels.
    private mutating func add(_ expression: FilterExpression, _ labels: [String: Double]) throws(FilterError) {
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

    private func number(_ expression: FilterExpression, _ digits: String, _ unit: String?) throws(FilterError) -> Double
    {
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

    private mutating func site() -> UInt64 {
        nextSite += 1
        return nextSite
    }
}

// MARK: Functions

extension ModelCompiler {
    /// The functions, and what stands in their brackets.
    static let functions: [(name: String, arguments: String, what: String)] = [
        ("if", "condition, then, else", "the second where the first holds, else the third"),
        ("min", "a, b, …", "the least"), ("max", "a, b, …", "the greatest"),
        ("clamp", "x, least, most", "x, or the bound that it passes"),
        ("lag", "x, seconds", "of a state: follows x as something with that time constant does"),
        ("noise", "deviation", "normal noise around 0"), ("random", "a, b", "evenly from a to b"),
        ("chance", "share", "holds in such a share of the cases"),
        ("line", "x, x1, y1, x2, y2, …", "straight lines through points, level beyond them"),
        ("sin", "x", "of radians"), ("cos", "x", "of radians"), ("tan", "x", "of radians"), ("sqrt", "x", "the root"),
        ("exp", "x", "e to the x"), ("log", "x", "the natural logarithm"), ("power", "x, y", "x to the y"),
        ("abs", "x", "without its sign"), ("floor", "x", "whole, downwards"), ("ceil", "x", "whole, upwards"),
        ("round", "x", "whole, to the nearest"),
    ]

    fileprivate mutating func add(
        call name: String, _ arguments: [FilterExpression], _ whole: FilterExpression, _ labels: [String: Double]
    ) throws(FilterError) {
        guard let known = Self.functions.first(where: { $0.name == name }) else {
            let names = Self.functions.map(\.name)
            throw failed(
                whole,
                "\(name) is no function of models; they have \(names.joined(separator: ", "))\(Names.hint(name, in: names))"
            )
        }
        func takes(_ allowed: ClosedRange<Int>) throws(FilterError) {
            guard allowed.contains(arguments.count) else {
                throw failed(whole, "\(name) takes (\(known.arguments)), not \(arguments.count) values")
            }
        }
        let ones: [String: ModelProgram.One] = [
            "sin": .sin, "cos": .cos, "tan": .tan, "sqrt": .sqrt, "exp": .exp, "log": .log, "abs": .abs,
            "floor": .floor,
            "ceil": .ceil, "round": .round,
        ]
        if let operation = ones[name] {
            try takes(1...1)
            try add(arguments[0], [:])
            return program.append(.one(operation), takes: 1)
        }
        switch name {
        case "if":
            try takes(3...3)
            try add(arguments[0], [:])
            try add(arguments[1], labels)
            try add(arguments[2], labels)
            program.append(.choose, takes: 3)
        case "min", "max":
            try takes(2...16)
            try add(arguments[0], [:])
            for argument in arguments.dropFirst() {
                try add(argument, [:])
                program.append(.two(name == "min" ? .least : .most), takes: 2)
            }
        case "clamp":
            try takes(3...3)
            try add(arguments[0], [:])
            try add(arguments[1], [:])
            program.append(.two(.most), takes: 2)
            try add(arguments[2], [:])
            program.append(.two(.least), takes: 2)
        case "lag":
            try takes(2...2)
            guard let own = scope.column(ModelScope.own), let step = scope.column(ModelScope.step) else {
                throw failed(whole, "lag is for states, which know what they were a step before")
            }
            // own + (x - own) (1 - exp(-step / seconds))
            program.append(.column(own), takes: 0)
            try add(arguments[0], [:])
            program.append(.column(own), takes: 0)
            program.append(.two(.minus), takes: 2)
            program.append(.number(1), takes: 0)
            program.append(.column(step), takes: 0)
            try add(arguments[1], [:])
            program.append(.two(.divided), takes: 2)
            program.append(.one(.minus), takes: 1)
            program.append(.one(.exp), takes: 1)
            program.append(.two(.minus), takes: 2)
            program.append(.two(.times), takes: 2)
            program.append(.two(.plus), takes: 2)
        case "noise":
            try takes(1...1)
            try add(arguments[0], [:])
            program.append(.noise(site: site()), takes: 1)
        case "random":
            try takes(2...2)
            try add(arguments[0], [:])
            try add(arguments[1], [:])
            program.append(.even(site: site()), takes: 2)
        case "chance":
            try takes(1...1)
            program.append(.number(0), takes: 0)
            program.append(.number(1), takes: 0)
            program.append(.even(site: site()), takes: 2)
            try add(arguments[0], [:])
            program.append(.two(.less), takes: 2)
        case "power":
            try takes(2...2)
            try add(arguments[0], [:])
            try add(arguments[1], [:])
            program.append(.two(.power), takes: 2)
        default: try add(line: arguments, whole, known.arguments)
        }
    }

    private mutating func add(
        line arguments: [FilterExpression], _ whole: FilterExpression, _ form: String
    ) throws(FilterError) {
        guard arguments.count >= 5, arguments.count % 2 == 1 else {
            throw failed(whole, "line takes (\(form)): a value, and two points or more")
        }
        let numbers = try arguments.dropFirst().map { (argument) throws(FilterError) in
            var part = ModelCompiler(text: text, scope: scope, labels: [:], nextSite: 0)
            try part.add(argument, [:])
            if let number = part.program.constant { return number }
            // A sign in front of a number is a step of its own.
            guard case .minus(let inner) = argument.kind, case .number(let digits, let unit) = inner.kind else {
                throw failed(argument, "the points of a line are numbers")
            }
            return -(try number(inner, digits, unit))
        }
        let places = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
        let values = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
        guard zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw failed(whole, "the places of a line's points go up")
        }
        try add(arguments[0], [:])
        program.append(.line(places, values), takes: 1)
    }
}

extension ModelScope {
    /// The column of a state's own value a step before, and of the step's seconds; both are there for states alone.
    static let own = "self", step = "step"
}
