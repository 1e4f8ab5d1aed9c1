import Bytes
import Settings
import Simulator
import Support
import Testing

/// Behaviours: states from step to step, models in the order that they need, noise that hangs on seed and count alone.
@Suite struct BehaviourTests {
    private static let labels: [String: [String: Double]] = [
        "obc_mode": ["SAFE": 0, "NOMINAL": 1, "PAYLOAD": 4], "voltage": [:], "current": [:], "power": [:],
        "temperature": [:],
        "flag": ["OFF": 0, "ON": 1], "uptime": [:],
    ]

    /// In the Sun or not, at no place.
    private final class World: VehicleWorld {
        var sun = 1.0

        func fill(_ columns: [Lane<Double>], only wanted: [Int], at times: Lane<Double>) {
            for column in wanted {
                columns[column].resize(to: times.count, filler: 0)
                columns[column].fill(column == 2 ? sun : 0)
            }
        }
    }

    private func behaviour(_ text: String) throws -> Behaviour {
        try Behaviour.read(
            Array(text.utf8), file: "b.yaml",
            words: { $0 == "note" ? .texts : Self.labels[$0].map { .labels($0) } },
            names: Self.labels.keys.sorted() + ["note"])
    }

    private func refusal(_ text: String) -> String {
        do {
            _ = try behaviour(text)
            return "none"
        } catch { return "\(error)" }
    }

    private func lane(_ values: [Double]) -> Lane<Double> {
        let lane = Lane<Double>()
        for value in values { lane.append(value) }
        return lane
    }

    private func values(
        _ run: BehaviourRun, of names: [String], at times: Lane<Double>, count: UInt64
    ) throws -> [String: Lane<Double>] {
        Dictionary(
            uniqueKeysWithValues: zip(names, try run.values(of: run.plan(for: names), at: times, count: count)))
    }

    private func array(_ lane: Lane<Double>?) -> [Double] {
        guard let lane else { return [] }
        return (0..<lane.count).map { lane[$0] }
    }

    /// The values of one model, a row for each time.
    private func values(_ model: String, at times: [Double], seed: UInt64 = 1, steps: Int = 10) throws -> [Double] {
        let run = BehaviourRun(
            try behaviour("parameters: {voltage: '\(model)'}"), RandomSource(seed: seed, name: "a vehicle"),
            in: World())
        for _ in 0..<steps { try run.advance() }
        return array(try values(run, of: ["voltage"], at: lane(times), count: 5)["voltage"])
    }

    @Test(
        "models reckon as they are written",
        arguments: [
            ("1 + 2 * 3 - 4 / 8", 6.5), ("-elapsed % 2", 0), ("2 min + 3", 123), ("0x10 & 0x18", 16),
            ("if(elapsed > 1, 7, 8)", 7),
            ("clamp(12, 0, 10) + min(3, 1, 2) + max(4, 5)", 16), ("line(elapsed, 0, 10, 4, 30)", 20),
            ("line(9, 0, 1, 4, 3)", 3),
            ("1 <= elapsed <= 2", 1), ("elapsed in {0, 2..3}", 1), ("elapsed in {0, 3}", 0),
            ("not (sun == 1) or count == 5", 1),
            ("sqrt(16) + abs(-3) + floor(2.7) + ceil(2.2) + round(2.5)", 15), ("power(2, 10)", 1024),
            ("sin(pi / 2) + cos(0)", 2),
            ("true xor false", 1), ("random(3, 3)", 3), ("noise(0)", 0), ("chance(1) and not chance(0)", 1),
            ("exp(log(5))", 5),
        ] as [(String, Double)])
    func arithmetic(model: String, value: Double) throws {
        #expect(abs(try values(model, at: [2])[0] - value) < 1e-12)
    }

    @Test("states go on step by step, those above as they are, and a lag follows as an exponential")
    func states() throws {
        let world = World()
        let run = BehaviourRun(
            try behaviour(
                """
                step: 10 
                states:
                  power: {start: 0, next: "if(sun > 0, 30, -20)"}
                  charge: {start: 50, next: "clamp(charge + power * step / 100, 0, 100)"}
                  warm: {start: 10, next: "lag(20, 100 s)"}
                  mode: {start: NOMINAL, labels: obc_mode, next: "if(charge < 45, SAFE, if(mode == SAFE, NOMINAL, mode))"}
                parameters:
                  voltage: 20 + charge / 10
                  obc_mode: mode
                  temperature: warm
                """.replacing("power: {", with: "load: {").replacing(" power ", with: " load ")
                    .replacing("+ power", with: "+ load")), RandomSource(seed: 1, name: "x"), in: world)
        for step in 0..<12 {
            world.sun = step < 3 ? 1 : 0
            try run.advance()
        }
        let times = lane((0..<12).map { Double($0) * 10 + 5 })
        let found = try values(run, of: ["voltage", "obc_mode", "temperature"], at: times, count: 0)
        // 50, +3 twice, then -2 each step.
        let charges = [50.0, 53, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38]
        #expect(zip(array(found["voltage"]), charges).allSatisfy { abs($0 - 20 - $1 / 10) < 1e-12 })
        #expect(array(found["obc_mode"]) == charges.map { $0 < 45 ? 0 : 1 })
        let third = array(found["temperature"])[3]
        #expect(abs(third - (20 - 10 * 0.740_818_220_681_718)) < 1e-9, "\(third)")
        // What was forgotten is not asked for again; the last step stays.
        run.forget()
        try run.advance()
        #expect(array(try values(run, of: ["voltage"], at: lane([115, 125]), count: 12)["voltage"]) == [23.8, 23.6])
        run.set("charge", to: 90)
        run.hold("temperature", at: -40)
        try run.advance()
        let after = try values(run, of: ["voltage", "temperature"], at: lane([135]), count: 14)
        #expect(array(after["voltage"]) == [28.8] && array(after["temperature"]) == [-40])
    }

    @Test("models may read each other in any order")
    func order() throws {
        let run = BehaviourRun(
            try behaviour(
                "parameters: {power: voltage * current, voltage: 28 + noise(0.1), current: '2 * flag', flag: ON}"),
            RandomSource(seed: 3, name: "x"), in: World())
        try run.advance()
        let found = try values(run, of: ["power", "voltage"], at: lane([0.1, 0.2]), count: 0)
        let (power, voltage) = (array(found["power"]), array(found["voltage"]))
        #expect(power.count == 2 && power == voltage.map { $0 * 2 } && voltage[0] != voltage[1])
        // The same value goes into every packet that is made of it.
        #expect(array(try values(run, of: ["voltage"], at: lane([0.1, 0.2]), count: 0)["voltage"]) == voltage)
    }

    @Test("noise has the deviation that it is told, and is the same for the same seed and count")
    func noise() throws {
        let times = (0..<20_000).map { Double($0) / 2000 }
        let first = try values("noise(2)", at: times)
        let (again, other) = (try values("noise(2)", at: times), try values("noise(2)", at: times, seed: 2))
        #expect(first == again && first != other)
        let mean = first.reduce(0, +) / 20_000
        let deviation = (first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000).squareRoot()
        #expect(abs(mean) < 0.06 && abs(deviation - 2) < 0.05, "\(mean) \(deviation)")
        let share = try values("chance(0.2)", at: times).reduce(0, +) / 20_000
        #expect(abs(share - 0.2) < 0.015)
        let two = try values("noise(1) - noise(1)", at: times)
        #expect(two.contains { $0 != 0 })
    }

    @Test(
        "what is wrong is named with line and place",
        arguments: [
            ("parameters: {voltge: 1}", "b.yaml:1: parameters.voltge: is not known"),
            ("parameters:\n  voltage: 1 +", "the end of the model"),
            ("parameters:\n  voltage: 1 / 0", "b.yaml:2: parameters.voltage: is always inf"),
            ("states: {a: {start: NaN, next: 1}}", "has to be a number, found 'NaN'"),
            (
                "parameters: {voltage: 2 * curent, current: 1}",
                "'curent' is no name that models know; did you mean current?"
            ),
            ("parameters: {voltage: foo(1)}", "foo is no function of models"),
            ("parameters: {voltage: sin()}", "sin takes (x), not 0 values"),
            ("parameters: {voltage: 'line(1, 2, 3)'}", "line takes (x, x1, y1, x2, y2, …)"),
            ("parameters: {voltage: 'line(1, 2, 3, 2, 4)'}", "the places of a line's points go up"),
            ("parameters: {voltage: 3 V}", "numbers of models have the unit of their parameter"),
            ("parameters: {voltage: '\"text\"'}", "a model is a number, a truth or a label"),
            ("parameters: {note: 3}", "this parameter is a text: its model is a text in quotes, or if("),
            ("parameters: {note: ok}", "this parameter is a text"),
            ("parameters: {note: 'if(sun > 0, \"a\", 2)'}", "this parameter is a text"),
            (
                "parameters: {note: '\"a\"', flag: 'if(note == \"b\", ON, OFF)'}",
                "a model is a number, a truth or a label"
            ),
            ("parameters: {voltage: current, current: voltage}", "models read each other in a circle: "),
            (
                "parameters: {obc_mode: NOMINL}",
                "'NOMINL' is no name that models know; as a label one of NOMINAL, PAYLOAD, SAFE"
            ),
            ("parameters: {voltage: 'lag(1, 2)'}", "lag is for states"),
            ("states: {a: b}", "'b' is no name that models know"),
            ("states: {sun: 1}", "states.sun: the name is taken"),
            ("states: {a: {start: 1}}", "needs next"),
            ("states: {a: {start: x, next: 1}}", "has to be a number, found 'x'"),
            ("states: {a: {start: ON, next: 1, labels: voltage}}", "'voltage' is no parameter that has labels"),
            ("states: {voltage: 1}\nparameters: {voltage: 1}", "the name is that of a state"),
            ("step: 0", "step: seconds from 0.001 to 3600 allowed, found '0'"), ("", "has nothing in it"),
            ("models: {}", "models: is not known; here stand step, states, parameters"),
        ])
    func refusals(text: String, words: String) {
        #expect(refusal(text).contains(words), "\(refusal(text))")
    }
}
