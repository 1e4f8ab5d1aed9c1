/// Narrows a moment down.
enum Bisection {
    /// Nanoseconds that are left at most.
    static let precision: Int64 = 1_000_000

    /// The last time at which something does not hold and the first at which it does, a millisecond apart at most; it does not
    /// hold at one time, and does from a moment up to another time on.
    static func narrow<Failure: Error>(
        _ from: Int64, _ to: Int64, holds: (Int64) throws(Failure) -> Bool
    ) throws(Failure) -> (last: Int64, first: Int64) {
        var (low, high) = (from, to)
        while high - low > precision {
            let middle = low + (high - low) / 2
            if try holds(middle) { high = middle } else { low = middle }
        }
        return (low, high)
    }

    /// Where something is highest between two times with one peak between them, to a millisecond (golden section).
    static func highest(
        _ from: Int64, _ to: Int64, _ value: (Int64) throws(OrbitError) -> Double
    ) throws(OrbitError) -> (time: Int64, value: Double) {
        let ratio = 0.618_033_988_749_895
        var (low, high) = (from, to)
        var left = high - Int64(ratio * Double(high - low))
        var right = low + Int64(ratio * Double(high - low))
        var (l, r) = (try value(left), try value(right))
        while high - low > precision {
            if l < r {
                (low, left, l) = (left, right, r)
                right = low + Int64(ratio * Double(high - low))
                r = try value(right)
            } else {
                (high, right, r) = (right, left, l)
                left = high - Int64(ratio * Double(high - low))
                l = try value(left)
            }
        }
        return l > r ? (left, l) : (right, r)
    }
}
