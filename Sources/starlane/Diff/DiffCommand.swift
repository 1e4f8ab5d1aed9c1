import ArgumentParser
import Bytes
import Capture
import Links
import Mission
import Pipeline

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say which packets and which values differ: of two captures, or of one under two mission databases.",
        discussion: """
            starlane diff pass.pcapng.gz again.pcapng.gz
            starlane diff pass.pcapng.gz --spec then.xml --spec now.xml
            starlane diff a.pcapng b.pcapng --format jsonl | jq 'select(.difference == "changed") | .values[]'

            Packets are the same where spacecraft, virtual channel, APID or type of message, count and all octets are, in \
            whatever order and whenever they come. Where octets differ and the rest does not, their values are compared.

            Exit status: 0 nothing differs, 1 something does, 2 could not be done, 64 wrong usage.
            """)

    @Argument(help: "Two captures, or one; - is standard input.", completion: .file())
    var files: [String]

    @Option(help: "How to write: table for people, or jsonl, an object a difference and one for the summary.")
    var format = DiffOptions.Format.table

    @Option(help: ArgumentHelp("Write so many differences; all are counted.", valueName: "number"))
    var limit: Int?

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "What the captures carry, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws {
        if let address = files.first(where: { SourceAddress.isMeant(by: $0) }) {
            throw ValidationError("\(address) has no end: diff compares files; 'starlane archive' makes one of it.")
        }
        if let limit, limit < 0 { throw ValidationError("--limit takes 0 or more, not \(limit).") }
        switch files.count {
        case 1 where specs.spec.count != 2:
            throw ValidationError(
                "One capture is compared under two databases, and \(specs.spec.count) were given: say --spec twice, or "
                    + "name a second capture.")
        case 1: break
        case 2 where files[0] == "-" && files[1] == "-":
            throw ValidationError("Standard input can be read once only: name a file for one of the two.")
        case 2: break
        default:
            throw ValidationError("diff takes two captures, or one and --spec twice, not \(files.count) captures.")
        }
    }

    func run() throws {
        Interruption.listen()
        var options = DiffOptions()
        options.format = format
        options.limit = limit
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        let file = OutputFile()
        options.style = file.isTerminal && Style.output.isOn ? .terminal : .plain
        let output = Output(file)
        var progress = Progress(files.joined(separator: " "), isShared: file.isTerminal)
        let watch = { (reached: ReadProgress) in
            progress.show(reached)
            return !Interruption.isAsked
        }
        let counts = try Console.orEnd {
            if files.count == 2 {
                let diff = try CaptureDiff(
                    files[0], files[1], try specs.load(), options, told: { layout.told(of: $0) }, into: file,
                    progress: watch)
                diff.sources.forEach(explain)
                let found = try output.guarding { () throws(OutputFile.Failure) in try diff.run() }
                diff.sources.forEach { say($0, output) }
                return found
            } else {
                let (one, other) = (specs.spec[0], specs.spec[1])
                let diff = try DefinitionDiff(
                    files[0], try SpecOptions.load(one), try SpecOptions.load(other), names: (one, other), options,
                    told: layout.told(of: files[0]), into: file, progress: watch)
                explain(diff.source)
                let found = try output.guarding { () throws(OutputFile.Failure) in try diff.run() }
                say(diff.source, output)
                return found
            }
        }
        if counts.isDifferent { output.reject() }
        try output.finish()
    }

    private typealias Compared = (source: any PacketSource, ledger: Ledger, slice: ArchiveSlice?)

    private func explain(_ compared: Compared) {
        guard selection.explain else { return }
        Console.say("starlane: \(compared.source.name): \(ArchiveSlice.words(compared.slice))")
    }

    /// What is to be known of a capture besides its differences: what could not be read of it is no difference.
    private func say(_ compared: Compared, _ output: Output) {
        Progress.clear()
        for problem in compared.source.problems { Console.say("starlane: \(compared.source.name): \(problem)") }
        output.say(compared.ledger, of: compared.source.name)
        if Interruption.isAsked { Console.say("starlane: \(compared.source.name): stopped") }
    }
}

extension DiffOptions.Format: ExpressibleByArgument {}
