internal import Glibc

/// How the Earth has turned: the way from TEME, in which SGP4 gives positions, to the ground.
///
/// UTC stands for UT1, which it is within 0.9 s of, and the pole for that of the crust: 400 m at the equator at most, less
/// than an element set is good for.
public enum EarthRotation {
    /// Radians a second (WGS 84).
    public static let rate = 7.292_115_146_706_98e-5

    /// Days since 2000-01-01 12:00 of a time in nanoseconds since 1970-01-01.
    static func daysSince2000(_ time: Int64) -> Double { Double(time &- 946_728_000_000_000_000) / 86_400e9 }

    /// Greenwich mean sidereal time (IAU 1982) at a time in nanoseconds since 1970-01-01, in radians from 0 to 2 pi.
    public static func siderealTime(at time: Int64) -> Double { siderealTime(daysSince2000: daysSince2000(time)) }

    static func siderealTime(daysSince2000 days: Double) -> Double {
        let centuries = days / 36525
        let seconds =
            67310.54841 + (876_600 * 3600 + 8_640_184.812866) * centuries + 0.093104 * centuries * centuries
            - 6.2e-6 * centuries * centuries * centuries
        let angle = (seconds * .pi / 43200).truncatingRemainder(dividingBy: 2 * .pi)
        return angle < 0 ? angle + 2 * .pi : angle
    }

    /// A state on the turning Earth: kilometres along the prime meridian at the equator, 90 degrees east and the pole, and
    /// kilometres a second as seen from the ground.
    public static func ground(_ state: OrbitState, at time: Int64) -> OrbitState {
        let angle = siderealTime(at: time)
        let (s, c) = (sin(angle), cos(angle))
        let position = turn(state.position, s, c)
        let velocity = turn(state.velocity, s, c)
        return OrbitState(
            position: position, velocity: velocity - SIMD3(-rate * position.y, rate * position.x, 0))
    }

    /// A direction in the frame of the turning Earth.
    static func ground(_ vector: SIMD3<Double>, at time: Int64) -> SIMD3<Double> {
        let angle = siderealTime(at: time)
        return turn(vector, sin(angle), cos(angle))
    }

    /// A direction or a place of the turning Earth among the stars, in TEME.
    static func sky(_ vector: SIMD3<Double>, at time: Int64) -> SIMD3<Double> {
        let angle = siderealTime(at: time)
        return turn(vector, -sin(angle), cos(angle))
    }

    private static func turn(_ v: SIMD3<Double>, _ s: Double, _ c: Double) -> SIMD3<Double> {
        SIMD3(c * v.x + s * v.y, c * v.y - s * v.x, v.z)
    }
}

extension SIMD3<Double> {
    func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }
    var length: Double { dot(self).squareRoot() }
}
