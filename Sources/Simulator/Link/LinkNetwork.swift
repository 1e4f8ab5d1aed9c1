internal import Bytes
internal import Capture
internal import Faults
internal import Records
internal import Settings

/// The links of a scenario: spacecraft over stations, and fibres from there.
struct LinkNetwork {
    let stations: [GroundStation]
    var links: [SpaceLink] = []
    /// The links of each spacecraft.
    private(set) var owned: [[Int]]
    var taps: [Tap] = []
    /// How many taps of each spacecraft are recorded.
    private var recorded: [Int]
    var lines: [FibreLine] = []
    private(set) var interfaces: [Interface] = []
    /// Whether frames travel over TCP.
    private let isStream: Bool

    init(_ scenario: Scenario, _ known: [GroundStation], _ craft: [Spacecraft]) throws {
        stations = try Self.stations(scenario, known)
        isStream = scenario.transport.carrier == .tcp
        owned = craft.map { _ in [] }
        recorded = craft.map { _ in 0 }
        lines = try scenario.legs.map { leg in
            for end in [leg.from, leg.to] where number(of: end) == nil { throw Self.unknown(end, stations, leg.mark) }
            return FibreLine(leg, to: number(of: leg.to) ?? 0)
        }
        for (name, mark) in scenario.record where number(of: name) == nil { throw Self.unknown(name, stations, mark) }
        for (number, one) in craft.enumerated() {
            // The passes of a thousand take seconds.
            if Interruption.isAsked { throw ScenarioRefusal(description: "stopped before it began") }
            let front = try scenario.transport.front(ofFrames: one.frameLength, of: one.name)
            for (place, station) in stations.enumerated() {
                let finder = PassFinder(one.trajectory, from: station.place, mask: station.mask)
                let found = finder.passes(from: scenario.start, until: scenario.start + scenario.duration)
                if let gap = found.unknown.first {
                    throw ScenarioRefusal(
                        description:
                            "\(one.name) is on no orbit from \((gap.from - scenario.start) / 1_000_000_000) s behind the start on: "
                            + "\(gap.reason)")
                }
                let passes = found.passes
                guard !passes.isEmpty else { continue }
                let tap = try add(number, one, at: place, heardBy: place, path: [], front, scenario)
                owned[number].append(links.count)
                links.append(
                    SpaceLink(
                        place, Observer(station.place), passes, scenario.link, tap: tap,
                        seed: Self.seed(scenario.seed, "link \(one.name) \(station.name)"), start: scenario.start))
            }
        }
    }

    private func number(of station: String) -> Int? { stations.firstIndex { $0.name == station } }

    /// Those that the scenario names, or all.
    private static func stations(_ scenario: Scenario, _ known: [GroundStation]) throws -> [GroundStation] {
        guard !scenario.stations.isEmpty else { return known }
        return try scenario.stations.map { station in
            if let told = station.told { return told }
            guard let found = known.first(where: { $0.name == station.name }) else {
                throw unknown(station.name, known, station.mark)
            }
            return found
        }
    }

    private static func unknown(_ name: String, _ known: [GroundStation], _ mark: SettingsMark) -> SettingsError {
        let names = known.map(\.name)
        return mark.failed(
            "'\(name)' is no station; there are \(names.joined(separator: ", "))\(Names.hint(name, in: names))")
    }

    /// Numbers of their own for each part: those of one stay the same when another is added.
    private static func seed(_ seed: UInt64, _ name: String) -> UInt64 {
        RandomSource(seed: seed, name: name).bits(0, 0)
    }

    /// Adds the tap of a spacecraft at a station, and those behind it; gives its number.
    ///
    /// - Parameters:
    ///   - place: the station where the frames arrive.
    ///   - path: the fibres over which they came from the one that heard them.
    private mutating func add(
        _ number: Int, _ one: Spacecraft, at place: Int, heardBy first: Int, path: [FibreLeg],
        _ front: [UInt8], _ scenario: Scenario
    ) throws -> Int {
        let (station, origin) = (stations[place], stations[first])
        let isRecorded = scenario.record.isEmpty || scenario.record.contains { $0.name == station.name }
        var name = "\(origin.name).\(one.name)"
        var description = "\(station.title): downlink of \(one.vehicle.title)"
        if let last = path.last {
            name += path.map { ">\($0.name)" }.joined()
            description += ", heard by \(origin.title), over \(last.name)"
        }
        let recordedPlace = recorded[number]
        if isRecorded { recorded[number] += 1 }
        let tap = taps.count
        let source = 0x0A15_0014 | UInt32(first + 1) << 8
        let destination = (
            address: path.isEmpty ? 0x0A15_000A : 0x0A15_000A | UInt32(place + 1) << 8,
            port: UInt16(50_000 + one.identifier % 15_000)
        )
        taps.append(
            Tap(
                name: name, spacecraft: number, interface: isRecorded ? UInt32(interfaces.count) : nil,
                place: recordedPlace,
                front: front,
                datagrams: DatagramWriter(from: (source, UInt16(41_000 + number % 10_000)), to: destination),
                segments: isStream
                    ? SegmentWriter(
                        from: source, to: destination, place: number,
                        RandomSource(seed: scenario.seed, name: "connections \(name)")) : nil,
                roundTrip: 2 * (path.last?.delay ?? 0),
                dice: FaultDice(path.last?.faults ?? FaultPlan(), seed: Self.seed(scenario.seed, "leg \(name)"))))
        if isRecorded {
            var interface = Interface(linkType: .ethernet, snapLength: 262_144, resolution: 9)
            (interface.name, interface.description) = (name, description)
            interfaces.append(interface)
        }
        for (index, line) in lines.enumerated() where line.leg.from == station.name {
            guard line.end != first, !path.contains(where: { $0.from == line.leg.to }) else {
                let way = (path + [line.leg]).map(\.name).joined(separator: ", ")
                throw line.leg.mark.failed("the legs \(way) go round in a circle; leave out the one that goes back")
            }
            let end = try add(number, one, at: line.end, heardBy: first, path: path + [line.leg], front, scenario)
            taps[tap].onward.append((index, end))
        }
        return tap
    }

    /// Carries a frame over a fibre to the tap at its end.
    mutating func carry(
        over line: Int, to end: Int, at time: Int64, spacing: Double, octets: Int
    ) -> FibreLine.Passage {
        var dice = taps[end].dice
        defer { taps[end].dice = dice }
        return isStream
            ? lines[line].carry(&dice, over: &taps[end].stream, at: time, spacing: spacing, octets: octets)
            : lines[line].carry(&dice, at: time, spacing: spacing)
    }
}
