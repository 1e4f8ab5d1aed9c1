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
        // Zeros at the end are no digits: eight are tried first, then half as many.
        var digits = decimal.digits
        var decimals = -decimal.exponent
        func drop(_ zeros: Int, _ power: UInt64) {
            guard decimals > zeros else { return }
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: power)
            if remainder == 0 { (digits, decimals) = (quotient, decimals - zeros) }
        }
        drop(8, 100_000_000)
        drop(4, 10_000)
        drop(2, 100)
        drop(1, 10)
        append(digits, decimals: decimals)
    }
}
