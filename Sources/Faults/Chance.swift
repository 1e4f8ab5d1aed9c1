/// Something that happens with a probability.
package struct Chance: Sendable {
    private let threshold: UInt64
    private let isSure: Bool

    /// What happens with a probability from 0 to 1.
    package init(_ probability: Double) {
        isSure = probability >= 1
        // A product with a power of two is exact, and below 2^64.
        threshold = isSure ? .max : UInt64(max(0, probability) * 0x1p64)
    }

    /// Whether it happens, by a random number.
    @inline(__always)
    package func happens(_ draw: UInt64) -> Bool { draw < threshold || isSure }
}

/// How far it is to the next of many things that each happen with a probability: one draw for each that happens, and none
/// for those that do not (a geometric distribution, by inversion).
package struct Skips: Sendable {
    /// The logarithm of the probability that one does not happen; below 0.
    private let scale: Double
    private let isSure: Bool

    /// Skips for a probability above 0.
    package init(_ probability: Double) {
        isSure = probability >= 1
        // The logarithm of 1 - p by p itself: where p is small the difference would have few digits of it.
        scale =
            probability < 0.25
            ? Logarithm.twiceArtanh(-probability / (2 - probability))
            : Logarithm.natural(1 - min(probability, 0.999_999_999_999_999))
    }

    /// How many do not happen in front of the next one that does, by a random number; at most 2^62.
    package func next(_ draw: UInt64) -> UInt64 {
        if isSure { return 0 }
        // From 2^-53 to 1.
        let share = (Double(draw &>> 11) + 1) * 0x1p-53
        let count = Logarithm.natural(share) / scale
        return count < 0x1p62 ? UInt64(count) : 1 &<< 62
    }
}

/// Logarithms by sums, products and quotients alone, which IEEE 754 rounds in one way: a system's own differ in the last
/// digit from one to another, and then faults would fall elsewhere.
enum Logarithm {
    /// The natural logarithm of a normal number above 0, exact to about 1e-16 of its size or of 1.
    static func natural(_ value: Double) -> Double {
        var (exponent, fraction) = (Int(value.exponent), value.significand)
        if fraction > 1.414_213_562_373_095_1 {
            fraction /= 2
            exponent += 1
        }
        return Double(exponent) * 0.693_147_180_559_945_3 + twiceArtanh((fraction - 1) / (fraction + 1))
    }

    /// Twice the inverse hyperbolic tangent of a number up to 0.18 in size, which is ln((1 + z) / (1 - z)), by its series.
    static func twiceArtanh(_ z: Double) -> Double {
        let square = z * z
        var sum = 0.0
        // The first term that is left out is below 0.18^24 / 25, 1e-19 of the sum.
        for odd in stride(from: 23.0, through: 1.0, by: -2.0) { sum = sum * square + 1 / odd }
        return 2 * z * sum
    }
}
