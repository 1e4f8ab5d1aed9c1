internal import Query
internal import Records

/// The functions of models.
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

    mutating func add(
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
