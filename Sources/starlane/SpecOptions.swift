import ArgumentParser
import Capture
import Mission
import Pipeline

/// Which mission databases explain the packets.
struct SpecOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A mission database: a file of XTCE, a folder of them, or a name (see 'starlane spec list'). "
                + "May be given several times; without it all that are known by name are tried.",
            valueName: "spec"),
        completion: .file(extensions: ["xml"]))
    var spec: [String] = []

    /// The databases that are known by name, loaded once. One that cannot be used explains nothing: `spec check` says why.
    static let known: [Database] = SpecLibrary.known.compactMap { try? Database.load($0.path) }

    /// Loads the databases; what is wrong with them goes to standard error.
    func load() throws -> [Database] { try Self.load(spec.isEmpty ? SpecLibrary.known.map(\.path) : paths()) }

    /// Name and hash of the databases that an archive of packets of files is to name, by their files alone: where none is named
    /// those that are known by name, but for one that is no database, and archives have their own.
    func identities(for files: [String]) throws -> [DatabaseIdentity] {
        guard !spec.isEmpty else {
            return DatabaseIdentity.inForce(
                for: files, now: SpecLibrary.known.compactMap { DatabaseIdentity(path: $0.path) })
        }
        return try paths().map { path in
            guard let identity = DatabaseIdentity(path: path) else {
                Console.say("starlane: \(path) cannot be used as a mission database; 'starlane spec check' tells more")
                throw ExitCode(2)
            }
            return identity
        }
    }

    /// Loads what one argument means.
    static func load(_ argument: String) throws -> [Database] { try load(paths(argument)) }

    /// The files that the arguments mean.
    private func paths() throws -> [String] { try spec.flatMap { try Self.paths($0) } }

    private static func paths(_ argument: String) throws -> [String] {
        do { return try SpecLibrary.paths(for: argument) } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(2)
        }
    }

    private static func load(_ paths: [String]) throws -> [Database] {
        var databases: [Database] = []
        for path in paths {
            do { databases.append(try Database.load(path)) } catch {
                for diagnostic in error.errors { Console.say(diagnostic.description) }
                Console.say("starlane: \(path) cannot be used as a mission database; 'starlane spec check' tells more")
                throw ExitCode(2)
            }
        }
        return databases
    }
}
