public import Bytes

/// One packet of a capture, as a record of a batch: where its captured octets are and what the capture says of it.
@frozen
public struct Packet: Located {
    /// The captured octets, link header included; true until the reader's next batch.
    public var extent: Extent
    /// When it was captured; unknown where the file does not say.
    public var time: CaptureTime
    /// Its number in the capture, from 1 on.
    public var number: UInt64
    /// Where its first captured octet stands in the uncompressed input.
    public var offset: UInt64
    /// Its length on the wire, which a snap length may have cut, as the capture says: some say less than was captured.
    public var originalLength: UInt32
    /// Its interface: an index into the reader's `interfaces`.
    public var interface: UInt32

    /// A record from its parts.
    @inlinable
    public init(
        extent: Extent, time: CaptureTime, number: UInt64, offset: UInt64, originalLength: UInt32, interface: UInt32
    ) {
        self.extent = extent
        self.time = time
        self.number = number
        self.offset = offset
        self.originalLength = originalLength
        self.interface = interface
    }
}
