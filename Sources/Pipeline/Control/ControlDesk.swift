internal import Bytes

/// Where a command waits until what it is for looks, and its asker until it is answered.
final class ControlDesk: @unchecked Sendable {
    // Sendable: what it holds is touched under the monitor alone.
    private let monitor = Monitor()
    private var asked: (command: ControlCommand, means: AnyObject?)?
    private var answer: ControlAnswer?
    private var isClosed = false
    private static let ended = ControlCommand.Refusal("it has ended")

    /// Asks, and waits for the answer. One asks at a time.
    ///
    /// - Parameter means: what was made ready for the command, so that who does it is not held up by that.
    func ask(_ command: ControlCommand, with means: AnyObject? = nil) -> ControlAnswer {
        monitor.sync {
            (asked, answer) = ((command, means), nil)
            while answer == nil, !isClosed { monitor.wait(1_000) }
            asked = nil
            return answer ?? .failure(Self.ended)
        }
    }

    /// What was asked and is not answered yet.
    func next() -> (command: ControlCommand, means: AnyObject?)? { monitor.sync { answer == nil ? asked : nil } }

    /// Answers it.
    func reply(_ reply: ControlAnswer) { monitor.sync { answer = reply } }

    /// Nobody answers any more.
    func close() { monitor.sync { isClosed = true } }
}
