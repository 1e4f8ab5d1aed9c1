/// How much later than they were due packets left, in nanoseconds: counted in classes that are at most 1.6 % wide, so that the
/// memory is the same for any number of packets.
public struct Lateness: Sendable {
    /// 64 classes for each power of two from 64 ns on; below that a class a nanosecond.
    private var counts = [UInt64](repeating: 0, count: 64 * 58)
    /// How many packets were counted.
    public private(set) var count: UInt64 = 0
    /// The latest of them.
    public private(set) var worst: Int64 = 0

    /// Nothing counted.
    public init() {}

    /// Counts packets. A packet is never early.
    public mutating func add(_ nanoseconds: Int64, packets: Int = 1) {
        let late = max(0, nanoseconds)
        counts[Self.index(late)] += UInt64(packets)
        count += UInt64(packets)
        worst = max(worst, late)
    }

    private static func index(_ value: Int64) -> Int {
        let shift = max(0, 57 - value.leadingZeroBitCount)
        return shift * 64 + Int(value >> Int64(shift))
    }

    /// What a share of the packets, from 0 to 1, was not later than; nil when there are none.
    public func quantile(_ share: Double) -> Int64? {
        guard count > 0 else { return nil }
        let wanted = max(1, UInt64((Double(count) * share).rounded(.up)))
        var sum: UInt64 = 0
        for (index, number) in counts.enumerated() {
            sum += number
            guard sum >= wanted else { continue }
            let shift = max(0, index / 64 - 1)
            // The greatest value of the class.
            return min(worst, ((Int64(index - shift * 64) + 1) << Int64(shift)) - 1)
        }
        return worst
    }
}
