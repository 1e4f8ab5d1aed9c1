internal import Mission
internal import Query
public import Settings

/// How a vehicle behaves: states that go on from step to step, and a model for each parameter (`Specs/simulation.md`).
public struct Behaviour: Sendable {
    /// A state: what is remembered from one step to the next.
    struct State: Sendable {
        let name: String
        let start: Double
        let program: ModelProgram
    }

    /// Seconds between two steps.
    let step: Double
    let states: [State]
    /// A model for each parameter that has one, and its column.
    let parameters: [String: (column: Int, program: ModelProgram)]
    /// The parameters in an order in which each comes behind those that it reads.
    let order: [String]
    /// How many columns models may read.
    let columns: Int
    /// The words of states and of parameters with models, with their numbers.
    private let words: [String: [String: Double]]
    /// Of parameters that are texts what their numbers stand for.
    private let texts: [String: [String]]
    /// Where models of parameters stand in the file, for errors.
    let marks: [String: SettingsMark]

    /// What models may say of a parameter beside numbers.
    public enum Words: Sendable {
        /// Labels with their numbers; none of a number.
        case labels([String: Double])
        /// Texts, in quotes.
        case texts
    }

    /// What the world around a vehicle gives to its models.
    static let surroundings: [(name: String, what: String)] = [
        ("elapsed", "seconds since the scenario's start"), ("count", "packets of the same type that were sent before"),
        ("sun", "the share of the Sun that the vehicle sees, 0 to 1"), ("latitude", "degrees north"),
        ("longitude", "degrees east"), ("altitude", "kilometres above the ellipsoid"),
        ("position_x", "metres, on the turning Earth"), ("position_y", "metres"), ("position_z", "metres"),
        ("velocity_x", "metres a second, on the turning Earth"), ("velocity_y", "metres a second"),
        ("velocity_z", "metres a second"), ("contact", "1 while a station sees it, else 0"),
    ]

    /// A behaviour as a settings file describes it: `step` (seconds), `states` and `parameters`.
    ///
    /// - Parameters:
    ///   - words: what a parameter may be beside numbers; nil for a name that is no parameter.
    ///   - names: the parameters there are, for errors.
    public static func read(
        _ octets: [UInt8], file: String, words: (String) -> Words?, names: [String]
    ) throws(SettingsError) -> Behaviour {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(file: file, line: nil, key: nil, reason: "has nothing in it")
        }
        var step = 1.0
        var (states, models): ([(name: String, place: SettingsPlace)], [(name: String, place: SettingsPlace)]) = (
            [], []
        )
        for (key, place) in try root.members(["step", "states", "parameters"]) {
            switch key {
            case "step": step = try place.number(0.001...3600, "seconds")
            case "states": states = try place.members()
            default: models = try place.members()
            }
        }
        return try Behaviour(step, states, models, words, names)
    }

    /// One without any model: everything is what a packet holds where nobody says anything.
    init() {
        (step, states, parameters, order, columns) = (1, [], [:], [], Self.surroundings.count)
        (words, texts, marks) = ([:], [:], [:])
    }

    private init(
        _ step: Double, _ states: [(name: String, place: SettingsPlace)],
        _ models: [(name: String, place: SettingsPlace)], _ known: (String) -> Words?, _ names: [String]
    ) throws(SettingsError) {
        self.step = step
        func labels(_ name: String) -> [String: Double] {
            if case .labels(let labels)? = known(name) { labels } else { [:] }
        }
        var scope = ModelScope()
        for (name, _) in Self.surroundings { scope.add(name) }
        let plans = try states.map { (name, place) throws(SettingsError) in
            guard scope.column(name) == nil else { throw place.failed("the name is taken: choose another") }
            let plan = try StatePlan(name, place, labels)
            scope.add(name, labels: plan.labels)
            return plan
        }
        var texts: [String: [String]] = [:]
        var words: [String: [String: Double]] = [:]
        for (name, place) in models {
            guard let kind = known(name) else { throw place.unknown(among: names) }
            guard scope.column(name) == nil else { throw place.failed("the name is that of a state: rename the state") }
            switch kind {
            case .labels(let labels): words[name] = labels
            case .texts:
                let all = try place.texts(place.text())
                texts[name] = all
                words[name] = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Double($0)) })
            }
            scope.add(name, labels: words[name] ?? [:])
        }
        self.texts = texts
        // States may not read parameters, which are measured of them.
        var own = ModelScope()
        for entry in scope.entries.prefix(Self.surroundings.count + states.count) {
            own.add(entry.name, labels: entry.labels)
        }
        var compiled: [State] = []
        for (number, plan) in plans.enumerated() {
            var mine = own
            mine.add(ModelScope.own, labels: plan.labels)
            mine.add(ModelScope.step)
            compiled.append(
                State(
                    name: plan.name, start: plan.start,
                    program: try plan.next.program(plan.text, mine, plan.labels, site: UInt64(number) + 1)))
        }
        self.states = compiled
        columns = scope.entries.count
        self.words = Dictionary(scope.entries.map { ($0.name, $0.labels) }, uniquingKeysWith: { first, _ in first })
        var parameters: [String: (column: Int, program: ModelProgram)] = [:]
        for (number, model) in models.enumerated() {
            let program = try model.place.program(
                try model.place.text(), scope, words[model.name] ?? [:], site: 0x1_0000 + UInt64(number))
            if let constant = program.constant, !constant.isFinite {
                throw model.place.failed("is always \(constant), which is no number that a packet is to hold")
            }
            parameters[model.name] = (scope.column(model.name) ?? 0, program)
        }
        marks = Dictionary(models.map { ($0.name, $0.place.mark) }, uniquingKeysWith: { first, _ in first })
        self.parameters = parameters
        order = try Self.ordered(models, parameters)
    }

    /// The parameters in an order in which each comes behind those that it reads.
    private static func ordered(
        _ models: [(name: String, place: SettingsPlace)], _ parameters: [String: (column: Int, program: ModelProgram)]
    ) throws(SettingsError) -> [String] {
        var waiting = models
        var ready: Set<Int> = []
        let columns = Set(parameters.values.map(\.column))
        var order: [String] = []
        while !waiting.isEmpty {
            let next = waiting.filter { model in
                parameters[model.name]?.program.columns.allSatisfy { !columns.contains($0) || ready.contains($0) }
                    ?? true
            }
            guard !next.isEmpty else {
                let names = waiting.map(\.name).prefix(6).joined(separator: ", ")
                throw waiting[0].place.failed("models read each other in a circle: \(names)")
            }
            order += next.map(\.name)
            ready.formUnion(next.compactMap { parameters[$0.name]?.column })
            waiting.removeAll { model in next.contains { $0.name == model.name } }
        }
        return order
    }

    /// A state before it is compiled.
    private struct StatePlan {
        let name: String
        var labels: [String: Double] = [:]
        var start = 0.0
        let text: String
        let next: SettingsPlace

        /// `{start, next, labels}`, or `next` alone: what it is a step later, by what it is now. `labels` names a parameter
        /// whose words are its own.
        init(_ name: String, _ place: SettingsPlace, _ known: (String) -> [String: Double]) throws(SettingsError) {
            self.name = name
            guard !place.isScalar else {
                (next, text) = (place, try place.text())
                return
            }
            var (next, beginning): (SettingsPlace?, SettingsPlace?) = (nil, nil)
            for (key, member) in try place.members(["start", "next", "labels"]) {
                switch key {
                case "start": beginning = member
                case "next": next = member
                default:
                    let parameter = try member.text()
                    let words = known(parameter)
                    guard !words.isEmpty else {
                        throw member.failed("'\(parameter.prefix(60))' is no parameter that has labels")
                    }
                    labels = words
                }
            }
            guard let next else { throw place.failed("needs next, which says what it is a step later") }
            (self.next, text) = (next, try next.text())
            guard let beginning else { return }
            let word = try beginning.text()
            guard
                let value = Double(word).flatMap({ $0.isFinite ? $0 : nil })
                    ?? labels.first(where: { $0.key.lowercased() == word.lowercased() })?.value
            else {
                throw beginning.failed(
                    labels.isEmpty
                        ? "has to be a number, found '\(word.prefix(40))'"
                        : "'\(word.prefix(40))' is no number and none of \(labels.keys.sorted().joined(separator: ", "))"
                )
            }
            start = value
        }
    }
}

extension SettingsPlace {
    /// The program of a model that stands here.
    fileprivate func program(
        _ text: String, _ scope: ModelScope, _ labels: [String: Double], site: UInt64
    ) throws(SettingsError) -> ModelProgram {
        do { return try ModelCompiler.program(text, scope, labels: labels, site: site) } catch { throw failed(error) }
    }

    /// The texts that the model of a text may give.
    fileprivate func texts(_ text: String) throws(SettingsError) -> [String] {
        do { return try ModelCompiler.texts(text) } catch { throw failed(error) }
    }

    private func failed(_ error: FilterError) -> SettingsError {
        let (line, carets) = error.pointing
        let reason = error.reason.replacing("the filter", with: "the model")
        return failed("\(reason)\n  \(line)\n  \(carets)")
    }
}

extension Behaviour {
    /// Whether a parameter has a model.
    func hasModel(_ parameter: String) -> Bool { parameters[parameter] != nil }

    /// Whether something is a state.
    func hasState(_ name: String) -> Bool { states.contains { $0.name == name } }

    /// The number that a word means for a state or a parameter: a label, a truth or a number.
    func number(_ word: String, for name: String) -> Double? {
        let labels = words[name] ?? [:]
        if let label = labels[word] ?? labels.first(where: { $0.key.lowercased() == word.lowercased() })?.value {
            return label
        }
        switch word {
        case "true": return 1
        case "false": return 0
        default: return Double(word).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// Why a value cannot be written, by where its model stands; what is not of a model is told by another name.
    func words(_ refusal: PacketRefusal, of other: String) -> String {
        guard let name = refusal.parameter?.split(separator: ".").last, let mark = marks[String(name)] else {
            return "\(other): \(refusal)"
        }
        return "\(mark.failed(refusal.reason))"
    }

    /// The names of states, and of parameters with models.
    var names: [String] { states.map(\.name) + parameters.keys.sorted() }

    /// The words that a state or a parameter has; empty where it is a number.
    func labels(of name: String) -> [String] { (words[name] ?? [:]).keys.sorted() }

    /// What a number of a parameter stands for that is a text; nil of others.
    func text(_ number: Double, of parameter: String) -> String? {
        guard let texts = texts[parameter], let index = Int(exactly: number.rounded()) else { return nil }
        return texts.indices.contains(index) ? texts[index] : texts.first
    }

    /// The number that a parameter always has; nil where its model hangs on anything.
    func constant(of parameter: String) -> Double? { parameters[parameter]?.program.constant }
}
