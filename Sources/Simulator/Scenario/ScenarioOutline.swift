internal import Capture
internal import CCSDS
internal import Faults

/// What is to be simulated, found out without simulating it.
public struct ScenarioOutline: Sendable {
    /// A spacecraft.
    public struct Ship: Sendable {
        public let name: String, title: String
        /// The id of its frames.
        public let identifier: Int
        /// The kind and the length of its frames: `TM 1115`.
        public let frames: String
        /// Bits a second on its link.
        public let bitRate: Double
        /// Packet types, and packets a second of all of them.
        public let types: Int, rate: Double
        /// Virtual channels.
        public let channels: [Int]
        /// The channel and the octets of its recorder.
        public let recorder: (channel: Int, capacity: Int)?
    }

    /// A spacecraft over a station.
    public struct Contact: Sendable {
        public let station: String, spacecraft: String
        /// Nanoseconds since 1970-01-01, UTC; within the scenario.
        public let from: Int64, until: Int64
        /// Degrees.
        public let highest: Double
    }

    /// A fibre.
    public struct Leg: Sendable {
        public let name: String, from: String, to: String
        /// Nanoseconds.
        public let delay: Int64
        /// As a plan of faults has them; empty where there are none.
        public let faults: String
    }

    /// What happens.
    public struct Event: Sendable {
        /// Nanoseconds since 1970-01-01, UTC.
        public let time: Int64
        /// To what it happens, and what.
        public let owner: String, what: String
        /// Whether the scenario ends before.
        public let isBehindEnd: Bool
    }

    /// Terminals that go the same way.
    public struct Terminals: Sendable {
        /// The name of the fleet, and what people call it.
        public let name: String, title: String
        /// Its protocol.
        public let dialect: String
        /// How many they are.
        public let count: Int
        /// The number of the first terminal and of the last.
        public let first: String, last: String
        /// Kilometres of the way.
        public let length: Double
        /// Nanoseconds from one message to the next.
        public let pace: Int64
        /// Whether it would call for help, but only behind the end of the scenario.
        public let callsBehindEnd: Bool
    }

    /// What people call it.
    public let title: String
    /// When it begins (nanoseconds since 1970-01-01, UTC), and how long it lasts.
    public let start: Int64, duration: Int64
    /// What all randomness hangs on.
    public let seed: UInt64
    /// How many times as fast as the clock it is sent.
    public let timeScale: Double
    /// Who flies.
    public let ships: [Ship]
    /// Who is seen by whom, the earliest first.
    public let contacts: [Contact]
    /// What frames travel in, in words; empty where nobody sends any.
    public let transport: String
    /// Fibres between stations.
    public let legs: [Leg]
    /// What happens, in the order of time.
    public let events: [Event]
    /// The fleets of terminals.
    public let terminals: [Terminals]
    /// Interfaces of the capture.
    public let interfaces: [String]
    /// What may not be what was meant.
    public let remarks: [String]
    /// Frames that are sent while somebody hears, about.
    public let frames: Int
}

extension Simulation {
    /// What is to be simulated.
    public var outline: ScenarioOutline {
        let end = scenario.start + scenario.duration
        var frames = 0.0
        var contacts: [ScenarioOutline.Contact] = []
        for (number, one) in craft.enumerated() {
            var heard: [(from: Int64, until: Int64)] = []
            for link in network.owned[number].map({ network.links[$0] }) {
                for pass in link.passes {
                    let (from, until) = (max(pass.rise.time, scenario.start), min(pass.set.time, end))
                    contacts.append(
                        ScenarioOutline.Contact(
                            station: network.stations[link.station].name, spacecraft: one.name, from: from,
                            until: until,
                            highest: pass.peak.look.elevation))
                    heard.append((from, until))
                }
            }
            frames += Double(Self.length(of: heard)) / one.frameTime
        }
        return ScenarioOutline(
            title: name, start: scenario.start, duration: scenario.duration, seed: scenario.seed,
            timeScale: scenario.timeScale, ships: craft.map(\.outline),
            contacts: contacts.sorted { ($0.from, $0.station) < ($1.from, $1.station) },
            transport: craft.isEmpty ? "" : scenario.transport.words,
            legs: network.lines.map {
                ScenarioOutline.Leg(
                    name: $0.leg.name, from: $0.leg.from, to: $0.leg.to, delay: $0.leg.delay,
                    faults: $0.leg.faults.description)
            },
            events: scenario.events.map {
                ScenarioOutline.Event(
                    time: scenario.start + min($0.at, .max - scenario.start), owner: $0.owner, what: $0.words,
                    isBehindEnd: $0.at >= scenario.duration)
            },
            terminals: terminals?.outline ?? [], interfaces: interfaces.compactMap(\.name), remarks: remarks,
            frames: Int(frames))
    }

    /// Nanoseconds in which at least one of some stretches of time is under way.
    private static func length(of stretches: [(from: Int64, until: Int64)]) -> Int64 {
        var (sum, reached) = (Int64(0), Int64.min)
        for stretch in stretches.sorted(by: { $0.from < $1.from }) where stretch.until > reached {
            sum += stretch.until - max(stretch.from, reached)
            reached = stretch.until
        }
        return sum
    }
}

extension Spacecraft {
    fileprivate var outline: ScenarioOutline.Ship {
        let plan = vehicle.telemetry
        let layout = plan?.layout
        return ScenarioOutline.Ship(
            name: name, title: vehicle.title, identifier: identifier,
            frames: "\(layout?.kind == .aos ? "AOS" : "TM") \(layout?.length ?? 0)", bitRate: plan?.bitRate ?? 0,
            types: streams.count, rate: streams.reduce(0) { $0 + $1.rate },
            channels: Set(streams.map(\.channel)).sorted(), recorder: plan?.recorder)
    }
}

extension ScenarioEvent {
    /// What happens, as it is written.
    fileprivate var words: String {
        func list(_ words: [(name: String, word: String)]) -> String {
            words.map { "\($0.name) = \($0.word)" }.joined(separator: ", ")
        }
        func number(_ value: Double) -> String { value == value.rounded() ? "\(Int64(value))" : "\(value)" }
        func length(_ nanoseconds: Int64) -> String {
            nanoseconds == Self.always ? "" : " for \(number(Double(nanoseconds) / 1e9)) s"
        }
        return switch what {
        case .set(_, let words): "set \(list(words))"
        case .hold(_, let words): "hold \(list(words))"
        case .release(_, let names): "release \(names.joined(separator: ", "))"
        case .rates(_, let rates): "rate \(rates.map { "\($0.type) = \(number($0.rate))/s" }.joined(separator: ", "))"
        case .silence(_, let time): "silent\(length(time))"
        case .outage(_, let time): "down\(length(time))"
        case .fade(_, let time, let bitError): "bit errors \(number(bitError))\(length(time))"
        case .cut(_, let time): "cut\(length(time))"
        case .repair: "repaired"
        }
    }
}
