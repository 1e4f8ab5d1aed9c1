/// A way between two points whose velocities are known, a cubic in time (C. Hermite).
struct HermiteCubic {
    /// Kilometres, by powers of the share of the way's time that has passed, 0 to 1.
    private let c0, c1, c2, c3: SIMD3<Double>
    /// Seconds from one point to the other.
    let length: Double

    /// - Parameters:
    ///   - a, b: where it begins and ends, in kilometres and kilometres a second.
    ///   - length: seconds.
    init(from a: OrbitState, to b: OrbitState, length: Double) {
        c0 = a.position
        c1 = a.velocity * length
        c2 = (b.position - a.position) * 3 - (a.velocity * 2 + b.velocity) * length
        c3 = (a.position - b.position) * 2 + (a.velocity + b.velocity) * length
        self.length = length
    }

    /// A way that goes on evenly as it does at a moment, a second long.
    init(moving state: OrbitState) {
        (c0, c1, c2, c3, length) = (state.position, state.velocity, SIMD3(), SIMD3(), 1)
    }

    /// Where it is behind a share of the way's time.
    func position(at u: Double) -> SIMD3<Double> { ((c3 * u + c2) * u + c1) * u + c0 }

    /// How it moves there, in kilometres a second.
    func velocity(at u: Double) -> SIMD3<Double> { ((c3 * (3 * u) + c2 * 2) * u + c1) / length }
}
