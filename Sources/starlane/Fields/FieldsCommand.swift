import ArgumentParser
import Bytes
import Capture
import Mission
import Pipeline

struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "List what can be asked for, in filters, with --fields and in plots; of files, what occurs in them.",
        discussion: """
            starlane fields
            starlane fields battery_voltage
            starlane fields 'message.*'
            starlane fields --spec mission.xml
            starlane fields pass.pcapng
            starlane fields eps pass.pcapng -Y 'obc_mode == SAFE' --format json | jq '{name, least, greatest}'

            Without files it lists every field there is: those of all packets, the parameters of mission databases, and the \
            values of messages. With files it lists those that occur, in how many packets, and their values. A few fields \
            are described at length, many as a table.
            """)

    @Argument(
        help: ArgumentHelp(
            "A part of a name, or a name with * and ?; and captures, in any order: what is a file is read (- is standard "
                + "input, udp://HOST:PORT and others are live), all else is the pattern.",
            valueName: "pattern-or-file"),
        completion: .filesAndFields)
    var arguments: [String] = []

    @Option(help: "How to say it: a table for people, or a JSON object a field, a line each.")
    var format = Format.table

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @Flag(help: "Join segmented packets by their sequence flags, and decode the whole.")
    var join = false

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    func validate() throws {
        let chosen = InputArguments(arguments)
        if chosen.names.count > 1 {
            let names = chosen.names.map { "'\($0)'" }.joined(separator: " and ")
            throw ValidationError(
                "\(names) are no files, and only one pattern is taken: a pattern with * means several names.")
        }
        if chosen.names == [""] { throw ValidationError("The pattern is empty: leave it out for all fields.") }
        let choosesPackets = !selection.conditions.isEmpty || selection.bpf != nil || join
        if chosen.files.isEmpty, choosesPackets || reading.duration != nil || reading.count != nil {
            throw ValidationError(
                "Packets are chosen of files, and none is named: without files all fields are listed.")
        }
        try reading.check(chosen.files)
    }

    func run() throws {
        Interruption.listen()
        let chosen = InputArguments(arguments)
        let databases = try specs.load()
        let list = FieldList(databases, matching: chosen.names.first)
        let output = Output()
        if list.fields.isEmpty, let pattern = chosen.names.first {
            let nearest = list.nearest(to: pattern)
            let near = nearest.isEmpty ? "" : "; near it are \(nearest.joined(separator: ", "))"
            Console.say("starlane: no field is called '\(pattern)', or has it as a part\(near)")
            throw ExitCode(2)
        }
        let fields = try chosen.files.isEmpty ? list.fields : occurring(list, databases, chosen, output)
        switch format {
        case .table:
            let width = Console.outputIsTerminal ? Console.width : 132
            let text = FieldsText(fields: fields, style: .output, width: width)
            try output.write { $0.append(text.text()) }
        case .json: try output.write { out in for field in fields { field.write(json: &out) } }
        }
        try output.finish()
    }

    /// The fields that occur in files.
    private func occurring(
        _ list: FieldList, _ databases: [Database], _ chosen: InputArguments, _ output: Output
    ) throws -> [Field] {
        var options = FieldSurvey.Options()
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        options.joinsSegments = join
        let survey = try Console.orEnd {
            let fields = try FieldSurvey(databases, list, options)
            try fields.lookAhead(chosen.files, told: layout.told) { _ in !Interruption.isAsked }
            return fields
        }
        let files = FileReading(reading: reading, layout: layout, output: output)
        var hasRead = false
        for file in chosen.files {
            guard !Interruption.isAsked else { break }
            let before = survey.packets
            let ledger = files.read(file, stopped: "is counted") {
                survey.run($0, told: $1, known: $2, progress: $3)
            } refusal: {
                survey.captureFilterRefusal
            }
            guard ledger != nil else { continue }
            hasRead = true
            if survey.packets == before {
                Console.say(
                    "starlane: \(file): no packet or message was found or chosen; 'starlane inspect' tells more")
            }
        }
        let fields = survey.finish()
        if fields.isEmpty, hasRead, survey.packets > 0, let pattern = chosen.names.first {
            Console.say(
                "starlane: no field that has '\(pattern)' in its name occurs in what was read; "
                    + "'starlane fields \(pattern)' lists those that there are")
            throw ExitCode(2)
        }
        return fields
    }
}
