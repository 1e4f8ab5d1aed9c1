internal import Bytes

/// A number as JSON or a text spells it; whole ones are exact.
struct ScoreNumber {
    let whole: Int128?
    let real: Double

    /// Nil where it is no number: `NaN` and `Infinity` are numbers, texts of digits are, too, with 0x in front or not.
    init?(_ value: JSONText) {
        switch value {
        case .number(let digits): self.init(digits)
        case .text(let text): self.init(text)
        case .boolean, .null, .list, .object: return nil
        }
    }

    init?(_ text: String) {
        // Most texts that are no numbers end here, at no cost.
        guard let first = text.utf8.first, first < 0x40 || first | 0x20 == 0x69 || first | 0x20 == 0x6E else {
            return nil
        }
        if let whole = Int(text) {
            (self.whole, real) = (Int128(whole), Double(whole))
        } else if text.utf8.count > 18, let whole = Int128(text) {
            (self.whole, real) = (whole, Double(whole))
        } else if text.hasPrefix("0x"), let whole = Int128(text.dropFirst(2), radix: 16) {
            (self.whole, real) = (whole, Double(whole))
        } else if let real = Double(text) {
            (whole, self.real) = (nil, real)
        } else {
            return nil
        }
    }

    /// The whole number at a place, if one stands there.
    static func integer(_ tape: ValueTape, _ place: Int?) -> Int? {
        guard let place, tape.values[place].kind == .number || tape.values[place].kind == .text else { return nil }
        let octets = tape.octets(at: place)
        guard (1...9).contains(octets.byteCount) else { return ScoreNumber(tape.words(at: place))?.integer }
        // Most are a few digits.
        var number = 0
        for index in 0..<octets.byteCount {
            let digit = octets.u8(at: index) &- 0x30
            guard digit < 10 else { return ScoreNumber(tape.words(at: place))?.integer }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// The whole number that it is, also as `100.0`.
    var integer: Int? { whole.flatMap { Int(exactly: $0) } ?? Int(exactly: real) }

    /// Whether a result's number is this one of a truth, within a relative tolerance.
    ///
    /// Infinity is near nothing but the same infinity, and what is no number only to what is none either: a share of what has
    /// no end would be everything.
    ///
    /// - Parameter areWholesExact: of two whole numbers no part may be off, whatever the tolerance, as of counters.
    func isNear(_ other: ScoreNumber, _ tolerance: Double, areWholesExact: Bool) -> Bool {
        if let whole, let otherWhole = other.exactWhole {
            if whole == otherWhole { return true }
            if areWholesExact { return false }
        }
        guard real.isFinite, other.real.isFinite else {
            return real == other.real && whole == nil && other.whole == nil || real.isNaN && other.real.isNaN
        }
        if real == other.real { return whole == nil || other.whole == nil || tolerance > 0 }
        return abs(real - other.real) <= tolerance * max(abs(real), abs(other.real))
    }

    /// The whole number that it is, also as `100.0`, of any size.
    private var exactWhole: Int128? { whole ?? Int128(exactly: real) }
}
