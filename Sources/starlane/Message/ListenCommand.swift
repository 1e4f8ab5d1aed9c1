import ArgumentParser
import BeiDou
import Bytes
import Links

struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print the messages, positions and receipts that a terminal hands over.",
        discussion: """
            starlane message listen --via serial:/dev/ttyUSB0
            starlane message listen --via udp://0.0.0.0:5000 --format json --count 1
            starlane message listen --via tcp://gateway:7000 --for 3600 --no-ack

            Long texts that were sent in parts are joined; their senders get an
            acknowledgement, or are asked for what is missing, through the same
            terminal and at its pace. --no-ack sends nothing.
            Exit status: 0 ended as asked, also by Ctrl-C; 1 the link was lost, or
            --for was over before --count was there; 2 could not be done, 64 wrong
            usage.
            """)

    @OptionGroup(title: "The terminal")
    var link: LinkOptions

    @Flag(
        name: [.customLong("no-ack"), .customLong("quiet")],
        help: "Send nothing: no acknowledgements, no requests for missing parts.")
    var isSilent = false

    @Flag(help: "Also what is of no use to most: powers of beams and names of other sentences.")
    var all = false

    @Option(name: .customLong("for"), help: ArgumentHelp("End after so long.", valueName: "seconds"))
    var duration: Double?

    @Option(help: ArgumentHelp("End after so many messages, positions and receipts.", valueName: "number"))
    var count: Int?

    func validate() throws {
        if let duration, !(0...1e9).contains(duration) {
            throw ValidationError("--for takes 0 to 1000000000 seconds, not \(duration).")
        }
        if let count, count < 1 { throw ValidationError("--count takes 1 or more, not \(count).") }
    }

    func run() throws {
        Interruption.listen()
        let limits = try link.readLimits()
        let output = Output()
        var loop = TerminalLoop(try link.open())
        var session = ListenSession(answers: !isSilent, dialects: link.dialects, limits: limits)
        let clock = loop
        let writer = NewsWriter(format: link.format, showsAll: all, output: output) { clock.utc($0) }
        let end = duration.map { Int64($0 * 1000) }
        var told = 0
        do {
            while !Interruption.isAsked {
                if let end, loop.now >= end { break }
                if let count, told >= count, !session.isReplying { break }
                let deadline = [session.deadline, end].compactMap { $0 }.min()
                switch try loop.turn(until: deadline) {
                case .events(let events): for event in events { session.receive(event, at: loop.now) }
                case .ended: throw LinkError(link.via, "has ended", "the other side closed it")
                }
                session.tick(at: loop.now)
                for action in session.takeActions() {
                    switch action {
                    case .write(let octets): try loop.write(octets)
                    case .tell(let time, let news):
                        if try writer.write(news, at: time) { told += 1 }
                    }
                }
            }
        } catch let error as LinkError {
            Console.say("starlane: \(error)")
            throw ExitCode(1)
        }
        if let count, told < count, !Interruption.isAsked {
            Console.say("starlane: \(told) of \(count) came in time")
            throw ExitCode(1)
        }
    }
}
