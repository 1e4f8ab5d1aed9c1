import ArgumentParser
import Bytes
import Links
import Pipeline
import Query
import Settings

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline: sources, filters and sinks that a file names.",
        discussion: """
            starlane run alarms.yaml
            starlane run alarms.yaml pass1.pcapng pass2.pcapng
            starlane run --check alarms.yaml
            starlane run alarms.yaml --report alarms.report.json

            The file is YAML; Specs/pipeline.md describes it:

              sources: [udp://0.0.0.0:10015]
              routes:
                - filter: limit(eps_battery_voltage) >= warning
                  to: alarms.jsonl
                - to: tcp://127.0.0.1:9000
                  format: jsonl
                  fields: [time, eps_battery_voltage]
                  when_slow: drop

            Ctrl-C and SIGTERM end it when everything that was taken in is written.
            """)

    @Argument(help: "The pipeline's file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @Argument(
        help: "Sources, in place of those that the file names.", completion: .file())
    var sources: [String] = []

    @Flag(help: "Check everything and say what would be done, without doing it.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "At the end write to a file what became of all octets and packets, as JSON; - is standard output.",
            valueName: "file"),
        completion: .file())
    var report: String?

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "What sources carry, where it is not recognised")
    var layout: LayoutOptions

    // Live sources are read side by side, so each is looked at by itself.
    func validate() throws { for source in sources { try reading.check([source]) } }

    func run() throws {
        Interruption.listen()
        let plan = try read()
        var specs = specs
        if specs.spec.isEmpty { specs.spec = plan.specs ?? [] }
        let databases = try specs.load()
        let inputs = sources.isEmpty ? plan.sources : sources.map { PipelinePlan.Source(at: $0) }
        guard check || !inputs.isEmpty else {
            throw stop("\(pipeline) names no sources: give them behind it, or as 'sources: [pass.pcapng]' in it")
        }
        for input in inputs {
            do { try reading.check([input.at]) } catch { throw stop("\(pipeline): \(error)") }
        }
        let output = Output()
        if check {
            do { try Decoding.check(plan.targets.map(\.options), databases) } catch {
                throw stop("\(pipeline): \(error)")
            }
            try output.write { $0.append(PlanWords(plan, inputs, databases).text) }
            return
        }
        let run: PipelineRun
        do {
            run = try PipelineRun(plan, databases)
            let files = inputs.map(\.at)
            try run.lookAhead(files)
        } catch { throw stop("\(pipeline): \(error)") }
        try go(run, inputs, output)
    }

    private func go(_ run: PipelineRun, _ inputs: [PipelinePlan.Source], _ output: Output) throws {
        var rest = inputs[...]
        var bars: [String: Progress] = [:]
        var isComplete = true
        do {
            try run.run {
                while let input = rest.popFirst() {
                    let told = input.told ?? layout.told(of: input.at)
                    do throws(ReadingOptions.Refusal) {
                        let source = try reading.open(input.at)
                        return PipelineRun.Input(source, told: told, known: Prescan.run(path: input.at, told: told))
                    } catch {
                        isComplete = false
                        output.refused(error.words)
                    }
                }
                return nil
            } progress: { name, reached in
                bars[name, default: Progress(name)].show(reached)
            }
        } catch {
            isComplete = false
            output.refused("\(error)")
        }
        Progress.clear()
        if Interruption.isAsked { Console.say("starlane: stopped; what was taken in is written") }
        for (source, ledger) in run.sources {
            output.judge(ledger)
            output.say(ledger, of: source)
        }
        RunWords.say(run, output)
        if let report {
            do {
                let file = try OutputFile(path: report)
                var text = TextBuffer()
                run.write(report: &text, isComplete: isComplete && !Interruption.isAsked)
                try file.write(&text)
                try file.close()
            } catch { output.refused("\(error)") }
        }
        try output.finish()
    }

    private func read() throws -> PipelinePlan {
        do {
            let octets = try WholeFile.octets(pipeline, atMost: SettingsPlace.largestFile)
            return try PipelinePlan(octets, file: pipeline)
        } catch { throw stop("\(error)") }
    }

    private func stop(_ words: String) -> ExitCode {
        Console.say("starlane: \(words)")
        return ExitCode(2)
    }
}
