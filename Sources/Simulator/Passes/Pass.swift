internal import Glibc

/// One satellite over one station, from when it comes into sight until it leaves it.
public struct Pass: Sendable, Equatable {
    /// A moment of it.
    public struct Moment: Sendable, Equatable {
        /// Nanoseconds since 1970-01-01, UTC.
        public let time: Int64
        /// How the satellite is seen then.
        public let look: LookAngles
    }

    /// When it comes up, stands highest, and goes down.
    public let rise, peak, set: Moment
    /// Whether it was up when the search began, and still was when it ended.
    public let isUpBefore, isUpAfter: Bool
    /// How much of the Sun the satellite sees when it stands highest.
    public let light: Sun.Light

    /// Nanoseconds.
    public var duration: Int64 { self.set.time - rise.time }
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

    /// The passes that have a moment from one time to another, in order; nanoseconds since 1970-01-01, UTC.
    ///
    /// - Throws: where the orbit ends before; what was found until then is lost with it.
    public func passes(from: Int64, until: Int64) throws(OrbitError) -> [Pass] {
        guard from < until else { return [] }
        // One that is under way at the beginning is found whole, if it began less than a revolution before.
        let back = Int64(trajectory.longestPass * 1e9)
        var (begin, end) = (from - back, until + back)
        if let span = trajectory.span { (begin, end) = (max(begin, span.lowerBound), min(end, span.upperBound)) }
        guard begin < end else { return [] }
        var passes: [Pass] = []
        var rise: (time: Int64, isCut: Bool)?
        var peak: (time: Int64, height: Double) = (begin, -2)
        var a = Sample(time: begin, height: try height(begin))
        var b = a
        if a.height >= horizon { rise = (begin, true) }
        var time = begin
        while time < end {
            // When nothing is up behind the last moment that is asked for, nothing more will count.
            if time > until, rise == nil, a.height < horizon { break }
            time = min(time + step, end)
            let c = Sample(time: time, height: try height(time))
            if b.height > a.height, b.height >= c.height, max(b.height, c.height) > horizon - 0.3 {
                let top = try highest(a.time, c.time)
                if top.height > peak.height || rise == nil { peak = top }
                if top.height >= horizon, b.height < horizon, c.height < horizon, rise == nil {
                    // It came up and went down between two looks.
                    let up = try crossing(a.time, top.time, rising: true)
                    let down = try crossing(top.time, c.time, rising: false)
                    passes.append(try pass((up, false), top.time, (down, false)))
                }
            }
            if b.height < horizon, c.height >= horizon {
                rise = (try crossing(b.time, c.time, rising: true), false)
                peak = (c.time, c.height)
            } else if b.height >= horizon, c.height < horizon, let up = rise {
                let down = try crossing(b.time, c.time, rising: false)
                if b.height > peak.height { peak = (b.time, b.height) }
                passes.append(try pass(up, peak.time, (down, false)))
                rise = nil
                peak.height = -2
            } else if rise != nil, c.height > peak.height {
                peak = (c.time, c.height)
            }
            (a, b) = (b, c)
        }
        if let rise { passes.append(try pass(rise, peak.time, (end, true))) }
        return passes.filter { $0.set.time > from && $0.rise.time < until }
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
        _ rise: (time: Int64, isCut: Bool), _ peak: Int64, _ set: (time: Int64, isCut: Bool)
    ) throws(OrbitError) -> Pass {
        let light = Sun.light(on: try trajectory.position(at: peak), sun: Sun.position(at: peak))
        return Pass(
            rise: try moment(rise.time), peak: try moment(peak), set: try moment(set.time),
            isUpBefore: rise.isCut, isUpAfter: set.isCut, light: light)
    }

    /// When the elevation goes through the horizon between two times on different sides of it.
    private func crossing(_ from: Int64, _ to: Int64, rising: Bool) throws(OrbitError) -> Int64 {
        let (last, first) = try Bisection.narrow(from, to) { (time) throws(OrbitError) in
            try (height(time) >= horizon) == rising
        }
        return rising ? first : last
    }

    /// Where the elevation is highest between two times with one peak between them (golden section).
    private func highest(_ from: Int64, _ to: Int64) throws(OrbitError) -> (time: Int64, height: Double) {
        let ratio = 0.618_033_988_749_895
        var (low, high) = (from, to)
        var left = high - Int64(ratio * Double(high - low))
        var right = low + Int64(ratio * Double(high - low))
        var (l, r) = (try height(left), try height(right))
        while high - low > Bisection.precision {
            if l < r {
                (low, left, l) = (left, right, r)
                right = low + Int64(ratio * Double(high - low))
                r = try height(right)
            } else {
                (high, right, r) = (right, left, l)
                left = high - Int64(ratio * Double(high - low))
                l = try height(left)
            }
        }
        return l > r ? (left, l) : (right, r)
    }
}
