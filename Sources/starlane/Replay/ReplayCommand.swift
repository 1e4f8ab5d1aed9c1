import ArgumentParser
import Bytes
import Faults
import Glibc
import Links
import Pipeline

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send what captures hold once more, when it is due, to sockets, serial lines or standard output.",
        discussion: """
            starlane replay pass.pcapng --to udp://127.0.0.1:10015
            starlane replay pass.pcapng --to udp://127.0.0.1:10015 --speed 10 -Y 'apid == 100'
            starlane replay pass.pcapng --map 10.20.9.30:14010=127.0.0.1:20015 --from 2026-03-01T04:00:00Z
            starlane replay tm.frames --payload packet --rate 50 --to tcp-listen://127.0.0.1:9000
            starlane replay pass.pcapng --payload frame --to udp://127.0.0.1:10017
            echo 'seek 2026-03-01T04:10:00Z' | starlane replay pass.pcapng --control --to udp://127.0.0.1:10015
            starlane replay pass.pcapng --to udp://127.0.0.1:10015 --loop --rate 5000 --report sent.json
            starlane replay pass.pcapng --to udp://127.0.0.1:10015 --fault loss=0.01,burst=20,jitter=2ms --truth truth.jsonl

            No packet goes out early, and none waits for the one in front of it to be late: all are due by one clock from \
            one beginning. At the end standard error says how late they left.

            On a terminal \(ControlKeys.help). With --control the lines of standard input say \
            \(ControlCommand.Kind.captures.shapes); each is answered with a line of JSON on standard output (with --to - on standard error).

            Exit status: 0 all was sent, 1 not everything, 2 nothing, 64 wrong usage, 130 ended with Ctrl-C.
            """)

    @Argument(help: "Captures, one behind the other; - is standard input.", completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "Where to: \(PaceOptions.targets).", valueName: "address"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Datagrams to this place of the capture go there instead; may be given several times.",
            valueName: "address:port=host:port"))
    var map: [String] = []

    @Option(
        help: ArgumentHelp(
            "What goes out: packet, the space packets and messages that are found; frame, transfer frames, over streams with "
                + "their markers; datagram, what UDP and TCP carry; link, captured packets with all their headers. "
                + "(default: datagram; link to pcap://)"))
    var payload: ReplayOptions.Layer?

    @OptionGroup(title: "Timing")
    var timing: ReplayTiming

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @OptionGroup(title: "Faults on purpose, in what goes out")
    var faults: FaultOptions

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    private var layer: ReplayOptions.Layer {
        payload ?? (to.map(PacketSender.isInterface) == true ? .link : .datagram)
    }

    func validate() throws {
        guard to != nil || !map.isEmpty else {
            throw ValidationError("nothing says where to: give --to udp://HOST:PORT, or --map for single flows.")
        }
        do {
            if let to { try PacketSender.check(to) }
            for map in map { _ = try ReplayOptions.Map(map) }
        } catch { throw ValidationError("\(error)") }
        if layer == .frame, selection.filter != nil {
            throw ValidationError(
                "--filter looks at packets, and a frame carries several and parts of them: --payload packet sends what "
                    + "is chosen, --payload datagram what it came in.")
        }
        if let to, PacketSender.isInterface(to), layer != .link {
            throw ValidationError(
                "\(to) takes whole packets with the headers of their links: leave --payload \(layer.rawValue) out, or send "
                    + "to udp:// or tcp://.")
        }
        try validateControl()
        if !map.isEmpty, layer == .link {
            throw ValidationError(
                "--map looks at flows, and --payload link sends packets without a look: leave one out.")
        }
        if map.count > 250 { throw ValidationError("--map may be given 250 times, not \(map.count).") }
        if to == "-", timing.how.report == "-" {
            throw ValidationError("--to - and --report - would both write to standard output: give the report a file.")
        }
        try validateFaults()
        for file in files where SourceAddress.isMeant(by: file) {
            throw ValidationError(
                "\(file) is live, and has no times to keep: replay reads captures; 'starlane run' hands on what is live."
            )
        }
        if timing.passes != 1, files.contains("-") {
            throw ValidationError("--loop reads captures again, and standard input can be read once: give a file.")
        }
    }

    private func validateControl() throws {
        if timing.how.control, files.contains("-") {
            throw ValidationError(
                "--control reads standard input, and so does the file -: give the capture by its name.")
        }
        if timing.how.paused, !timing.how.control, !hasKeys {
            throw ValidationError("--paused waits to be told to go on, and there is no terminal: give --control.")
        }
    }

    private func validateFaults() throws {
        guard let truth = faults.truth else { return }
        if truth == "-", to == "-" || timing.how.report == "-" || timing.how.control {
            let other = to == "-" ? "--to -" : timing.how.report == "-" ? "--report -" : "--control"
            throw ValidationError("--truth - and \(other) would both write to standard output: give the truth a file.")
        }
        if truth == timing.how.report || files.contains(truth), truth != "-" {
            throw ValidationError("\(truth) is named twice: give the truth a file of its own.")
        }
    }

    /// Whether keys of a terminal say what is to be done.
    private var hasKeys: Bool { !timing.how.control && !files.contains("-") && Keyboard.isThere }

    func run() throws {
        Interruption.listen()
        let output = Output()
        var options = ReplayOptions()
        options.pace = timing.how.pace()
        options.isRealTime = timing.how.realtime
        options.passes = timing.passes
        options.isPaused = timing.how.paused
        options.layer = layer
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        options.target = to
        options.maps = try map.map { try ReplayOptions.Map($0) }
        (options.faults, options.seed) = (try faults.plan(), faults.seed ?? 0)
        let replay: Replay
        do {
            let layout = self.layout
            replay = try Replay(
                files, options, try specs.load(), told: { layout.told(of: $0) },
                truth: try faults.open(), program: "starlane \(Starlane.version)",
                progress: { _ in !Interruption.isAsked },
                waits: { Console.say("starlane: waits for a client at \($0)") })
        } catch let code as ExitCode {
            throw code
        } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(Interruption.isAsked ? 130 : 2)
        }
        signal(SIGPIPE, SIG_IGN)
        let console = ControlConsole(
            to ?? map[0], timing.how.control ? .lines : hasKeys ? .keys : .nothing, answers: to == "-" ? 2 : 1
        ) { replay.ask($0) }
        let done = console.beside { replay.run() }
        for note in done.notes { Console.say("starlane: \(note)") }
        for problem in done.problems { Console.say("starlane: \(problem)") }
        for (file, row) in done.damage { Console.say("starlane: \(file): \(row.words)") }
        for line in ReplayWords.lines(done) { Console.say(line) }
        if let report = timing.how.report { try ReplayWords.write(done, to: report) }
        if done.isInterrupted { throw ExitCode(Interruption.isAsked ? 130 : 1) }
        if done.sent == 0, done.faults?.counts.lost ?? 0 == 0 {
            output.refused("nothing was sent\(ReplayWords.reason(done))")
        } else if !done.isComplete {
            output.reject()
        }
        try output.finish()
    }
}

extension ReplayOptions.Layer: ExpressibleByArgument {}
