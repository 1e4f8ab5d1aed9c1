/// Times that can be searched, and where nothing is known of an orbit.
public enum SearchTime {
    /// Nanoseconds since 1970-01-01 with room for what is looked at around them: 1678-06-18 to 2261-07-15.
    public static let limits: ClosedRange<Int64> = -9_200_000_000_000_000_000...9_200_000_000_000_000_000

    static func clamp(_ time: Int64) -> Int64 { min(max(time, limits.lowerBound), limits.upperBound) }

    /// The last time at which something is known, a millisecond early at most, between one at which it is and one at which it is not.
    static func lastKnown(from: Int64, until: Int64, _ look: (Int64) throws(OrbitError) -> Double) -> Int64 {
        Bisection.narrow(from, until) { (try? look($0)) == nil }.last
    }

    /// The first time behind another, and behind one at which nothing is known, at which something is; it is looked for a day ahead at
    /// most. Nil: there is none.
    static func nextKnown(
        behind: Int64, until: Int64, _ step: Int64, _ look: (Int64) throws(OrbitError) -> Double
    ) -> Int64? {
        var time = behind + step
        while time < min(until, behind + 86_400_000_000_000) {
            if (try? look(time)) != nil { return Bisection.narrow(time - step, time) { (try? look($0)) != nil }.first }
            time += step
        }
        return nil
    }
}
