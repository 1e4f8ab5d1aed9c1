public import Bytes

/// What a flow carried, whole, as a record of a batch: a space packet, an encapsulation packet, or a message (a sentence
/// or a binary frame of a terminal).
@frozen
public struct Unit: Located {
    /// The packet from its first header octet to its last octet, or the message from its first octet to its last; true
    /// until the stage's next batch.
    public var extent: Extent
    /// When the payload that completed it was captured.
    public var time: CaptureTime
    /// The number of the capture packet that completed it.
    public var packet: UInt64
    /// Where its first octet stands in the uncompressed input, as near as the layers below tell.
    public var offset: UInt64
    /// Its flow, as the transport numbers them.
    public var flow: UInt32
    /// Which of the flow's virtual channels it came over: an index into the decoder's `channels`; `UInt32.max` where
    /// packets travel without frames.
    public var channel: UInt32
    /// 11 bits of APID for a space packet; the protocol id for an encapsulation packet; the number of its type for a
    /// message.
    public var apid: UInt16
    /// The 14-bit sequence count; a message's own number, 0 where it has none.
    public var sequence: UInt16
    /// The two sequence flags: 0 continuation, 1 first, 2 last, 3 unsegmented.
    public var segment: UInt8
    /// What is to be known of it.
    public var marks: Marks

    /// What is to be known of a packet or message.
    @frozen
    public struct Marks: OptionSet, BitwiseCopyable, Sendable {
        /// The marks as bits.
        public let rawValue: UInt16
        /// Marks from their bits.
        @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
        /// An idle packet: no data of anybody.
        @inlinable public static var idle: Marks { Marks(rawValue: 1) }
        /// An encapsulation packet.
        @inlinable public static var encapsulation: Marks { Marks(rawValue: 2) }
        /// A telecommand (packet type 1).
        @inlinable public static var telecommand: Marks { Marks(rawValue: 4) }
        /// Packets are missing before it, by its count.
        @inlinable public static var gapBefore: Marks { Marks(rawValue: 8) }
        /// Its count was there before: late or repeated.
        @inlinable public static var late: Marks { Marks(rawValue: 16) }
        /// It has a secondary header.
        @inlinable public static var secondaryHeader: Marks { Marks(rawValue: 32) }
        /// Put together from segments.
        @inlinable public static var joined: Marks { Marks(rawValue: 64) }
        /// Frames of its virtual channel were lost since the packet before it.
        @inlinable public static var framesLost: Marks { Marks(rawValue: 128) }
        /// A message of a terminal and no packet: ``Unit/apid`` is the number of its type.
        @inlinable public static var message: Marks { Marks(rawValue: 256) }
    }

    /// A record from its parts.
    @inlinable
    public init(
        extent: Extent, time: CaptureTime, packet: UInt64, offset: UInt64, flow: UInt32, channel: UInt32, apid: UInt16,
        sequence: UInt16, segment: UInt8, marks: Marks
    ) {
        self.extent = extent
        self.time = time
        self.packet = packet
        self.offset = offset
        self.flow = flow
        self.channel = channel
        self.apid = apid
        self.sequence = sequence
        self.segment = segment
        self.marks = marks
    }
}
