import ArgumentParser
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
    func load() throws -> [Database] {
        var paths: [String] = []
        if spec.isEmpty {
            paths = SpecLibrary.known.map(\.path)
        } else {
            for argument in spec {
                do { paths += try SpecLibrary.paths(for: argument) } catch {
                    Console.say("starlane: \(error)")
                    throw ExitCode(2)
                }
            }
        }
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
