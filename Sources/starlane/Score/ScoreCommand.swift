import ArgumentParser
import Bytes
import Pipeline

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Rate a decoder's result against the truth of a simulation: found, missed, wrong, invented.",
        discussion: """
            starlane simulate pass -o pass.pcapng --truth truth.jsonl
            starlane decode pass.pcapng -o mine.jsonl && starlane score --truth truth.jsonl mine.jsonl
            starlane score --truth truth.jsonl theirs.csv --column apid=PKT_APID --column count=SSC --tolerance 1e-4
            starlane inspect pass.pcapng --format json > ledger.json
            starlane score --truth truth.jsonl mine.jsonl --ledger ledger.json --format json | jq .passes
            starlane corrupt pass.pcapng -o worse.pcapng --fault loss=1% --truth worse.truth.jsonl
            starlane score --truth worse.truth.jsonl --reference mine.jsonl worse.jsonl

            The result is JSON lines or CSV of any program, with a line or row for each packet. Columns for APID, sequence \
            count, spacecraft, interface and time are known by their usual names, values by the short names of parameters; \
            a raw number where the truth has a label is not compared. Specs/truth.md says more.

            Exit status: 0 it passes, 1 it does not, 2 could not be done, 64 wrong usage.
            """)

    @Argument(help: "What a decoder wrote; - is standard input.", completion: .file(extensions: ["jsonl", "csv"]))
    var result: String?

    @Option(
        help: ArgumentHelp("The truth that 'simulate', 'corrupt' or 'replay' wrote.", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var truth: String

    @Option(
        help: ArgumentHelp(
            "What 'decode --format jsonl' wrote of the capture before it was broken: the packets of a truth that has faults "
                + "alone.", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var reference: String?

    @Option(
        help: ArgumentHelp(
            "Hold the faults against a ledger that 'inspect --format json' wrote, or 'run --report'; without a result, that alone.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var ledger: String?

    @Option(
        help: ArgumentHelp(
            "What 'inspect --format json' wrote of the capture before it was broken: its gaps and rejections are no faults.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var referenceLedger: String?

    @Option(help: "How to say it: words for people, or one JSON object on a line.")
    var format = Format.text

    @Option(
        help: ArgumentHelp("Name so many of the misses, wrong values and others, of each kind.", valueName: "number"))
    var show = 5

    @OptionGroup(title: "What is compared")
    var comparing: Comparing

    @OptionGroup(title: "What passes")
    var limits: Limits

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    struct Comparing: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The column or member that holds apid, count, spacecraft, interface or time, where it has no usual name.",
                valueName: "what=name"))
        var column: [String] = []

        @Option(
            help: ArgumentHelp(
                "By what share of the larger one numbers may be apart. (default: 1e-6, and whole ones not at all)",
                valueName: "share"))
        var tolerance: Double?

        @Option(
            help: ArgumentHelp(
                "Parameters that are not compared, separated by commas; 'adcs_*' is all that begin so, '*' all of them.",
                valueName: "a,b,c"))
        var ignore: [String] = []

        func validate() throws {
            _ = try columns()
            if let tolerance, !(tolerance >= 0 && tolerance <= 1) {
                throw ValidationError("--tolerance takes 0 to 1, not \(tolerance).")
            }
        }

        func columns() throws -> [ScoreColumn: String] {
            var columns: [ScoreColumn: String] = [:]
            for words in column {
                let parts = words.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, let meaning = ScoreColumn(rawValue: parts[0].lowercased()) else {
                    let names = ScoreColumn.allCases.map { "\($0.rawValue)=NAME" }
                    throw ValidationError(
                        "--column takes \(names.dropLast().joined(separator: ", ")) or \(names.last ?? ""), not '\(words)'."
                    )
                }
                guard columns.updateValue(String(parts[1]), forKey: meaning) == nil else {
                    throw ValidationError("--column \(meaning.rawValue) is given twice.")
                }
            }
            return columns
        }
    }

    struct Limits: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Of the packets that could be received, as 99.9% or 0.999. (default: 100%)", valueName: "share"))
        var leastFound: String?

        @Option(
            help: ArgumentHelp(
                "Of the values that the truth has of found packets, the share that rows have and can be read. (default: any)",
                valueName: "share"))
        var leastCompared: String?

        @Option(help: ArgumentHelp("Packets with wrong values.", valueName: "number"))
        var mostWrong = 0

        @Option(help: ArgumentHelp("Rows that no packet stands behind.", valueName: "number"))
        var mostInvented = 0

        @Option(
            help: ArgumentHelp(
                "Rows of a packet beyond one for each interface that heard it. (default: any)", valueName: "number"))
        var mostRepeated: Int?

        @Option(
            help: ArgumentHelp("Frames by which faults and ledger may differ. (default: any)", valueName: "number"))
        var mostDifference: Int?

        func validate() throws {
            _ = try limits()
            for (name, value) in [
                ("--most-wrong", mostWrong), ("--most-invented", mostInvented), ("--most-repeated", mostRepeated ?? 0),
                ("--most-difference", mostDifference ?? 0),
            ] where value < 0 {
                throw ValidationError("\(name) takes 0 or more, not \(value).")
            }
        }

        private func share(_ name: String, _ text: String?) throws -> Double? {
            guard let text else { return nil }
            guard let share = ScoreLimits.share(text) else {
                throw ValidationError("\(name) takes 0% to 100%, or 0 to 1, not '\(text)'.")
            }
            return share
        }

        func limits() throws -> ScoreLimits {
            var limits = ScoreLimits()
            limits.leastFound = try share("--least-found", leastFound) ?? limits.leastFound
            limits.leastCompared = try share("--least-compared", leastCompared)
            (limits.mostWrong, limits.mostInvented) = (mostWrong, mostInvented)
            (limits.mostRepeated, limits.mostDifference) = (mostRepeated, mostDifference)
            return limits
        }
    }

    func validate() throws {
        if result == nil, ledger == nil {
            throw ValidationError("Name what a decoder wrote, or give --ledger to hold the faults against it.")
        }
        if result == nil, reference != nil {
            throw ValidationError("--reference is what a result is held against: name a result, too.")
        }
        if limits.leastCompared != nil, result == nil {
            throw ValidationError("--least-compared is about values of a result: name a result, too.")
        }
        if limits.mostDifference != nil, ledger == nil {
            throw ValidationError("--most-difference is about a ledger: give --ledger.")
        }
        if referenceLedger != nil, ledger == nil {
            throw ValidationError("--reference-ledger is taken off a ledger: give --ledger, too.")
        }
        if [result, ledger, referenceLedger].count(where: { $0 == "-" }) > 1 {
            throw ValidationError("Standard input can be read once only: name a file for the result or the ledger.")
        }
        if !(0...1_000_000).contains(show) { throw ValidationError("--show takes 0 to 1000000, not \(show).") }
    }

    func run() throws {
        Interruption.listen()
        var options = ScoreOptions()
        (options.truth, options.reference, options.result, options.ledger) = (truth, reference, result, ledger)
        options.referenceLedger = referenceLedger
        options.columns = try comparing.columns()
        options.tolerance = comparing.tolerance
        options.ignored = Set(
            comparing.ignore.flatMap { $0.split(separator: ",") }.map { $0.filter { !$0.isWhitespace } })
        options.shown = show
        options.limits = try limits.limits()
        let output = Output()
        let report = try Console.orEnd { try Scoring(options).run() }
        for bad in report.bad { Console.say("starlane: \(bad.file), line \(bad.line): rejected: \(bad.words)") }
        if report.rows.rejected > report.bad.count, !report.bad.isEmpty {
            Console.say("starlane: \((report.rows.rejected - report.bad.count).grouped) more lines were rejected")
        }
        if !report.isWhole {
            Console.say(
                "starlane: \(truth) has no last record: its run was killed, and it holds less than what was sent")
        }
        switch format {
        case .text:
            let width = Console.outputIsTerminal ? Console.width : 110
            try output.write { $0.append(ScoreText(report: report.plain, style: .output, width: width).text()) }
        case .json: try output.write { report.write(json: &$0) }
        }
        report.passes ? output.isDone() : output.reject()
        try output.finish()
    }
}
