import Bytes
import Support
import Testing

@Suite("Internet checksum")
struct ChecksumTests {
    @Test("the wide sum is the plain sum at every length up to 300 and every alignment")
    func sameAsPlain() {
        var random = SeededGenerator(seed: 20)
        let octets = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        for start in 0..<9 {
            for count in 0..<300 {
                let wide = octets.octets.internetSum(at: start, count: count)
                let plain = InternetChecksum.plainSum(Array(octets[start..<start + count]).octets)
                #expect(wide == plain)
            }
        }
    }

    @Test("sums that carry at every step stay right", arguments: [7, 64, 1500, 65_535])
    func carries(count: Int) {
        let octets = [UInt8](repeating: 0xFF, count: count)
        let wide = octets.octets.internetSum(at: 0, count: count)
        #expect(wide == (count % 2 == 0 ? 0xFFFF : 0xFF00))
        #expect(wide == InternetChecksum.plainSum(octets.octets))
    }

    @Test("the example of RFC 1071")
    func example() {
        let octets: [UInt8] = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]
        #expect(octets.octets.internetSum(at: 0, count: 8) == 0xDDF2)
        #expect(InternetChecksum.fold(0xFFFF_FFFF_FFFF_FFFF) == 0xFFFF && InternetChecksum.fold(0x1_0000) == 1)
    }
    @Test("a sum is whole when it folds to 0xFFFF, and zero is not")
    func whole() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<20_000 {
            let sum = UInt64.random(in: 0..<1 << 48, using: &random) >> UInt64.random(in: 0..<47, using: &random)
            // The multiples of 0xFFFF, where it matters, and their neighbours.
            for near in [sum, sum / 0xFFFF * 0xFFFF, sum / 0xFFFF * 0xFFFF + 1] where near < 1 << 48 {
                #expect(InternetChecksum.isWhole(near) == (InternetChecksum.fold(near) == 0xFFFF))
            }
        }
        #expect(!InternetChecksum.isWhole(0) && InternetChecksum.isWhole(0xFFFF) && InternetChecksum.isWhole(0x1_FFFE))
    }
}
