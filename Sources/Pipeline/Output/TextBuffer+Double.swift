extension TextBuffer {
    /// Adds a number in the fewest digits that read back as the same number: `24.5`, `1e-07`, `-0.0`, as Swift's own
    /// description does.
    ///
    /// The number is finite: JSON and CSV have their own words for the others.
    public mutating func append(_ number: Double) {
        let magnitude = number.magnitude
        // Whole numbers below 2^53 are their own digits.
        if magnitude < 9_007_199_254_740_992, magnitude == magnitude.rounded(.down) {
            if number.sign == .minus { append(UInt8(ascii: "-")) }
            append(UInt64(magnitude))
            return append(".0")
        }
        guard magnitude >= 1e-3, magnitude < 1e15, let decimal = ShortestDecimal(magnitude) else {
            return append(number.description)
        }
        if number.sign == .minus { append(UInt8(ascii: "-")) }
        append(decimal)
    }

    /// Adds digits with their point, for numbers that are not whole and not below 10^-3: at most 19 decimals.
    private mutating func append(_ decimal: ShortestDecimal) {
        var digits = decimal.digits
        var decimals = -decimal.exponent
        while decimals > 1 {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            digits = quotient
            decimals -= 1
        }
        let power = Self.powers[decimals]
        let (front, back) = digits.quotientAndRemainder(dividingBy: power)
        append(front)
        append(UInt8(ascii: "."))
        append(back, digits: decimals)
    }

    private static let powers: [UInt64] = {
        var powers: [UInt64] = [1]
        for _ in 1..<20 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()
}
