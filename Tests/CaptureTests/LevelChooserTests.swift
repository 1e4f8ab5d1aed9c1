import Bytes
import Capture
import Foundation
import Support
import Testing

/// How hard an archive is compressed that was told no level: hardly larger than gzip's own, whatever is in it.
@Suite struct LevelChooserTests {
    /// A capture of packets of 200 octets.
    private func capture(_ packets: Int, _ octet: (Int, Int) -> UInt8) -> [UInt8] {
        let file = Classic(link: 147)
        var octets = file.header()
        for number in 0..<packets {
            octets += file.record(number, 0, (0..<200).map { octet(number, $0) })
        }
        return octets
    }

    /// A hundred values of 16 bits that swing slowly, with noise in their last bits.
    private func readings(_ packets: Int, _ random: inout SeededGenerator) -> (Int, Int) -> UInt8 {
        let noise = (0..<packets * 100).map { _ in Int.random(in: 0..<4, using: &random) }
        return { number, place in
            let (value, angle) = (place / 2, Double(number) / 500 + Double(place / 2))
            let reading = Int(2000 + 100 * sin(angle)) + noise[number % packets * 100 + value]
            return UInt8(truncatingIfNeeded: place.isMultiple(of: 2) ? reading >> 8 : reading)
        }
    }

    private func size(_ capture: [UInt8], level: Int?, memberSize: Int = 128 << 10) throws -> Int {
        let writer = ArchiveWriter(level: level, memberSize: memberSize)
        try writer.archive(CaptureReader(name: "a capture", bytes: capture))
        return writer.finished.count
    }

    @Test("readings are compressed harder than noise, neither of them to more octets than gzip's own level makes")
    func choice() throws {
        var noise = SeededGenerator(seed: 7)
        let readings = capture(4000, readings(4000, &noise))
        let pictures = capture(4000) { _, _ in UInt8.random(in: 0...255, using: &noise) }
        for (capture, level) in [(readings, 4), (pictures, 1)] {
            let chosen = try size(capture, level: nil)
            #expect(chosen == (try size(capture, level: level)))
            #expect(Double(chosen) <= 1.005 * Double(try size(capture, level: 6)))
        }
        #expect(try size(readings, level: 1) > size(readings, level: nil))
    }

    @Test("a choice is made anew where what comes is of another kind")
    func change() throws {
        var noise = SeededGenerator(seed: 8)
        let half = 32_000
        // Noise, and then readings; somewhere among these the next choice is made.
        let readings = readings(1000, &noise)
        let both = capture(half * 2) { number, place in
            number < half ? UInt8.random(in: 0...255, using: &noise) : readings(number, place)
        }
        let chosen = try size(both, level: nil, memberSize: 512 << 10)
        let (least, most) = (
            try size(both, level: 6, memberSize: 512 << 10), try size(both, level: 1, memberSize: 512 << 10)
        )
        #expect(Double(chosen) <= 1.001 * Double(least) && chosen < most, "\(least) \(chosen) \(most)")
    }

    @Test("a piece that is too small to tell is compressed as gzip does")
    func small() throws {
        let few = capture(100) { number, place in UInt8(truncatingIfNeeded: place &* number) }
        #expect(try size(few, level: nil) == size(few, level: 6))
    }
}
