import BeiDou
import Support
import Testing

/// Several senders whose messages to one receiver are lost, repeated, late and damaged, and whose requests and
/// acknowledgements are lost as well.
private struct Link {
    var generator: SeededGenerator
    var loss: Double
    var repetition: Double
    var damage: Double

    /// A sender: its parts wait in a queue, one goes out an interval.
    struct Sender {
        var texts: [(id: SegmentID, text: String, parts: [[UInt8]])] = []
        var queue: [[UInt8]] = []
        var acknowledged: Set<SegmentID> = []
    }

    mutating func happens(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < chance }

    /// Runs until nothing is left to do; what arrived, what was given up, and how many messages were sent.
    mutating func run(_ senders: [Sender]) -> (texts: [UInt64: [String]], abandoned: Int, incomplete: Int) {
        var senders = senders
        var onTheWay: [(at: Int64, sender: UInt64, content: [UInt8])] = []
        var received: [UInt64: [String]] = [:]
        var abandoned = 0
        let assembler = SegmentAssembler()
        var now: Int64 = 0
        while now < 40 * 3_600_000 {
            for index in senders.indices where !senders[index].queue.isEmpty {
                let content = senders[index].queue.removeFirst()
                for _ in 0..<(happens(repetition) ? 2 : 1) where !happens(loss) {
                    var arrived = content
                    if happens(damage) {
                        let at = Int.random(in: arrived.indices, using: &generator)
                        arrived[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                    }
                    onTheWay.append((now + .random(in: 1_000..<200_000, using: &generator), UInt64(index), arrived))
                }
            }
            now += 62_000
            onTheWay.sort { $0.at < $1.at }
            while let next = onTheWay.first, next.at <= now {
                onTheWay.removeFirst()
                switch assembler.feed(sender: next.sender, content: next.content, at: next.at) {
                case .complete(let id, let text, _):
                    received[next.sender, default: []].append(text)
                    if !happens(loss) { senders[Int(next.sender)].acknowledged.insert(id) }
                case .duplicate(let id, .some):
                    if !happens(loss) { senders[Int(next.sender)].acknowledged.insert(id) }
                default: break
                }
            }
            for due in assembler.due(at: now) {
                switch due {
                case .abandoned: abandoned += 1
                case .request(let sender, _, let content):
                    guard !happens(loss),
                        case .request(let id, let missing, let total) = SegmentMessage(
                            Array(content.octets.dropFirst())),
                        let text = senders[Int(sender)].texts.first(where: { $0.id == id && $0.parts.count == total })
                    else { continue }
                    // What was asked for goes before later texts.
                    senders[Int(sender)].queue.insert(
                        contentsOf: missing.flatMap { $0 }.map { text.parts[$0 - 1] }, at: 0)
                }
            }
        }
        return (received, abandoned, assembler.incomplete)
    }
}

@Suite struct SegmentLinkTests {
    private func senders(_ generator: inout SeededGenerator) throws -> [Link.Sender] {
        try (0..<6).map { _ in
            var sender = Link.Sender()
            var id = SegmentID.first
            for _ in 0..<4 {
                let text = randomText(.random(in: 60..<300, using: &generator), &generator)
                let parts = try SegmentSplitter.split(text, capacityBits: 360, id: id)
                sender.texts.append((id, text, parts.map { Array($0.content.octets.dropFirst()) }))
                sender.queue += sender.texts[sender.texts.count - 1].parts
                id = id.next
            }
            return sender
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func everyTextArrivesOverABadLink(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let senders = try senders(&generator)
        var link = Link(generator: generator, loss: 0.15, repetition: 0.2, damage: 0)
        let result = link.run(senders)
        for (index, sender) in senders.enumerated() {
            #expect(result.texts[UInt64(index)]?.sorted() == sender.texts.map(\.text).sorted(), "seed \(seed)")
        }
        #expect(result.abandoned == 0)
        #expect(result.incomplete == 0)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func noWrongTextArrivesOverALinkThatDamages(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let senders = try senders(&generator)
        var link = Link(generator: generator, loss: 0.2, repetition: 0.2, damage: 0.05)
        let result = link.run(senders)
        var arrived = 0
        for (sender, texts) in result.texts {
            let sent = Set(senders[Int(sender)].texts.map(\.text))
            #expect(Set(texts).isSubset(of: sent), "seed \(seed)")
            arrived += Set(texts).count
        }
        #expect(arrived >= 20, "of 24, seed \(seed)")
        #expect(result.incomplete == 0, "what does not come is given up")
    }

    @Test func nothingIsKeptOfALinkThatLosesNearlyAll() throws {
        var generator = SeededGenerator(seed: 77)
        let senders = try senders(&generator)
        var link = Link(generator: generator, loss: 0.85, repetition: 0, damage: 0)
        let result = link.run(senders)
        #expect(result.incomplete == 0)
        #expect(result.abandoned > 0)
    }
}
