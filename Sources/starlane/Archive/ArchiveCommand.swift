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
            starlane archive append today.pcapng.gz pass.pcap
            starlane archive merge shanghai.pcapng.gz hangzhou.pcapng.gz -o pass.pcapng.gz
            starlane archive split today.pcapng.gz --interval 3600 -o hour.pcapng.gz
            starlane archive repair torn.pcapng.gz -o whole.pcapng.gz
            starlane archive info pass.pcapng.gz
            starlane archive verify pass.pcapng.gz

            An archive is a pcapng in members of gzip: Wireshark, tshark and zcat open it as it stands. Specs/archive.md \
            describes it. Name and hash of the mission databases in force (--spec) stand in it.
            """,
        subcommands: [
            ArchiveWriteCommand.self, ArchiveAppendCommand.self, ArchiveInfoCommand.self, ArchiveVerifyCommand.self,
            ArchiveMergeCommand.self, ArchiveSplitCommand.self, ArchiveRepairCommand.self,
        ],
        defaultSubcommand: ArchiveWriteCommand.self)
}

/// How archives are written.
struct ArchiveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How hard to compress: 0 (not at all) to 12 (smallest). Without it as hard as gzip does, or less where that costs "
                + "hardly an octet.", valueName: "number"))
    var level: Int?

    @Option(
        help: ArgumentHelp(
            "Octets of a member before compression, about: less of them is unpacked where few packets are asked for, and more "
                + "of them are smaller together.", valueName: "octets"))
    var memberSize = ArchiveWriter.usualMemberSize

    @Option(help: ArgumentHelp("Of what is live, write what came at least so often.", valueName: "seconds"))
    var flushInterval = 1.0

    @Flag(help: "Wait until what was written is on the disk, too.")
    var sync = false

    func validate() throws {
        if let level, !(0...12).contains(level) { throw ValidationError("--level takes 0 to 12, not \(level).") }
        if !(1024...16 << 20).contains(memberSize) {
            throw ValidationError("--member-size takes 1024 to 16777216 octets, not \(memberSize).")
        }
        if !(flushInterval > 0 && flushInterval <= 86_400) {
            throw ValidationError("--flush-interval takes more than 0 and up to 86400 seconds, not \(flushInterval).")
        }
    }

    var options: Archiving.Options {
        var options = Archiving.Options()
        options.level = level
        options.memberSize = memberSize
        options.flushInterval = Int64(flushInterval * 1e9)
        options.syncs = sync
        return options
    }

    /// Reads sources into an archive and ends it.
    func run(_ sources: [String], _ reading: ReadingOptions, into archiving: Archiving, _ output: Output) throws {
        try reading.copy(sources, output) { try archiving.run($0, progress: $1) }
        try end(archiving, output)
    }

    /// Ends an archive, and says to who watches what it has become.
    func end(_ archiving: Archiving, _ output: Output) throws {
        // Of a file from whose sources nothing came nothing is cut.
        guard output.hasRead else { return try output.finish() }
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

struct ArchiveWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Write captures, or what is live, into an archive.", shouldDisplay: false)

    @Argument(help: "Captures; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var sources: [String]

    @Option(name: .shortAndLong, help: "The archive; - is standard output.", completion: .file())
    var output: String

    @OptionGroup var archive: ArchiveOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    func validate() throws {
        try reading.check(sources)
        try ArchiveOpening.check(sources, against: output)
    }

    func run() throws {
        Interruption.listen()
        let databases = try specs.identities(for: sources)
        try Console.orEnd {
            // Any prefix of an archive is one, so it grows in its place.
            let file = output == "-" ? OutputFile() : try OutputFile(path: output, from: 0)
            let archiving = try Archiving(into: file, archive.options)
            try archiving.define(databases)
            try archive.run(sources, reading, into: archiving, Output(file))
        }
    }
}

struct ArchiveAppendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Write captures, or what is live, behind what an archive has; a torn end is mended first.")

    @Argument(help: "The archive.", completion: .file())
    var file: String

    @Argument(help: "Captures; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var sources: [String]

    @OptionGroup var archive: ArchiveOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    func validate() throws { try reading.check(sources) }

    func run() throws {
        Interruption.listen()
        let databases = try specs.identities(for: sources)
        let output = Output()
        guard let there = ArchiveOpening.open(file, output, { try ArchiveReading(path: $0) }) else {
            return try output.finish()
        }
        let index = there.index
        try Console.orEnd {
            let target = try OutputFile(path: file, from: index.appendPlace, of: index.size)
            if let tail = index.tail {
                try target.cutNow()
                Console.say(
                    "starlane: \(file): \(index.tornOctets.grouped) octets behind packet \(index.packets.grouped) are cut "
                        + "off: \(tail)")
            }
            let archiving: Archiving
            do { archiving = try Archiving(into: target, archive.options, behind: there) } catch {
                Console.say("starlane: \(file): its last member cannot be gone on from: \(error)")
                throw ExitCode(2)
            }
            try archiving.define(databases)
            try archive.run(sources, reading, into: archiving, Output(target))
        }
    }
}
