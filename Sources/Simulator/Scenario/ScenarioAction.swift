internal import Records
internal import Settings

/// An event with all that it names found: what is done when its time has come.
struct ScenarioAction {
    enum Deed {
        /// States of spacecraft, by their numbers.
        case set([Int], [(name: String, value: Double)])
        /// States and parameters; nil lets them go.
        case hold([Int], [(name: String, value: Double?)])
        /// Streams of spacecraft, each by its number.
        case rates([(ship: Int, stream: Int, rate: Double)])
        case silence([Int], Int64)
        /// Of a station, by its number.
        case outage(Int, Int64)
        case fade(Int, Int64, Double)
        /// Of a leg, by its number.
        case cut(Int, Int64)
        case repair(Int)
    }

    /// Nanoseconds since the start.
    let at: Int64
    let deed: Deed

    /// Finds what an event names.
    ///
    /// - Parameter places: the names of stations and legs, by their numbers.
    init(
        _ event: ScenarioEvent, _ craft: [Spacecraft], _ places: (stations: [String], legs: [String])
    ) throws(SettingsError) {
        at = event.at
        func find(_ name: String, _ known: [String], _ kind: String) throws(SettingsError) -> Int {
            guard let found = known.firstIndex(of: name) else {
                let there =
                    known.isEmpty
                    ? "there is none in the scenario"
                    : "there \(known.count == 1 ? "is" : "are") \(known.prefix(12).joined(separator: ", "))"
                        + (known.count > 12 ? " and \(known.count - 12) more" : "") + Names.hint(name, in: known)
                throw event.mark.failed("'\(name)' is no \(kind); \(there)")
            }
            return found
        }
        func ships(_ name: String) throws(SettingsError) -> [Int] {
            let several = craft.indices.filter { craft[$0].name == name || craft[$0].vehicle.name == name }
            return several.isEmpty ? [try find(name, craft.map(\.name), "spacecraft")] : several
        }
        func station(_ name: String) throws(SettingsError) -> Int {
            try find(name, places.stations, "station")
        }
        func leg(_ name: String) throws(SettingsError) -> Int { try find(name, places.legs, "leg") }
        switch event.what {
        case .set(let name, let words):
            let ships = try ships(name)
            let behaviour = craft[ships[0]].run.behaviour
            deed = .set(
                ships,
                try words.map { (word) throws(SettingsError) in
                    guard behaviour.hasState(word.name) else {
                        throw event.mark.failed(
                            "'\(word.name)' is no state of \(name); "
                                + (behaviour.states.isEmpty
                                    ? "it has none"
                                    : "states are \(behaviour.states.map(\.name).joined(separator: ", "))")
                                + ", and hold takes parameters, too"
                        )
                    }
                    return (word.name, try Self.number(word, behaviour, event))
                })
        case .hold(let name, let words):
            let ships = try ships(name)
            let behaviour = craft[ships[0]].run.behaviour
            deed = .hold(
                ships,
                try words.map { (word) throws(SettingsError) in
                    try Self.check(word.name, of: name, behaviour, event)
                    return (word.name, try Self.number(word, behaviour, event))
                })
        case .release(let name, let names):
            let ships = try ships(name)
            for held in names { try Self.check(held, of: name, craft[ships[0]].run.behaviour, event) }
            deed = .hold(ships, names.map { ($0, nil) })
        case .rates(let name, let told):
            var rates: [(ship: Int, stream: Int, rate: Double)] = []
            for ship in try ships(name) {
                let types = craft[ship].streams.map(\.type)
                for (type, rate) in told {
                    guard let stream = types.firstIndex(of: type) else {
                        throw event.mark.failed(
                            "\(name) makes no packets of type '\(type)'; it makes \(types.joined(separator: ", "))"
                                + Names.hint(type, in: types))
                    }
                    rates.append((ship, stream, rate))
                }
            }
            deed = .rates(rates)
        case .silence(let name, let length): deed = .silence(try ships(name), length)
        case .outage(let name, let length): deed = .outage(try station(name), length)
        case .fade(let name, let length, let bitError): deed = .fade(try station(name), length, bitError)
        case .cut(let name, let length): deed = .cut(try leg(name), length)
        case .repair(let name): deed = .repair(try leg(name))
        }
    }

    private static func check(
        _ name: String, of owner: String, _ behaviour: Behaviour, _ event: ScenarioEvent
    ) throws(SettingsError) {
        guard behaviour.hasState(name) || behaviour.hasModel(name) else {
            throw event.mark.failed(
                "'\(name)' is no state of \(owner) and no parameter that has a model\(Names.hint(name, in: behaviour.names))"
            )
        }
    }

    private static func number(
        _ word: (name: String, word: String), _ behaviour: Behaviour, _ event: ScenarioEvent
    ) throws(SettingsError) -> Double {
        if let number = behaviour.number(word.word, for: word.name) { return number }
        let labels = behaviour.labels(of: word.name)
        let allowed = labels.isEmpty ? "has to be a number" : "is one of \(labels.joined(separator: ", "))"
        throw event.mark.failed("\(word.name) \(allowed), found '\(word.word.prefix(40))'")
    }
}
