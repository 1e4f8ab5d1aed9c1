import ArgumentParser
import Bytes
import Capture
import Pipeline

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Keep captures compressed, so that every program opens them and Starlane jumps about in them.",
        discussion: """
            starlane archive pass.pcap -o pass.pcapng.gz
            starlane archive udp://0.0.0.0:10015 -o today.pcapng.gz
            starlane archive info pass.pcapng.gz
            starlane archive verify pass.pcapng.gz

            An archive is a pcapng in members of gzip: Wireshark, tshark and zcat open it as it stands. Specs/archive.md
            describes it.
            """,
        subcommands: [ArchiveWriteCommand.self, ArchiveInfoCommand.self, ArchiveVerifyCommand.self],
        defaultSubcommand: ArchiveWriteCommand.self)
}

struct ArchiveWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Write captures, or what is live, into an archive.", shouldDisplay: false)

    @Argument(help: "Captures; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var sources: [String]

    @Option(name: .shortAndLong, help: "The archive; - is standard output.", completion: .file())
    var output: String

    @Option(help: "How hard to compress: 0 (not at all) to 12 (smallest).")
    var level = ArchiveWriter.usualLevel

    @Option(help: "Of what is live, write what came at least so often.")
    var flushInterval = 1.0

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    func validate() throws {
        try reading.check(sources)
        if !(0...12).contains(level) { throw ValidationError("--level takes 0 to 12, not \(level).") }
        if !(flushInterval > 0 && flushInterval <= 86_400) {
            throw ValidationError("--flush-interval takes more than 0 and up to 86400 seconds, not \(flushInterval).")
        }
    }

    func run() throws {
        Interruption.listen()
        // Any prefix of an archive is one, so it grows in its place.
        let file: OutputFile
        do { file = try OutputFile(path: output, isGrowing: true) } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(2)
        }
        let output = Output(file)
        var options = Archiving.Options()
        options.level = level
        options.flushInterval = Int64(flushInterval * 1e9)
        let archiving = Archiving(into: file, options)
        for name in sources {
            guard !Interruption.isAsked else { break }
            do {
                let source = try reading.open(name)
                var progress = Progress(name)
                let ledger = try archiving.run(source) { reached in
                    progress.show(reached)
                    return !Interruption.isAsked
                }
                Progress.clear()
                for problem in source.problems { Console.say("starlane: \(name): \(problem)") }
                output.judge(ledger)
            } catch let error as ReadingOptions.Refusal { output.refused(error.words) } catch let error
                as OutputFile.Failure
            {
                try output.guarding { () throws(OutputFile.Failure) in throw error }
            } catch { output.refused("\(name): \(error)") }
        }
        try output.guarding { () throws(OutputFile.Failure) in try archiving.finish() }
        if Console.errorIsTerminal {
            let (raw, packed) = archiving.octets
            Console.say(
                "\(archiving.packets.grouped) packets, \(raw.grouped) octets in \(packed.grouped), "
                    + "\(archiving.members.grouped) members")
        }
        try output.finish()
    }
}
