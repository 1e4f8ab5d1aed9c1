import Bytes
import Testing

struct CompareTests {
    private func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.octets.isEqual(to: b.octets) }
    private func holds(_ a: [UInt8], _ b: [UInt8], at offset: Int) -> Bool { a.octets.holds(b, at: offset) }

    @Test("spans are equal when lengths and octets are")
    func equal() {
        #expect(areEqual([1, 2, 3], [1, 2, 3]))
        #expect(areEqual([], []))
        #expect(!areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!areEqual([1, 2, 3], [1, 2]))
    }

    @Test("octets are found where they stand, and never over the end")
    func holds() {
        let octets: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]
        #expect(holds(octets, [0xCF, 0xFC], at: 1))
        #expect(!holds(octets, [0xCF, 0xFC], at: 2))
        #expect(!holds(octets, [0x1D, 0], at: 3))
        #expect(!holds(octets, [0x1A], at: -1))
        #expect(!holds(octets, [0x1A], at: 5))
        #expect(holds(octets, [], at: 4))
    }
}
