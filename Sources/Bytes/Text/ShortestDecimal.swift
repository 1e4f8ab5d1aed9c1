/// The shortest decimal that reads back as a given number, and among several of one length the nearest: digits x 10^exponent.
///
/// R. Giulietti's Schubfach ("The Schubfach way to render doubles", 2020): the interval of decimals that round to the number
/// is scaled by a power of ten, known to 128 bits, so that the candidates are whole numbers. Powers of ten from 10^-40 to
/// 10^40 are kept, which telemetry seldom leaves; outside of them the caller takes the general way.
///
/// `TextBufferTests` hold it to Swift's own description on random numbers.
struct ShortestDecimal {
    /// Decimal digits as a whole number, up to 17 of them.
    var digits: UInt64
    /// The power of ten that they are to be multiplied by.
    var exponent: Int

    /// The decimal of a finite number other than zero; nil when it is too large or too small for the kept powers.
    init?(_ magnitude: Double) {
        let fraction = magnitude.significandBitPattern
        let biased = Int(magnitude.exponentBitPattern)
        // Subnormal numbers are outside the kept powers.
        guard biased > 0 else { return nil }
        let c = fraction | 1 << 52
        let q = biased - 1075
        // The number below is nearer where the significand is the smallest of its binade.
        let lowerIsCloser = fraction == 0
        // floor(log10(2^q)), or of 3/4 of it.
        let k = (q * 1_262_611 - (lowerIsCloser ? 524_031 : 0)) >> 22
        guard -k >= Self.least && -k <= -Self.least else { return nil }
        let power = Self.powers[-k - Self.least]
        // floor(log2(10^-k)) makes the products fit.
        let shift = UInt64(q + (-k * 1_741_647) >> 19 + 1)

        let lower = Self.product(power, (4 * c - (lowerIsCloser ? 1 : 2)) << shift)
        let middle = Self.product(power, (4 * c) << shift)
        let upper = Self.product(power, (4 * c + 2) << shift)
        // The ends of the interval belong to it when the significand is even (ties go to even).
        let odd = c & 1
        let least = lower + odd
        let most = upper - odd

        let s = middle / 4
        if s >= 10 {
            // One digit fewer, where exactly one candidate lies inside.
            let tens = s / 10
            let below = least <= 40 * tens
            let above = 40 * tens + 40 <= most
            if below != above {
                (digits, exponent) = (tens + (above ? 1 : 0), k + 1)
                return
            }
        }
        let below = least <= 4 * s
        let above = 4 * s + 4 <= most
        exponent = k
        if below != above {
            digits = s + (above ? 1 : 0)
        } else {
            let half = 4 * s + 2
            digits = s + (middle > half || (middle == half && s & 1 == 1) ? 1 : 0)
        }
    }

    /// The upper 64 of 192 bits of a product, its lowest bit set when anything below it was lost: enough to compare by.
    @inline(__always)
    private static func product(_ power: (high: UInt64, low: UInt64), _ value: UInt64) -> UInt64 {
        let low = power.low.multipliedFullWidth(by: value)
        let high = power.high.multipliedFullWidth(by: value)
        let (middle, carry) = high.low.addingReportingOverflow(low.high)
        return (high.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
    }

    private static let least = -40

    /// 10^n for n from -40 to 40 as 128 bits, the first of them 1, rounded up.
    private static let powers: [(high: UInt64, low: UInt64)] = (least...(-least)).map { exponent in
        // 10^40 has 133 bits: 256 bits hold it, and 2^255 / 10^40 still has 122.
        exponent >= 0 ? normalized(tenTo(exponent)) : normalized(reciprocal(exponent))
    }

    private static func tenTo(_ exponent: Int) -> (UInt128, UInt128) {
        var high: UInt128 = 0
        var low: UInt128 = 1
        for _ in 0..<exponent {
            let product = low.multipliedFullWidth(by: 10)
            (high, low) = (high * 10 + product.high, product.low)
        }
        return (high, low)
    }

    /// 2^n / 10^-exponent with n so large that more than 128 bits come out, and a 1 behind them for what is left over.
    private static func reciprocal(_ exponent: Int) -> (UInt128, UInt128) {
        var quotient: (UInt128, UInt128) = (0, 0)
        var remainder: (UInt128, UInt128) = (0, 1)
        let divisor = tenTo(-exponent)
        func reaches(_ a: (UInt128, UInt128), _ b: (UInt128, UInt128)) -> Bool { a.0 != b.0 ? a.0 > b.0 : a.1 >= b.1 }
        // Bit by bit, until 200 significant bits are there.
        var significant = 0
        while significant < 200 {
            remainder = (remainder.0 << 1 | remainder.1 >> 127, remainder.1 << 1)
            quotient = (quotient.0 << 1 | quotient.1 >> 127, quotient.1 << 1)
            if reaches(remainder, divisor) {
                let (low, borrow) = remainder.1.subtractingReportingOverflow(divisor.1)
                remainder = (remainder.0 - divisor.0 - (borrow ? 1 : 0), low)
                quotient.1 |= 1
            }
            if significant > 0 || quotient.1 != 0 { significant += 1 }
        }
        return (quotient.0, quotient.1 | 1)
    }

    /// The first 128 bits, rounded up where anything follows them.
    private static func normalized(_ value: (UInt128, UInt128)) -> (high: UInt64, low: UInt64) {
        var (high, low) = value
        while high >> 127 == 0 {
            high = high << 1 | low >> 127
            low <<= 1
            if high == 0 && low == 0 { break }
        }
        if low != 0 { high += 1 }
        return (UInt64(truncatingIfNeeded: high >> 64), UInt64(truncatingIfNeeded: high))
    }
}
