internal import Bytes

/// How points are marked. Each of the marks looks only at points that those before it left: what is repeated says nothing
/// new, and a jump is no place to be measured from.
extension Track {
    /// Marks all points and counts.
    mutating func judge(_ options: TrackOptions, highestSpeed: Double) {
        markRepeated()
        markGaps(options.gap)
        markJumps(options, metersASecond: highestSpeed / 3.6)
        counts = TrackPoint.Marks.names.map { name in points.count { $0.marks.contains(name.mark) } }
        emergencies = points.count { $0.position.flags.contains(.emergency) && !$0.marks.contains(.repeated) }
    }

    /// The same time and place as one of the points of that time, or, where no time is stated, all the same within a
    /// second of capture. What is repeated is not late as well.
    private mutating func markRepeated() {
        for index in points.indices.dropFirst() {
            // Points of one time stand together; more than that many of them are not looked through. Without any time only
            // the report right before can be the same.
            let most = points[index].clock == .none ? 1 : 16
            for other in points[max(0, index - most)..<index].reversed() {
                if !isSameTime(other, points[index]) { break }
                guard isSame(other, points[index]) else { continue }
                points[index].marks.insert(.repeated)
                points[index].marks.remove(.late)
                break
            }
        }
    }

    private func isSameTime(_ a: TrackPoint, _ b: TrackPoint) -> Bool {
        guard a.clock == b.clock else { return false }
        // Captured one behind the other: `b` is the later one.
        return b.clock == .capture
            ? b.instant.subtractingReportingOverflow(a.instant).partialValue < 1_000_000_000 : a.instant == b.instant
    }

    private func isSame(_ a: TrackPoint, _ b: TrackPoint) -> Bool {
        let (one, other) = (a.position, b.position)
        guard one.latitude == other.latitude, one.longitude == other.longitude else { return false }
        if b.clock == .stated || b.clock == .timeOfDay { return true }
        func same(_ x: Double, _ y: Double) -> Bool { x == y || x.isNaN && y.isNaN }
        return same(one.height, other.height) && same(one.speed, other.speed) && same(one.course, other.course)
    }

    /// A gap is more than five of the terminal's usual intervals, and more than 5 seconds: one or two lost reports are
    /// ordinary on radio links, and receivers of 10 Hz stutter. The usual interval is the median, which neither the gaps
    /// themselves nor bursts of stored reports move much; fewer than three intervals make none.
    private mutating func markGaps(_ told: Double?) {
        var intervals: [Int64] = []
        eachInterval { _, interval in
            if interval > 0 { intervals.append(interval) }
        }
        intervals.sort()
        usualInterval = intervals.count >= 3 ? intervals[intervals.count / 2] : nil
        let most: Double
        if let told {
            most = told * 1e9
        } else if let usual = usualInterval {
            most = max(5 * Double(usual), 5e9)
        } else {
            return
        }
        var gaps: [Int] = []
        eachInterval { index, interval in
            if Double(interval) > most { gaps.append(index) }
        }
        for index in gaps { points[index].marks.insert(.gapBefore) }
    }

    /// Gives each report but the first, repeated ones left out, with the nanoseconds since the one before it.
    private func eachInterval(_ body: (Int, Int64) -> Void) {
        var last: Int?
        for index in points.indices where !points[index].marks.contains(.repeated) && points[index].clock != .none {
            if let last, let interval = interval(points[last], points[index]) { body(index, interval) }
            last = index
        }
    }

    /// Nanoseconds between two points that share a clock.
    private func interval(_ a: TrackPoint, _ b: TrackPoint) -> Int64? {
        guard a.clock != .none, b.clock != .none, a.clock.isDated == b.clock.isDated else { return nil }
        let (interval, overflow) = b.instant.subtractingReportingOverflow(a.instant)
        return overflow ? nil : interval
    }

    /// Judges each point by the last good one. Those that are too far wait together, as long as each can be reached from the
    /// one before: enough of them in a row are where the terminal is now.
    private mutating func markJumps(_ options: TrackOptions, metersASecond: Double) {
        var good: Int?
        var waiting: [Int] = []
        for index in points.indices where !points[index].marks.contains(.repeated) {
            guard let last = good else {
                good = index
                continue
            }
            if isReachable(last, index, metersASecond) {
                distance += length(last, index)
                good = index
                waiting.removeAll(keepingCapacity: true)
                continue
            }
            points[index].marks.insert(.jump)
            if let before = waiting.last, !isReachable(before, index, metersASecond) {
                waiting.removeAll(keepingCapacity: true)
            }
            waiting.append(index)
            guard waiting.count >= max(1, options.relocation) else { continue }
            for member in waiting { points[member].marks.remove(.jump) }
            points[waiting[0]].marks.insert(.relocated)
            for (a, b) in zip(waiting, waiting.dropFirst()) { distance += length(a, b) }
            good = index
            waiting.removeAll(keepingCapacity: true)
        }
    }

    private func length(_ a: Int, _ b: Int) -> Double {
        let (from, to) = (points[a].position, points[b].position)
        return Geodesic.distance(
            fromLatitude: from.latitude, longitude: from.longitude, toLatitude: to.latitude, longitude: to.longitude)
    }

    /// Whether a terminal can have come from one point to the other. Where no time is known it can.
    private func isReachable(_ a: Int, _ b: Int, _ metersASecond: Double) -> Bool {
        guard let interval = interval(points[a], points[b]) else { return true }
        // Times are often stated in whole seconds: two points of one second may lie one apart.
        return length(a, b) <= max(1, Double(interval) / 1e9) * metersASecond
    }
}
