/// What is to be broken, and how often: a plan of faults.
///
///     let plan = try FaultPlan("bit-error=1e-5,loss=0.01,burst=20,jitter=2ms")
///
/// How each kind of fault falls stands in `Specs/truth.md`.
public struct FaultPlan: Sendable, Equatable, CustomStringConvertible {
    /// The probability of each bit to be turned over, 0 to 1.
    public var bitError = 0.0
    /// The probability of each packet to be lost, 0 to 1.
    public var loss = 0.0
    /// How many packets a run of lost ones has on average, 1 to 1000000; nil: each is lost or not by itself.
    public var burst: Double?
    /// The probability of each packet to come twice, 0 to 1.
    public var duplicate = 0.0
    /// By how many places a packet is put back at most, 0 to 1000; 0: none is.
    public var reorder = 0
    /// The probability of each packet to be put back, 0 to 1.
    public var reorderShare = FaultPlan.usualShare
    /// The probability of each packet to be cut, 0 to 1.
    public var truncate = 0.0
    /// By how many microseconds a packet is late at most, 0 to 60000000.
    public var jitter: Int64 = 0

    /// The share of packets that are put back where none is told.
    public static let usualShare = 0.01
    /// The greatest values of those that are no probabilities.
    public static let mostBurst = 1e6, mostPlaces = 1000, mostJitter: Int64 = 60_000_000

    /// Nothing is broken.
    public init() {}

    /// Whether nothing is broken.
    public var isEmpty: Bool { !hitsOctets && !movesPackets && loss == 0 && duplicate == 0 }

    /// Whether faults hit what packets hold.
    public var hitsOctets: Bool { bitError > 0 || truncate > 0 }

    /// Whether packets are held back to go out behind later ones.
    public var movesPackets: Bool { jitter > 0 || reorder > 0 && reorderShare > 0 }

    /// Why a plan is none.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// What was found, what is allowed, what to do.
        public let description: String
    }

    /// Refuses values that are outside of what they may be, and those that contradict each other.
    public func check() throws(Refusal) {
        let shares = [
            ("bit-error", bitError), ("loss", loss), ("duplicate", duplicate), ("truncate", truncate),
            ("reorder=\(reorder)", reorderShare),
        ]
        for (name, value) in shares where !(0...1).contains(value) {
            throw Refusal(description: "\(name): \(value) is no probability, which is from 0 to 1")
        }
        guard (0...Self.mostPlaces).contains(reorder), (0...Self.mostJitter).contains(jitter) else {
            throw Refusal(
                description:
                    "reorder=\(reorder),jitter=\(jitter)us: places are 0 to \(Self.mostPlaces), and a jitter up to 60s")
        }
        guard let burst else { return }
        let length = FaultPlan.number(burst)
        guard (1...Self.mostBurst).contains(burst) else {
            throw Refusal(description: "burst=\(length): runs of lost packets are 1 to \(Int(Self.mostBurst)) long")
        }
        guard loss > 0 else {
            throw Refusal(
                description: "burst=\(length) says how long runs of lost packets are, and none is lost: add loss=0.01")
        }
        // Between two runs at least one packet arrives: of so many in a run not more than this share can be lost.
        guard loss <= burst / (burst + 1) else {
            let least = loss < 1 ? "burst=\(Int((loss / (1 - loss) - 1e-9).rounded(.up))) or more" : "a loss below 1"
            throw Refusal(
                description:
                    "loss=\(FaultPlan.number(loss)),burst=\(length): at least one packet arrives between two runs, "
                    + "so that with runs of \(length) a share of \(FaultPlan.number(burst / (burst + 1))) is lost at most: "
                    + "take \(least)")
        }
    }

    /// The plan as it is written, in one order; empty where nothing is broken.
    public var description: String {
        var parts: [String] = []
        if bitError > 0 { parts.append("bit-error=\(Self.number(bitError))") }
        if loss > 0 { parts.append("loss=\(Self.number(loss))") }
        if let burst { parts.append("burst=\(Self.number(burst))") }
        if duplicate > 0 { parts.append("duplicate=\(Self.number(duplicate))") }
        if reorder > 0 { parts.append("reorder=\(reorder):\(Self.number(reorderShare))") }
        if truncate > 0 { parts.append("truncate=\(Self.number(truncate))") }
        if jitter > 0 {
            let unit: (Int64, String) =
                jitter % 1_000_000 == 0 ? (1_000_000, "s") : jitter % 1000 == 0 ? (1000, "ms") : (1, "us")
            parts.append("jitter=\(jitter / unit.0)\(unit.1)")
        }
        return parts.joined(separator: ",")
    }

    /// A number without a point that says nothing.
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
