package import Bytes

/// What befalls one packet after the other: each kind of fault has random numbers of its own, of which every packet takes
/// the same whatever befell it otherwise. So a fault falls on the same packets and bits with other faults or without them.
package struct FaultDice {
    private let plan: FaultPlan
    // The numbers of streams are written down in Specs/truth.md: what is new takes the next one.
    private var bits: FaultRandom, losses: FaultRandom, copies: FaultRandom, places: FaultRandom, cuts: FaultRandom
    private var delays: FaultRandom

    private let skips: Skips?
    /// Bits that are well up to the next one that is turned over.
    private var toNextBit: UInt64 = 0
    private let loss: Chance, runBegins: Chance, runEnds: Chance
    private let copy: Chance, place: Chance, cut: Chance
    /// Whether the channel is in a run of lost packets.
    private var isInRun = false

    package init(_ plan: FaultPlan, seed: UInt64) {
        self.plan = plan
        bits = FaultRandom(seed: seed, stream: 0)
        losses = FaultRandom(seed: seed, stream: 1)
        copies = FaultRandom(seed: seed, stream: 2)
        places = FaultRandom(seed: seed, stream: 3)
        cuts = FaultRandom(seed: seed, stream: 4)
        delays = FaultRandom(seed: seed, stream: 5)
        skips = plan.bitError > 0 ? Skips(plan.bitError) : nil
        loss = Chance(plan.loss)
        let burst = plan.burst ?? 1
        runEnds = Chance(1 / burst)
        // A channel of two states (Gilbert, Bell System Technical Journal 39, 1960): of all packets `loss` come in the bad one.
        runBegins = Chance(plan.loss < 1 ? plan.loss / burst / (1 - plan.loss) : 1)
        (copy, place, cut) = (Chance(plan.duplicate), Chance(plan.reorderShare), Chance(plan.truncate))
        if let skips { toNextBit = skips.next(bits.next()) }
        // It begins in either state as often as it is in it.
        if plan.burst != nil { isInRun = loss.happens(losses.next()) }
    }

    /// The bits of the next packet that are turned over, of so many octets; bit 0 is the most significant one of the first.
    package mutating func turnBits(ofOctets count: Int, into found: Lane<UInt32>) {
        guard let skips else { return }
        let length = UInt64(count) &* 8
        while toNextBit < length {
            found.append(UInt32(truncatingIfNeeded: toNextBit))
            toNextBit &+= 1 &+ skips.next(bits.next())
        }
        toNextBit &-= length
    }

    /// Whether the next packet is lost.
    package mutating func loses() -> Bool {
        guard plan.loss > 0 else { return false }
        let draw = losses.next()
        guard plan.burst != nil else { return loss.happens(draw) }
        let isLost = isInRun
        isInRun = isInRun ? !runEnds.happens(draw) : runBegins.happens(draw)
        return isLost
    }

    /// Whether the next packet comes twice.
    package mutating func doubles() -> Bool { plan.duplicate > 0 && copy.happens(copies.next()) }

    /// By how many places the next packet is put back.
    package mutating func putsBack() -> Int32 {
        guard plan.reorder > 0, place.happens(places.next()) else { return 0 }
        return Int32(truncatingIfNeeded: 1 &+ places.next(below: UInt64(plan.reorder)))
    }

    /// How many octets are left of the next packet, of so many; nil for all. One is left at least, and one is missing.
    package mutating func keeps(of count: Int) -> Int? {
        guard plan.truncate > 0, cut.happens(cuts.next()) else { return nil }
        let kept = 1 &+ Int(truncatingIfNeeded: cuts.next(below: UInt64(max(1, count &- 1))))
        return count > 1 ? kept : nil
    }

    /// By how many nanoseconds the next packet is late: whole microseconds, each as often as the other.
    package mutating func delay() -> Int64 {
        guard plan.jitter > 0 else { return 0 }
        return Int64(truncatingIfNeeded: delays.next(below: UInt64(plan.jitter) &+ 1)) &* 1000
    }
}
