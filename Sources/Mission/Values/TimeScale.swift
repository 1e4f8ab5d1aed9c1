import Records

/// A decimal number as it is written: digits x 10^exponent, no rounding.
struct Decimal128: Sendable, Equatable {
    var digits: Int128
    var exponent: Int

    static let one = Decimal128(digits: 1, exponent: 0)

    init(digits: Int128, exponent: Int) {
        self.digits = digits
        self.exponent = exponent
    }

    /// Reads `-12.5e-3`; nil when it is no such number or has more than 30 digits.
    init?(_ text: String) {
        let text = Element.trim(text).lowercased()
        let halves = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        guard let mantissa = halves.first, !mantissa.isEmpty else { return nil }
        var exponent = 0
        if halves.count == 2 {
            guard let value = Int(halves[1]), value.magnitude <= 400 else { return nil }
            exponent = value
        }
        let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.allSatisfy(\.isNumber), mantissa.count <= 32, var digits = Int128(parts[0] + fraction) else {
            return nil
        }
        exponent -= fraction.count
        while digits != 0, digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits == 0 ? 0 : exponent
    }

    func times(_ other: Decimal128) -> Decimal128? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: other.digits)
        return overflow ? nil : Decimal128(digits: product, exponent: exponent + other.exponent)
    }

    /// The number x 10^18, cut off; nil when it is over some 10^11.
    var attoseconds: Int128? {
        var value = digits
        var power = exponent + 18
        while power > 0, value != 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow || product.magnitude > 100_000_000_000_000_000_000_000_000_000 { return nil }
            value = product
            power -= 1
        }
        while power < 0, value != 0 {
            value /= 10
            power += 1
        }
        return value
    }
}

/// What one unit of a time field is worth, so that whole numbers stay exact.
enum TimeScale: Sendable, Equatable {
    /// So many attoseconds.
    case attoseconds(Int128)
    /// 2 to the power of -n seconds, n up to 62: the fine part of an unsegmented time code.
    case binary(Int)

    static let one = TimeScale.attoseconds(StatedTime.attosecondsInSecond)

    /// Nil when it is no positive or negative amount that can be counted.
    init?(_ scale: Decimal128, times factor: Decimal128) {
        guard let product = scale.times(factor) else { return nil }
        if factor == .one, scale.digits > 0, let number = Double("\(scale.digits)e\(scale.exponent)"),
            number.significand == 1, number.exponent < 0, number.exponent >= -62
        {
            self = .binary(-Int(number.exponent))
            return
        }
        guard let value = product.attoseconds, value != 0 else { return nil }
        self = .attoseconds(value)
    }

    /// Attoseconds of a count; nil when they are too many.
    func attoseconds(of count: Int128) -> Int128? {
        switch self {
        case .attoseconds(let unit):
            let (product, overflow) = count.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        case .binary(let bits):
            let (product, overflow) = count.multipliedReportingOverflow(by: StatedTime.attosecondsInSecond)
            return overflow ? nil : product >> Int128(bits)
        }
    }

    /// How many units of a finer scale one unit has; nil where they are no whole number.
    func units(of finer: TimeScale) -> Int64? {
        // Attoseconds, and by how many twos they are divided.
        func parts(_ scale: TimeScale) -> (Int128, Int128) {
            switch scale {
            case .attoseconds(let unit): (unit, 0)
            case .binary(let bits): (StatedTime.attosecondsInSecond, Int128(bits))
            }
        }
        let ((mine, twos), (fine, finerTwos)) = (parts(self), parts(finer))
        guard mine > 0, fine > 0, mine < 1 << 64, fine < 1 << 64, twos < 60, finerTwos < 60 else { return nil }
        let (whole, unit) = (mine << finerTwos, fine << twos)
        return whole % unit == 0 ? Int64(exactly: whole / unit) : nil
    }

    /// Decimals of a second that tell one count from the next, at most 12.
    var digits: Int {
        switch self {
        case .attoseconds(let unit):
            var rest = unit.magnitude
            var digits = 18
            while digits > 0, rest % 10 == 0 {
                rest /= 10
                digits -= 1
            }
            return min(12, digits)
        // n bits of a second are about 0.301 n decimals.
        case .binary(let bits): return min(12, (bits * 30_103 + 99_999) / 100_000)
        }
    }
}
