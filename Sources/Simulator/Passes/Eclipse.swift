/// One way of a satellite through the Earth's shadow.
public struct Eclipse: Sendable, Equatable {
    /// From when until when some of the Sun is hidden, in nanoseconds since 1970-01-01.
    public let penumbra: ClosedRange<Int64>
    /// From when until when all of it is; nil where it never is.
    public let umbra: ClosedRange<Int64>?
    /// Whether it began before anything is known of it, or ends behind that.
    public let isCut: Bool
}

/// Eclipses that were found, and from when on nothing is known of the orbit, where it ends early.
public struct FoundEclipses: Sendable {
    /// In order.
    public fileprivate(set) var eclipses: [Eclipse] = []
    /// When that begins, in nanoseconds since 1970-01-01, and why.
    public fileprivate(set) var unknown: (from: Int64, reason: OrbitError)?
}

/// Finds eclipses: the shadow's edge is looked at twice a minute, and the times at which it is passed are narrowed down to a millisecond.
public struct EclipseFinder {
    private let orbit: SGP4
    private static let step: Int64 = 30_000_000_000
    /// An eclipse that is under way at one end of the time that is asked for is looked for so far behind it.
    private static let longest: Int64 = 43_200_000_000_000
    /// From which angle to the edge on, in radians, it cannot be passed between two looks.
    private static let far = 0.1

    /// A finder for an orbit.
    public init(_ orbit: SGP4) { self.orbit = orbit }

    /// The eclipses that have a moment from one time to another, whole.
    public func eclipses(from: Int64, until: Int64) -> FoundEclipses {
        var found = FoundEclipses()
        guard from < until else { return found }
        var begin = from
        let first = SearchTime.clamp(from - Self.longest)
        while begin > first, let angle = try? angle(begin, .penumbra), angle < 0 {
            begin = max(first, begin - Self.step)
        }
        let isKnown = (try? angle(begin, .penumbra)) != nil
        if !isKnown { begin = min(from, begin + Self.step) }
        do throws(OrbitError) { try search(from: begin, until: until, &found) } catch {
            let known = found.unknown?.from ?? from
            let last = SearchTime.lastKnown(from: known, until: known + Self.step) { (time) throws(OrbitError) in
                try angle(time, .penumbra)
            }
            found.unknown = last < until ? (last, error) : nil
        }
        found.eclipses.removeAll { $0.penumbra.upperBound <= from || $0.penumbra.lowerBound >= until }
        return found
    }

    private enum Edge { case penumbra, umbra }

    private func search(from: Int64, until: Int64, _ found: inout FoundEclipses) throws(OrbitError) {
        let end = SearchTime.clamp(until + Self.longest)
        var time = from
        found.unknown = (from, .decayed)
        var before: Double?
        var angle = try angle(from, .penumbra)
        var start: (time: Int64, isCut: Bool)? = angle < 0 ? (from, true) : nil
        while time < until || start != nil && time < end {
            let next = min(time + Self.step, end)
            found.unknown?.from = time
            let after = try self.angle(next, .penumbra)
            if angle >= 0, after < 0 {
                start = (try edge(time, next, .penumbra, isInside: true), false)
            } else if angle < 0, after >= 0, let begun = start {
                let over = try edge(time, next, .penumbra, isInside: false)
                found.eclipses.append(try eclipse(begun.time, over, isCut: begun.isCut))
                start = nil
            } else if start == nil, let before, angle < Self.far, angle <= before, angle <= after {
                // It comes near the edge between three looks: it may pass it twice.
                let near = try nearest(time - Self.step, next, .penumbra)
                if try self.angle(near, .penumbra) < 0 {
                    let (up, down) = (
                        try edge(time - Self.step, near, .penumbra, isInside: true),
                        try edge(near, next, .penumbra, isInside: false)
                    )
                    found.eclipses.append(try eclipse(up, down, isCut: false))
                }
            }
            (before, time, angle) = (angle, next, after)
        }
        if let start { found.eclipses.append(try eclipse(start.time, time, isCut: true)) }
        found.unknown = nil
    }

    /// An eclipse with the time in which all of the Sun is hidden.
    private func eclipse(_ begin: Int64, _ end: Int64, isCut: Bool) throws(OrbitError) -> Eclipse {
        // The deepest moment, by looks; the umbra is around it, or nowhere.
        var (deepest, least) = (begin, try angle(begin, .umbra))
        for time in stride(from: begin, through: end, by: Int(max(1, min(Self.step, (end - begin) / 8)))) {
            let angle = try angle(time, .umbra)
            if angle < least { (deepest, least) = (time, angle) }
        }
        if least >= 0 {
            deepest = try nearest(max(begin, deepest - Self.step), min(end, deepest + Self.step), .umbra)
            least = try angle(deepest, .umbra)
        }
        guard least < 0 else { return Eclipse(penumbra: begin...end, umbra: nil, isCut: isCut) }
        let from = try angle(begin, .umbra) < 0 ? begin : edge(begin, deepest, .umbra, isInside: true)
        let until = try angle(end, .umbra) < 0 ? end : edge(deepest, end, .umbra, isInside: false)
        return Eclipse(penumbra: begin...end, umbra: from...max(from, until), isCut: isCut)
    }

    /// How far the satellite is from an edge of the shadow, in radians of the sky that it sees; negative inside.
    private func angle(_ time: Int64, _ edge: Edge) throws(OrbitError) -> Double {
        let disks = Sun.Disks(seenFrom: try orbit.state(at: time).position, sun: Sun.position(at: time))
        return disks.apart - (edge == .penumbra ? disks.earth + disks.sun : disks.earth - disks.sun)
    }

    /// The first time on the other side of an edge, to a millisecond.
    private func edge(_ from: Int64, _ to: Int64, _ edge: Edge, isInside: Bool) throws(OrbitError) -> Int64 {
        try Bisection.narrow(from, to) { (time) throws(OrbitError) in try (angle(time, edge) < 0) == isInside }.first
    }

    /// When it is nearest to an edge, or deepest behind it.
    private func nearest(_ from: Int64, _ to: Int64, _ edge: Edge) throws(OrbitError) -> Int64 {
        try Bisection.highest(from, to) { (time) throws(OrbitError) in -(try angle(time, edge)) }.time
    }
}
