import ArgumentParser
import Bytes
import Capture
import Mission
import Pipeline

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Print every packet with its parameters: engineering and raw values, units, labels, limits.",
        discussion: """
            starlane decode pass.pcapng
            starlane decode pass.pcapng --fields time,eps_battery_voltage,eps_bus_voltage
            starlane decode tm.frames --spec mission.xml --format jsonl | jq .parameters
            zcat pass.pcap.gz | starlane decode - --format csv -o pass.csv
            """)

    @Argument(
        help: "Captures to decode; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var files: [String]

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @Option(help: "How to write: table for people, jsonl, csv, or null to throw away.")
    var format = Decoding.Format.table

    @Option(
        help: ArgumentHelp(
            "Only these, separated by commas: time, packet, flow, spacecraft, vcid, apid, sequence, type, and parameters "
                + "by name. Packets that have none of the parameters are left out.",
            valueName: "a,b,c"))
    var fields: String?

    @Flag(help: "Raw values beside engineering values.")
    var raw = false

    @Flag(help: "Join segmented packets by their sequence flags, and decode the whole.")
    var join = false

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws {
        try reading.check(files)
        if let fields,
            fields.split(separator: ",", omittingEmptySubsequences: false).contains(where: {
                $0.allSatisfy(\.isWhitespace)
            })
        {
            throw ValidationError("--fields has an empty name: separate names with single commas.")
        }
    }

    func run() throws {
        Interruption.listen()
        let databases = try specs.load()
        let file: OutputFile
        do { file = try OutputFile(path: output) } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(2)
        }
        let output = Output(file)
        var options = Decoding.Options()
        options.format = format
        options.fields = fields.map { $0.split(separator: ",").map { $0.filter { !$0.isWhitespace } } }
        options.withRaw = raw
        options.joinsSegments = join
        // The columns of a CSV of all fields are made before the first file is read.
        if format == .csv, fields == nil {
            options.contents = Contents.look(into: files, told: layout.told) { _ in !Interruption.isAsked }
        }
        let isShared = file.isTerminal && format != .null
        options.style = file.isTerminal && Style.output.isOn ? .terminal : .plain
        let decoding: Decoding
        do { decoding = try Decoding(databases, into: file, options) } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(2)
        }
        for file in files {
            guard !Interruption.isAsked else { break }
            let reader: any PacketSource
            let known = file == "-" ? Known() : Prescan.run(path: file, told: layout.told(of: file))
            do { reader = try reading.open(file) } catch {
                output.refused(error.words)
                continue
            }
            var progress = Progress(file, isShared: isShared)
            let ledger = try output.guarding { () throws(OutputFile.Failure) in
                try decoding.run(reader, told: layout.told(of: file), known: known) { reached in
                    progress.show(reached)
                    return !Interruption.isAsked
                }
            }
            Progress.clear()
            for problem in reader.problems { Console.say("starlane: \(file): \(problem)") }
            if Interruption.isAsked { Console.say("starlane: \(file): stopped; what was read until then is written") }
            output.judge(ledger)
            output.say(ledger, of: file)
            if ledger.decoded == 0 && ledger.idle == 0 { Console.say("starlane: \(file): \(nothingFound)") }
        }
        try output.guarding { () throws(OutputFile.Failure) in try decoding.finish() }
        if decoding.packets > decoding.explained && Console.errorIsTerminal {
            let share = "\(decoding.explained.grouped) of \(decoding.packets.grouped)"
            Console.say("\(share) packets are explained by a mission database")
        }
        if decoding.segments > 0 && !join && Console.errorIsTerminal {
            Console.say("\(decoding.segments.grouped) packets are segments of larger ones: --join decodes those whole")
        }
        try output.finish()
    }

    private var nothingFound: String {
        if layout.told != nil {
            return "nothing in it is as --frames or --skip tells; 'starlane inspect' says what it is"
        }
        return "neither telemetry nor messages are recognised; 'starlane inspect' tells why, "
            + "--frames and --skip tell what it carries"
    }
}

extension Decoding.Format: ExpressibleByArgument {}
