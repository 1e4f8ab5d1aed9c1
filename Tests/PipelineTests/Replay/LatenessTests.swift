import Pipeline
import Testing

struct LatenessTests {
    @Test("shares of what was counted are right to 1.6 %")
    func quantiles() throws {
        var lateness = Lateness()
        var all: [Int64] = []
        for index in 0..<20_000 {
            let value = Int64(index % 100) * Int64(index) * 37
            all.append(value)
            lateness.add(value)
        }
        all.sort()
        for share in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = all[max(0, Int((Double(all.count) * share).rounded(.up)) - 1)]
            let found = try #require(lateness.quantile(share))
            #expect(found >= exact && Double(found) <= Double(exact) * 1.016 + 1, "\(share)")
        }
        #expect(lateness.worst == all.last)
        #expect(lateness.count == 20_000)
    }

    @Test("nothing counted says nothing; what is early counts as in time; hours are counted")
    func ends() {
        var lateness = Lateness()
        #expect(lateness.quantile(0.5) == nil)
        lateness.add(-5)
        #expect(lateness.quantile(1) == 0)
        lateness.add(7_200_000_000_000)
        #expect(lateness.worst == 7_200_000_000_000)
        #expect(lateness.quantile(1) == 7_200_000_000_000)
    }
}
