package import Bytes

/// Turns bits over with a probability that changes from frame to frame, as on a link whose noise does: what is drawn is how much
/// a bit has to be exposed to until the next one is hit, so that a rate of zero draws nothing.
package struct HitDice {
    private var random: FaultRandom
    /// How much exposure is left up to the next hit.
    private var left: Double

    /// Dice of a stream of a seed.
    package init(seed: UInt64, stream: Int) {
        random = FaultRandom(seed: seed, stream: stream)
        left = 0
        left = draw()
    }

    /// The bits of the next so many octets that are turned over, each with a probability; bit 0 is the most significant one of
    /// the first octet.
    package mutating func turnBits(ofOctets count: Int, probability: Double, into found: Lane<UInt32>) {
        guard probability > 0 else { return }
        // A bit that is hit with probability p is exposed to -ln(1 - p).
        let exposure =
            probability < 0.5 ? -Logarithm.twiceArtanh(-probability / (2 - probability)) : 0.693_147_180_559_945_3
        let length = Double(count * 8)
        var place = 0.0
        while left < (length - place) * exposure {
            place += (left / exposure).rounded(.down)
            found.append(UInt32(min(place, length - 1)))
            place += 1
            left = draw()
        }
        left -= max(0, length - place) * exposure
    }

    /// A number that is exponentially distributed with mean 1.
    package mutating func draw() -> Double { -Logarithm.natural((Double(random.next() &>> 11) + 1) * 0x1p-53) }
}
