public import Bytes
public import Capture
public import Mission
internal import Records
public import Settings

/// A scenario at work: the packets that stations hear of spacecraft, as a capture that any command can read.
public final class Simulation: PacketSource {
    /// Where the files are that a scenario names.
    public struct Files {
        /// The content of a vehicle's file, and the file's name, by the vehicle's name.
        public var vehicle: (String) throws -> (octets: [UInt8], file: String)
        /// The content of a file beside a vehicle's.
        public var beside: (_ name: String, _ file: String) throws -> (octets: [UInt8], file: String)
        /// A database by its name.
        public var database: (String) throws -> Database
        /// The stations that are known by name.
        public var stations: [GroundStation]

        /// Files by what finds them.
        public init(
            stations: [GroundStation], vehicle: @escaping (String) throws -> (octets: [UInt8], file: String),
            beside: @escaping (_ name: String, _ file: String) throws -> (octets: [UInt8], file: String),
            database: @escaping (String) throws -> Database
        ) {
            (self.vehicle, self.beside, self.database, self.stations) = (vehicle, beside, database, stations)
        }
    }

    /// Why a scenario cannot be simulated.
    public struct Refusal: Error, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    /// One spacecraft over one station.
    private struct DownLink {
        let observer: Observer
        let passes: [Pass]
        var datagrams: DatagramWriter

        func sees(at time: Int64) -> Bool { passes.contains { $0.rise.time <= time && time < $0.set.time } }
    }

    /// A packet that was made and is on its way.
    private struct Arrival {
        let time: Int64
        let link: UInt32
        let start, count: Int
    }

    /// The scenario's title, or the file's name.
    public let name: String
    /// It is written as what becomes of it says.
    public let format = CaptureFormat(.pcapng)
    /// A link each of a spacecraft and a station that hears it.
    public let interfaces: [Interface]
    /// How many packets were handed on.
    public private(set) var packets: UInt64 = 0
    /// How many octets they had.
    public private(set) var uncompressedBytes: UInt64 = 0

    /// What was simulated.
    public let scenario: Scenario
    private let craft: [Spacecraft]
    private var links: [DownLink] = []
    /// The links of each spacecraft.
    private var owned: [[Int]]
    private var nextFrame: [Double]
    /// Seconds since the start that were simulated.
    private var now = 0.0
    private var arrivals: [Arrival] = []
    private var given = 0
    private var octets = ByteBuffer(capacity: 1 << 18)
    private var spare = ByteBuffer(capacity: 1 << 18)
    private let frame = ByteBuffer()
    /// Why it ended early; nil when all is well.
    public private(set) var refusal: Refusal?

    private static let window = 1.0

    /// A simulation at its beginning.
    ///
    /// - Throws: a `SettingsError`, a ``Refusal``, a `PacketRefusal`, an ``OrbitError``.
    public init(_ scenario: Scenario, file: String, _ files: Files) throws {
        self.scenario = scenario
        name = scenario.title.isEmpty ? file : scenario.title
        let stations = try Self.stations(scenario, files)
        var craft: [Spacecraft] = []
        for name in scenario.spacecraft { craft.append(try Self.spacecraft(name, scenario, files)) }
        self.craft = craft
        nextFrame = craft.map { _ in 0 }
        owned = craft.map { _ in [] }
        var interfaces: [Interface] = []
        for (number, one) in craft.enumerated() {
            for (place, station) in stations.enumerated() {
                let finder = PassFinder(one.orbit, from: station.place, mask: station.mask)
                let passes = try finder.passes(from: scenario.start, until: scenario.start + scenario.duration)
                guard !passes.isEmpty else { continue }
                var interface = Interface(linkType: .ethernet, snapLength: 262_144, resolution: 9)
                interface.name = "\(station.name).\(one.vehicle.name)"
                interface.description = "\(station.title): downlink of \(one.vehicle.title)"
                interfaces.append(interface)
                let writer = DatagramWriter(
                    from: (0x0A15_0014 | UInt32(place + 1) << 8, UInt16(41_000 + number % 10_000)),
                    to: (0x0A15_000A, UInt16(50_000 + one.identifier % 15_000)))
                owned[number].append(links.count)
                links.append(DownLink(observer: Observer(station.place), passes: passes, datagrams: writer))
            }
        }
        self.interfaces = interfaces
    }

    private static func stations(_ scenario: Scenario, _ files: Files) throws -> [GroundStation] {
        guard !scenario.stations.isEmpty else { return files.stations }
        return try scenario.stations.map { name in
            guard let station = files.stations.first(where: { $0.name == name }) else {
                throw Refusal(
                    description: "'\(name)' is no station; known by name are "
                        + files.stations.map(\.name).joined(separator: ", "))
            }
            return station
        }
    }

    private static func spacecraft(_ name: String, _ scenario: Scenario, _ files: Files) throws -> Spacecraft {
        let (octets, file) = try files.vehicle(name)
        let vehicle = try Vehicle.read(octets, name: name, file: file)
        guard let telemetry = vehicle.telemetry, let database = vehicle.database else {
            throw Refusal(
                description: "\(file): the vehicle sends nothing: telemetry, frames and database have to stand in it")
        }
        let encoders = PacketEncoders([try files.database(database)])
        var labels: [String: [String: Double]] = [:]
        for parameter in encoders.types.flatMap(\.parameters) {
            labels[parameter.shortName] = Dictionary(
                parameter.labels.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
        }
        var behaviour = Behaviour()
        if let beside = vehicle.behaviour {
            let (octets, path) = try files.beside(beside, file)
            behaviour = try Behaviour.read(octets, file: path, labels: { labels[$0] }, names: labels.keys.sorted())
        }
        do {
            return try Spacecraft(vehicle, telemetry, behaviour, encoders, seed: scenario.seed, start: scenario.start)
        } catch let error as PacketRefusal {
            throw Refusal(description: "\(file): \(error)")
        }
    }

    /// Fills a batch with what arrives next.
    public func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        while given == readyCount {
            guard simulate() else { return false }
        }
        let extent = octets.extent
        while given < readyCount, !batch.isFull {
            let arrival = arrivals[given]
            given += 1
            packets += 1
            batch.append(
                Packet(
                    extent: extent.slice(at: arrival.start, count: arrival.count),
                    time: CaptureTime(nanoseconds: arrival.time),
                    number: packets, offset: uncompressedBytes, originalLength: UInt32(arrival.count),
                    interface: arrival.link))
            uncompressedBytes += UInt64(arrival.count)
        }
        ledger.bytes += batch.octets
        return true
    }

    /// How many of the arrivals nothing can come in front of any more.
    private var readyCount = 0

    /// Simulates the next stretch of time; false at the end.
    private func simulate() -> Bool {
        let end = Double(scenario.duration) / 1e9
        guard now < end || readyCount < arrivals.count else { return false }
        carryOver()
        let until = min(now + Self.window, end)
        if now < end {
            do { for number in craft.indices { try fly(number, until) } } catch {
                refusal = Refusal(description: "\(name): \(error)")
                now = end
                return false
            }
            now = until
        }
        arrivals.sort { ($0.time, $0.link) < ($1.time, $1.link) }
        let reached = now >= end ? Int64.max : scenario.start + Int64(now * 1e9)
        readyCount = arrivals.firstIndex { $0.time >= reached } ?? arrivals.count
        given = 0
        return true
    }

    /// What is on its way yet goes on into the next stretch.
    private func carryOver() {
        let waiting = arrivals[readyCount...]
        spare.removeAll()
        var kept: [Arrival] = []
        let (old, fresh) = (octets, spare)
        for arrival in waiting {
            kept.append(Arrival(time: arrival.time, link: arrival.link, start: fresh.count, count: arrival.count))
            fresh.append(old.bytes.slice(at: arrival.start, count: arrival.count))
        }
        (octets, spare) = (fresh, old)
        arrivals = kept
        (readyCount, given) = (0, 0)
    }

    /// Flies one spacecraft on, and sends its frames to the stations that see it.
    private func fly(_ number: Int, _ until: Double) throws {
        let one = craft[number]
        func time(_ seconds: Double) -> Int64 { scenario.start + Int64(seconds * 1e9) }
        let middle = time((now + until) / 2)
        let isHeard = owned[number].contains { links[$0].sees(at: middle) }
        try one.fly(until: until, inContact: isHeard)
        guard isHeard else {
            nextFrame[number] = max(nextFrame[number], until)
            return
        }
        let (frame, octets) = (frame, octets)
        while nextFrame[number] < until {
            let sent = time(nextFrame[number])
            nextFrame[number] += one.frameTime / 1e9
            frame.removeAll()
            one.frame(into: frame)
            let state = EarthRotation.ground(try one.orbit.state(at: sent), at: sent)
            for link in owned[number] where links[link].sees(at: sent) {
                let range = links[link].observer.look(at: state).range
                let start = octets.count
                links[link].datagrams.append(frame.bytes, to: octets)
                arrivals.append(
                    Arrival(
                        time: sent + Int64(range / LookAngles.lightSpeed * 1e9), link: UInt32(link), start: start,
                        count: octets.count - start))
            }
        }
    }
}
