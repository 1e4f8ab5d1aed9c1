import Bytes
import Testing

@Suite struct CrewTests {
    @Test("each number is done once, whoever does it", arguments: [1, 2, 4, 100])
    func once(_ size: Int) {
        let crew = Crew(size: size)
        for count in [0, 1, 2, 3, 7, 64, 1000] {
            let done = Lane<Int>()
            done.resize(to: count, filler: 0)
            crew.run(count) { number in done[number] += number + 1 }
            #expect((0..<count).allSatisfy { done[$0] == $0 + 1 })
        }
    }

    @Test("what was written by any of them is seen when all is done, again and again")
    func again() {
        let crew = Crew(size: 3)
        let sums = Lane<UInt64>()
        sums.resize(to: 5, filler: 0)
        for round in 0..<2_000 {
            crew.run(5) { number in sums[number] += UInt64(round) }
        }
        #expect((0..<5).allSatisfy { sums[$0] == 1_999_000 })
    }

    @Test("a crew that is gone leaves no thread behind that touches its work")
    func gone() {
        for _ in 0..<200 {
            let crew = Crew(size: 2)
            let marks = Lane<UInt8>()
            marks.resize(to: 2, filler: 0)
            crew.run(2) { marks[$0] = 1 }
            #expect(marks[0] == 1 && marks[1] == 1)
        }
    }
}
