import Plot
import Support
import Testing

struct TicksTests {
    @Test func ticksStandAtMultiplesOfOneTwoOrFive() {
        #expect(Ticks(0...10, most: 5).labels == ["0", "2", "4", "6", "8", "10"])
        #expect(Ticks(23.4...29.1, most: 6).labels == ["24", "25", "26", "27", "28", "29"])
        #expect(Ticks(-0.3...0.3, most: 3).labels == ["−0.2", "0.0", "0.2"])
        #expect(Ticks(0...0.0012, most: 4).labels == ["0.0000", "0.0005", "0.0010"])
        #expect(Ticks(0...3e9, most: 3).labels == ["0", "1e9", "2e9", "3e9"])
        #expect(Ticks(0...4.1e-9, most: 4).labels == ["0", "2e−9", "4e−9"].map { $0.replacing("−", with: "-") })
    }

    @Test func anyRangeHasFewTicksInsideThatAllReadDifferently() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let size = Double.random(in: -250...250, using: &random)
            let middle = Double.random(in: -1...1, using: &random) * NumberText.power(size)
            let span = NumberText.power(size - Double.random(in: 0...8, using: &random))
            let range = Ticks.range(of: middle...middle + span)
            let most = Int.random(in: 2...12, using: &random)
            let ticks = Ticks(range, most: most)
            #expect(ticks.values.count <= most + 1, "\(range)")
            #expect(ticks.values.allSatisfy { range.contains($0) }, "\(range)")
            #expect(Set(ticks.labels).count == ticks.labels.count, "\(range) \(ticks.labels)")
            #expect(ticks.values.count >= 1 || most < 3, "\(range) \(most)")
        }
    }

    @Test(
        "ranges that end where numbers do are drawn",
        arguments: [
            0.0...0.0, 5.0...5.0, -1e-300...1e-300, -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
            1e16...1e16, Double.leastNonzeroMagnitude...Double.leastNonzeroMagnitude, 1e15...1e15 + 1,
        ])
    func extremes(_ values: ClosedRange<Double>) {
        let range = Ticks.range(of: values)
        #expect(range.lowerBound < range.upperBound)
        #expect((range.upperBound - range.lowerBound).isFinite)
        #expect(Ticks(range, most: 5).values.count <= 6)
    }

    @Test func numbersOfAnAxisHaveTheSameDecimals() {
        #expect(NumberText.fixed(0.05, decimals: 2) == "0.05")
        #expect(NumberText.fixed(-12.5, decimals: 1) == "−12.5")
        #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
        #expect(NumberText.scientific(1.5e12, digits: 1) == "1.5e12")
        #expect(NumberText.scientific(9.999e5, digits: 1) == "1.0e6")
        #expect(NumberText.grouped(1_234_567) == "1,234,567")
        #expect(NumberText.decimalExponent(999.999) == 2)
        #expect(NumberText.decimalExponent(1000) == 3)
    }
}

extension NumberText {
    /// 10^exponent, roughly.
    static func power(_ exponent: Double) -> Double {
        let whole = Int(exponent.rounded(.down))
        return (Double("1e\(whole)") ?? 1) * (1 + (exponent - exponent.rounded(.down)) * 9)
    }
}
