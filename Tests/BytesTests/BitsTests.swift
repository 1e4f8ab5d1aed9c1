import Bytes
import Support
import Testing

/// Bit fields and integers, against bits taken one by one.
@Suite struct BitsTests {
    /// The slow clear version: bit after bit.
    private func oracle(_ octets: [UInt8], at offset: Int, count: Int) -> UInt64 {
        (offset..<offset + count).reduce(0) { $0 << 1 | UInt64(octets[$1 / 8] >> UInt8(7 - $1 % 8) & 1) }
    }

    private func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test("a bit field of every place and size in 20 octets is what its bits say")
    func everyField() {
        let octets = noise(20, 1)
        var wrong = 0
        for offset in 0..<160 {
            for count in 1...min(64, 160 - offset)
            where octets.octets.bits(at: offset, count: count) != oracle(octets, at: offset, count: count) {
                wrong += 1
            }
        }
        #expect(wrong == 0)
    }

    @Test("a bit field in spans of 1 to 9 octets never reads over their end", arguments: 1...9)
    func shortSpans(_ length: Int) {
        let octets = noise(length, UInt64(length))
        for offset in 0..<length * 8 {
            for count in 1...min(64, length * 8 - offset) {
                #expect(octets.octets.bits(at: offset, count: count) == oracle(octets, at: offset, count: count))
            }
        }
    }

    @Test("integers of both byte orders are those of their octets, at every place")
    func integers() {
        let octets = noise(24, 7)
        for at in 0..<16 {
            let big = { (count: Int) in self.oracle(octets, at: at * 8, count: count * 8) }
            let little = { (count: Int) in
                octets[at..<at + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            let span = octets.octets
            #expect(UInt64(span.u8(at: at)) == big(1) && UInt64(span.u16(at: at)) == big(2))
            #expect(
                UInt64(span.u24(at: at)) == big(3) && UInt64(span.u32(at: at)) == big(4) && span.u64(at: at) == big(8))
            #expect(UInt64(span.u16le(at: at)) == little(2) && UInt64(span.u32le(at: at)) == little(4))
            #expect(span.u64le(at: at) == little(8))
        }
    }

    @Test("a slice is the octets that it says")
    func slices() {
        let octets = noise(10, 9)
        for start in 0...10 {
            for length in 0...10 - start {
                #expect(octets.octets.slice(at: start, count: length).copied() == Array(octets[start..<start + length]))
            }
        }
    }

    @Test("a prefetch may lie anywhere")
    func prefetch() {
        let octets: [UInt8] = [1, 2, 3]
        for offset in [0, 2, 3, 4096, 1 << 40] { octets.octets.prefetch(at: offset) }
        let none: [UInt8] = []
        none.octets.prefetch(at: 64)
        #expect(octets.octets.u8(at: 2) == 3)
    }

    @Test("what lies outside the span ends the program and is not read")
    func outside() async {
        await #expect(processExitsWith: .failure) {
            let octets: [UInt8] = [1, 2, 3]
            _ = octets.octets.u32(at: 0)
        }
        await #expect(processExitsWith: .failure) {
            let octets = [UInt8](repeating: 1, count: 16)
            _ = octets.octets.bits(at: 65, count: 64)
        }
        await #expect(processExitsWith: .failure) {
            let octets = [UInt8](repeating: 1, count: 16)
            _ = octets.octets.slice(at: 10, count: 7).byteCount
        }
        await #expect(processExitsWith: .failure) {
            let octets = [UInt8](repeating: 1, count: 4)
            _ = octets.octets.bits(at: 0, count: 0)
        }
    }
}
