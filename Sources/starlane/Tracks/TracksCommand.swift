import ArgumentParser
import BeiDou
import Bytes
import Capture
import Pipeline

struct TracksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracks",
        abstract: "Put the positions that terminals report together to tracks, with their gaps and jumps.",
        discussion: """
            starlane tracks gateway.pcapng
            starlane tracks gateway.pcapng --terminal 0247911 --points
            starlane tracks day1.pcap day2.pcap --format geojson -o day.geojson
            starlane tracks receiver.nmea --format gpx -o walk.gpx

            A track is of one card address, phone number or receiver. Its points are in the order of their times, and marked: \
            gap, a much longer time than usual before it; jump, too far from the last good one; repeated, the same time \
            and place again; late, behind a later one; relocated, too far but many in a row, so that the track begins anew.
            """)

    @Argument(
        help: "Captures and logs to read; - is standard input, udp://HOST:PORT and others are live.",
        completion: .file())
    var files: [String]

    @Option(help: "How to write: table for people, geojson (RFC 7946), gpx (1.1), or csv, a line a point.")
    var format = Tracking.Format.table

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(
        help: "List the points in a table; in geojson, a feature a marked point; in gpx, a waypoint a jump.")
    var points = false

    @Option(
        help: ArgumentHelp(
            "Only this terminal: a card address, phone number or flow, or rdss:, jtt808: or nmea: and one of them. May be "
                + "given several times.",
            valueName: "id"))
    var terminal: [String] = []

    @Option(help: ArgumentHelp("The highest speed that is no jump.", valueName: "km/h"))
    var maxSpeed = 1_200.0

    @Option(
        help: ArgumentHelp(
            "A longer time between two points is a gap; without it, five of the terminal's usual intervals are, and at "
                + "least 5 seconds.",
            valueName: "seconds"))
    var gap: Double?

    @Option(help: ArgumentHelp("Points to keep in memory, some 120 octets each.", valueName: "count"))
    var maxPoints = TrackOptions().mostPoints

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    func validate() throws {
        try reading.check(files)
        if !(maxSpeed > 0) || !maxSpeed.isFinite {
            throw ValidationError("--max-speed takes a speed above 0 km/h, not \(maxSpeed).")
        }
        if let gap, !(gap > 0) || !gap.isFinite {
            throw ValidationError("--gap takes a time above 0 seconds, not \(gap).")
        }
        if maxPoints < 1 { throw ValidationError("--max-points takes a number above 0, not \(maxPoints).") }
        if terminal.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw ValidationError("--terminal takes a card address, phone number or flow, not an empty name.")
        }
    }

    func run() throws {
        Interruption.listen()
        let file = try Console.orEnd { try OutputFile(path: self.output) }
        let output = Output(file)
        let tracking = try Console.orEnd {
            let tracks = try Tracking(into: file, options(file))
            try tracks.lookAhead(files, told: layout.told) { _ in !Interruption.isAsked }
            return tracks
        }
        for file in files {
            guard !Interruption.isAsked else { break }
            let reader: any PacketSource
            let told = layout.told(of: file)
            var known = file == "-" ? Known() : Prescan.run(path: file, told: told)
            known.slice = reading.isLimited ? nil : tracking.slice(of: file, told: told)
            if selection.explain { Console.say("starlane: \(file): \(ArchiveSlice.words(known.slice))") }
            do { reader = try reading.open(file, known.slice?.choice ?? .all) } catch {
                output.refused(error.words)
                continue
            }
            var progress = Progress(file)
            let before = tracking.counts
            let name = file == "-" ? "standard input" : file
            let ledger = tracking.run(reader, name: name, told: told, known: known) { reached in
                progress.show(reached)
                return !Interruption.isAsked
            }
            Progress.clear()
            for problem in reader.problems { Console.say("starlane: \(file): \(problem)") }
            if Interruption.isAsked { Console.say("starlane: \(file): stopped; the tracks go as far as it was read") }
            if let refusal = tracking.captureFilterRefusal { output.refused("\(file): \(refusal)") }
            output.judge(ledger)
            output.say(ledger, of: file)
            if tracking.counts == before {
                Console.say("starlane: \(file): no positions in it; 'starlane inspect' says what it carries")
            }
        }
        let tracks = try output.guarding { () throws(OutputFile.Failure) in try tracking.finish() }
        say(tracking, tracks)
        try output.finish()
    }

    private func options(_ file: OutputFile) -> Tracking.Options {
        var options = Tracking.Options()
        options.format = format
        options.withPoints = points
        options.terminals = terminal
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        options.tracks.highestSpeed = maxSpeed
        options.tracks.gap = gap
        options.tracks.mostPoints = maxPoints
        options.style = file.isTerminal && Style.output.isOn ? .terminal : .plain
        return options
    }

    /// What is in no track.
    private func say(_ tracking: Tracking, _ tracks: [Track]) {
        let counts = tracking.counts
        if counts.void > 0 {
            let words = counts.void == 1 ? "message says that it has" : "messages say that they have"
            Console.say("\(counts.void.grouped) \(words) no valid position")
        }
        if counts.undated > 0 {
            let words = counts.undated == 1 ? "position has" : "positions have"
            Console.say("\(counts.undated.grouped) \(words) no date, or no time at all")
        }
        if tracking.dropped > 0 { Console.say("starlane: --max-points makes room for more, --terminal chooses") }
        guard !terminal.isEmpty, tracks.isEmpty, !tracking.terminals.isEmpty else { return }
        let names = tracking.terminals.prefix(8).map { "\($0.group.word):\($0.name)" }.joined(separator: ", ")
        let more = tracking.terminals.count > 8 ? " and \((tracking.terminals.count - 8).grouped) more" : ""
        Console.say("starlane: no such terminal reports a position; there are \(names)\(more)")
    }
}

extension Tracking.Format: ExpressibleByArgument {}
