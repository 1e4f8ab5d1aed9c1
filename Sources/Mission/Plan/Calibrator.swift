/// From a raw to an engineering number.
enum Calibrator: Sendable, Equatable {
    /// slope x raw + intercept.
    case linear(slope: Double, intercept: Double)
    case polynomial(Polynomial)
    case spline(Spline)

    /// The sum of coefficient x raw^exponent, in the order of the document: another order would round otherwise.
    struct Polynomial: Sendable, Equatable {
        var terms: [Term]
    }
    struct Term: Sendable, Equatable {
        var coefficient: Double
        var exponent: Int
    }

    /// A curve through points, ascending by raw value, at least one.
    struct Spline: Sendable, Equatable {
        var raw: [Double]
        var calibrated: [Double]
        /// Of the piece from each point to the next: 0 flat at the point's value, 1 straight to the next.
        var orders: [UInt8]
        /// Whether values outside the points are calibrated with the end piece.
        var extrapolates: Bool
    }

    /// The engineering value; nil where the calibrator does not reach.
    func value(_ raw: Double) -> Double? {
        switch self {
        case .linear(let slope, let intercept): slope * raw + intercept
        case .polynomial(let polynomial): polynomial.value(raw)
        case .spline(let spline): spline.value(raw)
        }
    }
}

extension Calibrator.Polynomial {
    @inline(__always)
    func value(_ raw: Double) -> Double {
        var sum = 0.0
        for index in terms.indices {
            let term = terms[index]
            sum += term.coefficient * Self.power(raw, term.exponent)
        }
        return sum
    }

    /// Raw to a whole power, which may be negative. Exponents are bounded when they are loaded.
    static func power(_ raw: Double, _ exponent: Int) -> Double {
        var left = exponent.magnitude
        var base = raw
        var result = 1.0
        while left > 0 {
            if left & 1 == 1 { result *= base }
            left >>= 1
            if left > 0 { base *= base }
        }
        return exponent < 0 ? 1 / result : result
    }
}

extension Calibrator.Spline {
    /// Nil outside the points when it does not extrapolate. The last point itself is inside (space_packet_parser 6.2.0
    /// fails there). What is not a number has no place on the curve.
    func value(_ query: Double) -> Double? {
        let last = raw.count - 1
        guard !query.isNaN else { return nil }
        if query < raw[0] {
            guard extrapolates else { return nil }
            return orders[0] == 0 || last == 0 ? calibrated[0] : line(query, from: 0)
        }
        if query >= raw[last] {
            guard query == raw[last] || extrapolates else { return nil }
            if query == raw[last] || last == 0 || orders[last - 1] == 0 { return calibrated[last] }
            return line(query, from: last - 1)
        }
        // The last point that is not above the query.
        var low = 0
        var high = last
        while high - low > 1 {
            let middle = (low + high) / 2
            if raw[middle] <= query { low = middle } else { high = middle }
        }
        return orders[low] == 0 ? calibrated[low] : line(query, from: low)
    }

    private func line(_ query: Double, from index: Int) -> Double {
        let slope = (calibrated[index + 1] - calibrated[index]) / (raw[index + 1] - raw[index])
        return slope * (query - raw[index]) + calibrated[index]
    }
}
