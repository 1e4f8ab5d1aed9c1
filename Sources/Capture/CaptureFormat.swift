/// How an input is written, as it says itself or as was found out.
public struct CaptureFormat: Sendable, Equatable, CustomStringConvertible {
    /// The family of the format.
    public enum Kind: String, Sendable, Equatable {
        /// Classic libpcap.
        case pcap
        /// PCAP Next Generation.
        case pcapng
        /// Endace extensible record format.
        case erf
        /// Sun snoop (RFC 1761).
        case snoop
        /// No capture: octets one behind the other.
        case bareStream = "bare stream"
        /// No file: packets as they come.
        case live
    }

    /// The order of octets in the file's own fields.
    public enum Order: String, Sendable, Equatable {
        case little = "little-endian"
        case big = "big-endian"
    }

    /// The kinds of classic files.
    public enum Variant: String, Sendable, Equatable {
        /// As libpcap writes it.
        case standard
        /// Kuznetzov's records with eight octets more (magic a1b2cd34).
        case modified
        /// A version whose records give the two lengths the other way round (2.0 to 2.2, and 543.0 of DG/UX).
        case swappedLengths
        /// Version 2.3, whose lengths stand either way round.
        case mixedLengths
    }

    /// The family of the format.
    public var kind: Kind
    /// The order of octets; in a pcapng that of its latest section.
    public var order: Order
    /// Decimals of a second that its times carry; in a pcapng each interface says.
    public var timeDigits: Int
    /// The kind of classic file.
    public var variant: Variant
    /// The version that the file states; 0.0 where the format has none.
    public var version: Version
    /// Whether the input is gzip'd.
    public var isGzip: Bool
    /// How many gzip members were begun so far.
    public var members: Int

    /// A major and a minor number.
    public struct Version: Sendable, Equatable, CustomStringConvertible {
        /// The number before the point.
        public var major: UInt16
        /// The number behind it.
        public var minor: UInt16
        /// "2.4".
        public var description: String { "\(major).\(minor)" }
    }

    /// A format from its parts.
    public init(_ kind: Kind, order: Order = .big, timeDigits: Int = 0) {
        self.kind = kind
        self.order = order
        self.timeDigits = timeDigits
        variant = .standard
        version = Version(major: 0, minor: 0)
        isGzip = false
        members = 0
    }

    /// The format of packets that are taken as they come, with times of so many decimals of a second.
    public static func live(timeDigits: Int) -> CaptureFormat { CaptureFormat(.live, timeDigits: timeDigits) }

    /// The format of octets that are taken as they come.
    public static var liveStream: CaptureFormat { CaptureFormat(.bareStream) }

    /// Words for people: "pcap, little-endian, microseconds, gzip".
    public var description: String {
        var parts = [kind.rawValue]
        if kind == .pcap || kind == .pcapng { parts.append(order.rawValue) }
        if kind == .pcap || kind == .erf || kind == .snoop || kind == .live {
            parts.append(timeDigits == 9 ? "nanoseconds" : "microseconds")
        }
        switch variant {
        case .standard: break
        case .modified: parts.append("modified records")
        case .swappedLengths: parts.append("version \(version), lengths swapped")
        case .mixedLengths: parts.append("version \(version)")
        }
        if isGzip { parts.append(members > 1 ? "gzip of \(members) members" : "gzip") }
        return parts.joined(separator: ", ")
    }
}
