/// A virtual channel on an interface: which of its frames arrived whole there, by their numbers from 0 on.
struct TruthChannel {
    /// Frames are counted modulo this.
    private let modulus: Int
    /// The one that came first, and the highest one, of each connection over which they came.
    private var spans: [ClosedRange<Int>]
    /// Those that did not arrive whole, and those that came behind later ones.
    var absent: [Int] = []
    var passed: [Int] = []

    /// Nil where the record does not tell.
    init?(_ record: ValueTape) {
        func integer(_ name: String) -> Int? { ScoreNumber.integer(record, record.member(name)) }
        guard let modulus = integer("modulus"), modulus > 0, let first = integer("first"), let last = integer("last"),
            first <= last
        else { return nil }
        (self.modulus, spans) = (modulus, [first...last])
    }

    /// Takes what came over another connection.
    mutating func add(_ other: TruthChannel) { spans += other.spans }

    /// Counts what gaps cannot tell of: gaps lie inside of a connection alone.
    func count(_ tally: inout FaultTally) {
        let spans = spans.sorted { $0.lowerBound < $1.lowerBound }
        var (absent, passed) = (absent.sorted()[...], passed.sorted()[...])
        for span in spans {
            let outside = absent.prefix { $0 < span.lowerBound }
            tally.outside += outside.count
            absent = absent.dropFirst(outside.count)
            passed = passed.drop { $0 < span.lowerBound }
            let inside = absent.prefix { $0 <= span.upperBound }
            let late = passed.prefix { $0 <= span.upperBound }
            absent = absent.dropFirst(inside.count)
            passed = passed.dropFirst(late.count)
            tally.passed += late.count
            // What counts tell of a gap is its rest.
            var (run, next) = (0, span.lowerBound)
            for number in (inside + late).sorted() + [.max] {
                if number != next {
                    tally.hidden += run - run % modulus
                    run = 0
                }
                run += 1
                next = number &+ 1
            }
        }
        tally.outside += absent.count
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
    /// Broken ones of which nobody can see it, doubled ones twice; how many that are; and those of them that are doubled.
    var overlooked = 0
    var overlookedFrames = 0
    var overlookedDoubles = 0

    init(knowsArrivals: Bool) { self.knowsArrivals = knowsArrivals }

    /// What the counts of channels should tell, and what should be rejected.
    var visibleMissing: Int { missing - overlookedFrames - outside - hidden + passed }
    var visibleBroken: Int { broken - overlooked }
    var visibleDoubled: Int { doubled + overlookedDoubles }
}
