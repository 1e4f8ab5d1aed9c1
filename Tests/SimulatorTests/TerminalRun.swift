import BeiDou
import Bytes
import Capture
import Simulator

/// A scenario of terminals that is run in a test, and what came of it.
struct TerminalRun {
    /// A datagram of a link.
    struct Datagram: Equatable {
        var time: Int64
        var interface: Int
        /// What UDP carries.
        var octets: [UInt8]
    }

    private(set) var datagrams: [Datagram] = []
    private(set) var messages: [TerminalMessage] = []
    private(set) var counts: TerminalCounts
    private(set) var interfaces: [String] = []

    /// When scenarios of tests begin: 2026-03-15T02:00:00Z.
    static let start: Int64 = 1_773_540_000_000_000_000

    struct Missing: Error {}

    /// The simulation of fleets by their names, each as the content of its file.
    static func simulation(
        _ fleets: [String: String], duration: String = "30 min", seed: UInt64 = 1, unit: String = "",
        terminals: String? = nil
    ) throws -> Simulation {
        let list = terminals ?? "[\(fleets.keys.sorted().joined(separator: ", "))]"
        let text = """
            start: 2026-03-15T02:00:00Z
            duration: \(duration)
            seed: \(seed)
            terminals: \(list)
            \(unit)
            """
        let scenario = try Scenario.read(Array(text.utf8), file: "s.yaml")
        return try Simulation(
            scenario, file: "s.yaml",
            ScenarioFiles(
                stations: [], vehicle: { _ in throw Missing() }, beside: { _, _ in throw Missing() },
                database: { _, _ in throw Missing() },
                fleet: { name in (Array((fleets[name] ?? "").utf8), "\(name).yaml") }))
    }

    /// Runs fleets in windows of so many seconds.
    init(
        _ fleets: [String: String], duration: String = "30 min", seed: UInt64 = 1, unit: String = "",
        window: Double = 1, seconds: Double = 1800
    ) throws {
        let simulation = try Self.simulation(fleets, duration: duration, seed: seed, unit: unit)
        guard let traffic = simulation.terminals else { throw Missing() }
        var (messages, datagrams): ([TerminalMessage], [Datagram]) = ([], [])
        traffic.tell = { messages.append($0) }
        let octets = ByteBuffer()
        var now = 0.0
        while now < seconds {
            now = min(now + window, seconds)
            octets.removeAll()
            var places: [(Int64, Int, Int, Int)] = []
            traffic.advance(until: Int64(now * 1e9), into: octets) { places.append(($0, $1, $2, $3)) }
            let bytes = octets.bytes
            for (time, interface, start, count) in places {
                // Ethernet, IPv4 and UDP stand in front.
                let octets = (start + 42..<start + count).map { bytes.u8(at: $0) }
                datagrams.append(Datagram(time: time, interface: interface, octets: octets))
            }
        }
        (self.messages, self.datagrams, counts) = (messages, datagrams, traffic.counts)
        interfaces = traffic.interfaces.compactMap(\.name)
    }

    /// Why a fleet, or a scenario with fleets, is refused; "none" when it is not.
    static func refusal(_ fleets: [String: String], unit: String = "", terminals: String? = nil) -> String {
        do {
            _ = try simulation(fleets, unit: unit, terminals: terminals)
            return "none"
        } catch { return "\(error)" }
    }
}
