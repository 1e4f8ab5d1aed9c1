/// What is scored, and how strictly.
public struct ScoreOptions: Sendable {
    /// The simulator's truth, or that of what was broken on purpose.
    public var truth = ""
    /// What was decoded of the capture before it was broken, as JSON lines of `decode`; it stands for the packets of a truth
    /// that has none.
    public var reference: String?
    /// What a decoder wrote, JSON lines or CSV; nil where the ledger alone is held against the faults.
    public var result: String?
    /// What `inspect --format json`, or `run --report`, wrote.
    public var ledger: String?
    /// The same of the capture before it was broken, which is taken off.
    public var referenceLedger: String?
    /// Names of columns that are told.
    public var columns: [ScoreColumn: String] = [:]
    /// By what share numbers may be apart; nil for 10^-6, and whole numbers exactly.
    public var tolerance: Double?
    /// Parameters that are not compared; `*` is all of them.
    public var ignored: Set<String> = []
    /// How many misses, wrong values and others are named, of each kind.
    public var shown = 5
    /// What passes.
    public var limits = ScoreLimits()

    /// Nothing yet.
    public init() {}
}

/// What is good enough.
public struct ScoreLimits: Sendable {
    /// The least share of the packets that could be received.
    public var leastFound = 1.0
    /// The least share of the values of found packets that were compared; nil for any.
    public var leastCompared: Double?
    /// So many packets with wrong values, at most.
    public var mostWrong = 0
    /// So many rows that no packet stands behind.
    public var mostInvented = 0
    /// So many rows too many of packets that are there; nil for any number.
    public var mostRepeated: Int?
    /// By how much faults and ledger may differ, in frames; nil for any number.
    public var mostDifference: Int?

    /// All found, none wrong, none invented.
    public init() {}

    /// A share as people write it: `99.9%`, or `0.999`. Nil for what is none from 0 to 1.
    public static func share(_ text: String) -> Double? {
        let isPercentage = text.hasSuffix("%")
        let digits = isPercentage ? text.dropLast() : text[...]
        // By two more decimals and no division, so that 99.9% is 0.999 to the last bit.
        guard let first = digits.utf8.first, first &- 0x30 < 10 || first == 0x2E,
            let share = Double(isPercentage ? digits + "e-2" : digits)
        else { return nil }
        return (0...1).contains(share) ? share : nil
    }
}
