import ArgumentParser
import Bytes
import Capture
import Mission
import Pipeline
import Records

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what files hold: format, links, flows, spacecraft, channels, APIDs, and where every octet went.",
        discussion: """
            starlane inspect pass.pcapng
            starlane inspect --format json *.pcap | jq '.flows[] | {flow, confidence}'
            zcat old.pcap.gz | starlane inspect -
            starlane inspect --frames aos:220,insert=8 recording.bin
            """)

    @Argument(
        help: "Captures to look into; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var files: [String]

    @Option(help: "How to say it: words for people, or one JSON object a file on a line.")
    var format = Format.text

    @Flag(help: "Show every link, flow, channel and APID, however many.")
    var all = false

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws { try reading.check(files) }

    func run() throws {
        Interruption.listen()
        let output = Output()
        // What the user names is loaded first, so that a mistake is told at once; what is known by name, only when there
        // is something to explain.
        let databases = try specs.spec.isEmpty && selection.conditions.isEmpty ? nil : specs.load()
        lazy var explainer: MissionDecoder? = MissionDecoder(databases ?? SpecOptions.known, selection: .none)
        for (index, file) in files.enumerated() {
            guard !Interruption.isAsked else { break }
            let told = layout.told(of: file)
            let slice = try Console.orEnd {
                reading.isLimited
                    ? nil
                    : try Inspection.slice(
                        of: file, told: told, conditions: selection.conditions, hasCaptureFilter: selection.bpf != nil,
                        databases: databases ?? [])
            }
            if selection.explain { Console.say("starlane: \(file): \(ArchiveSlice.words(slice))") }
            let reader: any PacketSource
            do { reader = try reading.open(file, slice?.choice ?? .all) } catch {
                output.refused(error.words)
                continue
            }
            Redefinition.say(of: file, reader, databases ?? SpecOptions.known)
            var progress = Progress(file)
            let report = try Console.orEnd {
                try Inspection.run(
                    reader, told: told, slice: slice, conditions: selection.conditions, captureFilter: selection.bpf,
                    databases: databases ?? [],
                    progress: { reached in
                        progress.show(reached)
                        return !Interruption.isAsked
                    }, explainer: { explainer })
            }
            Progress.clear()
            switch format {
            case .text:
                let text = InspectText(
                    report: report, style: .output, width: Console.outputIsTerminal ? Console.width : 110, all: all)
                try output.write { $0.append((index > 0 ? "\n" : "") + text.text()) }
            case .json:
                try output.write { report.write(json: &$0) }
            }
            output.judge(report.ledger)
        }
        try output.finish()
    }
}
