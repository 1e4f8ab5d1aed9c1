import ArgumentParser
import Bytes
import Capture
import Mission
import Pipeline
import Records
import Settings
import Simulator

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make the traffic of a scenario: what stations hear of satellites that pass over them.",
        discussion: """
            starlane simulate pass -o pass.pcapng
            starlane simulate pass -o pass.pcapng.gz        an archive
            starlane simulate mine.yaml --seed 7 -o - | starlane inspect -

            A scenario is a file, or one of Specs/scenarios by its name. Vehicles, their orbits, what they send and how their \
            values behave are files in Specs/vehicles. The same scenario and seed give the same octets everywhere.
            """)

    @Argument(help: "A scenario: a file of settings, or a name.", completion: .file(extensions: ["yaml"]))
    var scenario: String

    @Option(
        name: .shortAndLong, help: "The capture: .pcap is a classic one, .pcapng.gz an archive, all else a pcapng.",
        completion: .file())
    var output: String

    @Option(help: ArgumentHelp("The seed instead of the scenario's.", valueName: "number"))
    var seed: UInt64?

    func run() throws {
        Interruption.listen()
        let simulation = try Console.orEnd { try SimulationFiles(scenario).simulation(seed: seed) }
        let file = try Console.orEnd { try ArchiveOutlet.open(self.output, []) }
        let output = Output(file)
        let exporting = Exporting(
            into: file, CaptureWriter.Format(path: self.output), isAlone: false, Conditions(), captureFilter: nil)
        try output.copy(scenario, from: { simulation }) { try exporting.run($0, progress: $1) }
        if let refusal = simulation.refusal { output.refused(refusal.description) }
        try output.guarding { () throws(OutputFile.Failure) in try exporting.finish() }
        if Console.errorIsTerminal { Console.say("\(exporting.packets.grouped) packets") }
        try output.finish()
    }
}

/// Where a scenario and the files that it names are found.
struct SimulationFiles {
    private let path: String

    /// - Parameter name: a file, or one of the scenarios that are known by name.
    init(_ name: String) throws {
        path =
            SpecLibrary.isFile(name)
            ? name : try SpecLibrary.named(name, in: "scenarios", called: "file and no scenario")
    }

    /// The simulation at its beginning.
    func simulation(seed: UInt64?) throws -> Simulation {
        var scenario = try Scenario.read(try Self.octets(path), file: path)
        if let seed { scenario.seed = seed }
        return try Simulation(
            scenario, file: path,
            Simulation.Files(
                stations: try StationChoice([], file: nil).stations, vehicle: vehicle(_:), beside: Self.beside(_:_:),
                database: Self.database(_:)))
    }

    private static func octets(_ path: String) throws -> [UInt8] {
        try WholeFile.octets(path, atMost: SettingsPlace.largestFile)
    }

    /// A vehicle by name, or as a file beside the scenario.
    private func vehicle(_ name: String) throws -> (octets: [UInt8], file: String) {
        if name.hasSuffix(".yaml") { return try Self.beside(name, path) }
        let file: String
        do { file = try SpecLibrary.named(name, in: "vehicles", called: "vehicle") } catch {
            throw Satellite.Refusal(description: "\(path): \(error)")
        }
        return (try Self.octets(file), file)
    }

    private static func beside(_ name: String, _ file: String) throws -> (octets: [UInt8], file: String) {
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let path = name.hasPrefix("/") ? name : folder + name
        return (try octets(path), path)
    }

    private static func database(_ name: String) throws -> Database {
        guard let database = try SpecOptions.load(name).first else {
            throw Satellite.Refusal(description: "\(name) is no mission database")
        }
        return database
    }
}
