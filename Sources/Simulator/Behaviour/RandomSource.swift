internal import Bytes

/// Random numbers that hang on nothing but a seed, a place and a count: the same scenario gives the same numbers on every machine,
/// in whatever order they are asked for.
package struct RandomSource: Sendable {
    private let seed: UInt64

    /// - Parameters:
    ///   - seed: of the scenario.
    ///   - name: whose numbers they are; another name has others.
    package init(seed: UInt64, name: String) {
        // FNV-1a of the name, stirred into the seed.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in name.utf8 { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
        self.seed = Self.stir(seed ^ hash)
    }

    /// 64 bits for a place in a program and a count (splitmix64 of both).
    @inline(__always)
    func bits(_ site: UInt64, _ count: UInt64) -> UInt64 {
        Self.stir(seed &+ site &* 0xD1B5_4A32_D192_ED03 &+ count &* 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    private static func stir(_ value: UInt64) -> UInt64 {
        var generator = SplitMix64(value)
        return generator.next()
    }

    /// A number from 0 to below 1.
    @inline(__always)
    package func unit(_ site: UInt64, _ count: UInt64) -> Double { Double(bits(site, count) &>> 11) * 0x1p-53 }

    /// A number that is normal enough for measurements: the sum of four even ones, with mean 0, deviation 1, and never more
    /// than 3.5 from 0.
    @inline(__always)
    package func normal(_ site: UInt64, _ count: UInt64) -> Double {
        let bits = bits(site, count)
        let sum = (bits & 0xFFFF) &+ (bits &>> 16 & 0xFFFF) &+ (bits &>> 32 & 0xFFFF) &+ bits &>> 48
        // Four numbers of 0 to 65535 have mean 131070 and deviation sqrt(4 (65536^2 - 1) / 12).
        return (Double(sum) - 131_070) * (1 / 37_837.227_221)
    }
}
