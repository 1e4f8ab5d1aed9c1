/// Numbers as an axis has them: all with the same decimals.
package enum NumberText {
    /// A minus sign as typography has it.
    static let minus = "\u{2212}"

    /// A number with so many decimals (0 to 15). Beyond 2^53 its shortest digits.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        let power = powerOfTen(decimals)
        let scaled = (value.magnitude * power).rounded()
        guard scaled < 9e15 else { return signed(value, value.magnitude.description) }
        let digits = UInt64(scaled)
        var text = String(digits)
        if decimals > 0 {
            if text.count <= decimals { text = String(repeating: "0", count: decimals + 1 - text.count) + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -decimals))
        }
        return digits == 0 ? text : signed(value, text)
    }

    /// A number with so many digits behind its first, and a power of ten.
    package static func scientific(_ value: Double, digits: Int) -> String {
        guard value != 0 else { return "0" }
        var exponent = decimalExponent(value.magnitude)
        var mantissa = fixed(value.magnitude / powerOfTen(exponent), decimals: digits)
        if mantissa.hasPrefix("10") {
            exponent += 1
            mantissa = fixed(value.magnitude / powerOfTen(exponent), decimals: digits)
        }
        return signed(value, "\(mantissa)e\(exponent)")
    }

    private static func signed(_ value: Double, _ magnitude: String) -> String {
        value < 0 ? minus + magnitude : magnitude
    }

    /// The exponent of the highest digit of a number above 0.
    package static func decimalExponent(_ value: Double) -> Int {
        guard value > 0, value.isFinite else { return 0 }
        // 2^10 is about 10^3: the estimate is at most one off.
        var exponent = Int((Double(value.exponent) * 0.301029995663981).rounded(.down))
        while powerOfTen(exponent + 1) <= value { exponent += 1 }
        while powerOfTen(exponent) > value { exponent -= 1 }
        return exponent
    }

    /// 10^exponent.
    static func powerOfTen(_ exponent: Int) -> Double {
        // Read and not computed: products of tens are off in their last digits.
        Double("1e\(exponent)") ?? 1
    }

    /// 1,234,567.
    package static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? minus + text : text
    }
}
