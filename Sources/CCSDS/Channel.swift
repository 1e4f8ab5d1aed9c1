/// What was seen of one virtual channel of a flow.
public struct Channel: Sendable, Equatable {
    /// The spacecraft id: 10 bits in TM, 8 bits in AOS.
    public let spacecraft: Int
    /// The virtual channel id: 3 bits in TM, 6 bits in AOS.
    public let vcid: Int
    /// Frames that were good, those that came again included.
    public internal(set) var frames = 0
    /// How many times the frame count jumped ahead.
    public internal(set) var gaps = 0
    /// Frames that are missing by these jumps.
    public internal(set) var missing = 0
    /// Frames that came after others with a higher count: late, not lost.
    public internal(set) var late = 0
    /// Frames that came again, with the same count and contents as the one before.
    public internal(set) var repeated = 0
    /// How many times the count went back and counted on from there: a restart aboard.
    public internal(set) var restarts = 0
    /// Frames with only idle data.
    public internal(set) var idleFrames = 0
    /// Packets that were whole, idle ones not counted.
    public internal(set) var packets = 0
    /// Idle packets.
    public internal(set) var idlePackets = 0
    /// Octets of idle frames' data fields and of idle packets.
    public internal(set) var idleOctets = 0
    /// The first frame count seen.
    public internal(set) var firstCount: UInt32 = 0
    /// The last frame count in order.
    public internal(set) var lastCount: UInt32 = 0
    /// Packets that were half received when frames were lost.
    public internal(set) var droppedAtGaps = 0
    /// Packets that were dropped because their length and the next first header pointer disagree.
    public internal(set) var droppedByPointer = 0
    /// Octets of both kinds of dropped packets.
    public internal(set) var droppedOctets = 0
    /// Operational control fields seen.
    public internal(set) var controlWords = 0
    /// The last operational control field: usually a ``CLCW``.
    public internal(set) var controlWord: UInt32?

    init(spacecraft: Int, vcid: Int) {
        self.spacecraft = spacecraft
        self.vcid = vcid
    }
}

/// A packet that was half received when it had to be dropped.
public struct DroppedPacket: Sendable, Equatable {
    /// An index into the decoder's channels.
    public let channel: Int
    /// How many octets were there.
    public let octets: Int
    /// How many it should have, by its header; 0 when not even that was whole.
    public let expected: Int
    /// Where its first octet stands in the uncompressed input.
    public let offset: UInt64
    /// The number of the capture packet in which it began.
    public let packet: UInt64
}
