import Bytes
import Support
import Testing

@Suite struct TextTests {
    private func isUTF8(_ octets: [UInt8]) -> Bool { octets.octets.isUTF8 }

    @Test("well-formed UTF-8 is what Swift takes for it, for all pairs of octets and for random ones")
    func oracle() {
        var random = SeededGenerator(seed: 11)
        var wrong = 0
        for a in UInt8.min...UInt8.max {
            for b in UInt8.min...UInt8.max
            where isUTF8([a, b]) != (String(validating: [a, b], as: UTF8.self) != nil) { wrong += 1 }
        }
        for _ in 0..<100_000 {
            // Mostly lead and continuation octets, so that longer characters come about.
            let octets = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                UInt8.random(in: Bool.random(using: &random) ? 0x80...0xBF : 0xC0...0xFF, using: &random)
            }
            if isUTF8(octets) != (String(validating: octets, as: UTF8.self) != nil) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test(
        "what is no UTF-8 begins where it says",
        arguments: [
            ([], 0), ([0x41, 0x42], 2), ([0x41, 0xFF], 1), ([0xE6, 0x9D, 0xBE], 3), ([0xE6, 0x9D], 0),
            ([0x41, 0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0),
            ([0xF4, 0x8F, 0xBF, 0xBF], 4),
            ([0xE0, 0x9F, 0x80], 0), ([0xF0, 0x8F, 0x80, 0x80], 0), ([0x80], 0),
        ] as [([UInt8], Int)])
    func place(_ octets: [UInt8], _ length: Int) {
        let found = octets.octets.utf8Length
        #expect(found == length)
        #expect(isUTF8(octets) == (length == octets.count))
    }

    @Test("ASCII is octets below 0x80, at every place of a word", arguments: 0...20)
    func ascii(_ place: Int) {
        var octets = [UInt8](repeating: 0x7F, count: 21)
        let (before, place) = (octets.octets.isASCII, place)
        octets[place] = 0x80
        let after = octets.octets.isASCII
        #expect(before && !after)
    }

    @Test("a run of octets is found at multiples of the stride only")
    func search() {
        let octets: [UInt8] = [0, 0x1A, 0xCF, 0, 0x1A, 0xCF, 0x1A]
        func first(_ run: [UInt8], from start: Int, stride: Int) -> Int? {
            octets.octets.firstIndex(of: run, from: start, stride: stride)
        }
        #expect(first([0x1A, 0xCF], from: 0, stride: 1) == 1)
        #expect(first([0x1A, 0xCF], from: 0, stride: 2) == 4)
        #expect(first([0x1A, 0xCF], from: 2, stride: 1) == 4)
        #expect(first([0x1A, 0xCF], from: 5, stride: 1) == nil)
        #expect(first([], from: 0, stride: 1) == nil)
        #expect(first([0], from: -1, stride: 1) == nil)
        #expect(first([0], from: 0, stride: 0) == nil)
    }
}
