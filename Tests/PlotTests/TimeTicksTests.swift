import Plot
import Support
import Testing

struct TimeTicksTests {
    private let second: Int64 = 1_000_000_000

    private func ticks(_ from: Int64, _ length: Int64, _ room: Int = 6) -> [TimeTicks.Tick] {
        TimeTicks(from...from + length, axis: .time) { _ in room }.ticks
    }

    @Test func aFewMinutesHaveTheirHoursAndTheDateOnce() {
        let ticks = ticks(morning + 90 * second, 1800 * second)
        #expect(ticks.map(\.label) == ["04:05", "04:10", "04:15", "04:20", "04:25", "04:30"])
        #expect(ticks.map(\.below) == ["2026-03-01", "", "", "", "", ""])
    }

    @Test func theDateStandsWhereItChanges() {
        let ticks = ticks(morning + 14 * 3600 * second, 12 * 3600 * second, 5)
        #expect(ticks.map(\.label) == ["18:00", "21:00", "00:00", "03:00", "06:00"])
        #expect(ticks.filter { !$0.below.isEmpty }.map(\.below) == ["2026-03-01", "2026-03-02"])
    }

    @Test func partsOfASecondHaveAsManyDecimalsAsTheyNeed() {
        #expect(ticks(morning, second / 10).map(\.label).prefix(2) == ["04:00:00.00", "04:00:00.02"])
        #expect(ticks(morning, 50).map(\.label).prefix(2) == ["04:00:00.00000000", "04:00:00.00000001"])
        #expect(ticks(morning, 5).map(\.label).suffix(1) == ["04:00:00.000000005"])
    }

    @Test func daysMonthsAndYearsAreThoseOfTheCalendar() {
        let day = 86_400 * second
        #expect(ticks(morning, 5 * day).map(\.label) == ["Mar 2", "Mar 3", "Mar 4", "Mar 5", "Mar 6"])
        #expect(ticks(morning, 120 * day).map(\.label) == ["Apr", "May", "Jun"])
        #expect(ticks(morning, 365 * 4 * day).map(\.label) == ["2027", "2028", "2029", "2030"])
        // Weeks begin on Mondays: 2026-03-02 is one.
        #expect(ticks(morning, 30 * day).first?.label == "Mar 2")
    }

    @Test func anyRangeHasTicksInOrderInsideIt() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            let from = Int64.random(in: .min / 2 ... .max / 2, using: &random)
            let length = Int64.random(in: 1...(1 << Int64.random(in: 1...62, using: &random)), using: &random)
            let room = Int.random(in: 1...12, using: &random)
            let ticks = ticks(from, length, room)
            #expect(ticks.count <= room + 1, "\(from) \(length) \(room)")
            #expect(ticks.allSatisfy { (from...from + length).contains($0.x) }, "\(from) \(length)")
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.x < $1.x }, "\(from) \(length)")
        }
    }

    @Test(arguments: [Int64.min...Int64.max, Int64.min...Int64.min + 1, Int64.max - 1...Int64.max])
    func theEndsOfTimeAreNoTrap(_ range: ClosedRange<Int64>) {
        let ticks = TimeTicks(range, axis: .time) { _ in 8 }.ticks
        #expect(ticks.allSatisfy { range.contains($0.x) })
        _ = TimeTicks(range, axis: .packets) { _ in 8 }
    }

    @Test func packetsAreCountedInWholeNumbers() {
        let ticks = TimeTicks(1...4, axis: .packets) { _ in 10 }
        #expect(ticks.ticks.map(\.label) == ["1", "2", "3", "4"])
        #expect(ticks.caption == "packets")
        let many = TimeTicks(0...30_000, axis: .packets) { _ in 3 }
        #expect(many.ticks.map(\.label) == ["0", "10,000", "20,000", "30,000"])
    }
}
