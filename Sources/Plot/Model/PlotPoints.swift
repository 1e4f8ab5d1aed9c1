internal import Records

/// The values of a series in bounded memory: when there are too many, neighbours are joined so that the first, the last,
/// the lowest, the highest and the most alarming of them stay. Some 2 MB, however many points.
///
/// Points may come in any order; it costs least when each is behind the one before.
public struct PlotPoints: Sendable {
    /// Buckets that are kept at most; half of them are left when neighbours are joined.
    private let capacity: Int
    /// Points whose `x` are the same but for so many low bits share a bucket.
    private var shift: Int64 = 0
    private var buckets: [Bucket] = []
    /// What was not yet put in its place.
    private var fresh: [Bucket] = []
    private static let most = (fresh: 4096, buckets: 16384)
    private var intervals = IntervalHistogram()
    private var isInterrupted = false

    /// How many points there are.
    public private(set) var count = 0

    /// No points.
    public init() { self.init(capacity: Self.most.buckets) }

    /// No points, and room for so many buckets, at least 2.
    package init(capacity: Int) { self.capacity = max(2, capacity) }

    /// Whether there are none.
    public var isEmpty: Bool { count == 0 }

    /// Says that something is missing in front of the next point.
    public mutating func interrupt() { isInterrupted = true }

    /// Adds a point. A value that is no number, or infinite, is a gap.
    public mutating func add(_ point: PlotPoint, gapBefore: Bool = false) {
        guard point.value.isFinite else {
            isInterrupted = true
            return
        }
        fresh.append(Bucket(point, gapBefore: gapBefore || isInterrupted))
        isInterrupted = false
        count += 1
        if fresh.count >= Self.most.fresh { settle() }
    }

    /// The points as buckets in order.
    mutating func settled() -> [Bucket] {
        settle()
        return buckets
    }

    /// A longer time than this between two points is a gap; nil while too few are known to tell.
    package var longestStep: Int64? { intervals.median.map { $0 > Int64.max / 5 ? .max : $0 * 5 } }

    // MARK: Order

    private mutating func settle() {
        guard !fresh.isEmpty else { return }
        var isOrdered = true
        for index in fresh.indices.dropFirst() where fresh[index].first.x < fresh[index - 1].first.x {
            isOrdered = false
            break
        }
        if !isOrdered {
            // In their order where they are equal.
            let order = fresh.indices.sorted { (fresh[$0].first.x, $0) < (fresh[$1].first.x, $1) }
            fresh = order.map { fresh[$0] }
        }
        if let last = buckets.last, fresh[0].first.x < last.last.x {
            merge()
        } else {
            if let last = buckets.last { intervals.add(fresh[0].first.x, behind: last.last.x) }
            for bucket in fresh { Self.append(bucket, to: &buckets, shift) }
        }
        for index in fresh.indices.dropFirst() { intervals.add(fresh[index].first.x, behind: fresh[index - 1].first.x) }
        fresh.removeAll(keepingCapacity: true)
        while buckets.count > capacity { widen() }
    }

    private static func append(_ bucket: Bucket, to all: inout [Bucket], _ shift: Int64) {
        let end = all.count - 1
        // A bucket of one width alone holds a point; two points of the same time share it.
        if end >= 0, all[end].first.x >> shift == bucket.first.x >> shift {
            all[end].join(bucket)
        } else {
            all.append(bucket)
        }
    }

    /// Puts points between those that are there.
    private mutating func merge() {
        var merged: [Bucket] = []
        merged.reserveCapacity(buckets.count + fresh.count)
        var place = 0
        for bucket in fresh {
            while place < buckets.count, buckets[place].first.x <= bucket.first.x {
                Self.append(buckets[place], to: &merged, shift)
                place += 1
            }
            Self.append(bucket, to: &merged, shift)
        }
        for bucket in buckets[place...] { Self.append(bucket, to: &merged, shift) }
        buckets = merged
    }

    /// Joins neighbours until half of the room is free, or all that can be joined is.
    private mutating func widen() {
        while buckets.count > capacity / 2, shift < 63 {
            shift += 1
            var joined: [Bucket] = []
            joined.reserveCapacity(buckets.count)
            for bucket in buckets { Self.append(bucket, to: &joined, shift) }
            buckets = joined
        }
    }
}
