/// A way between two points whose velocities are known, a cubic in time (C. Hermite).
struct HermiteCubic {
    private let from, to: (position: SIMD3<Double>, velocity: SIMD3<Double>)
    /// Seconds from one point to the other.
    private let length: Double

    /// - Parameters:
    ///   - from, to: kilometres, and kilometres a second.
    ///   - length: seconds.
    init(
        from: (position: SIMD3<Double>, velocity: SIMD3<Double>),
        to: (position: SIMD3<Double>, velocity: SIMD3<Double>),
        length: Double
    ) {
        (self.from, self.to, self.length) = (from, to, length)
    }

    /// Where it is behind a share of the way's time, 0 to 1, and how it moves there.
    func state(at u: Double) -> OrbitState {
        let (u2, u3) = (u * u, u * u * u)
        let position =
            from.position * (2 * u3 - 3 * u2 + 1) + from.velocity * ((u3 - 2 * u2 + u) * length)
            + to.position * (3 * u2 - 2 * u3) + to.velocity * ((u3 - u2) * length)
        let velocity =
            (to.position - from.position) * ((6 * u - 6 * u2) / length) + from.velocity * (3 * u2 - 4 * u + 1)
            + to.velocity * (3 * u2 - 2 * u)
        return OrbitState(position: position, velocity: velocity)
    }
}
