public import Bytes
public import Capture
internal import Mission

/// A scenario at work: the packets that stations hear of spacecraft, as a capture that any command can read.
///
/// Time goes on in windows of a second or less: all spacecraft fly to a window's end, and what arrives in front of it is handed on. What
/// is done in one stands in `Simulation+Sending.swift`, what events do in `Simulation+Events.swift`.
public final class Simulation: PacketSource {
    /// A packet that was made and is on its way.
    struct Arrival {
        let time: Int64
        let tap: Int
        let start: Int
        /// 0 of a packet that was lost, which is there for the truth alone.
        let count: Int
        /// What befell it, among the notes; -1: nothing that is written down.
        var note = -1
    }

    /// The scenario's title, or the file's name.
    public let name: String
    /// It is written as what becomes of it says.
    public let format = CaptureFormat(.pcapng)
    /// A link each of a spacecraft and a station that hears it, and behind them those of terminals.
    public let interfaces: [Interface]
    /// How many packets were handed on.
    public private(set) var packets: UInt64 = 0
    /// How many octets they had.
    public private(set) var uncompressedBytes: UInt64 = 0

    /// What is simulated.
    public let scenario: Scenario
    let craft: [Spacecraft]
    var network: LinkNetwork
    /// The terminals that send; the numbers of their taps follow on those of spacecraft.
    package let terminals: TerminalTraffic?
    /// What became of the messages of terminals; nil where there are none.
    public var terminalCounts: TerminalCounts? { terminals?.counts }
    var nextFrame: [Double]
    /// What is still to happen, in the order of time.
    var actions: ArraySlice<ScenarioAction>
    /// The names of stations and legs, by their numbers.
    let places: (stations: [String], legs: [String])
    /// What somebody lets happen, from another thread, which looks at nothing that changes.
    let asked = Monitor()
    var askedFor: [ScenarioAction.Deed] = []
    /// The number of the packet up to which all have left; nil: what is handed on has left.
    var left: UInt64?
    /// How far it is simulated ahead, as somebody told last.
    var view = View()
    /// Nanoseconds since the start that were simulated.
    private(set) var now: Int64 = 0
    var arrivals: [Arrival] = []
    /// How many of the arrivals nothing can come in front of any more, and how many of them were handed on.
    private var (ready, given) = (0, 0)
    /// Whether nothing that was made is on its way.
    var hasGivenAll: Bool { given == arrivals.count }
    var notes: [FrameNote] = []
    private(set) var octets = ByteBuffer(capacity: 1 << 18)
    private var spare = ByteBuffer(capacity: 1 << 18)
    /// When the frame at hand was sent, in nanoseconds since 1970-01-01.
    var sentAt: Int64 = 0
    /// A frame as it is sent, and as it is received.
    let (frame, damaged) = (ByteBuffer(), ByteBuffer())
    let turned = Lane<UInt32>()
    var truth: HeldTruth?
    /// Why it ended early; nil when all is well.
    public private(set) var refusal: ScenarioRefusal?

    /// Frames and packets that are made in a second, as if all stations heard everything.
    let density: Double

    /// A simulation at its beginning.
    ///
    /// - Throws: a `SettingsError`, a ``ScenarioRefusal``, an ``OrbitError``.
    public init(_ scenario: Scenario, file: String, _ files: ScenarioFiles) throws {
        self.scenario = scenario
        name = scenario.title.isEmpty ? file : scenario.title
        let craft = try SpacecraftMaker(scenario, files).craft
        let network = try LinkNetwork(scenario, files.stations, craft)
        (self.craft, self.network) = (craft, network)
        let places = (stations: network.stations.map(\.name), legs: network.lines.map(\.leg.name))
        self.places = places
        actions = try scenario.events.map { try ScenarioAction($0, craft, places) }[...]
        nextFrame = craft.map { _ in 0 }
        let made = craft.reduce(0.0) { sum, one in
            sum + Double(network.stations.count) * 1e9 / one.frameTime + one.streams.reduce(0) { $0 + $1.rate }
        }
        let terminals = try scenario.terminals.map { try TerminalTraffic($0, scenario, load: files.fleet) }
        density = made + (terminals?.rate ?? 0)
        self.terminals = terminals
        interfaces = network.interfaces + (terminals?.interfaces ?? [])
    }

    /// Fills a batch with what arrives next, or with nothing where nothing does for a while.
    public func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        truth?.settle(
            left: asked.sync { left } ?? packets, handedOnUntil: given == ready ? scenario.start + now : nil)
        // A stretch at a time, though nothing may arrive in it: so who reads it holds its pace, and may end it.
        if given == ready, !simulate() { return false }
        let extent = octets.extent
        while given < ready, !batch.isFull {
            let arrival = arrivals[given]
            given += 1
            guard arrival.count > 0, let interface = interface(of: arrival.tap) else {
                tell(arrival, output: nil)
                continue
            }
            packets += 1
            tell(arrival, output: packets)
            batch.append(
                Packet(
                    extent: extent.slice(at: arrival.start, count: arrival.count),
                    time: CaptureTime(nanoseconds: arrival.time),
                    number: packets, offset: uncompressedBytes, originalLength: UInt32(arrival.count),
                    interface: interface))
            uncompressedBytes += UInt64(arrival.count)
        }
        ledger.bytes += batch.octets
        return true
    }

    /// Where a tap is recorded; nil: nowhere.
    private func interface(of tap: Int) -> UInt32? {
        guard tap >= network.taps.count else { return network.taps[tap].interface }
        return UInt32(network.interfaces.count + tap - network.taps.count)
    }

    /// Simulates the next stretch of time; false at the end.
    private func simulate() -> Bool {
        let end = scenario.duration
        guard now < end || ready < arrivals.count else { return false }
        carryOver()
        if now < end {
            act()
            let until = min(now + window, end, actions.first?.at ?? .max)
            for number in craft.indices {
                // What is half done then is handed on by nobody.
                if Interruption.isAsked { return false }
                do { try fly(number, from: now, until: until) } catch {
                    refusal = refused(error, by: craft[number])
                    now = end
                    return false
                }
            }
            now = until
            let taps = network.taps.count
            terminals?.advance(until: until, into: octets) { time, link, start, count in
                arrivals.append(Arrival(time: time, tap: taps + link, start: start, count: count))
            }
            if now >= end { closeStreams(at: scenario.start + end) }
        }
        arrivals.sort { ($0.time, $0.tap, $0.start) < ($1.time, $1.tap, $1.start) }
        let reached = now >= end ? Int64.max : scenario.start + now
        ready = arrivals.firstIndex { $0.time >= reached } ?? arrivals.count
        return true
    }

    private func refused(_ error: any Error, by one: Spacecraft) -> ScenarioRefusal {
        guard let refusal = error as? PacketRefusal else {
            return ScenarioRefusal(description: "\(one.name): \(error)")
        }
        return ScenarioRefusal(description: one.run.behaviour.words(refusal, of: one.name))
    }

    /// What is on its way yet goes on into the next stretch.
    private func carryOver() {
        let waiting = arrivals[ready...]
        spare.removeAll()
        var kept: [Arrival] = []
        var keptNotes: [FrameNote] = []
        let (old, fresh) = (octets, spare)
        for arrival in waiting {
            var moved = Arrival(time: arrival.time, tap: arrival.tap, start: fresh.count, count: arrival.count)
            if arrival.note >= 0 {
                moved.note = keptNotes.count
                keptNotes.append(notes[arrival.note])
            }
            kept.append(moved)
            fresh.append(old.bytes.slice(at: arrival.start, count: arrival.count))
        }
        (octets, spare) = (fresh, old)
        (arrivals, notes) = (kept, keptNotes)
        (ready, given) = (0, 0)
    }
}
