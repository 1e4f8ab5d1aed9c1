/// A unit of measure: how its numbers become those of the base units, and which quantity they are of.
package struct MeasureUnit: Equatable {
    /// The base units that it is made of, with their powers.
    package let dimension: [String: Int]
    /// Base = number × factor + offset.
    package let factor: Double
    package let offset: Double

    /// The unit that a text names, alone, with a prefix of the SI, or as a quotient of some; nil for none that is known.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 4, let above = Self.simple(parts[0]) else { return nil }
        var powers = [above.base: 1]
        var factor = above.factor
        for part in parts.dropFirst() {
            guard let below = Self.simple(part), above.offset == 0, below.offset == 0 else { return nil }
            powers[below.base, default: 0] -= 1
            factor /= below.factor
        }
        (dimension, self.factor, offset) = (powers.filter { $0.value != 0 }, factor, above.offset)
    }

    /// A number of this unit in another of the same quantity. Fifteen digits are kept, so that 310 K are 36.85 °C.
    package func convert(_ number: Double, to other: MeasureUnit) -> Double {
        guard other != self else { return number }
        return Self.rounded(((number * factor + offset) - other.offset) / other.factor)
    }

    /// Fifteen significant digits: what was written in decimal digits stays what it was.
    package static func rounded(_ number: Double) -> Double {
        guard number.isFinite else { return number }
        // The shortest digits that mean the number: at most 17, a point among them, and perhaps an exponent.
        let halves = number.magnitude.description.split(separator: "e")
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        guard let all = UInt64(parts.joined()) else { return number }
        var exponent = (halves.count > 1 ? Int(halves[1]) ?? 0 : 0) - (parts.count > 1 ? parts[1].utf8.count : 0)
        var divisor: UInt64 = 1
        while all / divisor >= 1_000_000_000_000_000 { (divisor, exponent) = (divisor * 10, exponent + 1) }
        let digits = (all + divisor / 2) / divisor
        return Double("\(number.sign == .minus ? "-" : "")\(digits)e\(exponent)") ?? number
    }

    private static func simple(_ text: String) -> (base: String, factor: Double, offset: Double)? {
        if let known = table[text] { return known }
        for (prefix, power) in prefixes where text.hasPrefix(prefix) && text.count > prefix.count {
            let rest = String(text.dropFirst(prefix.count))
            // Tenths of octets are none: dB is the decibel.
            if prefixed.contains(rest), power > 1 || rest != "B" && rest != "bit", let known = table[rest] {
                return (known.base, known.factor * power, 0)
            }
        }
        return nil
    }

    private static let prefixes: [(String, Double)] = [
        ("G", 1e9), ("M", 1e6), ("k", 1e3), ("h", 1e2), ("d", 1e-1), ("c", 1e-2), ("m", 1e-3), ("u", 1e-6),
        ("µ", 1e-6), ("μ", 1e-6), ("n", 1e-9), ("p", 1e-12),
    ]

    /// Units that may have a prefix.
    private static let prefixed: Set<String> = [
        "m", "s", "g", "V", "A", "W", "Pa", "bar", "Hz", "K", "N", "J", "T", "Wh", "Ah", "bit", "B", "rad", "Ohm", "F",
    ]

    private static let table: [String: (base: String, factor: Double, offset: Double)] = {
        var table: [String: (base: String, factor: Double, offset: Double)] = [:]
        func add(_ base: String, _ factor: Double, _ names: String..., offset: Double = 0) {
            for name in names { table[name] = (base, factor, offset) }
        }
        add("K", 1, "K", "kelvin", "Kelvin")
        add("K", 1, "degC", "°C", "℃", "Celsius", "celsius", "C", "deg_C", offset: 273.15)
        add("K", 5.0 / 9, "degF", "°F", "℉", "Fahrenheit", "fahrenheit", offset: 459.67 * 5 / 9)
        add("s", 1, "s", "sec", "second", "seconds")
        add("s", 60, "min", "minute", "minutes")
        add("s", 3_600, "h", "hour", "hours")
        add("s", 86_400, "d", "day", "days")
        add("m", 1, "m", "meter", "metre", "meters", "metres")
        add("m", 1_852, "nmi", "NM")
        add("m", 0.3048, "ft")
        add("V", 1, "V", "volt", "volts", "Volts", "Volt")
        add("A", 1, "A", "amp", "amps", "Amps", "ampere")
        add("W", 1, "W", "watt", "watts", "Watts")
        add("Pa", 1, "Pa", "pascal")
        add("Pa", 1e5, "bar", "bars")
        add("Pa", 6_894.757293168, "psi")
        add("rad", 1, "rad")
        add("rad", .pi / 180, "deg", "°", "degree", "degrees")
        add("Hz", 1, "Hz")
        add("g", 1, "g")
        add("g", 1e6, "t")
        add("N", 1, "N")
        add("J", 1, "J")
        add("J", 3_600, "Wh")
        add("As", 3_600, "Ah")
        add("T", 1, "T")
        add("Ohm", 1, "Ohm", "ohm", "Ω")
        add("F", 1, "F")
        add("bit", 1, "bit", "bits")
        add("bit", 8, "B", "octet", "octets", "byte", "bytes")
        add("1", 1, "ratio")
        add("1", 1e-2, "percent", "pct", "%")
        add("1", 1e-9, "ppb")
        add("1", 1e-6, "ppm")
        add("turn/s", 1.0 / 60, "rpm")
        return table
    }()

    /// Knots are no quotient by name.
    package static func named(_ text: String) -> MeasureUnit? {
        switch text {
        case "kn", "kt", "knots": MeasureUnit("nmi/h")
        case "kph", "kmh": MeasureUnit("km/h")
        default: MeasureUnit(text)
        }
    }
}
