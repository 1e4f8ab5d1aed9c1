/// What happens in a scenario when its time has come.
extension Simulation {
    /// Does what is due.
    func act() {
        while let action = actions.first, action.at <= now {
            actions.removeFirst()
            act(action.deed)
        }
    }

    private func act(_ deed: ScenarioAction.Deed) {
        let time = scenario.start + now
        switch deed {
        case .set(let ships, let values):
            for ship in ships { for (name, value) in values { craft[ship].run.set(name, to: value) } }
        case .hold(let ships, let values):
            for ship in ships { for (name, value) in values { craft[ship].run.hold(name, at: value) } }
        case .silence(let ships, let length):
            for ship in ships { craft[ship].silences.add(from: time, until: time + length) }
        case .outage(let station, let length):
            each(of: station) { network.links[$0].outages.add(from: time, until: time + length) }
        case .fade(let station, let length, let bitError):
            each(of: station) { network.links[$0].fades.add(from: time, until: time + length, value: bitError) }
        case .cut(let leg, let length): network.lines[leg].cuts.add(from: time, until: time + length)
        case .repair(let leg): network.lines[leg].cuts.end(at: time)
        }
    }

    /// Does something with the links of a station.
    private func each(of station: Int, _ work: (Int) -> Void) {
        for link in network.links.indices where network.links[link].station == station { work(link) }
    }
}
