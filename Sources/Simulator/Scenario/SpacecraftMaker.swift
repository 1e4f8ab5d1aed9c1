internal import CCSDS
internal import Mission
internal import Records
internal import Settings

/// Makes the spacecraft of a scenario: what several of one kind share is read and compiled once.
struct SpacecraftMaker {
    private let scenario: Scenario
    private let files: ScenarioFiles
    private(set) var craft: [Spacecraft] = []
    private var names: Set<String> = []

    /// What the spacecraft of one kind share.
    private struct Kind {
        let file: String
        let vehicle: Vehicle
        let path: PathTable?
        let telemetry: TelemetryPlan
        let behaviour: Behaviour
        let encoders: PacketEncoders
    }

    init(_ scenario: Scenario, _ files: ScenarioFiles) throws {
        (self.scenario, self.files) = (scenario, files)
        var kinds: [String: Kind] = [:]
        for entry in scenario.spacecraft {
            let kind = try kinds[entry.vehicle] ?? kind(entry)
            kinds[entry.vehicle] = kind
            for number in 0..<entry.count { try add(entry, number, kind) }
        }
    }

    /// What stands in another file, or why that cannot be read, by where it is named.
    private static func found<Found>(_ mark: SettingsMark, _ find: () throws -> Found) throws -> Found {
        do { return try find() } catch let error as SettingsError { throw error } catch {
            throw mark.failed("\(error)")
        }
    }

    private func kind(_ entry: ScenarioCraft) throws -> Kind {
        let name = entry.vehicle
        let (octets, file) = try Self.found(entry.mark) { try files.vehicle(name) }
        // What flies by a file is called as the file is.
        let base = name.split(separator: "/").last.map(String.init) ?? name
        let called = base.hasSuffix(".yaml") ? String(base.dropLast(5)) : base
        let vehicle = try Vehicle.read(octets, name: called, file: file)
        guard let telemetry = vehicle.telemetry, let database = vehicle.database else {
            throw ScenarioRefusal(
                description: "\(file): the vehicle sends nothing: telemetry, frames and database have to stand in it")
        }
        let encoders = PacketEncoders([try Self.found(database.mark) { try files.database(database.text, file) }])
        for stream in telemetry.streams {
            do { _ = try encoders.encoder(for: stream.type) } catch { throw stream.mark.failed("\(error)") }
        }
        let words = try Self.words(of: encoders, in: telemetry)
        var behaviour = Behaviour()
        if let beside = vehicle.behaviour {
            let (octets, path) = try Self.found(beside.mark) { try files.beside(beside.text, file) }
            behaviour = try Behaviour.read(octets, file: path, words: { words[$0] }, names: words.keys.sorted())
        }
        if let (state, mark) = telemetry.clcw, !behaviour.hasState(state) {
            throw mark.failed(
                "'\(state)' is no state of its behaviour" + Names.hint(state, in: behaviour.states.map(\.name)))
        }
        let path = try vehicle.path.map {
            let (octets, path) = try files.beside($0.file, file)
            return try PathTable(octets, file: path)
        }
        return Kind(
            file: file, vehicle: vehicle, path: path, telemetry: telemetry, behaviour: behaviour, encoders: encoders)
    }

    /// What models may say of each parameter: labels stand for their raw values where these are whole numbers.
    private static func words(
        of encoders: PacketEncoders, in telemetry: TelemetryPlan
    ) throws -> [String: Behaviour.Words] {
        var words: [String: Behaviour.Words] = [:]
        for parameter in encoders.types.flatMap(\.parameters) {
            switch parameter.kind {
            case .string, .binary: words[parameter.shortName] = .texts
            default:
                words[parameter.shortName] = .labels(
                    Dictionary(
                        parameter.labels.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
                )
            }
        }
        for type in Set(telemetry.streams.map(\.type)) {
            guard let encoder = try? encoders.encoder(for: type) else { continue }
            for parameter in encoder.type.parameters {
                guard let labels = encoder.rawValues(ofLabels: parameter.name) else { continue }
                words[parameter.shortName] = .labels(
                    Dictionary(labels.map { ($0.label, Double($0.raw)) }, uniquingKeysWith: { first, _ in first }))
            }
        }
        return words
    }

    /// How one of them flies.
    private func trajectory(_ entry: ScenarioCraft, _ number: Int, _ kind: Kind) throws -> Trajectory {
        if let path = kind.path {
            guard entry.count == 1 else {
                throw ScenarioRefusal(
                    description: "\(kind.file): it flies along a path, and only orbits can be spread to a constellation"
                )
            }
            return .path(path, liftoff: scenario.start + (kind.vehicle.path?.liftoff ?? 0))
        }
        guard let elements = kind.vehicle.elements else {
            throw ScenarioRefusal(description: "\(kind.file): needs orbit or path, which say where it is")
        }
        do { return .orbit(try SGP4(entry.place(elements, of: number))) } catch {
            throw kind.vehicle.orbit?.failed("\(error)")
                ?? SettingsError(
                    file: kind.file, line: nil, key: "orbit", reason: "\(error)")
        }
    }

    private mutating func add(_ entry: ScenarioCraft, _ number: Int, _ kind: Kind) throws {
        let plan = kind.telemetry
        let name = entry.name(of: number, kind.vehicle.name)
        guard names.insert(name).inserted else {
            throw entry.mark.failed("\(name) flies twice: give one of them another name")
        }
        // Ids are fewer than a constellation may have: they begin anew.
        let identifier = (plan.spacecraft + number) % (plan.layout.kind == .tm ? 1024 : 256)
        do {
            craft.append(
                try Spacecraft(
                    kind.vehicle, name: name, try trajectory(entry, number, kind), identifier: identifier, plan,
                    kind.behaviour, kind.encoders, seed: scenario.seed, start: scenario.start))
        } catch let error as PacketRefusal {
            throw ScenarioRefusal(description: kind.behaviour.words(error, of: kind.file))
        }
    }
}
