/// A polynomial backwards that only rises or only falls over the raw values of an integer: by Newton's steps from the
/// straight line between its ends.
struct PolynomialInverse: Sendable {
    /// By exponent.
    private var coefficients: [Double]
    private let low: Double
    private let high: Double
    private let lowValue: Double
    private let highValue: Double
    /// How much the first and the last raw value differ from those beside them.
    private let lowStep: Double
    private let highStep: Double

    /// Higher exponents go the general way.
    private static let highest = 8

    /// Nil when it turns, or is of no such form.
    init?(_ polynomial: Calibrator.Polynomial, _ inverse: InverseCalibration) {
        guard !inverse.isFloat, inverse.pieces.count == 1, let piece = inverse.pieces.first, piece.low < piece.high,
            polynomial.terms.allSatisfy({ $0.exponent >= 0 && $0.exponent <= Self.highest }),
            let second = inverse.forward(piece.low + 1), let last = inverse.forward(piece.high - 1),
            piece.lowValue.isFinite, piece.highValue.isFinite, piece.lowValue != piece.highValue,
            second != piece.lowValue, last != piece.highValue
        else { return nil }
        coefficients = Array(repeating: 0, count: 1 + (polynomial.terms.map(\.exponent).max() ?? 0))
        for term in polynomial.terms { coefficients[term.exponent] += term.coefficient }
        (low, high) = (inverse.value(piece.low), inverse.value(piece.high))
        (lowValue, highValue) = (piece.lowValue, piece.highValue)
        (lowStep, highStep) = (second - piece.lowValue, piece.highValue - last)
    }

    /// The raw value, not rounded; beyond the ends the last steps are carried on.
    @inline(__always)
    func value(_ wanted: Double) -> Double {
        let isRising = highValue > lowValue
        if isRising ? wanted <= lowValue : wanted >= lowValue { return low + (wanted - lowValue) / lowStep }
        if isRising ? wanted >= highValue : wanted <= highValue { return high + (wanted - highValue) / highStep }
        guard !wanted.isNaN else { return wanted }
        var raw = low + (wanted - lowValue) / (highValue - lowValue) * (high - low)
        for _ in 0..<12 {
            let (value, slope) = curve(raw)
            let step = (value - wanted) / slope
            guard step.isFinite else { break }
            raw = min(max(raw - step, low), high)
            if step.magnitude < 0.001 { return raw }
        }
        return halved(wanted, isRising)
    }

    @inline(__always)
    private func curve(_ raw: Double) -> (value: Double, slope: Double) {
        var index = coefficients.count - 1
        var value = coefficients[index]
        var slope = 0.0
        while index > 0 {
            index -= 1
            slope = slope * raw + value
            value = value * raw + coefficients[index]
        }
        return (value, slope)
    }

    /// Where Newton's steps do not come to rest.
    private func halved(_ wanted: Double, _ isRising: Bool) -> Double {
        var (a, b) = (low, high)
        for _ in 0..<64 {
            let middle = (a + b) / 2
            if (curve(middle).value < wanted) == isRising { a = middle } else { b = middle }
        }
        return (a + b) / 2
    }
}
