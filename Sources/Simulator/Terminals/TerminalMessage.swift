/// A message that a terminal sent, and what became of it: what a truth has of it.
public struct TerminalMessage: Sendable {
    /// Why it did not come.
    public enum Reason: String, Sendable {
        /// Nothing gets through where it was sent.
        case coverage
        /// It was lost on the way.
        case loss
    }

    /// What it holds.
    public enum Content: Sendable, Equatable {
        /// Degrees, north and east positive, as they were before they were rounded for the message; metres.
        case position(latitude: Double, longitude: Double, height: Double)
        /// A text, or a part of one: its number from 1, and how many there are.
        case text(String, part: Int, parts: Int)
        /// Nothing that is told.
        case nothing
    }

    /// The number of the terminal as messages have it.
    public var terminal: String
    /// The name of its fleet.
    public var fleet: String
    /// The protocol's name.
    public var dialect: String
    /// `position`, `text`, `emergency`, `registration`, `authentication`.
    public var type: String
    /// When it was sent, in nanoseconds since 1970.
    public var sent: Int64
    /// When the command unit told of it; nil where it did not come.
    public var received: Int64?
    /// Why it did not come.
    public var reason: Reason?
    /// Whether the terminal calls for help.
    public var isEmergency: Bool
    /// What it holds.
    public var content: Content
}

/// What became of the messages of all terminals.
public struct TerminalCounts: Sendable, Equatable {
    /// How many terminals there are.
    public internal(set) var terminals = 0
    /// Messages that were sent, each try and each part counted.
    public internal(set) var sent: UInt64 = 0
    /// Those that the command unit received.
    public internal(set) var received: UInt64 = 0
    /// Those that were sent where nothing gets through.
    public internal(set) var coverage: UInt64 = 0
    /// Those that were lost on the way.
    public internal(set) var loss: UInt64 = 0
    /// Messages that were never sent: others came before the card's pace allowed them.
    public internal(set) var dropped: UInt64 = 0
    /// Messages that were given up after as many tries as are allowed.
    public internal(set) var givenUp: UInt64 = 0
    /// What the command unit or the platform sent to terminals.
    public internal(set) var answers: UInt64 = 0
}
