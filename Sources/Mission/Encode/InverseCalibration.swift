/// A calibrator backwards: the raw value whose engineering value is nearest to the one that is wanted.
///
/// The raw values of a field are numbered in their order, whole numbers by themselves and floats by their bits; the curve
/// is cut into pieces that only rise, only fall or are flat; in each the nearest raw value is found by halving, with the
/// arithmetic of decoding, so that what comes out decodes to what was meant.
///
/// Where several raw values serve, as on a curve that rises and falls: one that gives the value exactly goes before
/// others, then the one nearest to a given raw value, without one the smallest.
struct InverseCalibration: Sendable {
    /// A stretch of raw values, both ends inside.
    struct Piece: Sendable {
        var low: Int128
        var high: Int128
        var lowValue: Double
        var highValue: Double
    }
    /// What is found.
    struct Found: Sendable {
        var raw: Int128
        /// How far its engineering value lies from the one that is wanted.
        var error: Double
        /// False where no raw value is near: further than half a step from the next.
        var isNear: Bool
    }
    let calibrator: Calibrator
    let isFloat: Bool
    private(set) var pieces: [Piece] = []
    private let lowest: Int128
    private let highest: Int128

    /// Nil when the calibrator has too many terms to be run backwards.
    init?(_ calibrator: Calibrator, _ format: NumberFormat) {
        self.calibrator = calibrator
        if let integers = format.integers {
            isFloat = false
            (lowest, highest) = (integers.lowerBound, integers.upperBound)
        } else {
            isFloat = true
            (lowest, highest) = (Self.number(format.floats.lowerBound), Self.number(format.floats.upperBound))
        }
        switch calibrator {
        case .linear: add(lowest, highest)
        case .polynomial(let polynomial):
            guard let turns = polynomial.turningPoints(from: value(lowest), to: value(highest)) else { return nil }
            var start = lowest
            for turn in turns {
                let before = isFloat ? Self.number(turn) : Int128(turn.rounded(.down))
                // The step over the turning point is a piece of its own.
                for end in [before - 1, before, before + 1] where end >= start && end < highest {
                    add(start, end)
                    start = end
                }
                if polynomial.value(turn).isNaN || turn == 0 { start = max(start, before + 1) }
            }
            add(start, highest)
        case .spline(let spline): add(spline)
        }
    }

    private mutating func add(_ spline: Calibrator.Spline) {
        let last = spline.raw.count - 1
        // The first raw value that is not below a point.
        func first(from point: Double) -> Int128 {
            if isFloat { return Self.number(point) }
            guard point.magnitude < 0x1p100 else { return point < 0 ? lowest : highest + 1 }
            return Int128(point.rounded(.up))
        }
        let starts = spline.raw.map(first)
        if spline.extrapolates { add(lowest, starts[0] - 1) }
        for index in 0..<last { add(starts[index], starts[index + 1] - 1) }
        // The last point belongs to the curve by itself, in front of what is beyond it.
        let isLastInside = isFloat || Double(starts[last]) == spline.raw[last]
        if isLastInside { add(starts[last], starts[last]) }
        if spline.extrapolates { add(starts[last] + (isLastInside ? 1 : 0), highest) }
    }

    private mutating func add(_ from: Int128, _ to: Int128) {
        let low = max(from, lowest)
        let high = min(to, highest)
        guard low <= high, let lowValue = forward(low), let highValue = forward(high) else { return }
        pieces.append(Piece(low: low, high: high, lowValue: lowValue, highValue: highValue))
    }

    // MARK: Raw values by number

    /// The number of a float: numbers of floats lie as the floats do.
    static func number(_ value: Double) -> Int128 {
        let bits = Int64(bitPattern: value.bitPattern)
        return bits >= 0 ? Int128(bits) : -Int128(bits & Int64.max)
    }

    /// The raw value of a number, as the decoder has it.
    func value(_ raw: Int128) -> Double {
        if isFloat {
            let bits = UInt64(raw.magnitude)
            return raw < 0 ? -Double(bitPattern: bits) : Double(bitPattern: bits)
        }
        return raw < 0 ? Double(Int64(truncatingIfNeeded: raw)) : Double(UInt64(truncatingIfNeeded: raw))
    }

    /// The engineering value of a raw value; nil where the calibrator does not reach.
    func forward(_ raw: Int128) -> Double? { calibrator.value(value(raw)) }

    // MARK: Backwards

    /// The least and the greatest engineering value that comes out.
    var values: ClosedRange<Double>? {
        let ends = pieces.flatMap { [$0.lowValue, $0.highValue] }.filter { !$0.isNaN }
        guard let low = ends.min(), let high = ends.max() else { return nil }
        return low...high
    }

    /// The raw value for an engineering value; nil when the calibrator reaches no raw value at all.
    func find(_ wanted: Double, near: Int128?) -> Found? {
        var best: Found?
        for piece in pieces {
            let found = find(wanted, in: piece, near: near)
            if let other = best, !isBetter(found, than: other, near) { continue }
            best = found
        }
        return best
    }

    private func isBetter(_ a: Found, than b: Found, _ near: Int128?) -> Bool {
        func rank(_ found: Found) -> Int { found.error == 0 ? 0 : found.isNear ? 1 : 2 }
        if rank(a) != rank(b) { return rank(a) < rank(b) }
        // What is not near is not taken: the nearest of it tells best what is allowed.
        if rank(a) == 2 || a.raw == b.raw { return a.error < b.error }
        guard let near else { return a.raw < b.raw }
        return (a.raw - near).magnitude < (b.raw - near).magnitude
    }

    private func find(_ wanted: Double, in piece: Piece, near: Int128?) -> Found {
        if piece.lowValue == piece.highValue {
            var found = ending(near.map { min(max($0, piece.low), piece.high) } ?? piece.low, piece.lowValue, wanted)
            // The steps are at the ends of what is flat.
            found.isNear =
                isNear(piece.low, piece.lowValue, wanted) || isNear(piece.high, piece.highValue, wanted)
            return found
        }
        let isRising = piece.highValue > piece.lowValue
        if isRising ? wanted <= piece.lowValue : wanted >= piece.lowValue {
            return ending(piece.low, piece.lowValue, wanted)
        }
        if isRising ? wanted >= piece.highValue : wanted <= piece.highValue {
            return ending(piece.high, piece.highValue, wanted)
        }
        var (low, high) = (piece.low, piece.high)
        var (lowValue, highValue) = (piece.lowValue, piece.highValue)
        while high - low > 1 {
            let middle = (low + high) >> 1
            guard let value = forward(middle) else { break }
            if isRising ? value <= wanted : value >= wanted {
                (low, lowValue) = (middle, value)
            } else {
                (high, highValue) = (middle, value)
            }
        }
        let isLow = (lowValue - wanted).magnitude <= (highValue - wanted).magnitude
        let error = ((isLow ? lowValue : highValue) - wanted).magnitude
        return Found(raw: isLow ? low : high, error: error, isNear: error.isFinite)
    }

    /// The end of a piece.
    private func ending(_ raw: Int128, _ value: Double, _ wanted: Double) -> Found {
        // Without a difference infinite numbers are the same, too.
        let error = value == wanted ? 0 : (value - wanted).magnitude
        return Found(raw: raw, error: error, isNear: isNear(raw, value, wanted))
    }

    /// Whether a value lies no further than half a step from that of a raw value: on the way to one beside it, or beyond
    /// the end of all raw values.
    private func isNear(_ raw: Int128, _ value: Double, _ wanted: Double) -> Bool {
        guard value != wanted else { return true }
        let error = (value - wanted).magnitude
        let (below, above) = (neighbour(raw - 1), neighbour(raw + 1))
        func reaches(_ next: Double) -> Bool {
            (next > value) == (wanted > value) && error <= (next - value).magnitude / 2 * (1 + 1e-9)
        }
        if let below, reaches(below) { return true }
        if let above, reaches(above) { return true }
        guard below == nil || above == nil, let next = below ?? above else { return false }
        return error <= (next - value).magnitude / 2 * (1 + 1e-9)
    }

    /// The engineering value of the raw value beside; nil where there is none.
    private func neighbour(_ raw: Int128) -> Double? {
        guard raw >= lowest, raw <= highest, let value = forward(raw), value.isFinite else { return nil }
        return value
    }

    /// Half of the way to the engineering value of the raw value beside, the longer way.
    func halfStep(_ raw: Int128, _ value: Double) -> Double {
        func step(to other: Int128) -> Double { neighbour(other).map { ($0 - value).magnitude } ?? 0 }
        // What rounding adds when a value was printed and read.
        return max(step(to: raw - 1), step(to: raw + 1)) / 2 * (1 + 1e-9)
    }

    /// Whether an engineering value is that of a raw value, to half a step.
    func agrees(_ raw: Int128, with wanted: Double) -> Bool {
        guard let value = forward(raw) else { return false }
        return value == wanted || (value - wanted).magnitude <= halfStep(raw, value)
    }
}
