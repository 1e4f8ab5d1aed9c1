extension TextBuffer {
    /// Adds a number in the fewest digits that read back as the same number: `24.5`, `1e-07`, `-0.0`.
    ///
    /// The number is finite: JSON and CSV have their own words for the others.
    public mutating func append(_ number: Double) {
        // Telemetry is mostly short decimals: n / 10^k with a whole n. Where that division gives the number back, its
        // digits are those of n, found without the general search.
        let magnitude = number.magnitude
        if magnitude < 1e9 && (magnitude >= 1e-4 || magnitude == 0) {
            var power = 1.0
            for decimals in 0...6 {
                let whole = (magnitude * power).rounded(.toNearestOrEven)
                if whole / power == magnitude {
                    return append(whole: UInt64(whole), decimals: decimals, negative: number.sign == .minus)
                }
                power *= 10
            }
        }
        append(number.description)
    }

    /// Adds whole / 10^decimals, at least one decimal.
    private mutating func append(whole: UInt64, decimals: Int, negative: Bool) {
        if negative { append(UInt8(ascii: "-")) }
        guard decimals > 0 else {
            append(whole)
            append(".0")
            return
        }
        let power = Self.powers[decimals]
        let (front, back) = whole.quotientAndRemainder(dividingBy: power)
        append(front)
        append(UInt8(ascii: "."))
        append(back, digits: decimals)
    }

    private static let powers: [UInt64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
}
