import BeiDou
import Bytes
import Support
import Testing

struct SubpackageJoinerTests {
    /// Parts of a message of one sender, in order, and the whole.
    private func parts(_ phone: Int, flow: Int, size: Int) throws -> (parts: [[UInt8]], whole: [UInt8]) {
        let values = MessageValues(parameters: [
            "phone": .text("\(phone)"), "flow_number": .integer(Int64(flow)), "kind": .text("serial_1"),
            "content": .octets((0..<size).map { UInt8(($0 * phone) & 255) }),
        ])
        let whole = try JTT808Family.encode(values, type: typeIndex("0x0900"))
        return (try JTT808Framing.split(whole), whole)
    }

    @Test func partsOfTwoSendersJoinInAnyOrderAndRepeated() throws {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<50 {
            let a = try parts(100, flow: 65_530 + round % 6, size: 9000)
            let b = try parts(200, flow: round, size: 6000)
            let c = try parts(100, flow: 30_000, size: 3000)
            var all = a.parts + a.parts.shuffled(using: &generator).prefix(4) + b.parts + b.parts.prefix(3) + c.parts
            all.shuffle(using: &generator)
            let joiner = SubpackageJoiner()
            var joined: [[UInt8]] = []
            for part in all where take(part, joiner) == .joined { joined.append(joiner.joined.copied()) }
            #expect(Set(joined) == [a.whole, b.whole, c.whole] && joined.count == 3)
            #expect(joiner.waiting == 0 && joiner.takeLost().isEmpty)
        }
    }

    @Test func whatIsNoPartIsLeftAlone() {
        let joiner = SubpackageJoiner()
        #expect(take(octets("000200000123456789000001"), joiner) == .notPart)
        #expect(take([], joiner) == .notPart)
        #expect(take(octets("0002200001234567890000010002"), joiner) == .notPart)
    }

    @Test func anIndexOutsideItsTotalIsRefused() {
        let joiner = SubpackageJoiner()
        #expect(take(octets("00022000012345678900000100020000"), joiner) == .refused)
        #expect(take(octets("00022000012345678900000100020003"), joiner) == .refused)
        #expect(take(octets("00022000012345678900000100000000"), joiner) == .refused)
        #expect(joiner.waiting == 0)
        #expect(take(octets("00022000012345678900000100010001"), joiner) == .joined)
    }

    @Test func aRepeatedPartChangesNothingBeforeAndAfter() throws {
        let joiner = SubpackageJoiner()
        let all = try parts(7, flow: 1, size: 2500)
        #expect(take(all.parts[0], joiner) == .kept)
        #expect(take(all.parts[0], joiner) == .repeated)
        #expect(take(all.parts[2], joiner) == .kept)
        #expect(take(all.parts[1], joiner) == .joined)
        #expect(joiner.joined.copied() == all.whole)
        #expect(take(all.parts[1], joiner) == .repeated)
        #expect(joiner.waiting == 0)
    }

    @Test func aSetThatLacksPartsIsGivenUpAndSaysWhich() throws {
        let joiner = SubpackageJoiner(mostAge: 10)
        let all = try parts(7, flow: 40, size: 5000)
        for index in [4, 0, 2] { #expect(take(all.parts[index], joiner) == .kept) }
        for flow in 0..<11 { #expect(take(octets("00020000012345678900") + [0, UInt8(flow)], joiner) == .notPart) }
        #expect(joiner.waiting == 0)
        let lost = joiner.takeLost()
        #expect(lost.count == 1 && lost.first?.missing == [2, 4] && lost.first?.firstFlow == 40)
        #expect(lost.first?.total == 5 && lost.first?.messageID == 0x0900 && lost.first?.missingCount == 2)
        #expect(lost.first?.phone == octets("000000000007"))
        #expect(joiner.takeLost().isEmpty)
    }

    @Test func setsAndOctetsAreBounded() throws {
        let joiner = SubpackageJoiner(mostOpen: 3)
        for phone in 1...5 { #expect(take(try parts(phone, flow: 0, size: 2000).parts[0], joiner) == .kept) }
        #expect(joiner.waiting == 3)
        #expect(joiner.takeLost().map { $0.phone.last } == [1, 2])
        let small = SubpackageJoiner(mostOctets: 4000)
        let all = try parts(9, flow: 0, size: 6000)
        for part in all.parts { #expect(take(part, small) == .kept) }
        #expect(small.waiting <= 1 && !small.takeLost().isEmpty)
        // Parts without octets count, too: 65,535 of them do not wait.
        let empty = SubpackageJoiner(mostOctets: 10_000)
        for index in 1...2000 {
            let flow = [UInt8(index >> 8), UInt8(index & 255)]
            _ = take(octets("09002000012345678900") + flow + [0xFF, 0xFF] + flow, empty)
        }
        #expect(empty.waiting <= 1)
        joiner.finish()
        #expect(joiner.waiting == 0 && joiner.takeLost().count == 3)
    }

    @Test func flowsAreKeptApart() throws {
        let joiner = SubpackageJoiner()
        let all = try parts(7, flow: 1, size: 1500)
        #expect(take(all.parts[0], joiner, flow: 1) == .kept)
        #expect(take(all.parts[1], joiner, flow: 2) == .kept)
        #expect(take(all.parts[1], joiner, flow: 1) == .joined)
    }

    @Test func aMessageThatIsAPartIsNotSplit() throws {
        let part = try parts(7, flow: 1, size: 1500).parts[0]
        #expect(try JTT808Framing.split(part) == [part])
        #expect(throws: EncodingRefusal.self) { try JTT808Framing.split(part + [0]) }
        #expect(throws: EncodingRefusal.self) { try JTT808Framing.split([1, 2, 3]) }
    }
}
