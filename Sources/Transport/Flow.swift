public import Bytes

/// A flow of a capture: payloads from one sender to one receiver over one protocol, and what was counted of them.
public struct Flow: Sendable {
    /// What tells it apart from all others.
    public let key: FlowKey
    /// Its name: `udp 10.20.1.7:40417 > 10.20.9.30:14010`, `tcp [2001:db8::1]:80 > [2001:db8::2]:5000`, `user0 link`, `stream`.
    public var name: String
    /// The layers around its first payload, outermost first: `["ethernet", "vlan", "ipv4", "udp"]`.
    public var stack: [String]
    /// True when its payloads are pieces of one stream of octets, in order; false when each stands alone.
    public var isStream: Bool
    /// Payloads that were met: datagrams, segments that carry octets, packets of a bare link. Repeated ones count.
    public var packets: Int
    /// Octets of these payloads, as far as they were captured.
    public var bytes: Int
    /// When the first one was captured; unknown where the capture does not say.
    public var first: CaptureTime
    /// When the last one was captured.
    public var last: CaptureTime
    /// What their checksums said.
    public var checksums: ChecksumCounts
    /// How the stream went; nil for what is no TCP.
    public var tcp: StreamCounts?
}

/// What the checksums of a flow's datagrams or segments said.
public struct ChecksumCounts: BitwiseCopyable, Sendable, Equatable {
    /// They agreed.
    public var good = 0
    /// They did not agree: these payloads are marked.
    public var wrong = 0
    /// The sender left them to its hardware, and the capture was made before that filled them in: zero, or the sum of
    /// the pseudo-header alone.
    public var leftEmpty = 0
    /// The sender gave none (UDP with zero).
    public var absent = 0
    /// They could not be checked: the snap length cut the packet, or a routing header hides the last address; or nobody
    /// asked for them to be.
    public var unverified = 0
    /// IPv4 headers whose own checksum did not agree, left empty not among them.
    public var wrongHeader = 0

    /// Nothing counted.
    public init() {}
}

/// How one direction of a TCP connection went.
public struct StreamCounts: BitwiseCopyable, Sendable, Equatable {
    /// Octets that came again.
    public var retransmitted = 0
    /// Segments that came ahead of their turn.
    public var outOfOrder = 0
    /// Octets that never came, or were cut.
    public var missing = 0
    /// True when its beginning was not captured.
    public var beginsInTheMiddle = false

    /// Nothing counted.
    public init() {}
}
