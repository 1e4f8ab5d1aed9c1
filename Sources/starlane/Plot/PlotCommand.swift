import ArgumentParser
import Bytes
import Capture
import Pipeline
import Plot

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw parameters over time, with their limits and gaps: on the terminal, or as SVG, PNG or HTML.",
        discussion: """
            starlane plot pass.pcapng eps_battery_voltage
            starlane plot pass.pcapng eps_battery_voltage eps_bus_voltage obc_mode -o pass.svg
            starlane plot day1.pcap day2.pcap eps_battery_temperature_1 -o days.html
            starlane plot tm.frames eps_battery_voltage --time packet_time -o battery.png --scale 2

            Parameters with one unit share a panel, others have one each; enumerations and booleans are steps between their \
            labels. A line breaks, above a grey band, where packets are missing, or where the time between two values is \
            more than five times the usual one. Values outside their limits are dots: yellow for watch, orange for \
            warning, red for what is worse. A page of HTML needs nothing but itself: move over it to read values, drag \
            to look closer, double-click to go back.
            """)

    @Argument(
        help: ArgumentHelp(
            "Captures and parameters, in any order: what is a file is read (- is standard input), all else is drawn, by "
                + "name or the end of one.",
            valueName: "file-or-field"),
        completion: .filesAndFields)
    var arguments: [String]

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @Option(
        help: ArgumentHelp(
            "The parameter that tells the time of a packet's values; without it the capture does, and where it does not, "
                + "packets are counted.",
            valueName: "field"),
        completion: .field)
    var time: String?

    @Flag(help: "Join segmented packets by their sequence flags, and decode the whole.")
    var join = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file; its ending says how. With - a picture goes to standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup(title: "Looks")
    var looks: PlotLooks

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws {
        let chosen = InputArguments(arguments)
        if chosen.files.isEmpty {
            throw ValidationError(
                "none of \(arguments.map { "'\($0)'" }.joined(separator: ", ")) is a file: give captures and parameters."
            )
        }
        if chosen.names.isEmpty {
            throw ValidationError("no parameter is named: give names behind the files; 'starlane fields' lists them.")
        }
        try reading.check(chosen.files)
        _ = try looks.form(output)
    }

    func run() throws {
        Interruption.listen()
        let form = try looks.form(output)
        let chosen = InputArguments(arguments)
        var options = Plotting.Options(fields: chosen.names)
        options.time = time
        options.joinsSegments = join
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        let databases = try specs.load()
        let (plotting, target) = try Console.orEnd {
            let plot = try Plotting(databases, options)
            try plot.lookAhead(chosen.files, told: layout.told) { _ in !Interruption.isAsked }
            return (plot, try OutputFile(path: self.output ?? "-"))
        }
        if form == .png, target.isTerminal {
            Console.say("starlane: a PNG is nothing for a terminal: -o says where it goes")
            throw ExitCode(2)
        }
        let output = Output(target)
        let files = FileReading(
            reading: reading, layout: layout, output: output, explains: selection.explain, databases: databases)
        for file in chosen.files {
            guard !Interruption.isAsked else { break }
            _ = files.read(file, stopped: "is drawn", slice: { plotting.slice(of: $0, told: $1) }) {
                plotting.run($0, told: $1, known: $2, progress: $3)
            } refusal: {
                plotting.captureFilterRefusal
            }
        }
        let series = try Console.orEnd { try plotting.finish() }
        say(plotting)
        try draw(Figure(series, axis: plotting.axis, looks.options(chosen.files)), form, target, output)
        try output.finish()
    }

    /// What is not drawn.
    private func say(_ plotting: Plotting) {
        for field in plotting.empty { Console.say("starlane: '\(field)' has no value in what was read") }
        let counts = plotting.counts
        if counts.untimed > 0 {
            Console.say("starlane: \(counts.untimed.grouped) values have no time and are not drawn")
        }
        if counts.crowded > 0 {
            Console.say("starlane: \(counts.crowded.grouped) values of further spacecraft or links are not drawn")
        }
    }

    private func draw(_ figure: Figure, _ form: PlotForm, _ target: OutputFile, _ output: Output) throws {
        var figure = figure
        var text = TextBuffer()
        switch form {
        case .svg: figure.svg(into: &text)
        case .png:
            guard let octets = figure.png() else {
                Console.say("starlane: there is no memory for a picture of that size: make it smaller")
                throw ExitCode(2)
            }
            text.append(octets.octets)
        case .html: figure.html(into: &text)
        case .text:
            let hasColours = target.isTerminal && Style.output.isOn
            let screen = looks.screen(isTerminal: target.isTerminal)
            figure.text(into: &text, columns: screen.columns, rows: screen.rows, hasColours: hasColours)
        }
        try output.guarding { () throws(OutputFile.Failure) in try target.write(&text) }
    }
}
