public import Records

/// A field that can be asked for: in filters, with `--fields`, in plots.
public struct Field: Sendable {
    /// What has it.
    public enum Owner: Sendable, Hashable {
        /// Every packet and message.
        case packets
        /// Filters alone: a name of several fields, or of a layer.
        case filters
        /// Packets that the database with this name explains.
        case mission(String)
        /// Messages of terminals.
        case messages
    }

    /// What its values are, by the words of `Specs/filter.md`.
    public enum Kind: String, Sendable, Hashable {
        case number, label, truth, text, octets, time, address, list, layer
    }

    /// The name that is typed: the shortest that filters take.
    public let name: String
    /// Who has it.
    public let owner: Owner
    /// What its values are.
    public let kind: Kind
    /// Its unit; empty where it has none.
    public let unit: String
    /// What it means, in a few words; empty where nobody said.
    public internal(set) var meaning: String
    /// Its labels, where these are its values.
    public internal(set) var labels: [String] = []
    /// Its limits, in the order of the database.
    public internal(set) var limits: [LimitRange] = []
    /// Whether it has limits, also such as depend on other values.
    public internal(set) var hasLimits = false
    /// Other names that mean it: whole names and aliases.
    public internal(set) var others: [String] = []
    /// The packet types or messages that have it; empty where all have it.
    public internal(set) var types: [String] = []
    /// A filter that uses it.
    public internal(set) var example = ""
    /// What was found of it; nil where nobody looked.
    public internal(set) var found: Found?

    /// What captures hold of a field.
    public struct Found: Sendable {
        /// How many packets or messages have it.
        public var packets = 0
        /// The lowest and the highest value of a number or time.
        public var least, greatest: Field.Value?
        /// The first value that was met, of what is neither.
        public var sample: Field.Value?
        /// Labels, and other values that are few: how many packets have each, the most frequent first.
        public var counts: [(value: String, packets: Int)] = []
        /// How many values are in ``counts``, and are not: it keeps ``mostCounts``.
        public var distinct = 0

        /// More values than that are not told apart.
        public static let mostCounts = 64

        /// Enters what was counted of each value.
        mutating func enter(_ counted: [String: Int]) {
            distinct = counted.count
            let order = counted.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            counts = order.prefix(Self.mostCounts).map { ($0.key, $0.value) }
        }
    }
}
