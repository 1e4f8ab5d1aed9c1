/// How often points are how far apart, told apart to an eighth.
struct IntervalHistogram: Sendable {
    private var counts = [Int](repeating: 0, count: 64 * 8)
    private var count = 0

    /// Enters the time between two points; points of the same time are of one packet or frame.
    mutating func add(_ x: Int64, behind before: Int64) {
        let (interval, overflow) = x.subtractingReportingOverflow(before)
        guard !overflow, interval > 0 else { return }
        counts[Self.place(UInt64(interval))] += 1
        count += 1
    }

    private static func place(_ interval: UInt64) -> Int {
        let power = 63 - interval.leadingZeroBitCount
        let part = power >= 3 ? interval >> UInt64(power - 3) & 7 : interval << UInt64(3 - power) & 7
        return power * 8 + Int(part)
    }

    /// The usual interval: an upper bound of the median, at most an eighth above it. Nil for fewer than three.
    var median: Int64? {
        guard count >= 3 else { return nil }
        var seen = 0
        for (place, times) in counts.enumerated() {
            seen += times
            guard seen * 2 >= count else { continue }
            let (power, part) = (place / 8, UInt64(place % 8))
            let edge = power >= 3 ? (9 + part) << UInt64(power - 3) : (9 + part) >> UInt64(3 - power)
            return Int64(clamping: max(edge, 1))
        }
        return nil
    }
}
