import Bytes
import Query
import Testing

/// Addresses, patterns and moments.
@Suite struct MatchingTests {
    @Test("addresses begin with so many bits")
    func addresses() throws {
        var random = FixedRandom(seed: 3)
        for _ in 0..<3_000 {
            let isLong = Bool.random(using: &random)
            let count = isLong ? 16 : 4
            var network: [UInt8] = []
            for _ in 0..<count { network.append(UInt8.random(in: 0...255, using: &random)) }
            let bits = Int.random(in: 0...count * 8, using: &random)
            let pairs = stride(from: 0, to: count, by: 2).map { Int(network[$0]) << 8 | Int(network[$0 + 1]) }
            let groups = isLong ? pairs.map { String($0, radix: 16) } : network.map { String($0) }
            let address = groups.joined(separator: isLong ? ":" : ".")
            let range = try #require(AddressRange("\(address)/\(bits)"))
            var other = network
            let flipped = Int.random(in: 0..<count * 8, using: &random)
            other[flipped / 8] ^= UInt8(0x80) >> UInt8(flipped % 8)
            #expect(range.contains(network))
            #expect(range.contains(other) == (flipped >= bits), "\(address)/\(bits), bit \(flipped)")
            #expect(!range.contains(isLong ? Array(network.prefix(4)) : Array(repeating: 7, count: 16)))
        }
        #expect(AddressRange("10.0.0.1")?.bits == 32 && AddressRange("::")?.bits == 128)
        #expect(AddressRange("::ffff:10.0.0.1")?.octets.count == 16)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "10", "10.0.0", "10.0.0.256", "10.0.0.0.1", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
            "/8",
            "::/129", "1::2::3", "fe80:", "12:34:56", "fe80::1%eth0", "10.0.0.0/x", "010.0.0.0x",
        ])
    func noAddresses(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test(
        "a pattern is found",
        arguments: [
            ("sos", "an SOS here", true), ("(?-i)sos", "an SOS here", false), ("^a.c$", "ABC", true), ("", "", true),
            ("^$", "", true), ("", "x", true), ("北斗", "用北斗定位", true), ("^.$", "斗", true), (#"\d{3}"#, "ab12", false),
            (#"\x41"#, "a", true), ("a|b", "c", false), (#"(\w)\1"#, "abba", true), ("ß", "SS", false),
        ])
    func patterns(_ pattern: String, _ text: String, _ isFound: Bool) throws {
        #expect(try Self.isFound(pattern, in: Array(text.utf8)) == isFound)
    }

    private static func isFound(_ pattern: String, in octets: [UInt8]) throws -> Bool {
        try Pattern(pattern).isFound(in: octets.octets)
    }

    @Test("octets that are no UTF-8 match nothing, and those around them are searched")
    func notUTF8() throws {
        let octets: [UInt8] = [0x61, 0xFF, 0x62, 0xC3]
        for (pattern, isFound) in [("a", true), ("b", true), ("a.b", false), ("^a", true), ("ÿ", false), ("b$", false)]
        {
            #expect(try Self.isFound(pattern, in: octets) == isFound, "\(pattern)")
        }
    }

    @Test(
        "a pattern that would go back and forth for ever ends soon, and is not found",
        arguments: ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    func catastrophes(_ text: String) throws {
        let octets = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000) + [UInt8(ascii: "!")]
        var isFound = true
        let duration = try ContinuousClock().measure { isFound = try Self.isFound(text, in: octets) }
        #expect(!isFound && duration < .seconds(20), "\(text): \(duration)")
    }

    @Test(
        "what is no pattern is refused with the place",
        arguments: [
            ("(", "1"), ("a)", "1"), ("[a", "2"), ("*", "0"), (#"\"#, "1"), ("a{2,1}", "5"), ("(?<=a+)b", "0"),
            ("(?P<n", "5"),
        ])
    func refused(_ text: String, _ place: String) {
        do {
            _ = try Pattern(text)
            Issue.record("\(text) is taken")
        } catch { #expect(error.reason.hasSuffix("at its octet \(place)"), "\(text): \(error.reason)") }
        #expect(throws: Pattern.Failure.self) { try Pattern(String(repeating: "(", count: 60_000)) }
        #expect(throws: Pattern.Failure.self) { try Pattern("(((a{1000}){1000}){1000})") }
    }

    @Test("moments are near when one is no farther away than the distance")
    func events() {
        var random = FixedRandom(seed: 11)
        for round in 0..<500 {
            let distance = Int64.random(in: 0...20, using: &random)
            var moments: [Int64] = []
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                moments.append(Int64.random(in: -200...200, using: &random))
            }
            if round % 3 == 0 { moments.sort() }
            let extremes: [Int64] = [.max, -.max, .max - 5]
            if round % 5 == 0 { moments += extremes }
            var times = EventTimes()
            for moment in moments { times.add(moment, within: distance) }
            times.settle()
            for (a, b) in zip(times.spans, times.spans.dropFirst()) { #expect(a.last < b.first) }
            var nows: [Int64] = [.max, .max - 7, .max - 30, -.max, 9 - .max]
            for now in -230...230 { nows.append(Int64(now)) }
            for now in nows {
                let isNear = moments.contains { moment in
                    let apart = Int128(moment) - Int128(now)
                    return apart.magnitude <= distance.magnitude
                }
                #expect(times.contains(now) == isNear, "\(now) in \(moments) ± \(distance)")
            }
        }
        var wide = EventTimes()
        wide.add(0, within: .max)
        wide.settle()
        #expect(wide.contains(.max) && wide.contains(.min + 1))
    }
}
