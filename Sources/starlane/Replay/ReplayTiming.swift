import ArgumentParser
import Pipeline

/// How fast something goes out, who steers it, and what is said of it.
struct PaceOptions: ParsableArguments {
    /// What it may go out to, in help.
    static let targets =
        "udp://HOST:PORT, tcp://HOST:PORT, tcp-listen://HOST:PORT, which waits for a client and takes more, "
        + "serial:/dev/DEVICE?baud=RATE, pcap://INTERFACE for whole packets, or - for standard output"

    @Option(help: ArgumentHelp("So many times as fast as by the times of the packets: 10, 0.5.", valueName: "factor"))
    var speed: Double?

    @Option(help: ArgumentHelp("So many packets a second, evenly.", valueName: "packets"))
    var rate: Double?

    @Option(help: ArgumentHelp("So many bits of what is sent a second.", valueName: "bits"))
    var bitrate: Double?

    @Flag(help: "Without waiting.")
    var asap = false

    @Flag(help: "Keep time with real-time priority, where that is permitted: others do not make packets late.")
    var realtime = false

    @Flag(help: "Wait with the first packet until it is told to go on, by a key or by --control.")
    var paused = false

    @Flag(help: "Take commands from standard input, one a line, and answer each with a line of JSON.")
    var control = false

    @Option(
        help: ArgumentHelp(
            "At the end write to a file what was sent, what was not, and how late, as JSON; - is standard output.",
            valueName: "file"),
        completion: .file())
    var report: String?

    func validate() throws {
        let given = [
            speed.map { _ in "--speed" }, rate.map { _ in "--rate" }, bitrate.map { _ in "--bitrate" },
            asap ? "--asap" : nil,
        ].compactMap(\.self)
        if given.count > 1 {
            throw ValidationError(
                "\(given.joined(separator: " and ")) say different things of the timing: give one of them.")
        }
        let paces = [
            ("--speed", speed, Schedule.Pace.mostSpeed), ("--rate", rate, Schedule.Pace.mostRate),
            ("--bitrate", bitrate, Schedule.Pace.mostBitrate),
        ]
        for (name, value, most) in paces {
            if let value, !(value >= Schedule.Pace.least && value <= most) {
                throw ValidationError("\(name) takes 0.000001 to \(Int(most)), not \(value).")
            }
        }
    }

    /// Whether anything is told.
    var isTold: Bool {
        speed != nil || rate != nil || bitrate != nil || asap || realtime || paused || control || report != nil
    }

    /// How fast.
    func pace(usual: Double = 1) -> Schedule.Pace {
        if asap { return .asSoonAsPossible }
        if let rate { return .packets(perSecond: rate) }
        if let bitrate { return .bits(perSecond: bitrate) }
        return .original(speed: speed ?? usual)
    }
}

/// How fast a replay is, and how often.
struct ReplayTiming: ParsableArguments {
    @OptionGroup var how: PaceOptions

    @Flag(help: "Again and again, until Ctrl-C.")
    var loop = false

    @Option(help: ArgumentHelp("So often.", valueName: "number"))
    var times: Int?

    func validate() throws {
        if let times, !(1...1_000_000_000).contains(times) {
            throw ValidationError("--times takes 1 to 1000000000, not \(times).")
        }
        if loop, times != nil { throw ValidationError("--loop has no end, and --times tells one: give one of them.") }
    }

    /// How often; nil: until the user ends it.
    var passes: Int? { loop ? nil : times ?? 1 }
}
