import Bytes
import Faults
import Testing

@Suite("Bits that are hit with a probability that changes")
struct HitDiceTests {
    private func hits(_ dice: inout HitDice, _ octets: Int, _ probability: Double) -> [UInt32] {
        let found = Lane<UInt32>()
        dice.turnBits(ofOctets: octets, probability: probability, into: found)
        return (0..<found.count).map { found[$0] }
    }

    @Test("as many are hit as the probability says, each once and in order", arguments: [1e-5, 1e-3, 0.02, 0.4])
    func share(_ probability: Double) {
        var dice = HitDice(seed: 11, stream: 0)
        var count = 0
        for _ in 0..<400 {
            let found = hits(&dice, 1115, probability)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 } && found.allSatisfy { $0 < 8920 })
            count += found.count
        }
        let expected = 400 * 8920 * probability
        #expect((Double(count) - expected).magnitude < 5 * expected.squareRoot(), "\(count) of \(expected)")
    }

    @Test("frames in which nothing can be hit change nothing of what comes behind them")
    func none() {
        var (one, other) = (HitDice(seed: 3, stream: 0), HitDice(seed: 3, stream: 0))
        for _ in 0..<50 {
            #expect(hits(&other, 1115, 0).isEmpty)
            #expect(hits(&one, 1115, 1e-4) == hits(&other, 1115, 1e-4))
        }
    }
}
