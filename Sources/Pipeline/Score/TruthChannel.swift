/// A virtual channel on an interface: which of its frames arrived whole there, by their numbers from 0 on.
struct TruthChannel {
    /// Frames are counted modulo this.
    private let modulus: Int
    /// The one that came first, and the highest one.
    private let first: Int
    private let last: Int
    /// Those that did not arrive whole, and those that came behind later ones.
    var absent: [Int] = []
    var passed: [Int] = []

    /// Nil where the record does not tell.
    init?(_ record: ValueTape) {
        func integer(_ name: String) -> Int? { ScoreNumber.integer(record, record.member(name)) }
        guard let modulus = integer("modulus"), modulus > 0, let first = integer("first"), let last = integer("last"),
            first <= last
        else { return nil }
        (self.modulus, self.first, self.last) = (modulus, first, last)
    }

    /// Counts what gaps cannot tell of.
    func count(_ tally: inout FaultTally) {
        let inside = absent.filter { $0 >= first && $0 <= last }
        tally.outside += absent.count - inside.count
        let late = passed.filter { $0 >= first }
        tally.passed += late.count
        // What counts tell of a gap is its rest.
        var run = 0
        var next = first
        for number in (inside + late).sorted() + [.max] {
            if number != next {
                tally.hidden += run - run % modulus
                run = 0
            }
            run += 1
            next = number &+ 1
        }
    }
}

/// What befell copies of frames, or captured packets, and what of it a ledger can tell.
struct FaultTally {
    /// Whether the truth tells which frames arrived: else nothing is known of what a ledger can tell.
    let knowsArrivals: Bool
    /// Copies that arrived with wrong bits or cut, doubled ones twice.
    var broken = 0
    /// Copies that did not arrive whole; of them those in front of the first and behind the last one of their channel that did,
    /// and those that longer gaps hide than counts can tell.
    var missing = 0
    var outside = 0
    var hidden = 0
    /// Whole ones that were put back; those that came behind later ones of their channel; and those that were missing up to then.
    var moved = 0
    var late = 0
    var passed = 0
    /// Whole ones that arrived once more.
    var doubled = 0

    init(knowsArrivals: Bool) { self.knowsArrivals = knowsArrivals }

    /// What the counts of channels should tell.
    var visibleMissing: Int { missing - outside - hidden + passed }
}
