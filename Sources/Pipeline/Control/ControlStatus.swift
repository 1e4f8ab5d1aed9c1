public import Bytes
internal import Records

/// How far something has come that goes on in time.
public struct ControlStatus: Sendable {
    /// Whether it waits to be resumed.
    public var isPaused = false
    /// When the latest packet was captured, or the time that was sought; unknown in front of the first.
    public var position = CaptureTime.unknown
    /// The number of the latest packet in its capture; nil where none was sent since the last seek.
    public var number: UInt64?
    /// Packets that left.
    public var packets = 0
    /// Their octets.
    public var octets = 0
    /// How fast it is to be.
    public var pace = Schedule.Pace.original(speed: 1)
    /// What chooses; nil where everything is chosen.
    public var filter: String?
    /// How late the latest packet left, in nanoseconds; nil where nothing was due.
    public var late: Int64?

    /// In front of the first packet.
    public init() {}
}

/// What became of a command: where it led to, or why it is not done.
public typealias ControlAnswer = Result<ControlStatus, ControlCommand.Refusal>

extension TextBuffer {
    /// Adds an answer as a JSON object and a line feed, behind the line that it answers.
    public mutating func append(_ answer: ControlAnswer, to line: String) {
        append("{")
        member("command", line)
        switch answer {
        case .failure(let refusal):
            member("ok", false)
            member("error", refusal.description)
        case .success(let status):
            member("ok", true)
            member("state", status.isPaused ? "paused" : "playing")
            member("time", status.position, digits: 9)
            member("packet", status.number.map { Int(clamping: $0) })
            member("packets_sent", status.packets)
            member("octets_sent", status.octets)
            member("pace", status.pace.words)
            member("filter", status.filter)
            member("late_us", thousandths: status.late.map { Double($0) / 1000 })
        }
        append("}\n")
    }
}
