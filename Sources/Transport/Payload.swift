public import Bytes

/// What link, internet and transport layer carried, unwrapped: a datagram's payload, the next piece of a stream, or the
/// bytes of a link that has no such layers.
@frozen
public struct Payload: Located {
    /// The octets; true until the stage's next batch.
    public var extent: Extent
    /// When it was captured (of what was put together: when its last part came).
    public var time: CaptureTime
    /// The number of the packet it came in (of what was put together: of the last part).
    public var packet: UInt64
    /// Where its first octet stands in the uncompressed input (of what was put together: where its first part stands).
    public var offset: UInt64
    /// Its flow: an index into the transport's `flows`.
    public var flow: UInt32
    /// What is to be known of it.
    public var marks: Marks

    /// What is to be known of a payload.
    @frozen
    public struct Marks: OptionSet, BitwiseCopyable, Sendable {
        /// A bit for each mark.
        public let rawValue: UInt8
        /// Marks from their bits.
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The snap length of the capture cut it: octets are missing at its end.
        @inlinable public static var cut: Marks { Marks(rawValue: 1) }
        /// Octets of the stream are missing in front of it (a stream only).
        @inlinable public static var gapBefore: Marks { Marks(rawValue: 2) }
        /// It was put together from several packets.
        @inlinable public static var assembled: Marks { Marks(rawValue: 4) }
        /// Its checksum was left empty by the sender's hardware.
        @inlinable public static var unchecked: Marks { Marks(rawValue: 8) }
        /// Its checksum does not agree with its octets.
        @inlinable public static var wrongChecksum: Marks { Marks(rawValue: 16) }
        /// The lengths in its headers promise more than the packet had on the wire: octets are missing at its end, and
        /// that is damage, not the snap length's doing.
        @inlinable public static var short: Marks { Marks(rawValue: 32) }
    }

    /// A record from its parts.
    @inlinable
    public init(extent: Extent, time: CaptureTime, packet: UInt64, offset: UInt64, flow: UInt32, marks: Marks = []) {
        self.extent = extent
        self.time = time
        self.packet = packet
        self.offset = offset
        self.flow = flow
        self.marks = marks
    }
}
