/// Narrows a moment down by halves.
enum Bisection {
    /// Nanoseconds that are left at most.
    static let precision: Int64 = 1_000_000

    /// The last time at which something does not hold and the first at which it does, a millisecond apart at most; it does not
    /// hold at one time, and does from a moment up to another time on.
    static func narrow(
        _ from: Int64, _ to: Int64, holds: (Int64) throws(OrbitError) -> Bool
    ) throws(OrbitError) -> (last: Int64, first: Int64) {
        var (low, high) = (from, to)
        while high - low > precision {
            let middle = low + (high - low) / 2
            if try holds(middle) { high = middle } else { low = middle }
        }
        return (low, high)
    }
}
