import ArgumentParser
import Bytes
import Capture
import Pipeline

struct ArchiveMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put captures of several stations together by time; what two of them heard goes in once.",
        discussion: """
            starlane archive merge shanghai.pcapng.gz hangzhou.pcapng.gz -o pass.pcapng.gz

            Interfaces of all captures stand in one section; one without a name of its own gets that of its file. A frame is \
            the same that another station heard when spacecraft, virtual channel and count agree, within the window and \
            before the count can roll over: the copy whose error control agrees is kept, else the first. Space packets in \
            datagrams are the same when all their octets are. Frames in TCP streams stay.
            """)

    @Argument(help: "Archives and captures.", completion: .file())
    var files: [String]

    @Option(name: .shortAndLong, help: "The archive.", completion: .file())
    var output: String

    @Flag(help: "Keep what several stations heard as often as it was heard.")
    var keepDuplicates = false

    @Option(help: ArgumentHelp("Copies of a frame are received within so long.", valueName: "seconds"))
    var window = 2.0

    @OptionGroup var archive: ArchiveOptions

    @OptionGroup(title: "What the captures carry, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws {
        if !(window > 0 && window <= 3600) {
            throw ValidationError("--window takes more than 0 and up to 3600 seconds, not \(window).")
        }
        try ArchiveOpening.check(files, against: output)
    }

    func run() throws {
        Interruption.listen()
        var options = Merging.Options()
        options.keepsDuplicates = keepDuplicates
        options.window = Int64(window * 1e9)
        try Console.orEnd {
            let merging = try Merging(files, options, told: { layout.told(of: $0) }) { _ in !Interruption.isAsked }
            let file = output == "-" ? OutputFile() : try OutputFile(path: output, from: 0)
            let archiving = try Archiving(into: file, archive.options)
            try archiving.define(merging.databases)
            let output = Output(file)
            var progress = Progress("merge")
            let ledger = try archiving.run(merging.open()) { reached in
                progress.show(reached)
                return !Interruption.isAsked
            }
            Progress.clear()
            if let refusal = merging.refusal {
                output.refused("\(refusal)")
                return try output.finish()
            }
            for problem in merging.problems { Console.say("starlane: \(problem)") }
            for (name, ledger) in merging.ledgers {
                output.judge(ledger)
                output.say(ledger, of: name)
            }
            output.judge(ledger)
            merging.copies.map { say($0, merging.names) }
            try archive.end(archiving, output)
        }
    }

    /// What was dropped, and why.
    private func say(_ copies: MergedCopies, _ names: [String]) {
        for row in copies.rows {
            let (station, kept) = (names[row.station], names[row.kept])
            let dropped = "\(row.count.grouped) \(row.count == 1 ? "packet" : "packets") dropped"
            switch row.reason {
            case .same:
                Console.say("starlane: \(station): \(dropped): \(kept) has the same")
            case .wrong:
                Console.say(
                    "starlane: \(station): \(dropped): their frame error control is wrong, and \(kept) has "
                        + "them right")
            case .bothWrong:
                Console.say(
                    "starlane: \(station): \(dropped): frame error control is wrong here and in those of "
                        + "\(kept), which came first")
            case .differ:
                Console.say(
                    "starlane: \(station): \(row.count.grouped) frames have the counts of frames of \(kept) and other content: both "
                        + "are kept")
            }
        }
        if Console.errorIsTerminal {
            Console.say("\(copies.compared.grouped) frames and packets compared, \(copies.dropped.grouped) dropped")
        }
    }
}
