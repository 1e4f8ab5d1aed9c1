import ArgumentParser
import Bytes
import Capture
import Glibc
import Links
import Pipeline
import Simulator

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make the traffic of a scenario: what stations hear of satellites, and command units of terminals.",
        discussion: """
            starlane simulate pass -o pass.pcapng
            starlane simulate pass -o pass.pcapng.gz        an archive
            starlane simulate emergency -o e.pcapng         walkers, boats and vehicles in need
            starlane simulate mine.yaml --seed 7 -o - | starlane inspect -
            starlane simulate pass -o pass.pcapng --truth truth.jsonl
            starlane simulate pass --check
            starlane simulate pass --to udp://127.0.0.1:10015 --speed 10
            starlane simulate pass --to udp://127.0.0.1:10015 --payload packet
            echo 'event {station: hefei, down: 30 s}' | starlane simulate pass --control --to udp://127.0.0.1:10015

            A scenario is a file, or one of Specs/scenarios by its name; 'starlane scenario new' writes one to begin with. \
            Vehicles, their orbits, what they send and how their values behave are files in Specs/vehicles; fleets of terminals, \
            their ways and what they send are files in Specs/terminals. The same scenario and seed give the same octets everywhere.

            With --to what stations hear goes out when it arrives there, payload by payload, from the first on, or with --payload \
            frame by frame or packet by packet; \
            --control takes pause, resume, speed FACTOR, rate PACKETS, bitrate BITS, asap, step [NUMBER], status, quit and \
            event {…}, an event of Specs/simulation.md without its time.
            """)

    @Argument(help: "A scenario: a file of settings, or a name.", completion: .file(extensions: ["yaml"]))
    var scenario: String

    @Option(
        name: .shortAndLong, help: "The capture: .pcap is a classic one, .pcapng.gz an archive, all else a pcapng.",
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Send it to: \(PaceOptions.targets).", valueName: "address"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "What goes out with --to: datagram, what UDP and TCP carry, with its framing; frame, transfer frames, over streams "
                + "with markers; packet, the space packets and messages in them; link, captured packets with all their headers. "
                + "(default: datagram; link to pcap://)"))
    var payload: ReplayOptions.Layer?

    @Option(
        help: ArgumentHelp(
            "How hard an archive is compressed: 0 (not at all) to 12 (smallest).", valueName: "number"))
    var level = 1

    @Flag(help: "Say what would be simulated, and what is wrong with it.")
    var check = false

    @Option(help: ArgumentHelp("The seed instead of the scenario's.", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Write down what was sent and what was broken, as JSON lines (Specs/truth.md); - is standard output.",
            valueName: "file"),
        completion: .file())
    var truth: String?

    @OptionGroup(title: "Timing of what is sent")
    var timing: PaceOptions

    func validate() throws {
        guard [output != nil, to != nil, check].count(where: { $0 }) == 1 else {
            throw ValidationError(
                "say one thing that is to be done with it: --output FILE writes a capture, --to ADDRESS sends it, --check "
                    + "explains it."
            )
        }
        if let to {
            do { try PacketSender.check(to) } catch { throw ValidationError("\(error)") }
            if let payload, payload != .link, PacketSender.isInterface(to) {
                throw ValidationError(
                    "\(to) takes whole packets with the headers of their links: leave --payload \(payload.rawValue) out, or "
                        + "send to udp:// or tcp://.")
            }
        } else if payload != nil || timing.isTold {
            throw ValidationError("timing, --payload, --control and --report are for what is sent: give --to ADDRESS.")
        }
        if !(0...12).contains(level) { throw ValidationError("--level takes 0 to 12, not \(level).") }
        if timing.paused, !timing.control, !Keyboard.isThere {
            throw ValidationError("--paused waits to be told to go on, and there is no terminal: give --control.")
        }
        guard let truth else { return }
        if check { throw ValidationError("--check simulates nothing that --truth could tell of: leave one out.") }
        if truth == output || truth == timing.report || truth == "-" && (to == "-" || timing.control) {
            throw ValidationError("\(truth) is written by something else, too: give the truth a file of its own.")
        }
        if truth == scenario { throw ValidationError("\(truth) is the scenario: give the truth a file of its own.") }
    }

    func run() throws {
        Interruption.listen()
        let (files, simulation) = try Console.orEnd {
            let files = try SimulationFiles(scenario)
            return (files, try files.simulation(seed: seed))
        }
        if check {
            let output = Output()
            output.isDone()
            try output.write { $0.append(ScenarioWords(simulation.outline).text) }
            return try output.finish()
        }
        for remark in simulation.remarks { Console.say("starlane: \(remark)") }
        try check(files)
        let truth = try self.truth.map {
            try TruthFile($0, simulation, scenario: scenario, output: self.output ?? to ?? "")
        }
        if let to { return try send(simulation, to: to, truth) }
        let path = self.output ?? "-"
        let file = try Console.orEnd { try ArchiveOutlet.open(path, [], level: level) }
        let output = Output(file)
        let exporting = Exporting(
            into: file, CaptureWriter.Format(path: path), isAlone: false, Conditions(), captureFilter: nil)
        var progress = Progress(scenario)
        try output.copy(scenario, from: { simulation }) { source, goesOn in
            try exporting.run(source) { reached in
                progress.show(simulation.share, at: PassTime.date(simulation.time), packets: reached.packets)
                return !Interruption.isAsked
            }
        }
        if let refusal = simulation.refusal { output.refused(refusal.description) }
        try output.guarding { () throws(OutputFile.Failure) in try exporting.finish() }
        truth?.finish(simulation, output)
        if Interruption.isAsked {
            let until = PassTime.date(simulation.time)
            Console.say(
                "starlane: stopped at \(until); what was simulated until then is in \(path == "-" ? "it" : path)")
        }
        if Console.errorIsTerminal {
            Console.say("\(exporting.packets.grouped) packets")
            if let counts = simulation.terminalCounts { Console.say(counts.words) }
        }
        try output.finish()
    }

    /// Refuses to write over what is read, and two things into one file.
    private func check(_ files: SimulationFiles) throws {
        let outputs = [output, truth, timing.report].compactMap(\.self)
        guard let clash = SameFile.clash(inputs: files.read, outputs: outputs) else { return }
        Console.say(
            clash.isInput
                ? "starlane: \(clash.output) would be written over the scenario's \(clash.other): choose another name for it"
                : "starlane: \(clash.output) and \(clash.other) are one file, which two things would be written to: give each its own"
        )
        throw ExitCode(64)
    }

    /// What is told to a simulation while it is sent.
    private func steering(_ simulation: Simulation, isSteered: Bool) -> ReplayOptions.Source.Steering {
        let control = SimulationControl(simulation)
        return ReplayOptions.Source.Steering(
            happen: { text in
                do { try control.happen(text) } catch { return ControlCommand.Refusal("\(error)") }
                return nil
            }, look: { control.look(Simulation.View($0, isSteered: isSteered)) }, left: { control.left($0) },
            reached: { control.reached })
    }

    /// Sends it when it arrives.
    private func send(_ simulation: Simulation, to: String, _ truth: TruthFile?) throws {
        var options = ReplayOptions()
        options.pace = timing.pace(usual: simulation.scenario.timeScale)
        options.isRealTime = timing.realtime
        options.isPaused = timing.paused
        options.layer = payload ?? (PacketSender.isInterface(to) ? .link : .datagram)
        options.target = to
        let isSteered = timing.control || Keyboard.isThere
        options.source = ReplayOptions.Source(
            simulation, carrying: simulation.carried, steering(simulation, isSteered: isSteered))
        let replay: Replay
        do {
            replay = try Replay(
                [scenario], options, [], waits: { Console.say("starlane: waits for a client at \($0)") })
        } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(Interruption.isAsked ? 130 : 2)
        }
        signal(SIGPIPE, SIG_IGN)
        let console = ControlConsole(
            to, timing.control ? .lines : Keyboard.isThere ? .keys : .nothing, answers: to == "-" ? 2 : 1,
            help: "space pauses, + and - change the speed, s steps, q ends", .simulation
        ) { replay.ask($0) }
        let done = console.beside { replay.run() }
        let output = Output()
        output.isDone()
        for problem in done.problems { Console.say("starlane: \(problem)") }
        for note in done.notes { Console.say("starlane: \(note)") }
        for line in ReplayWords.lines(done) { Console.say(line) }
        if let refusal = simulation.refusal { output.refused(refusal.description) }
        if let counts = simulation.terminalCounts { Console.say(counts.words) }
        truth?.finish(simulation, output, left: done.left, isInterrupted: done.isInterrupted || done.left != nil)
        if let report = timing.report { try ReplayWords.write(done, to: report) }
        if done.isInterrupted { throw ExitCode(Interruption.isAsked ? 130 : 1) }
        if done.sent == 0, done.read > 0 {
            output.refused("nothing was sent\(ReplayWords.reason(done))")
        } else if !done.isComplete {
            output.reject()
        }
        try output.finish()
    }
}
