import BeiDou
import Support
import Testing

private let minute: Int64 = 60_000
private let longText = "北斗三号区域短报文通信：这一段话比一条报文长，所以要分成几条"
private let otherText = "Another text, as long as the first one; or nearly so, 大约一样长。"

/// The octets behind the A4 of each part.
private func contents(_ text: String, _ id: SegmentID = .first, bits: Int = 188) throws -> [[UInt8]] {
    try SegmentSplitter.split(text, capacityBits: bits, id: id).map { Array($0.content.octets.dropFirst()) }
}

private func words(_ content: EncodedContent) -> String {
    ContentCoding.decode(content.octets, form: .mixed).text ?? "no text"
}

/// An event as a test writes it down.
private func words(_ event: SegmentEvent) -> String {
    switch event {
    case .notOurs: "not ours"
    case .accepted(let id, let have, let total): "\(id) \(have)/\(total)"
    case .duplicate(let id, let acknowledgement): "\(id) again" + (acknowledgement.map { " " + words($0) } ?? "")
    case .complete(let id, let text, let acknowledgement): "\(id) whole \(words(acknowledgement)) \(text)"
    case .conflicting(let id, let reason): "\(id) conflict: \(reason)"
    case .control(let message): "control \(String(decoding: message.octets, as: UTF8.self))"
    }
}

private func words(_ due: SegmentDue) -> String {
    switch due {
    case .request(let sender, _, let content): "\(sender) \(words(content))"
    case .abandoned(let sender, let id, let have, let total, let reason): "\(sender) \(id) \(have)/\(total) \(reason)"
    }
}

@Suite struct SegmentAssemblerTests {
    private let assembler = SegmentAssembler()

    private func feed(_ content: [UInt8], sender: UInt64 = 7, at time: Int64 = 0) -> String {
        words(assembler.feed(sender: sender, content: content, at: time))
    }

    @Test func partsInOrderBecomeTheText() throws {
        let parts = try contents(longText)
        #expect(parts.count == 5)
        let check = String(try SegmentSplitter.check(of: longText), radix: 16, uppercase: true)
        #expect(
            parts.map { feed($0) } == ["a 1/5", "a 2/5", "a 3/5", "a 4/5", "a whole [a!5 \(check)] \(longText)"])
        #expect(assembler.incomplete == 0)
        #expect(assembler.due(at: 100 * minute).isEmpty)
    }

    @Test func anyOrderWillDoAndRepeatsAreHarmless() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            let assembler = SegmentAssembler()
            let parts = try contents(longText)
            var order = (parts + parts).shuffled(using: &generator)
            order.append(contentsOf: parts)
            let events = order.map { assembler.feed(sender: 7, content: $0, at: 0) }
            let whole = events.filter { if case .complete(_, longText, _) = $0 { true } else { false } }
            #expect(whole.count == 1)
            #expect(events.filter { if case .duplicate = $0 { true } else { false } }.count == 10)
        }
    }

    @Test func sendersAndTextsAreToldApart() throws {
        let first = try contents(longText)
        let second = try contents(otherText, SegmentID.first.next)
        var whole: [String] = []
        for index in 0..<max(first.count, second.count) {
            for (sender, parts) in [(1, first), (2, second), (1, second), (2, first)] as [(UInt64, [[UInt8]])]
            where index < parts.count {
                if case .complete(_, let text, _) = assembler.feed(sender: sender, content: parts[index], at: 0) {
                    whole.append(text)
                }
            }
        }
        #expect(whole.sorted() == [longText, longText, otherText, otherText].sorted())
    }

    @Test func otherMessagesAreNotOurs() {
        #expect(feed(Array("hello".utf8)) == "not ours")
        #expect(feed([]) == "not ours")
        #expect(feed(Array("[a1/2 00]".utf8) + [UInt8](repeating: 0x41, count: 2_000)) == "not ours")
        #expect(feed(Array("[a?2/5]".utf8)) == "control [a?2/5]")
        #expect(feed(Array("[a!5 1234]".utf8)) == "control [a!5 1234]")
        #expect(assembler.incomplete == 0)
    }

    @Test func missingPartsAreAskedForWhenItHasBeenQuiet() throws {
        let parts = try contents(longText)
        for index in [0, 3] { _ = feed(parts[index]) }
        #expect(assembler.due(at: 186_000 - 1).isEmpty)
        #expect(assembler.due(at: 186_000).map(words) == ["7 [a?2-3,5/5]"])
        // Three parts and three quiet intervals later.
        #expect(assembler.due(at: 186_000 + 6 * 62_000 - 1).isEmpty)
        #expect(assembler.due(at: 186_000 + 6 * 62_000).map(words) == ["7 [a?2-3,5/5]"])
        #expect(feed(parts[1], at: 600_000) == "a 3/5")
        #expect(assembler.due(at: 600_000 + 186_000).map(words) == ["7 [a?3,5/5]"])
        _ = feed(parts[2], at: 800_000)
        #expect(feed(parts[4], at: 800_000).hasPrefix("a whole"))
        #expect(assembler.due(at: 100 * minute).isEmpty)
    }

    @Test func aTextIsGivenUpAfterFiveRequests() throws {
        _ = feed(try contents(longText)[0])
        var dues: [String] = []
        for time in stride(from: 0, to: 120 * minute, by: 10_000) { dues += assembler.due(at: time).map(words) }
        #expect(
            dues == Array(repeating: "7 [a?2-5/5]", count: 5) + ["7 a 1/5 no new part after 5 requests"])
        #expect(assembler.incomplete == 0)
    }

    @Test func aRequestFitsTheSmallestMessage() throws {
        let text = String(repeating: "北斗", count: 100)
        let parts = try contents(text)
        for index in stride(from: 0, to: parts.count, by: 2) { _ = feed(parts[index]) }
        let due = assembler.due(at: 20 * minute)
        #expect(due.map(words) == ["7 [a?2,4,6/\(parts.count)]"])
        guard case .request(_, _, let content) = due[0] else { return }
        #expect(content.airBits <= 110)
    }

    @Test func aRepeatOfAWholeTextIsAcknowledgedAgain() throws {
        let parts = try contents(longText)
        let whole = parts.map { feed($0) }.last ?? ""
        #expect(feed(parts[0], at: 10_000) == "a again")
        let again = feed(parts[1], at: 70_000)
        #expect(again.hasPrefix("a again [a!5 "))
        #expect(whole.contains(again.dropFirst(8)))
        #expect(feed(parts[2], at: 71_000) == "a again")
    }

    @Test func aSenderMayUseAnIdAgainAfterAWholeText() throws {
        for text in [longText, otherText, longText] {
            let events = try contents(text).map { feed($0) }
            #expect(events.last?.hasSuffix(text) == true, "\(events)")
        }
    }

    @Test func aSenderMayUseAnIdAgainBeforeTheTextIsWhole() throws {
        let (old, new) = (try contents(longText), try contents(otherText))
        for part in old.dropLast() { _ = feed(part) }
        #expect(feed(new[0]) == "a conflict: part 1 is of another text than those before it")
        #expect(feed(new[1]) == "a 2/\(new.count)")
        #expect(assembler.due(at: 0).map(words) == ["7 a 4/5 the sender has used its id for another text"])
        #expect(new.dropFirst(2).map { feed($0) }.last?.hasSuffix(otherText) == true)
    }

    @Test func aDamagedHeaderDoesNotEndAText() throws {
        let parts = try contents(longText)
        for part in parts.dropLast(2) { _ = feed(part) }
        // The total of part 4 became 3.
        #expect(feed(Array("[a2/3 00]x".utf8)).hasPrefix("a conflict"))
        #expect(assembler.due(at: 0).isEmpty)
        #expect(parts.dropFirst(3).map { feed($0) }.last?.hasSuffix(longText) == true)
        #expect(assembler.due(at: 0).map(words) == ["7 a 1/3 the sender has used its id for another text"])
    }

    @Test func aDamagedPartIsFoundByTheCheckAndAskedForAgain() throws {
        let parts = try contents(longText)
        var damaged = parts[2]
        damaged[12] ^= 1
        _ = feed(parts[0])
        _ = feed(parts[1])
        _ = feed(damaged)
        _ = feed(parts[3])
        #expect(feed(parts[4]) == "a conflict: all 5 parts are there and do not make up the check")
        #expect(assembler.due(at: 10 * minute).map(words) == ["7 [a?1-5/5]"])
        #expect(feed(parts[0]) == "a again")
        #expect(feed(parts[1]) == "a again")
        #expect(feed(parts[2]).hasSuffix(longText))
    }

    @Test func aPartInTwoFormsIsSettledByTheCheck() throws {
        let parts = try contents(longText)
        var damaged = parts[2]
        damaged[12] ^= 1
        for order in [[damaged, parts[2]], [parts[2], damaged]] {
            let assembler = SegmentAssembler()
            for part in [parts[0]] + order + [parts[1], parts[3]] {
                _ = assembler.feed(sender: 7, content: part, at: 0)
            }
            #expect(words(assembler.feed(sender: 7, content: parts[4], at: 0)).hasSuffix(longText))
        }
    }

    @Test func aTextWhoseCheckIsWrongIsGivenUpWhenItCameTwice() throws {
        let parts = try contents(longText).map { part in
            // Every check is wrong in the same way.
            part.prefix(6) + Array("00".utf8) + part.dropFirst(8)
        }
        for part in parts { _ = feed(Array(part)) }
        let events = parts.map { feed(Array($0)) }
        #expect(events.last == "a conflict: its parts came twice and do not make up the check")
        #expect(assembler.incomplete == 0)
        #expect(assembler.due(at: 0).count == 1)
    }

    @Test func whatIsKeptIsBounded() {
        var rules = SegmentRules()
        rules.mostTexts = 8
        rules.mostTextsPerSender = 2
        rules.mostOctets = 1_000
        let assembler = SegmentAssembler(rules: rules)
        for sender in 0..<100 as Range<UInt64> {
            for id in ["a", "b", "c"] {
                let content = Array("[\(id)1/9 00]".utf8) + [UInt8](repeating: 0x41, count: 400)
                _ = assembler.feed(sender: sender, content: content, at: Int64(sender))
                #expect(assembler.incomplete <= 3)
            }
        }
        #expect(assembler.due(at: 100).count <= 8)
        #expect(assembler.due(at: 24 * 60 * minute).allSatisfy { if case .abandoned = $0 { true } else { false } })
        #expect(assembler.incomplete == 0)
    }

    @Test func aClockThatGoesBackIsHarmless() throws {
        let parts = try contents(longText)
        _ = feed(parts[0], at: 1_000 * minute)
        _ = feed(parts[1], at: 5)
        #expect(assembler.due(at: .min).isEmpty)
        #expect(parts.dropFirst(2).map { feed($0, at: 0) }.last?.hasSuffix(longText) == true)
    }

    @Test func anyOctetsAreTakenWithoutATrap() throws {
        var generator = SeededGenerator(seed: 9)
        let parts = try contents(longText) + contents(otherText)
        for round in 0..<20_000 {
            var content = parts.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !content.isEmpty {
                content[Int.random(in: content.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = assembler.feed(
                sender: .random(in: 0..<3, using: &generator), content: content, at: Int64(round) * 1_000)
            if round % 50 == 0 { _ = assembler.due(at: Int64(round) * 1_000) }
        }
    }
}
