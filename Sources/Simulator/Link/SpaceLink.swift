internal import Bytes
internal import Faults

/// One spacecraft over one station: when it is seen, and what its frames are like when they arrive.
struct SpaceLink {
    /// The station, by its number.
    let station: Int
    let observer: Observer
    /// Passes that are not over.
    private(set) var passes: ArraySlice<Pass>
    /// Where what arrives goes on from.
    let tap: Int
    /// When the station hears nothing, and when what it hears has bit errors, by what happens to it.
    var outages = Spells(), fades = Spells()
    private let conditions: LinkConditions
    private var bits: HitDice
    /// How long it is until the next fade and how long each lasts.
    private var lengths: HitDice
    private var fade: (from: Int64, until: Int64)

    init(
        _ station: Int, _ observer: Observer, _ passes: [Pass], _ conditions: LinkConditions, tap: Int, seed: UInt64,
        start: Int64
    ) {
        (self.station, self.observer, self.passes, self.conditions, self.tap) = (
            station, observer, passes[...], conditions, tap
        )
        bits = HitDice(seed: seed, stream: 0)
        lengths = HitDice(seed: seed, stream: 1)
        fade = (start, start)
    }

    /// Forgets passes that are over at a time.
    mutating func forget(before time: Int64) {
        while let first = passes.first, first.set.time <= time { passes.removeFirst() }
    }

    /// Whether the spacecraft is seen at a time, of which no pass in front was forgotten.
    func sees(at time: Int64) -> Bool { passes.first.map { $0.rise.time <= time && time < $0.set.time } ?? false }

    /// When that changes next behind a time.
    func change(behind time: Int64) -> Int64 {
        guard let first = passes.first else { return .max }
        return time < first.rise.time ? first.rise.time : first.set.time
    }

    /// What becomes of a frame.
    enum Reception {
        /// It arrives; bits that were turned over are in the lane.
        case received
        case lost(reason: String)
    }

    /// Receives the next frame.
    ///
    /// - Parameter turned: emptied, then filled with bits that were turned over, from the frame's first on.
    mutating func receive(octets: Int, elevation: Double, at time: Int64, turned: Lane<UInt32>) -> Reception {
        turned.removeAll()
        if outages.value(at: time) != nil { return .lost(reason: "station down") }
        var rate = conditions.isClear ? 0 : conditions.bitError(at: elevation)
        if let fades = conditions.fades, fades.bitError > rate, isFading(fades, at: time) { rate = fades.bitError }
        if let told = fades.value(at: time) { rate = max(rate, told) }
        guard rate > 0 else { return .received }
        if rate >= conditions.lock { return .lost(reason: "no lock") }
        bits.turnBits(ofOctets: octets, probability: rate, into: turned)
        return .received
    }

    /// Whether a fade is under way: they come after and last for times that are exponentially distributed.
    private mutating func isFading(_ fades: LinkConditions.Fades, at time: Int64) -> Bool {
        while fade.until <= time {
            let from = fade.until + Int64(lengths.draw() * fades.every * 1e9) + 1
            fade = (from, from + Int64(lengths.draw() * fades.last * 1e9) + 1)
        }
        return fade.from <= time
    }
}
