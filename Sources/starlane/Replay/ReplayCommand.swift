import ArgumentParser
import Bytes
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
            starlane replay pass.pcapng --to udp://127.0.0.1:10015 --loop --rate 5000 --report sent.json

            No packet goes out early, and none waits for the one in front of it to be late: all are due by one clock from \
            one beginning. At the end standard error says how late they left.

            Exit status: 0 all was sent, 1 not everything, 2 nothing, 64 wrong usage, 130 ended with Ctrl-C.
            """)

    @Argument(help: "Captures, one behind the other; - is standard input.", completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "Where to: udp://HOST:PORT, tcp://HOST:PORT, tcp-listen://HOST:PORT, which waits for a client, "
                + "serial:/dev/DEVICE?baud=RATE, or - for standard output.",
            valueName: "address"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Datagrams to this place of the capture go there instead; may be given several times.",
            valueName: "address:port=host:port"))
    var map: [String] = []

    @Option(
        help: ArgumentHelp(
            "What goes out: packet, the space packets and messages that are found; frame; datagram, what UDP and TCP carry; "
                + "link, captured packets with all their headers."))
    var payload = Payload.datagram

    @OptionGroup(title: "Timing")
    var timing: ReplayTiming

    @OptionGroup(title: "Selection")
    var selection: ConditionOptions

    @Option(
        help: ArgumentHelp(
            "At the end write to a file what was sent, what was not, and how late, as JSON; - is standard output.",
            valueName: "file"),
        completion: .file())
    var report: String?

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @OptionGroup(title: "What the capture carries, where it is not recognised")
    var layout: LayoutOptions

    /// What goes out, as users name it.
    enum Payload: String, ExpressibleByArgument, CaseIterable {
        case packet, frame, datagram, link
    }

    func validate() throws {
        guard to != nil || !map.isEmpty else {
            throw ValidationError("nothing says where to: give --to udp://HOST:PORT, or --map for single flows.")
        }
        do {
            if let to { try PacketSender.check(to) }
            for map in map { _ = try ReplayOptions.Map(map) }
        } catch { throw ValidationError("\(error)") }
        if payload == .frame {
            throw ValidationError(
                "frames are not sent yet: --payload datagram sends what they came in, --payload packet what they carry."
            )
        }
        if !map.isEmpty, payload == .link {
            throw ValidationError(
                "--map looks at flows, and --payload link sends packets without a look: leave one out.")
        }
        if map.count > 250 { throw ValidationError("--map may be given 250 times, not \(map.count).") }
        if to == "-", report == "-" {
            throw ValidationError("--to - and --report - would both write to standard output: give the report a file.")
        }
        for file in files where SourceAddress.isMeant(by: file) {
            throw ValidationError(
                "\(file) is live, and has no times to keep: replay reads captures; 'starlane run' hands on what is live."
            )
        }
        if timing.passes != 1, files.contains("-") {
            throw ValidationError("--loop reads captures again, and standard input can be read once: give a file.")
        }
    }

    func run() throws {
        Interruption.listen()
        let output = Output()
        var options = ReplayOptions()
        options.pace = timing.pace
        options.isRealTime = timing.realtime
        options.passes = timing.passes
        options.layer = ReplayOptions.Layer(rawValue: payload.rawValue) ?? .datagram
        options.conditions = selection.conditions
        options.captureFilter = selection.bpf
        options.target = to
        options.maps = try map.map { try ReplayOptions.Map($0) }
        let replay: Replay
        do {
            if let to, to.hasPrefix("tcp-listen:") { Console.say("starlane: waits for a client at \(to)") }
            let layout = self.layout
            replay = try Replay(
                files, options, try specs.load(), told: { layout.told(of: $0) },
                progress: { _ in !Interruption.isAsked })
        } catch let code as ExitCode {
            throw code
        } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(Interruption.isAsked ? 130 : 2)
        }
        var status = ReplayStatus(name: to ?? map[0])
        let done = replay.run { status.show($0) }
        ReplayStatus.clear()
        for note in done.notes { Console.say("starlane: \(note)") }
        for problem in done.problems { Console.say("starlane: \(problem)") }
        for (file, row) in done.damage { Console.say("starlane: \(file): \(row.words)") }
        for line in ReplayWords.lines(done) { Console.say(line) }
        if let report { try write(done, to: report) }
        if done.isInterrupted { throw ExitCode(130) }
        if done.sent == 0 {
            output.refused("nothing was sent\(ReplayWords.reason(done))")
        } else if !done.isComplete {
            output.reject()
        }
        try output.finish()
    }

    private func write(_ report: ReplayReport, to path: String) throws {
        let output = Output(try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: path) })
        output.reject()
        try output.write { report.write(json: &$0) }
        do { try output.finish() } catch let code as ExitCode where code.rawValue == 1 {}
    }
}
