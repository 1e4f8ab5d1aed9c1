import Mission
import Pipeline
import Settings
import Simulator

/// Where a scenario and the files that it names are found.
final class SimulationFiles {
    private let path: String
    /// All that were read.
    private(set) var read: [String]

    /// - Parameter name: a file, or one of the scenarios that are known by name.
    init(_ name: String) throws {
        path =
            SpecLibrary.isFile(name)
            ? name : try SpecLibrary.named(name, in: "scenarios", called: "file and no scenario")
        read = [path]
    }

    /// The simulation at its beginning.
    func simulation(seed: UInt64?) throws -> Simulation {
        var scenario = try Scenario.read(try Self.octets(path), file: path)
        if let seed { scenario.seed = seed }
        return try Simulation(
            scenario, file: path,
            ScenarioFiles(
                stations: try StationChoice([], file: nil).stations, vehicle: vehicle(_:), beside: beside(_:_:),
                database: database(_:_:), fleet: fleet(_:)))
    }

    private static func octets(_ path: String) throws -> [UInt8] {
        try WholeFile.octets(path, atMost: SettingsPlace.largestFile)
    }

    private func vehicle(_ name: String) throws -> (octets: [UInt8], file: String) {
        try named(name, in: "vehicles", called: "vehicle")
    }

    private func fleet(_ name: String) throws -> (octets: [UInt8], file: String) {
        do { return try named(name, in: "terminals", called: "fleet of terminals") } catch let error as SettingsError {
            throw error
        } catch {
            throw Satellite.Refusal(description: "\(path): \(error)")
        }
    }

    /// A file of Specs by name, or a file beside the scenario.
    private func named(
        _ name: String, in folder: String, called: String
    ) throws -> (octets: [UInt8], file: String) {
        if name.hasSuffix(".yaml") { return try beside(name, path) }
        let file = try SpecLibrary.named(name, in: folder, called: called)
        read.append(file)
        return (try Self.octets(file), file)
    }

    private func beside(_ name: String, _ file: String) throws -> (octets: [UInt8], file: String) {
        let path = Self.place(of: name, beside: file)
        read.append(path)
        return (try Self.octets(path), path)
    }

    private static func place(of name: String, beside file: String) -> String {
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        return name.hasPrefix("/") ? name : folder + name
    }

    /// A database that is known by name, or a file that ends in .xml.
    private func database(_ name: String, _ file: String) throws -> Database {
        let path = name.hasSuffix(".xml") ? Self.place(of: name, beside: file) : name
        if path != name { read.append(path) }
        guard let database = try SpecOptions.load(path).first else {
            throw Satellite.Refusal(description: "\(name) is no mission database")
        }
        return database
    }
}
