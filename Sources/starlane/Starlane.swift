import ArgumentParser

@main
struct Starlane: ParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "starlane",
        abstract: "Satellite telemetry and messages of BeiDou terminals: see what is in a file, and decode it.",
        discussion: """
            starlane inspect pass.pcapng          what a file holds, asking nothing
            starlane decode pass.pcapng           its packets with their parameters
            starlane decode pass.pcapng --format jsonl --spec songjiang | jq .
            starlane fields battery pass.pcapng   what can be asked for, and what is there of it
            starlane run alarms.yaml              sources, filters and sinks that a file names
            starlane archive pass.pcap -o pass.pcapng.gz
            starlane diff pass.pcapng again.pcapng
            starlane replay pass.pcapng --to udp://127.0.0.1:10015
            starlane corrupt pass.pcapng -o worse.pcapng --fault bit-error=1e-5,loss=0.01
            starlane score --truth truth.jsonl decoded.jsonl
            starlane plot pass.pcapng battery_voltage -o battery.svg
            starlane tracks fleet.pcap --format gpx -o fleet.gpx
            starlane encode --spec songjiang eps_housekeeping -o one.packets
            starlane message decode '$BDFKI,DWA,N,Y,0,0058*16'
            starlane message send --via serial:/dev/ttyUSB0 --to 195817 'all well'

            Captures are pcap, pcapng, ERF, snoop, logs, and bare files of frames or packets, gzip'd or not; - is standard input.
            Exit status: 0 all well, 1 done but something was rejected, 2 could not be done, 64 wrong usage.
            """,
        version: version,
        subcommands: [
            InspectCommand.self, DecodeCommand.self, FieldsCommand.self, PlotCommand.self, TracksCommand.self,
            DiffCommand.self, RunCommand.self, ArchiveCommand.self, ExportCommand.self, ReplayCommand.self,
            PassesCommand.self, SimulateCommand.self, ScenarioCommand.self, ScoreCommand.self, CorruptCommand.self,
            EncodeCommand.self,
            MessageCommand.self,
            SpecCommand.self,
        ])
    static func main() {
        guard !CompletionScript.isAsked(Array(CommandLine.arguments.dropFirst())) else {
            return print(CompletionScript.bash, terminator: "")
        }
        guard !runShortcut() else { return }
        main(nil)
    }

    /// Runs a command without looking at the tree of all of them, which takes longer than many a command. Whatever it cannot
    /// parse, and every question for help, is left to the tree, which has the words for it.
    private static func runShortcut() -> Bool {
        let arguments = CommandLine.arguments.dropFirst()
        let leaves = configuration.subcommands.lazy.filter { $0.configuration.subcommands.isEmpty }
        guard let command = leaves.first(where: { $0.configuration.commandName == arguments.first }),
            var parsed = try? command.parseAsRoot(Array(arguments.dropFirst())), type(of: parsed) == command
        else { return false }
        do { try parsed.run() } catch { exit(withError: error) }
        return true
    }
}
