/// What a terminal has to send.
struct WaitingMessage: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        case position, text, emergency, registration, authentication
    }

    var kind: Kind
    /// How often it was tried.
    var tries: UInt8 = 0
    /// The part that goes next, from 0.
    var part: UInt8 = 0
    /// How many texts in parts the terminal had sent before.
    var series: UInt8 = 0
    /// Its place in the fleet's list.
    var text: UInt16 = 0
    /// The number of the message, counted by a vehicle.
    var flow: UInt16 = 0
    /// It is not tried again before, in nanoseconds since the scenario's start.
    var after: Int64 = 0

    /// Whether nothing else goes as long as it waits: a platform takes nothing of a vehicle that it does not know.
    var comesFirst: Bool { kind == .registration || kind == .authentication }
}

/// What waits until the card allows it: bounded, in its order.
struct WaitingList: BitwiseCopyable {
    /// How many messages wait at the most.
    static let limit = 8

    private var messages = InlineArray<8, WaitingMessage>(repeating: WaitingMessage(kind: .position))
    private(set) var count = 0

    subscript(index: Int) -> WaitingMessage {
        get { messages[index] }
        set { messages[index] = newValue }
    }

    /// The place of the one that goes next at a time; nil where all wait for an answer.
    func next(at now: Int64) -> Int? {
        if let first = (0..<count).first(where: { messages[$0].comesFirst }) {
            return messages[first].after <= now ? first : nil
        }
        return (0..<count).first { messages[$0].after <= now }
    }

    /// When one can go; nil where none waits.
    var nextTime: Int64? {
        if let first = (0..<count).first(where: { messages[$0].comesFirst }) { return messages[first].after }
        return (0..<count).map { messages[$0].after }.min()
    }

    /// Adds one at the end; false where there is no room.
    mutating func append(_ message: WaitingMessage) -> Bool {
        guard count < Self.limit else { return false }
        messages[count] = message
        count += 1
        return true
    }

    /// Puts one in front of all; false where the last one had to go for it.
    mutating func insertFirst(_ message: WaitingMessage) -> Bool {
        let isFull = count == Self.limit
        if !isFull { count += 1 }
        for index in stride(from: count - 1, to: 0, by: -1) { messages[index] = messages[index - 1] }
        messages[0] = message
        return !isFull
    }

    mutating func remove(at place: Int) {
        for index in place + 1..<max(place + 1, count) { messages[index - 1] = messages[index] }
        count -= 1
    }

    /// Whether a position waits that has not been tried.
    var hasPosition: Bool { (0..<count).contains { messages[$0].kind == .position } }
}

/// All that changes of a terminal. Times are nanoseconds since the scenario's start, `never` where nothing comes.
struct TerminalState: BitwiseCopyable {
    static let never = Int64.max

    /// Its fleet, and its place in it.
    var fleet: Int32
    var index: Int32
    /// When it starts out.
    var starts: Int64
    /// Seconds that it has been on the route then.
    var phase: Double
    /// How much faster it is than the route says.
    var pace: Double
    var nextPosition: Int64
    var nextText: Int64
    var nextEmergency: Int64
    /// When its call for help ends; 0 while there is none.
    var emergencyEnds: Int64 = 0
    /// The card sends nothing before.
    var notBefore: Int64
    /// How much it tried to send, which its random numbers hang on.
    var attempts: UInt32 = 0
    /// How many occasions for texts there were.
    var occasions: UInt32 = 0
    var series: UInt8 = 0
    var flow: UInt16 = 0
    var waiting = WaitingList()

    /// When it has something to do.
    var nextTime: Int64 {
        let sends = waiting.nextTime.map { max(notBefore, $0) } ?? Self.never
        return min(min(nextPosition, nextText), min(nextEmergency, sends))
    }

    /// Seconds that it has been on its route.
    func onTheWay(at time: Int64) -> Double { phase + Double(max(0, time - starts)) / 1e9 * pace }
}
