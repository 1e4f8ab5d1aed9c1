/// How something flies: on an orbit, or along a path.
public enum Trajectory: Sendable {
    /// By SGP4.
    case orbit(SGP4)
    /// By a table, with the time of liftoff in nanoseconds since 1970-01-01.
    case path(PathTable, liftoff: Int64)

    /// Its state on the turning Earth (``EarthRotation/ground(_:at:)``) at a time in nanoseconds since 1970-01-01.
    public func ground(at time: Int64) throws(OrbitError) -> OrbitState {
        switch self {
        case .orbit(let orbit): EarthRotation.ground(try orbit.state(at: time), at: time)
        case .path(let table, let liftoff): table.state(at: Double(time &- liftoff) / 1e9)
        }
    }

    /// Its position on the turning Earth alone.
    func groundPosition(at time: Int64) throws(OrbitError) -> SIMD3<Double> {
        switch self {
        case .orbit(let orbit): EarthRotation.ground(try orbit.state(at: time).position, at: time)
        case .path(let table, let liftoff): table.state(at: Double(time &- liftoff) / 1e9).position
        }
    }

    /// Its position among the stars, in TEME.
    func position(at time: Int64) throws(OrbitError) -> SIMD3<Double> {
        switch self {
        case .orbit(let orbit): try orbit.state(at: time).position
        case .path: EarthRotation.sky(try groundPosition(at: time), at: time)
        }
    }

    /// When it is anywhere, in nanoseconds since 1970-01-01; nil: always.
    var span: ClosedRange<Int64>? {
        guard case .path(let table, let liftoff) = self else { return nil }
        return liftoff + Int64(table.times.lowerBound * 1e9)...liftoff + Int64(table.times.upperBound * 1e9)
    }

    /// Seconds from one look to the next in which no pass is overlooked.
    var step: Double {
        switch self {
        case .orbit(let orbit): min(60, orbit.elements.period / 90)
        case .path: 5
        }
    }

    /// Seconds that a pass takes at most, or in which it is looked for.
    var longestPass: Double {
        switch self {
        case .orbit(let orbit): min(orbit.elements.period, 43_200)
        case .path(let table, _): table.times.upperBound - table.times.lowerBound
        }
    }
}
