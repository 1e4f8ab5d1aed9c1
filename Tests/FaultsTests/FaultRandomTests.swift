import Bytes
import Faults
import Foundation
import Testing

@Suite("Random numbers of faults")
struct FaultRandomTests {
    @Test("of a seed are those that others publish for SplitMix64")
    func seeds() {
        var seeds = SplitMix64(1_234_567)
        let numbers = (0..<5).map { _ in seeds.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("of a state are those that others publish for xoshiro256**")
    func numbers() {
        var random = FaultRandom(state: 1, 2, 3, 4)
        let numbers = (0..<5).map { _ in random.next() }
        #expect(numbers == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360])
    }

    @Test("of several streams of a seed are others")
    func streams() {
        var first: Set<UInt64> = []
        for stream in 0..<8 {
            var random = FaultRandom(seed: 7, stream: stream)
            first.insert(random.next())
        }
        #expect(first.count == 8)
    }

    @Test("fall evenly below a limit")
    func limits() {
        var random = FaultRandom(seed: 1, stream: 0)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[Int(random.next(below: 7))] += 1 }
        // Six degrees of freedom: above 27.9 once in 10,000.
        let square = counts.reduce(0.0) { $0 + pow(Double($1) - 10_000, 2) / 10_000 }
        #expect(square < 27.9, "\(counts)")
    }

    @Test(
        "make skips as long as a geometric distribution has them", arguments: [1e-12, 1e-5, 0.01, 0.2, 0.3, 0.9, 0.999])
    func skips(_ probability: Double) {
        let skips = Skips(probability)
        var random = FaultRandom(seed: 3, stream: 0)
        let count = 200_000
        var (sum, none) = (0.0, 0)
        for _ in 0..<count {
            let skip = skips.next(random.next())
            sum += Double(skip)
            if skip == 0 { none += 1 }
        }
        let mean = (1 - probability) / probability
        let deviation = (1 - probability).squareRoot() / probability / Double(count).squareRoot()
        #expect(abs(sum / Double(count) - mean) < 4.5 * deviation, "\(sum / Double(count)) for \(mean)")
        let share = (probability * (1 - probability) / Double(count)).squareRoot()
        #expect(abs(Double(none) / Double(count) - probability) < 4.5 * share + 1e-9)
    }

    @Test("skip as the system's own logarithm says, by single draws")
    func logarithm() {
        for probability in [1e-300, 1e-15, 1e-9, 1e-4, 0.1, 0.2499, 0.25, 0.5, 0.75, 0.99] {
            let skips = Skips(probability)
            let draws: [UInt64] = [0, 1 << 11, 1 << 40, 1 << 60, 3 << 61, 1 << 63, .max - 1 << 11]
            for draw in draws {
                let share = (Double(draw >> 11) + 1) * 0x1p-53
                let expected = min(log(share) / log1p(-probability), 0x1p62)
                let found = Double(skips.next(draw))
                #expect(abs(found - expected) <= 1 + expected * 1e-14, "\(probability), \(draw): \(found), \(expected)")
            }
        }
        #expect(Skips(1).next(0) == 0)
        #expect(Skips(1).next(.max) == 0)
        #expect(Chance(1).happens(.max))
        #expect(!Chance(0).happens(0))
    }
}
