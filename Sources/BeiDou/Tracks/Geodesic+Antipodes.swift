internal import Glibc

/// Places that lie nearly opposite each other.
///
/// C. F. F. Karney, "Algorithms for geodesics" (Journal of Geodesy 87, 2013), section 4: with the first place the farther
/// one from the equator and in the south, the difference of longitude grows steadily with the azimuth at it, so the azimuth
/// is found by bisection. The two integrals along the geodesic (his equations 7 and 8) are taken by Gauss and Legendre's
/// rule, which is slow and simple: this path is for rare cases.
extension Geodesic {
    /// The distance in metres for geographic latitudes and a difference of longitude (0 to pi) in radians.
    static func farDistance(_ phi1: Double, _ phi2: Double, _ turn: Double) -> Double {
        var (from, to) = (phi1, phi2)
        if from.magnitude < to.magnitude { swap(&from, &to) }
        if from > 0 { (from, to) = (-from, -to) }
        // On the equator the way leaves it for a pole only when it is longer than that.
        if from == 0 && turn <= (1 - flattening) * .pi { return equatorialRadius * turn }
        let line = Line(from, to)
        var (low, high) = (0.0, Double.pi)
        // 60 halvings of pi end at the precision of a Double.
        for _ in 0..<60 {
            let azimuth = (low + high) / 2
            if line.arc(azimuth).turn < turn { low = azimuth } else { high = azimuth }
        }
        return line.arc((low + high) / 2).length
    }

    /// All geodesics from one latitude to another.
    private struct Line {
        let sin1, cos1, sin2, cos2: Double

        init(_ phi1: Double, _ phi2: Double) {
            let (beta1, beta2) = (atan((1 - flattening) * tan(phi1)), atan((1 - flattening) * tan(phi2)))
            // Where both lie on the equator the signs of zero tell which way the geodesic bends: a trifle south serves.
            sin1 = min(sin(beta1), -1e-200)
            cos1 = cos(beta1)
            sin2 = sin(beta2)
            cos2 = cos(beta2)
        }

        /// The geodesic that leaves with an azimuth from 0 to pi: its length in metres and its difference of longitude.
        func arc(_ azimuth: Double) -> (length: Double, turn: Double) {
            let (sinAlpha1, cosAlpha1) = (sin(azimuth), cos(azimuth))
            let sinAlpha0 = sinAlpha1 * cos1
            let squaredCosAlpha0 = max(0, 1 - sinAlpha0 * sinAlpha0)
            let difference = cos1 < -sin1 ? (cos2 - cos1) * (cos1 + cos2) : (sin1 - sin2) * (sin1 + sin2)
            let cosAlpha2 = max(0, cosAlpha1 * cosAlpha1 * cos1 * cos1 + difference).squareRoot() / cos2
            let sigma1 = atan2(sin1, cosAlpha1 * cos1)
            let sigma2 = atan2(sin2, cosAlpha2 * cos2)
            let omega1 = atan2(sinAlpha0 * sin1, cosAlpha1 * cos1)
            let omega2 = atan2(sinAlpha0 * sin2, cosAlpha2 * cos2)
            let (f, b) = (flattening, polarRadius)
            let k2 = squaredCosAlpha0 * (equatorialRadius * equatorialRadius - b * b) / (b * b)
            let (middle, half) = ((sigma1 + sigma2) / 2, (sigma2 - sigma1) / 2)
            var (length, lag) = (0.0, 0.0)
            for (node, weight) in Self.rule {
                for sigma in [middle - half * node, middle + half * node] {
                    let root = (1 + k2 * sin(sigma) * sin(sigma)).squareRoot()
                    length += weight * root
                    lag += weight * (2 - f) / (1 + (1 - f) * root)
                }
            }
            var turn = omega2 - omega1
            if turn < 0 { turn += 2 * .pi }
            return (b * half * length, turn - f * sinAlpha0 * half * lag)
        }

        /// Nodes and weights of Gauss and Legendre's rule of order 16 (Abramowitz and Stegun, table 25.4).
        private static let rule: [(node: Double, weight: Double)] = [
            (0.095012509837637440185, 0.189450610455068496285), (0.281603550779258913230, 0.182603415044923588867),
            (0.458016777657227386342, 0.169156519395002538189), (0.617876244402643748447, 0.149595988816576732081),
            (0.755404408355003033895, 0.124628971255533872052), (0.865631202387831743880, 0.095158511682492784810),
            (0.944575023073232576078, 0.062253523938647892863), (0.989400934991649932596, 0.027152459411754094852),
        ]
    }
}
