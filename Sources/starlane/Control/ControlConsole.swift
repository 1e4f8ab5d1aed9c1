import Bytes
import Glibc
import Pipeline

/// What a person or a script says while something goes on, and what they are told: keys and a status line on a terminal, or
/// commands a line and answers a line of JSON.
///
/// A thread of its own reads and writes, so that a terminal that is slow holds nobody up.
final class ControlConsole: @unchecked Sendable {
    // Sendable: all but the monitor and the two flags under it is used by its thread alone.
    private let askAll: ([ControlCommand]) -> [ControlAnswer]
    private let kind: ControlCommand.Kind
    private let input: Input
    private let answers: Int32
    private let help: String
    /// Whether there is a line of status: not where a person types lines and reads answers.
    private let hasStatus: Bool
    private var keys: ControlKeys
    private let keyboard = Keyboard()
    private var status: StatusLine
    private let monitor = Monitor()
    private var isOver = false
    private var hasEnded = false

    /// Where commands come from.
    enum Input {
        case keys, lines, nothing
    }

    /// - Parameters:
    ///   - name: what goes on, for the status line.
    ///   - answers: the descriptor that answers to lines go to.
    ///   - help: what keys do.
    ///   - kind: what is steered.
    ///   - ask: asks, and waits for the answers, one for each.
    init(
        _ name: String, _ input: Input, answers: Int32, help: String = ControlKeys.help,
        _ kind: ControlCommand.Kind = .captures, ask: @escaping @Sendable ([ControlCommand]) -> [ControlAnswer]
    ) {
        (self.input, self.answers, self.help, self.kind, askAll) = (input, answers, help, kind, ask)
        keys = ControlKeys(filters: kind == .captures)
        hasStatus = Console.errorIsTerminal && (input != .lines || isatty(answers) == 0)
        status = StatusLine(name: name)
    }

    /// Runs something with the console beside it.
    func beside<Result>(_ work: () -> Result) -> Result {
        guard input != .nothing || hasStatus, DetachedThread.start(stackSize: 8 << 20, { self.run() }) else {
            return work()
        }
        let result = work()
        monitor.sync { isOver = true }
        monitor.sync { while !hasEnded { monitor.wait(100) } }
        return result
    }

    private func ask(_ command: ControlCommand) -> ControlAnswer { askAll([command])[0] }

    private var goesOn: Bool { monitor.sync { !isOver } && !Interruption.isAsked }

    private func run() {
        switch input {
        case .keys: runKeys()
        case .lines: runLines()
        case .nothing: while goesOn { wait() }
        }
        StatusLine.clear()
        monitor.sync { hasEnded = true }
    }

    private func wait() {
        show()
        monitor.sync { if !isOver { monitor.wait(100) } }
    }

    /// Shows how far it has come, if that is due.
    private func show() {
        guard hasStatus, status.isDue, case .success(let reached) = ask(.status) else { return }
        status.show(reached, typed: keys.typed)
    }

    private func runKeys() {
        Console.say(Style.error.dim(help))
        while goesOn {
            guard keyboard.isTaken() else {
                // In the background nothing is read and nothing shown.
                monitor.sync { if !isOver { monitor.wait(100) } }
                continue
            }
            show()
            guard let octets = keyboard.read(within: 50) else { break }
            guard !octets.isEmpty else { continue }
            if let signal = octets.lazy.compactMap(Keyboard.signal).first {
                send(signal)
                continue
            }
            status.note = nil
            for command in keys.read(octets) {
                if case .failure(let refusal) = ask(command) { status.note = refusal.description }
            }
            status.isStale = true
        }
        keyboard.release()
        while goesOn { wait() }
    }

    /// Lets the program be stopped: what goes on waits meanwhile.
    private func send(_ signal: Int32) {
        StatusLine.clear()
        let wasPaused = if case .success(let status) = ask(.status) { status.isPaused } else { true }
        _ = ask(.pause)
        keyboard.send(signal)
        if !wasPaused { _ = ask(.resume) }
        status.isStale = true
    }

    private func runLines() {
        var lines = ControlLines()
        var isOpen = true
        while isOpen, goesOn {
            show()
            if let octets = keyboard.read(within: 50) { answer(lines.read(octets)) } else { isOpen = false }
        }
        // What came while it ended is answered as well, as much as a pipe holds.
        var room = 1 << 20
        while isOpen, room > 0, let octets = keyboard.read(within: 0), !octets.isEmpty {
            answer(lines.read(octets))
            room -= octets.count
        }
        answer(lines.finish())
        // Nobody can let it go on any more.
        if goesOn, case .success(let status) = ask(.status), status.isPaused { _ = ask(.quit) }
        while goesOn { wait() }
    }

    /// What a pipe that has room takes without waiting, in octets (pipe(7), PIPE_BUF).
    private static let piece = 4096

    /// Waits for room for answers: not when the user asks to end, and not for long when all else is over.
    private func hasRoom() -> Bool {
        var question = pollfd(fd: answers, events: Int16(POLLOUT), revents: 0)
        var end: Int64?
        while !Interruption.isAsked {
            if unsafe poll(&question, 1, 50) > 0 { return true }
            guard monitor.sync({ isOver }) else { continue }
            let now = SteadyClock.now()
            end = end ?? now + 2_000_000_000
            if let end, now > end { return false }
        }
        return false
    }

    /// Asks what lines say, all at once, and writes the answers.
    private func answer(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        var answers: [ControlAnswer?] = []
        var commands: [ControlCommand] = []
        for line in lines {
            do throws(ControlCommand.Refusal) {
                commands.append(try ControlCommand(line, for: kind))
                answers.append(nil)
            } catch { answers.append(.failure(error)) }
        }
        var asked = askAll(commands)[...]
        var words = TextBuffer(capacity: 256 * lines.count)
        for (line, answer) in zip(lines, answers) {
            let isLong = line.utf8.count > ControlCommand.longest
            guard let answer = answer ?? asked.popFirst() else { continue }
            words.append(answer, to: isLong ? String(line.prefix(60)) + "…" : line)
        }
        var rest = words.bytes.copied()[...]
        while !rest.isEmpty {
            guard hasRoom() else { return }
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(self.answers, $0.baseAddress, min($0.count, Self.piece))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
