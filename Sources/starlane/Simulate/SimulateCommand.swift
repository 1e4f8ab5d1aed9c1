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

    @Option(
        help: ArgumentHelp(
            "Write down what was sent and what was broken, as JSON lines (Specs/truth.md); - is standard output.",
            valueName: "file"),
        completion: .file())
    var truth: String?

    func validate() throws {
        guard let truth else { return }
        if truth == output {
            throw ValidationError("--truth and --output would both write to \(truth): give the truth a file of its own.")
        }
        if truth == scenario { throw ValidationError("\(truth) is the scenario: give the truth a file of its own.") }
    }

    func run() throws {
        Interruption.listen()
        let simulation = try Console.orEnd { try SimulationFiles(scenario).simulation(seed: seed) }
        let file = try Console.orEnd { try ArchiveOutlet.open(self.output, []) }
        let output = Output(file)
        let truth = try self.truth.map { try TruthFile($0, simulation, scenario: scenario, output: self.output) }
        let exporting = Exporting(
            into: file, CaptureWriter.Format(path: self.output), isAlone: false, Conditions(), captureFilter: nil)
        try output.copy(scenario, from: { simulation }) { try exporting.run($0, progress: $1) }
        if let refusal = simulation.refusal { output.refused(refusal.description) }
        try output.guarding { () throws(OutputFile.Failure) in try exporting.finish() }
        try truth?.finish(simulation, output)
        if Console.errorIsTerminal { Console.say("\(exporting.packets.grouped) packets") }
        try output.finish()
    }
}

/// The file into which a simulation writes what is true.
final class TruthFile {
    private let file: OutputFile
    private var failure: OutputFile.Failure?

    init(_ path: String, _ simulation: Simulation, scenario: String, output: String) throws {
        file = try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: path) }
        simulation.tell(
            program: "starlane \(Starlane.version)", sources: [scenario], outputs: [output]
        ) { [self] text in
            guard failure == nil else { return text.removeAll() }
            do throws(OutputFile.Failure) { try file.write(&text, .whole(records: 0)) } catch { failure = error }
        }
    }

    func finish(_ simulation: Simulation, _ output: Output) throws {
        simulation.finishTruth(isInterrupted: Interruption.isAsked)
        try output.guarding { () throws(OutputFile.Failure) in
            if let failure { throw failure }
            try file.close()
        }
    }
}
