/// How packets of a link begin: the LINKTYPE_ number of capture files (tcpdump.org/linktypes.html).
@frozen
public struct LinkType: RawRepresentable, Sendable, Hashable {
    /// The number in the file.
    public var rawValue: UInt32
    /// A link type from its number.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// BSD loopback: a protocol family of four octets in the byte order of the machine that captured.
    public static let null = LinkType(rawValue: 0)
    /// Ethernet.
    public static let ethernet = LinkType(rawValue: 1)
    /// IP without a link header.
    public static let raw = LinkType(rawValue: 101)
    /// OpenBSD loopback: a protocol family of four octets, big-endian.
    public static let loop = LinkType(rawValue: 108)
    /// Linux cooked capture, version 1.
    public static let linuxSLL = LinkType(rawValue: 113)
    /// Reserved for private use: USER0 (147) to USER15 (162).
    public static let user0 = LinkType(rawValue: 147)
    /// The last of the private numbers.
    public static let user15 = LinkType(rawValue: 162)
    /// IPv4 without a link header.
    public static let ipv4 = LinkType(rawValue: 228)
    /// IPv6 without a link header.
    public static let ipv6 = LinkType(rawValue: 229)
    /// A whole record of the extensible record format, its header included.
    public static let erf = LinkType(rawValue: 197)
    /// Wireshark's upper PDU: tags that name a dissector, then its bytes.
    public static let upperPDU = LinkType(rawValue: 252)
    /// Linux cooked capture, version 2.
    public static let linuxSLL2 = LinkType(rawValue: 276)
    /// No capture at all: a bare file, whose "packets" are pieces of one stream. Not a number that files use.
    public static let bareStream = LinkType(rawValue: 0xFFFF_FFFF)
}
