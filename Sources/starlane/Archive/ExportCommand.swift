import ArgumentParser
import Bytes
import Capture
import Pipeline

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write packets of archives and captures as a plain capture: all, those of a time, those of a filter.",
        discussion: """
            starlane export pass.pcapng.gz -o pass.pcapng
            starlane export day.pcapng.gz --from 2026-03-15T02:30:00Z --until 2026-03-15T02:31:00Z -o minute.pcapng
            starlane export day.pcapng.gz -Y 'limit(eps_battery_voltage) >= warning' -o low.pcapng
            """)

    @Argument(help: "Archives and captures; - is standard input.", completion: .file())
    var files: [String]

    @Option(
        name: .shortAndLong, help: "The capture: .pcap is a classic one, .pcapng.gz an archive, all else a pcapng.",
        completion: .file())
    var output: String

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws { try reading.check(files) }

    func run() throws {
        let format = CaptureWriter.Format(path: output)
        guard selection.conditions.filter == nil else { return try choose(format) }
        Interruption.listen()
        let (filter, file) = try Console.orEnd {
            let matching = try selection.bpf.map { try CaptureFilter($0) }
            let databases = try ArchiveOutlet.isMeant(by: self.output) ? specs.identities(for: files) : []
            return (matching, try ArchiveOutlet.open(self.output, databases))
        }
        let output = Output(file)
        let exporting = Exporting(
            into: file, format, isAlone: files.count == 1, selection.conditions, captureFilter: filter)
        let times = MemberChoice(from: selection.conditions.from, until: selection.conditions.until)
        try reading.copy(files, output, times) { try exporting.run($0, progress: $1) }
        try output.guarding { () throws(OutputFile.Failure) in try exporting.finish() }
        if Console.errorIsTerminal { Console.say("\(exporting.packets.grouped) packets") }
        try output.finish()
    }

    /// What a filter chooses is a route of `decode`.
    private func choose(_ format: CaptureWriter.Format) throws {
        var command = try DecodeCommand.parse(files)
        command.selection = selection
        command.specs = specs
        command.format = format == .pcap ? .pcap : .pcapng
        command.output = output
        command.reading = reading
        command.layout = layout
        try command.run()
    }
}
