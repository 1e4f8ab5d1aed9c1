import Support
import Testing

/// Fleets and command units that cannot be are refused with file, line, what was found and what is allowed.
@Suite struct FleetRefusalTests {
    private static let route = "route: {points: [[30, 120]], speed: 4}\n"
    private static let positions = "positions: {every: 60 s}\n"

    @Test(
        "a fleet",
        arguments: [
            ("", "a.yaml: has nothing in it; protocol and route have to stand in it"),
            ("protocol: rdss-4\n", "a.yaml:1: protocol: 'rdss-4' is not known; here stand rdss-4.0"),
            ("protocol: jtt-808\n", "needs card with first"),
            ("protocol: nmea-0183\n", "needs protocol and route"),
            ("speed: 3\n", "a.yaml:1: speed: is not known; here stand title, protocol"),
            ("count: 0\n", "terminals from 1 to 100000 allowed, found '0'"),
            ("loss: 1.5\n", "shares from 0 to 1 allowed, found '1.5'"),
            ("route: {points: [[91, 0]], speed: 4}\n", "degrees from -90 to 90 allowed, found '91'"),
            ("route: {points: [[30]], speed: 4}\n", "needs latitude and longitude in degrees"),
            (
                "route: {points: [[30, 120], [31, 121]]}\n",
                "needs points, [[latitude, longitude], …], and speed in km/h"
            ),
            ("route: {points: [[30, 120], [30, 130]], speed: 4}\n", "500 km are allowed; put points between them"),
            (
                "route: {points: [[30, 120]], speed: 4, turn: round}\n",
                "'round' is not known; here stand once, loop, back"
            ),
            ("route: {points: [{pause: 1 min}], speed: 4}\n", "needs at: [latitude, longitude]"),
            ("no-coverage: [{name: x}]\n", "needs one of around with radius, between, and stretch"),
            ("no-coverage: [{around: [30, 120]}]\n", "needs one of around with radius, between, and stretch"),
            ("no-coverage: [{stretch: [4, 3]}]\n", "the end has to lie behind the beginning"),
            ("no-coverage: [{between: [[30, 120]]}]\n", "needs two corners"),
            ("start-within: soon\n", "'soon' is no length of time"),
        ])
    func parts(_ text: String, _ reason: String) {
        let refusal = TerminalRun.refusal(["a": text])
        #expect(refusal.contains(reason), "\(refusal)")
    }

    @Test(
        "what does not go with the protocol",
        arguments: [
            ("protocol: rdss-4.0\ncard: {first: 2097150}\ncount: 2\n" + route + positions, "go beyond 2097150"),
            ("protocol: rdss-2.1\ncard: {first: 5, level: 5}\n" + route + positions, "levels from 1 to 4 allowed"),
            ("protocol: rdss-2.1\ncard: {level: 3}\n" + route + positions, "needs first, the first number"),
            ("protocol: nmea-0183\ncard: {first: 5}\n" + route + positions, "receivers of nmea-0183 have no cards"),
            ("protocol: jtt-808\ncard: {first: 5, level: 3}\n" + route + positions, "vehicles of jtt-808 have no such"),
            ("protocol: rdss-2.1\nedition: 2019\ncard: {first: 5}\n" + route + positions, "counts for jtt-808 alone"),
            ("protocol: rdss-2.1\nedition: 2013\ncard: {first: 5}\n" + route + positions, "counts for jtt-808 alone"),
            ("protocol: rdss-2.1\ncard: {first: 5, every: 1.5 s}\n" + route + positions, "1 to 65535 whole seconds"),
            ("protocol: rdss-4.0\ncard: {first: 5, every: 20 h}\n" + route + positions, "1 to 65535 whole seconds"),
            ("protocol: nmea-0183\ncard: {every: 0.01 s}\n" + route + positions, "0.1 s and more allowed"),
            (
                "protocol: jtt-808\ncard: {first: 5}\nroute: {points: [[30, 120, 4], [30, 120.1, -12]], speed: 4}\n"
                    + positions, "jtt-808 tells heights from 0 to 65535 m, found -12.0"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + "texts: {every: 60 s, list: [\"a\\eb\"]}\n",
                "the control character U+001B"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + positions
                    + "no-coverage: [{name: x, stretch: [900, 901]}]\n", "begins at 900.0 km, and the route is"
            ),
            ("protocol: nmea-0183\n" + route + "texts: {every: 60 s, list: [hello]}\n", "carry no messages"),
            ("protocol: nmea-0183\n" + route + positions + "emergency: {at: 60 s}\n", "carry no call for help"),
            ("protocol: bds-3\ncard: {first: 5}\n" + route + positions + "emergency: {at: 60 s}\n", "needs text"),
            (
                "protocol: rdss-2.1\ncard: {first: 5}\n" + route + "positions: {every: 60 s, as: message}\n",
                "not messages"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\nroute: {points: [[-30, 120]], speed: 4}\n" + positions,
                "have no hemispheres"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\nroute: {points: [[65, 20]], speed: 4}\n"
                    + "positions: {every: 60 s, as: message}\n", "up to 63.9999 degrees"
            ),
            ("protocol: rdss-4.0\ncard: {first: 5}\n" + route, "sends nothing: positions, texts or emergency"),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + "texts: {every: 60 s, list: [😀]}\n",
                "GBK lacks"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + "emergency: {at: 60 s, text: '"
                    + String(repeating: "救", count: 14) + "'}\n", "an express message has 188"
            ),
            ("protocol: rdss-4.0\ncard: {first: 5}\n" + route + "texts: {every: 60 s, list: []}\n", "1 to 1000 texts"),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + "positions: {every: 0.01 s}\n",
                "0.1 s and more allowed"
            ),
            (
                "protocol: rdss-4.0\ncard: {first: 5}\n" + route + positions + "emergency: {at: 60 s, terminals: 2}\n",
                "terminals of the fleet from 1 to 1 allowed, found '2'"
            ),
        ])
    func protocols(_ text: String, _ reason: String) {
        let refusal = TerminalRun.refusal(["a": text])
        #expect(refusal.contains(reason) && refusal.contains("a.yaml"), "\(refusal)")
    }

    private func cards(_ first: Int, _ count: Int, _ name: String = "rdss-4.0") -> String {
        "protocol: \(name)\ncount: \(count)\ncard: {first: \(first)}\n" + Self.route + Self.positions
    }

    @Test("fleets that cannot be together, and units")
    func scenarios() {
        let both = ["a": cards(100, 50), "b": cards(149, 10, "bds-3")]
        #expect(TerminalRun.refusal(both).contains("b: its numbers, 149 to 158, are those of a, 100 to 149, too"))
        #expect(TerminalRun.refusal(["a": cards(100, 50), "b": cards(150, 10)]) == "none")
        #expect(TerminalRun.refusal(["a": cards(100, 50), "b": cards(100, 10, "jtt-808")]) == "none")
        func unit(_ settings: String) -> String {
            TerminalRun.refusal(["a": cards(100, 50)], unit: "command-unit: {\(settings)}")
        }
        #expect(unit("card: 120").contains("the command unit's card, 120, is one of 100 to 149"))
        #expect(unit("card: 3000000").contains("numbers from 1 to 2097150 allowed"))
        #expect(unit("protocol: jtt-808").contains("cards are told of in rdss-4.0, rdss-2.1 or bds-3"))
        #expect(unit("answers: all").contains("'all' is not known; here stand nothing, emergencies, texts"))
        #expect(unit("text: 😀").contains("GBK lacks"))
        #expect(unit("delay: -1 s").contains("more than 0 s"))
        let far = TerminalRun.refusal(["a": cards(20_000_000, 2, "bds-3")], unit: "command-unit: {protocol: rdss-2.1}")
        #expect(far.contains("its number 20000001 has no room in rdss-2.1"))
        #expect(TerminalRun.refusal(["a": cards(1, 1)], terminals: "[]").contains("lists no fleet"))
        #expect(TerminalRun.refusal(["a": cards(1, 1)], terminals: "[{count: 3}]").contains("needs fleet"))
        let many = TerminalRun.refusal(["a": cards(1, 1)], terminals: "[{fleet: a, count: 1000000}]")
        #expect(many.contains("terminals from 1 to 100000 allowed"))
        #expect(TerminalRun.refusal(["a": cards(100, 1)], terminals: "[a, a]").contains("are those of a"))
    }
}
