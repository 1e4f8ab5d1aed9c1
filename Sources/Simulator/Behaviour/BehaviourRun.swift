package import Bytes

/// A vehicle's behaviour at work: its states, step by step, and the values of its parameters when packets are made.
package final class BehaviourRun {
    let behaviour: Behaviour
    private let machine: ModelMachine
    private let world: any VehicleWorld
    /// The surroundings that states read.
    private let surroundings: [Int]
    /// One row: what a step reads. Behind the surroundings and states stand a state's own value and the step's seconds.
    private let now: [Lane<Double>]
    /// The states of the steps at hand, a lane each.
    private var history: [Lane<Double>] = []
    /// The number of the first step in the history.
    private var firstStep: UInt64 = 0
    private var nextStep: UInt64 = 0
    /// The columns that models of parameters read.
    private let scope: [Lane<Double>]
    /// How many steps were done.
    package var stepsDone: UInt64 { nextStep }
    /// Values that states and parameters are held at, in the place of what their models say.
    private(set) var held: [String: Double] = [:]
    /// How often anything was held or let go.
    private(set) var holds = 0

    private static var given: Int { Behaviour.surroundings.count }

    package init(_ behaviour: Behaviour, _ random: RandomSource, in world: any VehicleWorld) {
        (self.behaviour, self.world) = (behaviour, world)
        machine = ModelMachine(random)
        surroundings = Self.surroundings(of: behaviour.states.map(\.program))
        let kept = Self.given + behaviour.states.count
        now = (0..<kept + 2).map { _ in Lane() }
        for lane in now { lane.resize(to: 1, filler: 0) }
        for (number, state) in behaviour.states.enumerated() { now[Self.given + number][0] = state.start }
        now[kept + 1][0] = behaviour.step
        history = behaviour.states.map { _ in Lane() }
        scope = (0..<behaviour.columns).map { _ in Lane() }
    }

    /// What some programs read of the world, by its columns.
    private static func surroundings(of programs: [ModelProgram]) -> [Int] {
        let read = programs.reduce(into: Set<Int>()) { $0.formUnion($1.columns) }
        // Time and count are known here.
        return (2..<given).filter(read.contains)
    }

    /// Forgets steps that no packet will ask for, but for the last one.
    package func forget() {
        guard nextStep > firstStep + 1 else { return }
        for lane in history {
            let last = lane[lane.count - 1]
            lane.removeAll()
            lane.append(last)
        }
        firstStep = nextStep - 1
    }

    /// Sets a state, from which it goes on.
    package func set(_ state: String, to value: Double) {
        guard let number = behaviour.states.firstIndex(where: { $0.name == state }) else { return }
        now[Self.given + number][0] = value
    }

    /// Holds a state, from the next step on, or a parameter at a value; nil lets it go.
    package func hold(_ name: String, at value: Double?) {
        held[name] = value
        holds += 1
    }

    /// What a state, by its number, is at a time in seconds since the start, which lies in the steps at hand.
    func value(ofState number: Int, at time: Double) -> Double { history[number][place(of: time)] }

    /// The place of the step that a time falls into.
    private func place(of time: Double) -> Int {
        let step = UInt64(max(0, time / behaviour.step))
        return Int(min(max(step, firstStep), nextStep - 1) - firstStep)
    }

    /// Goes one step on. A state sees those above it as they are now, itself and those below as they were.
    ///
    /// - Throws: where the vehicle is nowhere any more.
    package func advance() throws(OrbitError) {
        let kept = Self.given + behaviour.states.count
        now[0][0] = Double(nextStep) * behaviour.step
        try world.fill(now, only: surroundings, at: now[0])
        // What stands in front of the first step is where states start.
        if nextStep > 0 {
            for (number, state) in behaviour.states.enumerated() {
                now[kept][0] = now[Self.given + number][0]
                now[Self.given + number][0] =
                    held[state.name] ?? machine.run(state.program, rows: 1, now, serial: nextStep)[0]
            }
        }
        for (number, lane) in history.enumerated() { lane.append(now[Self.given + number][0]) }
        nextStep += 1
    }

    /// What is reckoned for some parameters: worked out once, and used for each batch of their packets.
    package struct Plan {
        /// The columns that hold their values in the end, in the order in which they were asked for.
        fileprivate let columns: [Int]
        /// What is reckoned, each behind what it reads.
        fileprivate let models: [(name: String, column: Int, program: ModelProgram)]
        /// Surroundings and states that are read.
        fileprivate let surroundings: [Int], states: [Int]
    }

    /// The plan for some parameters that have models.
    package func plan(for names: [String]) -> Plan {
        let owners = Dictionary(uniqueKeysWithValues: behaviour.parameters.map { ($0.value.column, $0.key) })
        // Those that are asked for, and those that their models read.
        var wanted: Set<String> = []
        var open = names
        while let name = open.popLast() {
            guard let model = behaviour.parameters[name], wanted.insert(name).inserted else { continue }
            open += model.program.columns.compactMap { owners[$0] }
        }
        let models = behaviour.order.filter { wanted.contains($0) }.compactMap { name in
            behaviour.parameters[name].map { (name: name, column: $0.column, program: $0.program) }
        }
        let read = Set(models.flatMap(\.program.columns))
        return Plan(
            columns: names.compactMap { behaviour.parameters[$0]?.column }, models: models,
            surroundings: Self.surroundings(of: models.map(\.program)),
            states: history.indices.filter { read.contains(Self.given + $0) })
    }

    /// The values of a plan's parameters at times in seconds since the start, which lie in the steps at hand: a lane each, true
    /// until the next call.
    ///
    /// - Parameter count: how many packets of the type were sent before the first of these.
    /// - Throws: where the vehicle is nowhere any more.
    package func values(
        of plan: Plan, at times: Lane<Double>, count: UInt64
    ) throws(OrbitError) -> [Lane<Double>] {
        try world.fill(scope, only: plan.surroundings, at: times)
        for state in plan.states {
            let (column, lane) = (scope[Self.given + state], history[state])
            column.resize(to: times.count, filler: 0)
            for row in 0..<times.count { column[row] = lane[place(of: times[row])] }
        }
        for column in scope.prefix(2) { column.resize(to: times.count, filler: 0) }
        for row in 0..<times.count {
            scope[0][row] = times[row]
            scope[1][row] = Double(count) + Double(row)
        }
        for (name, column, program) in plan.models {
            let lane = scope[column]
            lane.resize(to: times.count, filler: 0)
            if let value = held[name] {
                lane.fill(value)
            } else {
                lane.copy(machine.run(program, rows: times.count, scope, serial: count))
            }
        }
        return plan.columns.map { scope[$0] }
    }
}
