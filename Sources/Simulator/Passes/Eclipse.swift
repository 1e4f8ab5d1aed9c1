/// One way of a satellite through the Earth's shadow.
public struct Eclipse: Sendable, Equatable {
    /// From when until when some of the Sun is hidden, in nanoseconds since 1970-01-01.
    public let penumbra: ClosedRange<Int64>
    /// From when until when all of it is; nil where it never is.
    public let umbra: ClosedRange<Int64>?
}

/// Finds eclipses: the Sun is looked at once a minute, and the edges of the shadow are narrowed down to a millisecond.
public struct EclipseFinder {
    private let orbit: SGP4
    private static let step: Int64 = 30_000_000_000

    /// A finder for an orbit.
    public init(_ orbit: SGP4) { self.orbit = orbit }

    /// The eclipses that have a moment from one time to another, in order; those at the ends are cut there.
    ///
    /// - Throws: where the orbit ends before.
    public func eclipses(from: Int64, until: Int64) throws(OrbitError) -> [Eclipse] {
        guard from < until else { return [] }
        var found: [Eclipse] = []
        var time = from
        var share = try share(time)
        var begin: Int64? = share < 1 ? from : nil
        var dark: (from: Int64?, until: Int64?) = (share == 0 ? from : nil, nil)
        while time < until {
            let next = min(time + Self.step, until)
            let after = try self.share(next)
            if share == 1, after < 1 { begin = try edge(time, next) { $0 < 1 } }
            if share > 0, after == 0 { dark.from = try edge(time, next) { $0 == 0 } }
            if share == 0, after > 0 { dark.until = try edge(time, next) { $0 > 0 } }
            if share < 1, after == 1, let start = begin {
                found.append(Self.eclipse(start, try edge(time, next) { $0 == 1 }, dark))
                (begin, dark) = (nil, (nil, nil))
            }
            (time, share) = (next, after)
        }
        if let begin { found.append(Self.eclipse(begin, until, dark)) }
        return found
    }

    private static func eclipse(_ begin: Int64, _ end: Int64, _ dark: (from: Int64?, until: Int64?)) -> Eclipse {
        Eclipse(penumbra: begin...end, umbra: dark.from.map { $0...max($0, dark.until ?? end) })
    }

    private func share(_ time: Int64) throws(OrbitError) -> Double {
        Sun.share(seenFrom: try orbit.state(at: time).position, sun: Sun.position(at: time))
    }

    /// The first time for which the Sun's share is such, to a millisecond.
    private func edge(_ from: Int64, _ to: Int64, _ isSuch: (Double) -> Bool) throws(OrbitError) -> Int64 {
        try Bisection.narrow(from, to) { (time) throws(OrbitError) in isSuch(try share(time)) }.first
    }
}
