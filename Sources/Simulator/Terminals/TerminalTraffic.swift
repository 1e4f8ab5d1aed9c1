internal import BeiDou
package import Bytes
package import Capture
internal import Settings

/// Thousands of terminals at work: what they send, what gets through, and what their command unit tells its host of it.
///
/// A walk over events in the order of their times. Terminals are small values in one array; what is under way stands in a pool
/// that grows to as much as is under way at one time. Nothing hangs on how the time is cut into windows.
package final class TerminalTraffic {
    /// Takes what was added to the octets: when it was captured (nanoseconds since 1970), on which of ``interfaces``, where it
    /// starts, and how many octets it has.
    package typealias Arrive = (_ time: Int64, _ interface: Int, _ start: Int, _ count: Int) -> Void

    /// The links that are captured: one a command unit and, where they are used, a platform of vehicles and a host of receivers.
    package let interfaces: [Interface]
    /// What became of all messages so far.
    package internal(set) var counts = TerminalCounts()
    /// Told of each message when it is known what became of it.
    package var tell: ((TerminalMessage) -> Void)?

    /// What something is that is under way.
    enum Flight {
        case report(TerminalReport)
        /// What the platform answers to a vehicle.
        case answer(TerminalReport)
        /// What the unit says of what its host asked for.
        case feedback(Dialect)
    }

    /// Kinds of events, in the order in which they come at one time; their numbers stand above bit 40.
    enum EventKind: UInt64 {
        case flight, unit, beams, terminal
    }

    /// Where the links of ``interfaces`` are.
    struct Links {
        var unit, platform, receivers: Int?
    }

    let fleets: [TerminalFleet]
    let unit: CommandUnit
    let links: Links
    /// When the scenario starts, and how long it lasts, in nanoseconds.
    let start, duration: Int64
    let randoms: [RandomSource]
    var states: [TerminalState] = []
    var events = EventHeap()
    var flights: [Flight] = []
    var free: [Int] = []
    var writer = ReportWriter()
    var contents: [[[MessageContent]]]
    var emergencies: [[MessageContent]]
    /// Terminals that the unit has to answer, and whether a turn of its is set.
    var toAnswer: [Int32] = []
    var answersFrom: Int64 = 0
    var isAnswering = false
    var platformFlow: UInt16 = 0
    var unitWriters: [Dialect: (up: DatagramWriter, down: DatagramWriter)] = [:]
    /// Datagrams of the window at hand.
    var octets = ByteBuffer()

    /// Terminals that wait for an answer at the most.
    static let mostAnswers = 64

    /// Terminals at the beginning of a scenario.
    ///
    /// - Parameters:
    ///   - load: the content of a fleet's file, and the file's name.
    /// - Throws: a `SettingsError`, and what `load` throws.
    init(
        _ plan: TerminalPlan, _ scenario: Scenario, load: (String) throws -> (octets: [UInt8], file: String)
    ) throws {
        var fleets: [TerminalFleet] = []
        for entry in plan.entries {
            let (octets, path) = try load(entry.name)
            let fleet = try TerminalFleet.read(octets, name: entry.name, file: path, count: entry.count)
            if let problem = fleet.problem(beside: fleets, unit: plan.unit) {
                throw entry.mark.failed(problem)
            }
            fleets.append(fleet)
        }
        (self.fleets, unit, self.start, self.duration) = (fleets, plan.unit, scenario.start, scenario.duration)
        randoms = fleets.map { RandomSource(seed: scenario.seed, name: "terminals of " + $0.name) }
        contents = fleets.map { $0.texts?.parts.map { $0.map(\.content) } ?? [] }
        emergencies = fleets.map { $0.emergency?.parts.map(\.content) ?? [] }
        (interfaces, links) = Self.links(fleets)
        for number in fleets.indices { place(number) }
        counts.terminals = states.count
        for dialect in Dialect.ofTerminals where cards(toldIn: dialect) > 0 {
            let port: UInt16 = dialect == .rdss4 ? 21_040 : dialect == .rdss2 ? 21_021 : 21_030
            let (near, far) = ((UInt32(0x0A16_0014), port), (UInt32(0x0A16_000A), port))
            unitWriters[dialect] = (DatagramWriter(from: near, to: far), DatagramWriter(from: far, to: near))
        }
        if links.unit != nil { schedule(.beams, 0, at: 0) }
    }

    /// The protocol that a fleet's messages are told in.
    func told(_ fleet: TerminalFleet) -> Dialect { fleet.told(by: unit) }

    /// How many cards are told of in a protocol.
    func cards(toldIn dialect: Dialect) -> Int { fleets.reduce(0) { $0 + (told($1) == dialect ? $1.count : 0) } }

    private static func links(_ fleets: [TerminalFleet]) -> ([Interface], Links) {
        var (interfaces, links): ([Interface], Links) = ([], Links())
        func add(_ name: String, _ title: String) -> Int {
            var interface = Interface(linkType: .ethernet, snapLength: 262_144, resolution: 9)
            (interface.name, interface.description) = (name, title)
            interfaces.append(interface)
            return interfaces.count - 1
        }
        if fleets.contains(where: { Dialect.ofTerminals.contains($0.dialect) }) {
            links.unit = add("command-unit", "command unit and its host")
        }
        if fleets.contains(where: { $0.dialect == .jtt808 }) {
            links.platform = add("platform", "vehicles and their platform")
        }
        if fleets.contains(where: { $0.dialect == .nmea }) {
            links.receivers = add("receivers", "receivers that send their sentences")
        }
        return (interfaces, links)
    }

    /// Puts the terminals of a fleet at their places.
    private func place(_ number: Int) {
        let (fleet, random) = (fleets[number], randoms[number])
        let calling = callers(fleet, random)
        for index in 0..<fleet.count {
            func unit(_ site: UInt64) -> Double { random.unit(site, UInt64(index)) }
            let starts = Int64((unit(1) * Double(fleet.startsWithin)).rounded(.down))
            func first(_ every: Int64?, _ site: UInt64) -> Int64 {
                every.map { starts + Int64((unit(site) * Double($0)).rounded(.down)) } ?? TerminalState.never
            }
            var state = TerminalState(
                fleet: Int32(number), index: Int32(index), starts: starts,
                phase: fleet.route.isEndless ? fleet.route.period * (Double(index) + unit(2)) / Double(fleet.count) : 0,
                pace: 1 + fleet.variation * (2 * unit(3) - 1), nextPosition: first(fleet.positions, 4),
                nextText: first(fleet.texts?.every, 5),
                nextEmergency: calling.contains(index) ? fleet.emergency?.at ?? 0 : TerminalState.never,
                notBefore: starts)
            if fleet.dialect == .jtt808 {
                _ = state.waiting.append(WaitingMessage(kind: .registration))
                _ = state.waiting.append(WaitingMessage(kind: .authentication))
            }
            states.append(state)
            schedule(.terminal, states.count - 1, at: state.nextTime)
        }
    }

    /// Which terminals of a fleet will call for help: evenly among them, from a place that hangs on the seed.
    private func callers(_ fleet: TerminalFleet, _ random: RandomSource) -> Set<Int> {
        guard let emergency = fleet.emergency else { return [] }
        let offset = Int(random.unit(6, 0) * Double(fleet.count))
        return Set((0..<emergency.terminals).map { (offset + $0 * fleet.count / emergency.terminals) % fleet.count })
    }

    /// Messages that are sent in a second, about.
    var rate: Double {
        fleets.reduce(0) { sum, fleet in
            let occasions = [fleet.positions, fleet.texts?.every].compactMap { $0.map { 1e9 / Double($0) } }
            let most = 1e9 / Double(max(fleet.card.pace, 1))
            return sum + Double(fleet.count) * min(most, occasions.reduce(0, +))
        }
    }

    func schedule(_ kind: EventKind, _ index: Int, at time: Int64) {
        // What only comes behind the end never does; what is under way arrives.
        guard kind == .flight || time < duration else { return }
        events.push(EventHeap.Event(time: time, what: kind.rawValue << 40 | UInt64(index)))
    }

    /// Sends something off that arrives at a time.
    func fly(_ flight: Flight, until time: Int64) {
        if let slot = free.popLast() {
            flights[slot] = flight
            schedule(.flight, slot, at: time)
        } else {
            flights.append(flight)
            schedule(.flight, flights.count - 1, at: time)
        }
    }

    /// Goes on up to a time in nanoseconds since the scenario's start; at its end, until all that is under way has arrived.
    ///
    /// - Parameters:
    ///   - octets: the datagrams are added there.
    ///   - arrive: called for each of them, in the order of their times.
    package func advance(until reached: Int64, into octets: ByteBuffer, arrive: Arrive) {
        let limit = reached >= duration ? Int64.max : reached
        self.octets = octets
        while let time = events.nextTime, time < limit {
            let event = events.pop()
            let index = Int(event.what & 0xFF_FFFF_FFFF)
            switch event.what >> 40 {
            case EventKind.flight.rawValue:
                free.append(index)
                land(flights[index], at: time, arrive)
            case EventKind.unit.rawValue: answer(at: time, arrive)
            case EventKind.beams.rawValue: tellBeams(at: time, arrive)
            default: act(index, at: time)
            }
        }
    }
}
