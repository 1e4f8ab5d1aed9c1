/// What a receiver says of the segments of a message: that all are there, or which are missing.
package struct SegmentNotice: Equatable, Sendable {
    /// The number of the message.
    package var id: UInt8
    /// Parts that are missing, from 1; none when all are there.
    package var missing: [Int]

    /// Reads a content; nil when it is none of ours.
    package init?(_ content: MessageContent) { return nil }
}
