/// How captures are compared, and how it is said.
public struct DiffOptions: Sendable {
    /// How differences are written.
    public enum Format: String, Sendable, CaseIterable {
        /// For people.
        case table
        /// A JSON object a difference, a line each.
        case jsonl
    }

    /// How differences are written.
    public var format = Format.table
    /// How text for people is styled.
    public var style = TextStyle.plain
    /// How many differences are written; nil for all. They are counted all the same.
    public var limit: Int?
    /// Which packets are compared.
    public var conditions = Conditions()
    /// What packets of the network have to match, in libpcap's language; nil for all.
    public var captureFilter: String?
    /// How many packets of each capture, and how many octets of them, wait for their twins.
    public var window = (packets: 1 << 16, octets: 16 << 20)

    /// All packets, for people.
    public init() {}
}

/// What a comparison came to.
public struct DiffCounts: Sendable {
    /// Packets that were compared of one and of the other.
    public var packets = (a: 0, b: 0)
    /// Pairs that are the same, and pairs that are not.
    public var same = 0, changed = 0
    /// Packets that only one of them has.
    public var only = (a: 0, b: 0)
    /// Types, and parameters of types, that are not the same under two databases or that one of them does not have.
    public var definitions = 0

    /// Nothing yet.
    public init() {}

    /// Whether anything differs.
    public var isDifferent: Bool { changed + only.a + only.b + definitions > 0 }
}
