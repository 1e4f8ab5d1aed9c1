import Query
import Testing

/// Sets of numbers as runs of keys, beside what comparing one by one finds.
@Suite struct KeyRangesTests {
    private typealias Comparison = FilterExpression.Comparison

    /// Cells of each domain, at their ends and around the constants.
    private static let whole: [Int128] = {
        var found: Set<Int128> = []
        let centers: [Int128] = [
            0, 5, 24, 0x20_0000_0000_0000, Int128(Int64.max), Int128(Int64.min), Int128(UInt64.max), 1_000_000_000,
            -1_000_000_000,
        ]
        let steps: [Int128] = [-2, -1, 0, 1, 2]
        for center in centers { for step in steps { found.insert(center + step) } }
        return found.sorted()
    }()

    private static let reals: [Double] = [
        -.infinity, -.greatestFiniteMagnitude, -0x1p64, -0x1p53, -5, -1, -5e-300, -.leastNonzeroMagnitude, -0.0, 0,
        .leastNonzeroMagnitude, 5e-300, 0.5, 1, 5, 23.9, 24, 24.5, 0x1p53, 0x1.0000000000001p53, 0x1p63, 0x1p64, 1e30,
        .greatestFiniteMagnitude, .infinity,
    ]

    private static let constants: [Number] = {
        let whole: [Int128] = [
            0, 5, -5, 24, 0x20_0000_0000_0000, 0x20_0000_0000_0001, Int128(Int64.max) + 1, Int128(UInt64.max) + 1,
            Int128(Int64.min), -Int128(UInt64.max), Int128(UInt64.max) * 1_000_000_000,
        ]
        let real: [Double] = [0.0, -0.0, 0.5, -0.5, 24.5, 1e18, 1e30, -1e30, 1e300, .infinity, -.infinity]
        return whole.map { Number.whole($0) } + real.map { Number.real($0) }
    }()

    /// How a number stands to a constant, exactly.
    private static func order(_ value: Int128, _ constant: Number) -> Int {
        switch constant {
        case .whole(let other): value < other ? -1 : value > other ? 1 : 0
        case .real(let other): SlowEvaluator.exactOrder(value, other)
        }
    }

    private static func order(_ value: Double, _ constant: Number) -> Int {
        switch constant {
        case .whole(let other): -SlowEvaluator.exactOrder(other, value)
        case .real(let other): value < other ? -1 : value > other ? 1 : 0
        }
    }

    private static func holds(_ comparison: Comparison, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .less: order < 0
        case .atMost: order <= 0
        case .greater: order > 0
        default: order >= 0
        }
    }

    private static func cells(_ domain: KeyRanges.Domain) -> [(cell: UInt64, order: (Number) -> Int)] {
        var found: [(cell: UInt64, order: (Number) -> Int)] = []
        switch domain {
        case .unsigned:
            for value in whole {
                if let cell = UInt64(exactly: value) { found.append((cell, { constant in order(value, constant) })) }
            }
        case .signed:
            for value in whole {
                guard let cell = Int64(exactly: value) else { continue }
                found.append((UInt64(bitPattern: cell), { constant in order(value, constant) }))
            }
        case .float:
            for value in reals { found.append((value.bitPattern, { constant in order(value, constant) })) }
        }
        return found
    }

    @Test("every comparison with every constant", arguments: [KeyRanges.Domain.unsigned, .signed, .float])
    func comparisons(_ domain: KeyRanges.Domain) {
        for constant in Self.constants {
            for comparison in [Comparison.equal, .less, .atMost, .greater, .atLeast] {
                let ranges = KeyRanges(NumberSet(comparison, constant), domain)
                for (cell, order) in Self.cells(domain) {
                    let found = ranges.contains(KeyRanges.key(of: cell, domain))
                    #expect(
                        found == Self.holds(comparison, order(constant)),
                        "\(domain), \(cell) \(comparison) \(constant)")
                }
            }
        }
    }

    @Test("unions of intervals, open and closed", arguments: [KeyRanges.Domain.unsigned, .signed, .float])
    func unions(_ domain: KeyRanges.Domain) {
        var random = FixedRandom(seed: 7)
        let cells = Self.cells(domain)
        for _ in 0..<2_000 {
            var intervals: [NumberSet.Interval] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                intervals.append(NumberSet.Interval(low: Self.end(&random), high: Self.end(&random)))
            }
            let ranges = KeyRanges(NumberSet(intervals: intervals), domain)
            for (a, b) in zip(ranges.runs, ranges.runs.dropFirst()) {
                #expect(a.last < b.first && a.last + 1 < b.first)
            }
            for (cell, order) in cells {
                let isInside = intervals.contains { interval in
                    if let low = interval.low, order(low.number) < (low.isOpen ? 1 : 0) { return false }
                    if let high = interval.high, order(high.number) > (high.isOpen ? -1 : 0) { return false }
                    return true
                }
                #expect(
                    ranges.contains(KeyRanges.key(of: cell, domain)) == isInside, "\(domain), \(cell), \(intervals)")
            }
        }
    }

    /// An end somewhere; nil now and then.
    private static func end(_ random: inout FixedRandom) -> NumberSet.End? {
        guard Int.random(in: 0..<6, using: &random) > 0, let number = constants.randomElement(using: &random) else {
            return nil
        }
        return NumberSet.End(number: number, isOpen: Bool.random(using: &random))
    }

    @Test("a scale makes cells count many of the set's numbers")
    func scale() {
        for comparison in [Comparison.equal, .less, .atMost, .greater, .atLeast] {
            for constant in [-2_500, -2_000, -1, 0, 1, 999, 1_000, 1_001, 5_000] {
                let ranges = KeyRanges(NumberSet(comparison, .whole(Int128(constant))), .signed, scale: 1_000)
                for cell in -4...6 {
                    let found = ranges.contains(KeyRanges.key(of: UInt64(bitPattern: Int64(cell)), .signed))
                    let difference = cell * 1_000 - constant
                    #expect(found == Self.holds(comparison, difference.signum()), "\(cell) \(comparison) \(constant)")
                }
            }
        }
    }

    @Test("indexes are runs")
    func indexes() {
        let ranges = KeyRanges(indexes: [3, 1, 2, 9, 9, 7])
        #expect(ranges.runs.map(\.first) == [1, 7, 9] && ranges.runs.map(\.last) == [3, 7, 9])
        #expect(KeyRanges(indexes: []).runs.isEmpty)
    }

    @Test("numbers are exact as far as they go, and no number is beyond them")
    func numbers() {
        #expect(Number("0x1F") == .whole(31) && Number("18446744073709551616") == .whole(1 << 64))
        #expect(Number("1.5") == .real(1.5) && Number("1e3") == .real(1_000))
        #expect(Number("170141183460469231731687303715884105727") == .real(0x1p127))
        #expect(Number("1e400") == nil && Number("") == nil && Number("0x") == nil)
    }
}
