import Plot
import Records
import Support
import Testing

struct PlotPointsTests {
    /// What a picture of all points would show in each column: first, last, lowest, highest, worst.
    private struct Column: Equatable {
        var low = Double.infinity
        var high = -Double.infinity
        var worst = LimitState.nominal
    }

    private func columns(_ points: [PlotPoint], _ range: ClosedRange<Int64>, _ count: Int) -> [Int: Column] {
        let width = Double(range.upperBound - range.lowerBound) / Double(count)
        var columns: [Int: Column] = [:]
        for point in points {
            let place = Int((Double(point.x) - Double(range.lowerBound)) / width)
            columns[place, default: Column()].low = min(columns[place, default: Column()].low, point.value)
            columns[place, default: Column()].high = max(columns[place, default: Column()].high, point.value)
        }
        return columns
    }

    @Test("no spike is lost, in order or not, however many points there are", arguments: 0..<12)
    func spikes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var all: [PlotPoint] = []
        var x = Int64.random(in: -1_000_000...1_000_000, using: &random)
        let count = Int.random(in: 10...40_000, using: &random)
        for _ in 0..<count {
            x += Int64.random(in: 0...50, using: &random)
            let isSpike = Int.random(in: 0..<500, using: &random) == 0
            let value =
                isSpike ? Double.random(in: -1e6...1e6, using: &random) : Double.random(in: -1...1, using: &random)
            all.append(PlotPoint(x: x, value: value, state: value > 5e5 ? .critical : .nominal))
        }
        var order = all
        if seed % 3 == 1 { order.shuffle(using: &random) }
        if seed % 3 == 2 { order.reverse() }
        var points = PlotPoints(capacity: seed % 2 == 0 ? 1024 : 16384)
        for point in order { points.add(point) }
        #expect(points.count == count)
        let first = all[0].x
        let range = first...max(first + 1, x)
        // As fine as the buckets are at their coarsest.
        let trace = Trace(&points, range: range, columns: 400)
        let drawn = trace.runs.flatMap { $0 }
        let (values, kept) = (all.map(\.value), drawn.map(\.value))
        #expect(values.min() == kept.min() && values.max() == kept.max())
        #expect(drawn.first?.x == first && drawn.last?.x == x)
        #expect(Set(drawn.map(\.x)).isSubset(of: Set(all.map(\.x))))
        // Each spike is in its column, or in the one where its bucket begins.
        let (wanted, found) = (columns(all, range, 400), columns(drawn, range, 400))
        let bucket = Double(range.upperBound - range.lowerBound) / 512 * 4
        for (place, column) in wanted where column.high > 1 || column.low < -1 {
            let near = place - Int(bucket / (Double(range.upperBound - range.lowerBound) / 400)) - 1...place + 1
            let lowest = near.compactMap { found[$0]?.low }.min() ?? .nan
            let highest = near.compactMap { found[$0]?.high }.max() ?? .nan
            #expect(lowest <= column.low && highest >= column.high, "column \(place), seed \(seed)")
        }
        #expect(trace.alarms.isEmpty == !all.contains { $0.state > .nominal })
        #expect(drawn.count <= 4 * 402 + 4 * trace.gaps.count)
    }

    @Test func fewPointsAreKeptAsTheyAre() {
        var points = points([1, 5, 2, 8, 3])
        let trace = Trace(&points, range: 0...4_000_000_000, columns: 1000)
        #expect(trace.runs.map { $0.map(\.value) } == [[1, 5, 2, 8, 3]])
        #expect(trace.gaps.isEmpty && trace.alarms.isEmpty)
    }

    @Test func aMillionPointsTakeAsMuchMemoryAsAFew() {
        var points = PlotPoints()
        for index in 0..<1_000_000 {
            points.add(PlotPoint(x: Int64(index) * 1000, value: index == 777_777 ? 1e9 : Double(index % 7)))
        }
        let trace = Trace(&points, range: 0...1_000_000_000, columns: 100_000)
        // A bucket draws four points at most.
        #expect(trace.runs.joined().count <= 4 * 16384)
        #expect(trace.runs.joined().contains { $0.x == 777_777_000 && $0.value == 1e9 })
        #expect(points.count == 1_000_000)
    }

    @Test func aLineBreaksWherePacketsAreMissing() {
        var points = PlotPoints()
        for index in 0..<10 { points.add(PlotPoint(x: Int64(index) * 10, value: 1), gapBefore: index == 4) }
        let trace = Trace(&points, range: 0...100, columns: 100)
        #expect(trace.runs.map(\.count) == [4, 6])
        #expect(trace.gaps == [Trace.Gap(from: 30, to: 40)])
    }

    @Test func aLineBreaksWhereTheTimeIsMoreThanFiveTimesTheUsualOne() {
        var points = PlotPoints()
        for x: Int64 in [0, 10, 20, 30, 80, 90, 150, 160] { points.add(PlotPoint(x: x, value: 1)) }
        // An interval is told to an eighth: five times 10 is at most 57, so 50 is none and 60 is a gap.
        let trace = Trace(&points, range: 0...160, columns: 160)
        #expect(trace.gaps == [Trace.Gap(from: 90, to: 150)])
        #expect((50...57).contains(points.longestStep ?? 0))
    }

    @Test func twoPointsAreNoUsualInterval() {
        var points = points([1, 2])
        #expect(points.longestStep == nil)
        #expect(Trace(&points, range: 0...1_000_000_000, columns: 10).gaps.isEmpty)
    }

    @Test func aGapInsideOfAColumnIsStillOne() {
        var points = PlotPoints(capacity: 4)
        for index in 0..<64 { points.add(PlotPoint(x: Int64(index), value: 0), gapBefore: index == 33) }
        #expect(!Trace(&points, range: 0...63, columns: 4).gaps.isEmpty)
    }

    @Test func whatIsNoNumberIsAGapAndNoPoint() {
        var points = points([1, 2, .nan, 3, .infinity, -.infinity, 4])
        #expect(points.count == 4)
        let trace = Trace(&points, range: 0...6_000_000_000, columns: 100)
        #expect(trace.runs.map { $0.map(\.value) } == [[1, 2], [3], [4]])
    }

    @Test func theWorstPointOfAColumnIsAnAlarm() {
        var points = PlotPoints()
        let states: [LimitState] = [.nominal, .watch, .severe, .warning, .nominal]
        for (index, state) in states.enumerated() { points.add(PlotPoint(x: Int64(index), value: 1, state: state)) }
        #expect(Trace(&points, range: 0...100, columns: 1).alarms.map(\.state) == [.severe])
    }

    @Test func pointsAtTheEndsOfTimeAreNoTrap() {
        var points = PlotPoints(capacity: 2)
        for x in [Int64.max, .min, 0, .max, .min, 1, -1] { points.add(PlotPoint(x: x, value: 1)) }
        let trace = Trace(&points, range: .min ... .max, columns: 10)
        #expect(trace.runs.joined().contains { $0.x == .max })
        #expect(points.count == 7)
    }
}
