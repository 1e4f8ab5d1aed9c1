/// How much a ``Transport`` keeps at most. What would go beyond is let go, and stands in the ledger or behind a gap.
public struct Limits: Sendable {
    /// Flows told apart. Datagrams and segments of a flow beyond are rejected as "too many flows": every later stage
    /// keeps something for each flow, so their number is bounded here.
    public var flows = 65_536
    /// Datagrams whose fragments are being put together at one time.
    public var fragmentedDatagrams = 4_096
    /// Octets of memory for them, holes included.
    public var fragmentOctets = 16 << 20
    /// How long a datagram waits for its fragments, in nanoseconds of capture time.
    public var fragmentAge: Int64 = 30_000_000_000
    /// Octets of one stream that wait behind a hole.
    public var streamOctets = 4 << 20
    /// Segments of one stream that wait behind a hole.
    public var streamSegments = 4_096
    /// Octets of memory for all streams together that wait behind holes.
    public var heldOctets = 64 << 20
    /// Segments of one stream that arrive while a hole is open which the receiver has acknowledged: the capture missed
    /// it, and only a capture that mixed up the order can still bring it.
    public var segmentsAfterAcknowledgement = 16
    /// Different dissector names of Wireshark's upper PDUs.
    public var dissectorNames = 256

    /// The limits that suit a capture of any size on a machine of any size: below 200 MB in all.
    public init() {}
}
