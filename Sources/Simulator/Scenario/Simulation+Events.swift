internal import Bytes
public import Settings

/// Lets things happen in a simulation from another thread than the one that reads it.
public final class SimulationControl: @unchecked Sendable {
    // Sendable: of the simulation it looks at what never changes, and hands over what is asked under a lock.
    private let simulation: Simulation

    /// The control of a simulation.
    public init(_ simulation: Simulation) { self.simulation = simulation }

    /// The time up to which all is simulated, in nanoseconds since 1970-01-01, the least one where nothing more can come; to be asked
    /// on the thread that reads it.
    public var reached: Int64 { simulation.isQuiet ? .min : simulation.scenario.start + simulation.now }

    /// Looks so far ahead from now on.
    public func look(_ view: Simulation.View) { simulation.asked.sync { simulation.view = view } }

    /// Tells the number of the packet up to which all have left, 0 for none. From the first time on that is told what is true of
    /// the others is held back.
    public func left(_ number: UInt64) { simulation.asked.sync { simulation.left = number } }

    /// Lets something happen as soon as the next stretch of time is simulated.
    ///
    /// - Parameter text: an event as a scenario has it, but for its time: `{leg: west, cut: 30 s}`.
    public func happen(_ text: String) throws(SettingsError) {
        do throws(SettingsError) {
            let event = try ScenarioEvent(try Self.place(text), start: simulation.scenario.start, now: 0)
            let action = try ScenarioAction(event, simulation.craft, simulation.places)
            simulation.asked.sync { simulation.askedFor.append(action.deed) }
        } catch {
            // There is no file, and one line alone.
            throw SettingsError(file: "event", line: nil, key: error.key, reason: error.reason)
        }
    }

    private static func place(_ text: String) throws(SettingsError) -> SettingsPlace {
        let shape =
            "events are written as {leg: west, cut: 30 s} or {spacecraft: songjiang, hold: {eps_bus_voltage: 21}}"
        func failed(_ reason: String) -> SettingsError {
            SettingsError(file: "event", line: nil, key: nil, reason: "\(reason): \(shape)")
        }
        let place: SettingsPlace?
        do throws(SettingsError) { place = try SettingsPlace.root(of: Array(text.utf8), file: "event") } catch {
            throw failed("'\(text.prefix(40))' cannot be read")
        }
        guard let place else { throw failed("says nothing") }
        guard !place.isScalar, !place.isList else { throw failed("'\(text.prefix(40))' is no event") }
        return place
    }
}

extension Simulation {
    /// Whether nothing more comes: all passes are over, and nothing is on its way.
    fileprivate var isQuiet: Bool {
        terminals == nil && hasGivenAll && network.links.allSatisfy { $0.passes.isEmpty }
    }
}

/// What happens in a scenario when its time has come, and what somebody lets happen meanwhile.
extension Simulation {
    /// Does what is due.
    func act() {
        for deed in asked.sync({ () -> [ScenarioAction.Deed] in
            defer { askedFor.removeAll() }
            return askedFor
        }) { act(deed) }
        while let action = actions.first, action.at <= now {
            actions.removeFirst()
            act(action.deed)
        }
    }

    private func act(_ deed: ScenarioAction.Deed) {
        let time = scenario.start + now
        func end(_ length: Int64) -> Int64 { time + min(length, .max - time) }
        switch deed {
        case .set(let ships, let values):
            for ship in ships { for (name, value) in values { craft[ship].run.set(name, to: value) } }
        case .hold(let ships, let values):
            for ship in ships { for (name, value) in values { craft[ship].run.hold(name, at: value) } }
        case .rates(let rates):
            for (ship, stream, rate) in rates {
                craft[ship].streams[stream].change(rate: rate, at: Double(now) / 1e9)
            }
        case .silence(let ships, let length):
            for ship in ships { craft[ship].silences.add(from: time, until: end(length)) }
        case .outage(let station, let length):
            each(of: station) { network.links[$0].outages.add(from: time, until: end(length)) }
        case .fade(let station, let length, let bitError):
            each(of: station) { network.links[$0].fades.add(from: time, until: end(length), value: bitError) }
        case .cut(let leg, let length): network.lines[leg].cuts.add(from: time, until: end(length))
        case .repair(let leg): network.lines[leg].cuts.end(at: time)
        }
    }

    /// Does something with the links of a station.
    private func each(of station: Int, _ work: (Int) -> Void) {
        for link in network.links.indices where network.links[link].station == station { work(link) }
    }
}
