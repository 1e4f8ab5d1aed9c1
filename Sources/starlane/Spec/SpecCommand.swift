import ArgumentParser
import Bytes
import Mission
import Pipeline

struct SpecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spec", abstract: "Look at mission databases (XTCE).", subcommands: [Check.self, List.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether databases can be used, and what in them is not honoured.",
            discussion: """
                starlane spec check mission.xml
                starlane spec check Specs songjiang

                Remarks are written as file:line:column: error or warning: what was found, what is allowed, what to do.
                """)

        @Argument(help: "Files of XTCE, folders of them, or names.", completion: .file(extensions: ["xml"]))
        var specs: [String]

        func run() throws {
            let output = Output()
            for spec in specs {
                let paths: [String]
                do { paths = try SpecLibrary.paths(for: spec) } catch {
                    output.refused(error.description)
                    continue
                }
                for path in paths { try check(path, output) }
            }
            try output.finish()
        }

        private func check(_ path: String, _ output: Output) throws {
            do {
                let database = try Database.load(path)
                for diagnostic in database.diagnostics { Console.say(diagnostic.description) }
                let summary = database.summary
                let counts = [
                    counted(summary.spaceSystems, "space system"), counted(summary.parameters, "parameter"),
                    counted(summary.containers, "container"), counted(summary.packetTypes, "packet type"),
                ].joined(separator: ", ")
                let roots =
                    summary.roots.isEmpty ? "nothing that is known" : summary.roots.prefix(3).joined(separator: ", ")
                try output.write { $0.append("\(path): \(summary.name): \(counts); packets begin with \(roots)\n") }
            } catch let error as MissionError {
                for diagnostic in error.diagnostics { Console.say(diagnostic.description) }
                output.refused("\(path) cannot be used as a mission database")
            }
        }

        private func counted(_ number: Int, _ thing: String) -> String {
            "\(number.grouped) \(thing)\(number == 1 ? "" : "s")"
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the databases that are known by name.")

        func run() throws {
            let output = Output()
            for spec in SpecLibrary.known { try output.write { $0.append("\(spec.name.left(16))  \(spec.path)\n") } }
            if SpecLibrary.known.isEmpty {
                Console.say(
                    "starlane: no database is known by name; a folder of them is named by the variable STARLANE_SPECS")
            }
            try output.finish()
        }
    }
}
