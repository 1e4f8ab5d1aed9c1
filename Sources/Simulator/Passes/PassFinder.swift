internal import Glibc

/// Passes that were found, and what of the time that was asked for the orbit has no place for.
public struct FoundPasses: Sendable {
    /// In order.
    public fileprivate(set) var passes: [Pass] = []
    /// From when to when nothing is known of the orbit, in nanoseconds since 1970-01-01, and why; in order.
    public fileprivate(set) var unknown: [(from: Int64, until: Int64, reason: OrbitError)] = []
}

/// Finds passes: the elevation is looked at once a minute, and its zeros and peaks are narrowed down to a millisecond.
public struct PassFinder {
    private let trajectory: Trajectory
    private let observer: Observer
    /// The sine of the elevation that counts as the horizon.
    private let horizon: Double
    private let step: Int64

    /// - Parameters:
    ///   - trajectory: the satellite's.
    ///   - place: who looks.
    ///   - mask: degrees above the horizon from which on it is seen.
    public init(_ trajectory: Trajectory, from place: GeodeticPlace, mask: Double) {
        self.trajectory = trajectory
        observer = Observer(place)
        horizon = sin(mask * .pi / 180)
        // Fast enough that no peak falls between three looks, whatever the orbit.
        step = Int64(trajectory.step * 1e9)
    }

    /// The same for an orbit.
    public init(_ orbit: SGP4, from place: GeodeticPlace, mask: Double) {
        self.init(.orbit(orbit), from: place, mask: mask)
    }

    /// The passes that have a moment from one time to another; nanoseconds since 1970-01-01, UTC, in ``SearchTime/limits``.
    ///
    /// One that is under way at the beginning or the end is found whole, if it lasts less than a revolution and half a day more.
    public func passes(from: Int64, until: Int64) -> FoundPasses {
        var found = FoundPasses()
        guard from < until else { return found }
        let back = Int64(trajectory.longestPass * 1e9)
        var (begin, end) = (SearchTime.clamp(from - back), SearchTime.clamp(until + back))
        if let span = trajectory.span { (begin, end) = (max(begin, span.lowerBound), min(end, span.upperBound)) }
        guard begin < end else { return found }
        while begin < end {
            var search = Search(begin: begin)
            do throws(OrbitError) {
                try run(&search, until: until, end: end, &found.passes)
                break
            } catch {
                // Nothing is known of a moment: a pass ends in front of it, and others may be behind it.
                let last = SearchTime.lastKnown(from: search.reached, until: min(search.reached + step, end), height)
                if let up = search.rise, let pass = try? pass(up, search.peak.time, (last, true), search.begin) {
                    found.passes.append(pass)
                }
                let next = SearchTime.nextKnown(behind: search.reached, until: min(until, end), step, height)
                let gap = (from: max(last, from), until: min(next ?? until, until), reason: error)
                if gap.from < gap.until { found.unknown.append(gap) }
                begin = next ?? end
            }
        }
        found.passes = found.passes.compactMap { pass in
            pass.set.time > from && pass.rise.time < until ? cut(pass, from: from, until: until) : nil
        }
        return found
    }

    /// How far a search is.
    private struct Search {
        let begin: Int64
        /// The last time of which the elevation is known.
        var reached: Int64
        var rise: (time: Int64, isCut: Bool)?
        var peak: (time: Int64, height: Double)

        init(begin: Int64) { (self.begin, reached, peak) = (begin, begin, (begin, -2)) }
    }

    private func run(
        _ search: inout Search, until: Int64, end: Int64, _ passes: inout [Pass]
    ) throws(OrbitError) {
        var a = Sample(time: search.begin, height: try height(search.begin))
        var b = a
        if a.height >= horizon { search.rise = (a.time, true) }
        // A satellite that is so far below the horizon is not up within two looks.
        let low = min(horizon - 0.3, -0.1)
        while search.reached < end {
            // When nothing is up behind the last moment that is asked for, nothing more will count.
            if search.reached > until, search.rise == nil, a.height < horizon { return }
            let time = min(search.reached + step, end)
            let c = Sample(time: time, height: try height(time))
            if b.height > a.height, b.height >= c.height, b.height > low {
                let top = try highest(a.time, c.time)
                if top.height > search.peak.height || search.rise == nil { search.peak = top }
                if top.height >= horizon, b.height < horizon, c.height < horizon, search.rise == nil {
                    // It came up and went down between two looks.
                    let up = try crossing(a.time, top.time, rising: true)
                    let down = try crossing(top.time, c.time, rising: false)
                    passes.append(try pass((up, false), top.time, (down, false), search.begin))
                }
            }
            if b.height < horizon, c.height >= horizon {
                search.rise = (try crossing(b.time, c.time, rising: true), false)
                search.peak = (c.time, c.height)
            } else if b.height >= horizon, c.height < horizon, let up = search.rise {
                let down = try crossing(b.time, c.time, rising: false)
                if b.height > search.peak.height { search.peak = (b.time, b.height) }
                passes.append(try pass(up, search.peak.time, (down, false), search.begin))
                search.rise = nil
                search.peak.height = -2
            } else if search.rise != nil, c.height > search.peak.height {
                search.peak = (c.time, c.height)
            }
            (a, b) = (b, c)
            search.reached = time
        }
        if let up = search.rise { passes.append(try pass(up, search.peak.time, (end, true), search.begin)) }
        search.rise = nil
    }

    private struct Sample {
        let time: Int64
        let height: Double
    }

    /// The sine of the elevation at a time.
    private func height(_ time: Int64) throws(OrbitError) -> Double {
        observer.sineOfElevation(of: try trajectory.groundPosition(at: time))
    }

    /// How it is seen at a time.
    public func look(at time: Int64) throws(OrbitError) -> LookAngles {
        observer.look(at: try trajectory.ground(at: time))
    }

    private func moment(_ time: Int64) throws(OrbitError) -> Pass.Moment {
        Pass.Moment(time: time, look: try look(at: time))
    }

    private func pass(
        _ rise: (time: Int64, isCut: Bool), _ peak: Int64, _ set: (time: Int64, isCut: Bool), _ begin: Int64
    ) throws(OrbitError) -> Pass {
        let peak = min(max(peak, begin), set.time)
        let light = Sun.light(on: try trajectory.position(at: peak), sun: Sun.position(at: peak))
        return Pass(
            rise: try moment(rise.time), peak: try moment(peak), set: try moment(set.time),
            isUpBefore: rise.isCut, isUpAfter: set.isCut, light: light)
    }

    /// A pass whose rise or set was not found, cut to the time that was asked for, with the peak that it has there.
    private func cut(_ pass: Pass, from: Int64, until: Int64) -> Pass {
        let begin = pass.isUpBefore ? max(from, pass.rise.time) : pass.rise.time
        let end = pass.isUpAfter ? min(until, pass.set.time) : pass.set.time
        guard begin > pass.rise.time || end < pass.set.time else { return pass }
        do throws(OrbitError) {
            var top = (time: begin, height: try height(begin))
            for time in stride(from: begin, through: end, by: Int(step)) {
                let height = try height(time)
                if height > top.height { top = (time, height) }
            }
            let near = try highest(max(begin, top.time - step), min(end, top.time + step))
            if near.height > top.height { top = near }
            if try height(end) > top.height { top.time = end }
            return try self.pass((begin, pass.isUpBefore), top.time, (end, pass.isUpAfter), begin)
        } catch { return pass }
    }

    /// When the elevation goes through the horizon between two times on different sides of it.
    private func crossing(_ from: Int64, _ to: Int64, rising: Bool) throws(OrbitError) -> Int64 {
        let (last, first) = try Bisection.narrow(from, to) { (time) throws(OrbitError) in
            try (height(time) >= horizon) == rising
        }
        return rising ? first : last
    }

    /// Where the elevation is highest between two times with one peak between them.
    private func highest(_ from: Int64, _ to: Int64) throws(OrbitError) -> (time: Int64, height: Double) {
        let top = try Bisection.highest(from, to, height)
        return (top.time, top.value)
    }
}
