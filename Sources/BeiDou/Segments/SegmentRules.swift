/// How long a receiver waits and how much it keeps. `Specs/segments.md`.
public struct SegmentRules: Sendable, Hashable {
    /// Milliseconds from one message of a sender to its next.
    public var interval: Int64 = 62_000
    /// Intervals without a new part after which parts are asked for.
    public var quietIntervals: Int64 = 3
    /// Requests for the parts of a text without a new part in between, after which it is given up.
    public var mostRequests = 5
    /// Milliseconds after which a text without a new part is given up in any case, and a whole one forgotten.
    public var longestAge: Int64 = 6 * 3_600_000
    /// Bits that a request may have; the parts that it has no room for are asked for by the next.
    public var requestBits = 110

    /// Texts that are kept of all senders, incomplete ones and whole ones for themselves.
    public var mostTexts = 256
    /// Incomplete texts of one sender.
    public var mostTextsPerSender = 4
    /// Octets of incomplete texts.
    public var mostOctets = 1 << 20
    /// Octets of one part: more is no message of ours.
    public var longestPart = 1_750

    /// The rules that `Specs/segments.md` gives.
    public init() {}
}

/// What a message from a sender was.
public enum SegmentEvent: Sendable, Hashable {
    /// No message of the segments' protocol: a text of its own.
    case notOurs
    /// A new part of a text that is not whole yet.
    case accepted(id: SegmentID, have: Int, total: Int)
    /// A part that is there already. Of a whole text: the acknowledgement, which the sender seems not to have, is to be
    /// sent once more when it stands here.
    case duplicate(id: SegmentID, acknowledgement: EncodedContent?)
    /// The last part: the text, and the acknowledgement to be sent.
    case complete(id: SegmentID, text: String, acknowledgement: EncodedContent)
    /// A part that does not agree with what came before: kept, but something is damaged, or the sender uses the id for
    /// another text.
    case conflicting(id: SegmentID, reason: String)
    /// A receiver's message about a text that was sent to it: for whoever sends texts.
    case control(SegmentMessage)
}

/// What has become due.
public enum SegmentDue: Sendable, Hashable {
    /// Ask a sender for parts.
    case request(sender: UInt64, id: SegmentID, content: EncodedContent)
    /// A text was given up.
    case abandoned(sender: UInt64, id: SegmentID, have: Int, total: Int, reason: String)
}
