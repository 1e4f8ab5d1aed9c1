/// Where a polynomial turns: between two turning points it only rises or only falls, and can be run backwards.
extension Calibrator.Polynomial {
    /// With more terms than that turning points are not looked for.
    static let mostTerms = 40

    /// The raw values between two finite ones where it turns, in rising order; nil when it has too many terms.
    ///
    /// Terms with negative exponents have no value at 0, which is a turning point then.
    func turningPoints(from low: Double, to high: Double) -> [Double]? {
        guard terms.count <= Self.mostTerms else { return nil }
        let slopes = terms.map {
            Calibrator.Term(coefficient: $0.coefficient * Double($0.exponent), exponent: $0.exponent - 1)
        }
        let lowest = slopes.map(\.exponent).min() ?? 0
        guard lowest < 0, terms.contains(where: { $0.exponent < 0 }) else {
            return Self.roots(slopes.filter { $0.coefficient != 0 }, low, high)
        }
        // Times a power of raw it has the same roots, and no negative exponents.
        let raised = slopes.filter { $0.coefficient != 0 }
            .map { Calibrator.Term(coefficient: $0.coefficient, exponent: $0.exponent - lowest) }
        let found = Self.roots(raised, low, high).filter { $0 != 0 }
        return low < 0 && high > 0 ? (found + [0]).sorted() : found
    }

    /// The roots of a sum of terms without negative exponents, found between its own turning points.
    private static func roots(_ terms: [Calibrator.Term], _ low: Double, _ high: Double) -> [Double] {
        guard let lowest = terms.map(\.exponent).min() else { return [] }
        var found: [Double] = lowest > 0 && low < 0 && high > 0 ? [0] : []
        let shifted = terms.map { Calibrator.Term(coefficient: $0.coefficient, exponent: $0.exponent - lowest) }
        // Each step down has one term less, since the constant one is gone.
        let slopes = shifted.filter { $0.exponent > 0 }
            .map { Calibrator.Term(coefficient: $0.coefficient * Double($0.exponent), exponent: $0.exponent - 1) }
        guard !slopes.isEmpty else { return found }
        let ends = [low] + roots(slopes, low, high) + [high]
        let polynomial = Calibrator.Polynomial(terms: shifted)
        for (start, end) in zip(ends, ends.dropFirst()) where start < end {
            var (a, b) = (start, end)
            let (below, above) = (polynomial.value(a), polynomial.value(b))
            guard (below < 0) != (above < 0) else { continue }
            // Halved until no number lies in between: a few dozen steps, some thousand at the ends of the Double.
            for _ in 0..<2_200 {
                let middle = a / 2 + b / 2
                guard middle > a, middle < b else { break }
                if (polynomial.value(middle) < 0) == (below < 0) { a = middle } else { b = middle }
            }
            found.append(a)
        }
        return Array(Set(found)).sorted()
    }
}
