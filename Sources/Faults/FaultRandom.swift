internal import Bytes

/// Random numbers that are the same on every machine: xoshiro256** 1.0 of Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators", ACM Transactions on Mathematical Software 47 (2021).
///
/// A seed makes one number after the other with SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014); stream k of a seed has its numbers 4k to 4k + 3 for its state, so that streams share nothing.
package struct FaultRandom: Sendable {
    private var a: UInt64, b: UInt64, c: UInt64, d: UInt64

    /// A generator from its state, of which not all is zero.
    package init(state a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    /// A stream of a seed.
    package init(seed: UInt64, stream: Int) {
        var seeds = SplitMix64(seed)
        for _ in 0..<stream * 4 { _ = seeds.next() }
        // Four numbers of SplitMix64 in a row are all different, so not all of them are zero.
        self.init(state: seeds.next(), seeds.next(), seeds.next(), seeds.next())
    }

    /// The next number; all 64 bits are good.
    @inline(__always)
    package mutating func next() -> UInt64 {
        let mixed = b &* 5
        let result = (mixed &<< 7 | mixed &>> 57) &* 9
        let shifted = b &<< 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d &<< 45 | d &>> 19
        return result
    }

    /// A number below `limit`, which is above 0, by one draw: the upper half of a product.
    @inline(__always)
    package mutating func next(below limit: UInt64) -> UInt64 { next().multipliedFullWidth(by: limit).high }
}
