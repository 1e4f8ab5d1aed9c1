import ArgumentParser
import BeiDou
import Bytes
import Links

struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send short messages through a terminal, and say at each step what is known.",
        discussion: """
            starlane message send --via serial:/dev/ttyUSB0 --to 195817 "水位 12.4 m"
            starlane message send --via udp://10.0.0.7:5000 --to 195817 --wait ack …
            starlane message send --via tcp://gateway:7000 --to 195817 one two

            The terminal is asked for its card; its service frequency is kept, its
            feedback waited for, and what it refuses is tried again by the rules. A
            long text goes in parts. Sent means: the terminal said that it sent it.
            Whether it arrived is known only from a receipt, an acknowledgement or an
            answer (--wait).
            Exit status: 0 all messages reached what --wait asks for, 1 not, 2 could
            not be done, 64 wrong usage.
            """)

    @OptionGroup(title: "The terminal")
    var link: LinkOptions

    @Option(help: ArgumentHelp("The receiver's card, in decimal digits.", valueName: "address"))
    var to: UInt32

    @Argument(help: "Texts, each a message of its own; they are sent in this order.")
    var texts: [String]

    @Option(help: "How to code the texts; without it the form that costs least.")
    var form: FormName?

    @Flag(help: "Express class: short, in front of others (RDSS only).")
    var express = false

    @Option(help: ArgumentHelp("Frequency point, 1 to 5 for Lf0 to Lf4 (BeiDou-3 only).", valueName: "point"))
    var point = 2

    @Option(
        help: "What has to be known before it is well: sent, receipt (of the network), ack (of the receiver), answer.")
    var wait = SessionGoal.sent

    @Option(help: ArgumentHelp("How long to wait for receipt, ack or answer.", valueName: "seconds"))
    var timeout = 300.0

    func validate() throws {
        guard 1...99_999_999 ~= to else {
            throw ValidationError("--to takes a card's address, 1 to 99999999, not \(to).")
        }
        guard 1...5 ~= point else { throw ValidationError("--point takes 1 to 5, not \(point).") }
        guard 0...86_400 ~= timeout else {
            throw ValidationError("--timeout takes 0 to 86400 seconds, not \(timeout).")
        }
        if texts.contains(where: \.isEmpty) { throw ValidationError("A text is empty: there is nothing to send.") }
    }

    func run() throws {
        Interruption.listen()
        let limits = try link.readLimits()
        let output = Output()
        var loop = TerminalLoop(try link.open())
        var rules = SessionRules()
        rules.goal = wait
        rules.goalTimeout = Int64(timeout * 1000)
        rules.limits = limits
        var plan = MessagePlan(limits: limits)
        var session = TerminalSession(dialects: link.dialects, rules: rules, utcAtZero: loop.utcAtZero) {
            message, card throws(EncodingRefusal) in
            try plan.parts(of: message, for: card)
        }
        let clock = loop
        let reporter = StepReporter(format: link.format, output: output) { clock.utc($0) }
        let options = SendOptions(isExpress: express, point: point)
        let messages = texts.map { OutgoingMessage(receiver: to, body: .text($0, form: form?.form), options: options) }
        session.enqueue(messages, at: loop.now)
        while true {
            try perform(&session, &loop, reporter)
            if session.isOver { break }
            if Interruption.isAsked {
                session.stop(.stopped, at: loop.now)
                continue
            }
            do throws(LinkError) {
                switch try loop.turn(until: session.deadline) {
                case .events(let events): for event in events { session.receive(event, at: loop.now) }
                case .ended: session.stop(.link("\(link.via) was closed by the other side"), at: loop.now)
                }
                session.tick(at: loop.now)
            } catch {
                session.stop(.link(error.description), at: loop.now)
            }
        }
        try finish(session, loop, reporter)
    }

    /// Writes and tells what the session wants. What cannot be written is not told as handed over.
    private func perform(
        _ session: inout TerminalSession, _ loop: inout TerminalLoop, _ reporter: StepReporter
    ) throws {
        var actions = session.takeActions()[...]
        while let action = actions.popFirst() {
            switch action {
            case .report(let report): try reporter.tell(report)
            case .write(let octets):
                do throws(LinkError) { try loop.write(octets) } catch {
                    session.couldNotWrite(error.description, at: loop.now)
                    actions = session.takeActions()[...]
                }
            }
        }
    }

    /// What is known of each message, and the status.
    private func finish(_ session: TerminalSession, _ loop: TerminalLoop, _ reporter: StepReporter) throws {
        for (index, standing) in session.standings.enumerated() {
            try reporter.conclude(index + 1, standing, goal: wait, hasReached: session.hasReached(index), at: loop.now)
        }
        if session.hasReached { return }
        if !loop.link.hasPeer {
            Console.say("starlane: nobody has spoken to \(link.via): there is no terminal to send to")
        }
        let wasHanded = session.standings.contains { $0.sent + $0.unknown > 0 }
        let couldNot = session.standings.contains { standing in
            switch standing.failure {
            case .impossible, .link: true
            default: false
            }
        }
        throw ExitCode(couldNot && !wasHanded ? 2 : 1)
    }
}

extension SessionGoal: ExpressibleByArgument {}

/// A form of content as the command line names it.
enum FormName: String, CaseIterable, ExpressibleByArgument {
    case chinese, code, mixed

    var form: ContentForm {
        switch self {
        case .chinese: .chinese
        case .code: .code
        case .mixed: .mixed
        }
    }
}
