internal import Bytes
internal import Capture
internal import Faults
internal import Links
public import Mission

/// Sends packets of captures when they are due.
///
///     let replay = try Replay(files, options, databases)
///     let report = replay.run()
///
/// One thread reads ahead; the calling one keeps time, see `ReplayPlayer`. Any other may ``ask(_:)`` it to pause, to seek, and
/// all that a ``ControlCommand`` says.
public final class Replay: @unchecked Sendable {
    // Sendable: what is asked goes over a desk, and nothing else is used by two threads.
    private let files: [String]
    private let options: ReplayOptions
    private let databases: [Database]
    private let told: @Sendable (String) -> ToldLayout?
    private let senders: [PacketSender]
    private let turn: ReplayTurn
    private let feed: ReplayFeed
    private let queue: ReplayQueue
    private let faults: ReplayFaults?
    private let desk = ControlDesk()

    /// A replay into targets, which are opened.
    ///
    /// - Parameters:
    ///   - files: captures, one behind the other; "-" is standard input.
    ///   - told: what the user says that a file carries.
    ///   - truth: where it is written what was broken, by a program with a name and a version.
    ///   - waits: called when a target waits for a client, with its address.
    /// - Throws: what a filter or an address is refused with, and why a peer cannot be reached.
    public init(
        _ files: [String], _ options: ReplayOptions, _ databases: [Database],
        told: @escaping @Sendable (String) -> ToldLayout? = { _ in nil },
        truth: TruthWriter? = nil, program: String = "starlane", progress: (ReadProgress) -> Bool = { _ in true },
        waits: (String) -> Void = { _ in }
    ) throws {
        (self.files, self.options, self.databases, self.told) = (files, options, databases, told)
        turn = ReplayTurn(selection: try Self.selection(files, options, databases, told, progress))
        var senders = try options.maps.map { try PacketSender($0.target) }
        if let target = options.target { senders.append(try PacketSender(target, waits: waits)) }
        self.senders = senders
        let targets = senders.map { ReplayFeed.Target(isStream: $0.isStream, linkType: $0.linkType) }
        // What is made while it is sent is made shortly before, so that what happens in it is soon seen.
        queue = ReplayQueue(keepsDone: options.faults != nil, batches: options.source == nil ? 16 : 3)
        faults = options.faults.map { ReplayFaults($0, options, files, truth, program: program) }
        // Before the first of it is made.
        options.source?.steering.look(options.pace)
        options.source?.steering.left(0)
        feed = try ReplayFeed(files, options, turn, targets, told: told, queue, faults)
    }

    /// What chooses; nil where nothing has to be looked into.
    private static func selection(
        _ files: [String], _ options: ReplayOptions, _ databases: [Database],
        _ told: @Sendable (String) -> ToldLayout?, _ progress: (ReadProgress) -> Bool
    ) throws -> ReplaySelection? {
        let isChosen = options.layer != .frame && options.conditions.filter != nil
        guard options.layer == .packet || isChosen else { return nil }
        return try ReplaySelection(options, databases, files, told: files.first.flatMap(told), progress: progress)
    }

    /// Asks for something while it runs, and waits for the answer: not on the thread that runs it, and one at a time.
    public func ask(_ command: ControlCommand) -> ControlAnswer { ask([command])[0] }

    /// The same for several, which are done one behind the other; an answer for each.
    public func ask(_ commands: [ControlCommand]) -> [ControlAnswer] {
        var answers: [ControlAnswer] = []
        var waiting: [ControlDesk.Question] = []
        func askDesk() {
            if !waiting.isEmpty { answers += desk.ask(waiting) }
            waiting = []
        }
        for command in commands {
            do throws(ControlCommand.Refusal) {
                // What happens does so behind what was asked in front of it.
                if case .event = command { askDesk() }
                waiting.append((command, try means(of: command)))
            } catch {
                askDesk()
                answers.append(.failure(error))
            }
        }
        askDesk()
        return answers
    }

    /// Does of a command what another thread has to, and gives what it makes ready for it.
    private func means(of command: ControlCommand) throws(ControlCommand.Refusal) -> AnyObject? {
        switch command {
        case .seekBy, .seekTo, .filter:
            guard options.source == nil else { throw ControlCommand.onward }
            guard !files.contains("-") else {
                throw ControlCommand.Refusal("standard input can be read once: seek and filter need files")
            }
        case .event(let text):
            guard let source = options.source else {
                throw ControlCommand.Refusal("captures are as they are: events are for 'starlane simulate'")
            }
            if let refusal = source.steering.happen(text) { throw refusal }
        default: break
        }
        guard case .filter(let text) = command else { return nil }
        return try selection(text)
    }

    private func selection(_ filter: String?) throws(ControlCommand.Refusal) -> ReplaySelection? {
        guard options.layer != .frame else {
            throw ControlCommand.Refusal("a filter looks at packets, and a frame carries several and parts of them")
        }
        var options = options
        options.conditions.filter = filter
        do {
            return try Self.selection(files, options, databases, told) { _ in !Interruption.isAsked }
        } catch { throw ControlCommand.Refusal("\(error)") }
    }

    /// Sends everything, or until it is asked to end.
    public func run() -> ReplayReport {
        let feed = self.feed
        SteadyClock.wakeExactly()
        var report = ReplayReport()
        if !DetachedThread.start(stackSize: 8 << 20, { feed.run() }) {
            report.problems.append("the system gives no thread")
            desk.close()
            return report
        }
        var player = ReplayPlayer(senders, queue, desk, options, turn)
        // Behind the beginning of the other thread, which would inherit it.
        if options.isRealTime { player.goFirst() }
        do { try player.run() } catch { player.report.problems.append(error.description) }
        // Who asks now is told that it has ended, and need not wait.
        desk.close()
        report = player.report
        if Interruption.isAsked { report.isInterrupted = true }
        finish(&report)
        // Where the feed waits for input itself it is left alone; what is made while it is sent has an end.
        let found = queue.stop(within: options.source == nil ? 1_000 : 60_000)
        report.read = found.read
        report.skipped.add(found.skipped)
        report.failed.add(found.failed)
        report.problems = found.problems + report.problems
        report.damage = found.damage
        if let faults { tell(faults, &report) }
        return report
    }

    /// Takes note of what was sent last, and says what of all that was broken.
    private func tell(_ faults: ReplayFaults, _ report: inout ReplayReport) {
        while let batch = queue.takeDone() { faults.settle(batch) }
        let (counts, problem) = faults.finish(read: report.read, isInterrupted: report.isInterrupted)
        report.faults = ReplayReport.Faults(
            plan: options.faults?.description ?? "", seed: options.seed, counts: counts)
        if let problem { report.problems.append(problem) }
    }

    /// Says who has not taken everything.
    private func finish(_ report: inout ReplayReport) {
        for sender in senders {
            let count = sender.waitingClients
            if count > 0 { report.problems.append("\(sender.name): \(count) clients did not take everything") }
            report.clients += sender.clients
        }
    }
}
