import Query
import Testing

/// Units and what they make of numbers.
@Suite struct MeasureUnitTests {
    @Test(
        "numbers go from one unit to another",
        arguments: [
            (310.0, "K", "degC", 36.85), (36.85, "degC", "K", 310), (-40, "degF", "degC", -40),
            (0, "degC", "K", 273.15),
            (72, "km/h", "m/s", 20), (1, "kn", "km/h", 1.852), (1e-300, "V", "kV", 1e-303), (5, "min", "s", 300),
            (250, "ms", "s", 0.25),
            (24.5, "V", "mV", 24_500), (1, "bar", "kPa", 100), (180, "deg", "rad", 3.14159265358979),
            (1, "h", "min", 60),
            (3, "µs", "us", 3), (3, "μs", "ns", 3_000), (1.5, "MHz", "kHz", 1_500), (8, "bit", "octets", 1),
            (2, "kB", "octets", 2_000), (50, "percent", "ratio", 0.5), (9.8, "m/s/s", "km/s/s", 0.0098),
            (1, "nmi/h", "knots", 1), (.infinity, "V", "mV", .infinity), (0, "kV", "V", 0),
            (1e300, "kV", "V", 1e303), (1, "Wh", "J", 3_600), (60, "rpm", "rpm", 60), (100, "°C", "℃", 100),
        ])
    func converts(_ number: Double, _ from: String, _ to: String, _ expected: Double) throws {
        let (a, b) = (try #require(MeasureUnit.named(from)), try #require(MeasureUnit.named(to)))
        #expect(a.dimension == b.dimension)
        #expect(a.convert(number, to: b) == expected)
    }

    @Test("there and back is the same to fifteen digits")
    func roundTrips() throws {
        for (a, b) in [("K", "degF"), ("km/h", "kn"), ("V", "uV"), ("d", "ns"), ("psi", "Pa"), ("deg", "rad")] {
            let (from, to) = (try #require(MeasureUnit.named(a)), try #require(MeasureUnit.named(b)))
            for number in [0.001, 1, 7, 36.6, 1_000, 12_345.6789] {
                let back = to.convert(from.convert(number, to: to), to: from)
                #expect(abs(back - number) <= 1e-9 * max(1, number), "\(number) \(a) by \(b)")
            }
        }
    }

    @Test(
        "what is no unit, or takes no prefix, is refused",
        arguments: [
            "", "/", "V/", "/s", "x", "kmin", "mdegC", "degC/s", "s/degC", "kk", "dB", "dBm", "VV", "m/s/s/s/s", "km h",
            "kgf",
            "v", "%%",
        ])
    func refused(_ text: String) { #expect(MeasureUnit.named(text) == nil) }

    @Test(
        "quantities that differ are told apart",
        arguments: [
            ("V", "A"), ("m", "m/s"), ("K", "K/s"), ("s", "Hz"), ("bit", "bit/s"), ("rad", "ratio"), ("V/V", "V"),
        ])
    func quantities(_ a: String, _ b: String) throws {
        #expect(try #require(MeasureUnit.named(a)).dimension != #require(MeasureUnit.named(b)).dimension)
    }
}
