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
            zcat pass.pcap.gz | starlane decode - -o pass.csv
            starlane decode pass.pcapng --format csv -o tables/
            starlane decode pass.pcapng -Y 'eps_battery_voltage < 24' -o low.pcapng
            starlane decode pass.pcapng -o pass.db && sqlite3 pass.db .schema
            starlane decode terminals.pcapng -o positions.geojson
            starlane decode pass.pcapng --format packets -o udp://127.0.0.1:10015
            """)

    @Argument(
        help: "Captures to decode; - is standard input, udp://HOST:PORT and others are live.", completion: .file())
    var files: [String]

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @Option(
        help: ArgumentHelp(
            "How to write: table for people, jsonl, csv, sqlite, geojson or geojsonl for positions, pcap, pcapng, packets for "
                + "the octets alone, or null to throw away. Without it the ending of the output tells: .jsonl, .csv, .db, "
                + ".sqlite, .geojson, .geojsonl, .pcap, .pcapng, .pcapng.gz (an archive), .packets; else it is table."))
    var format: Decoding.Format?

    @Option(
        help: ArgumentHelp(
            "Only these, separated by commas: time, packet, flow, spacecraft, vcid, apid, sequence, type, and parameters "
                + "by name. Packets that have none of the parameters are left out.",
            valueName: "a,b,c"),
        completion: .fieldList)
    var fields: String?

    @Option(
        help: ArgumentHelp(
            "What a pcap or pcapng holds: link, the capture's packets that the chosen ones came in, or packet, the chosen "
                + "ones themselves."))
    var payload = RouteOptions.Payload.link

    @Flag(help: "Raw values beside engineering values.")
    var raw = false

    @Flag(help: "Join segmented packets by their sequence flags, and decode the whole.")
    var join = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file instead of standard output; with csv and a folder, to a file there for each packet type; to a "
                + "peer at udp://HOST:PORT, tcp://HOST:PORT or serial:/dev/DEVICE.",
            valueName: "file"),
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
        try DecodeDestination(format: format, output: output).validate(hasFields: fields != nil)
    }

    func run() throws {
        Interruption.listen()
        let databases = try specs.load()
        let destination = DecodeDestination(format: format, output: output)
        let file = try Console.orEnd {
            try destination.open(
                specs.spec.isEmpty
                    ? DatabaseIdentity.inForce(for: files, now: DatabaseIdentity.of(databases))
                    : DatabaseIdentity.of(databases))
        }
        let output = Output(file)
        var options = RouteOptions()
        options.format = destination.format
        options.payload = payload
        options.path = destination.path
        options.version = Starlane.version
        options.fields = fields.map { $0.split(separator: ",").map { $0.filter { !$0.isWhitespace } } }
        options.withRaw = raw
        options.conditions = selection.conditions
        // The columns of a CSV of all fields are made before the first file is read.
        if options.format == .csv, options.path == nil, fields == nil {
            options.contents = Contents.look(into: files, told: layout.told) { _ in !Interruption.isAsked }
        }
        let isShared = file.isTerminal && format != .null
        options.style = file.isTerminal && Style.output.isOn ? .terminal : .plain
        let decoding = try Console.orEnd {
            let routes = try Decoding(
                databases, [(options, file)], joinsSegments: join, captureFilter: selection.bpf)
            try routes.lookAhead(files, told: layout.told) { _ in !Interruption.isAsked }
            return routes
        }
        if let before = decoding.rowsBefore, before > 0 {
            Console.say("starlane: \(self.output) holds \(before.grouped) packets; these come behind them")
        }
        let looking = FileReading(
            reading: reading, layout: layout, output: output, explains: selection.explain, databases: databases)
        for file in files {
            guard !Interruption.isAsked else { break }
            let ledger = try looking.read(
                file, stopped: "is written", slice: { decoding.slice(of: $0, told: $1) }, isShared: isShared
            ) {
                source, told, known, progress in
                try output.guarding { () throws(OutputFile.Failure) in
                    try decoding.run(source, told: told, known: known, progress: progress)
                }
            } refusal: {
                decoding.captureFilterRefusal
            }
            guard let ledger else { continue }
            if ledger.decoded == 0 && ledger.idle == 0 { Console.say("starlane: \(file): \(nothingFound)") }
        }
        try output.guarding { () throws(OutputFile.Failure) in try decoding.finish() }
        for words in decoding.shortfalls {
            Console.say("starlane: \(words)")
            output.reject()
        }
        if decoding.early > 0 {
            Console.say("starlane: \(RunWords.early(decoding.early))")
            output.reject()
        }
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
