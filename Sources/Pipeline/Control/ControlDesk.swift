internal import Bytes

/// Where commands wait until what they are for looks, and their asker until they are answered.
final class ControlDesk: @unchecked Sendable {
    // Sendable: what it holds is touched under the monitor alone.
    private let monitor = Monitor()
    private var asked: ArraySlice<Question> = []
    private var answers: [ControlAnswer] = []
    private var isClosed = false
    private static let ended = ControlCommand.Refusal("it has ended")

    /// A command, and what was made ready for it, so that who does it is not held up by that.
    typealias Question = (command: ControlCommand, means: AnyObject?)

    /// Asks, and waits for the answers, one for each. One asks at a time.
    func ask(_ questions: [Question]) -> [ControlAnswer] {
        monitor.sync {
            (asked, answers) = (questions[...], [])
            while !asked.isEmpty, !isClosed { monitor.wait(1_000) }
            answers += asked.map { _ in .failure(Self.ended) }
            asked = []
            return answers
        }
    }

    /// The first that was asked and is not answered yet.
    func next() -> Question? { monitor.sync { asked.first } }

    /// Answers it.
    func reply(_ reply: ControlAnswer) { monitor.sync { if asked.popFirst() != nil { answers.append(reply) } } }

    /// Nobody answers any more.
    func close() { monitor.sync { isClosed = true } }
}
