internal import Glibc

/// Distances on the ellipsoid of WGS 84 (CGCS2000 differs from it by a tenth of a millimetre).
///
/// T. Vincenty's inverse formula (Survey Review 23, 1975), good to a tenth of a millimetre; beyond 175 degrees of arc,
/// where its iteration comes to no end, the geodesic that it stands for is found by bisection, see
/// `Geodesic+Antipodes.swift`. Poles and the antimeridian are places like all others.
public enum Geodesic {
    /// The equatorial radius in metres.
    static let equatorialRadius = 6_378_137.0
    /// The flattening.
    static let flattening = 1 / 298.257_223_563
    /// The polar radius in metres.
    static let polarRadius = equatorialRadius * (1 - flattening)

    /// The length in metres of the shortest way between two places in degrees, latitudes from -90 to 90, longitudes of
    /// any turn. NaN when any of them is.
    public static func distance(
        fromLatitude latitude1: Double, longitude longitude1: Double, toLatitude latitude2: Double,
        longitude longitude2: Double
    ) -> Double {
        let turn = (longitude2 - longitude1).remainder(dividingBy: 360).magnitude * .pi / 180
        let (phi1, phi2) = (latitude1 * .pi / 180, latitude2 * .pi / 180)
        guard turn.isFinite, phi1.isFinite, phi2.isFinite else { return .nan }
        if turn == 0 && phi1 == phi2 { return 0 }
        let reduced = (from: atan((1 - flattening) * tan(phi1)), to: atan((1 - flattening) * tan(phi2)))
        return vincenty(reduced.from, reduced.to, turn) ?? farDistance(phi1, phi2, turn)
    }

    /// Vincenty's iteration for reduced latitudes and a difference of longitude in radians; nil where it does not serve.
    private static func vincenty(_ beta1: Double, _ beta2: Double, _ turn: Double) -> Double? {
        let f = flattening
        let (sinU1, cosU1, sinU2, cosU2) = (sin(beta1), cos(beta1), sin(beta2), cos(beta2))
        var lambda = turn
        for _ in 0..<50 {
            let (sinLambda, cosLambda) = (sin(lambda), cos(lambda))
            let across = cosU2 * sinLambda
            let along = cosU1 * sinU2 - sinU1 * cosU2 * cosLambda
            let sinSigma = (across * across + along * along).squareRoot()
            let cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda
            // The same place but for rounding.
            guard sinSigma > 0 else { return cosSigma > 0 ? 0 : nil }
            let sigma = atan2(sinSigma, cosSigma)
            guard sigma < 175 * .pi / 180 else { return nil }
            let sinAlpha = cosU1 * cosU2 * sinLambda / sinSigma
            let cosSquaredAlpha = 1 - sinAlpha * sinAlpha
            // On the equator there is no middle to measure from.
            let cosMiddle = cosSquaredAlpha > 1e-15 ? cosSigma - 2 * sinU1 * sinU2 / cosSquaredAlpha : 0
            let c = f / 16 * cosSquaredAlpha * (4 + f * (4 - 3 * cosSquaredAlpha))
            let middle = 2 * cosMiddle * cosMiddle - 1
            let next =
                turn + (1 - c) * f * sinAlpha * (sigma + c * sinSigma * (cosMiddle + c * cosSigma * middle))
            if (next - lambda).magnitude < 1e-13 {
                return length(sigma, sinSigma, cosSigma, cosMiddle, cosSquaredAlpha)
            }
            lambda = next
        }
        return nil
    }

    private static func length(
        _ sigma: Double, _ sinSigma: Double, _ cosSigma: Double, _ cosMiddle: Double, _ cosSquaredAlpha: Double
    ) -> Double {
        let squares = equatorialRadius * equatorialRadius - polarRadius * polarRadius
        let u = cosSquaredAlpha * squares / (polarRadius * polarRadius)
        let a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
        let b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
        let middle = 2 * cosMiddle * cosMiddle - 1
        let third = b / 6 * cosMiddle * (4 * sinSigma * sinSigma - 3) * (4 * cosMiddle * cosMiddle - 3)
        let change = b * sinSigma * (cosMiddle + b / 4 * (cosSigma * middle - third))
        return polarRadius * a * (sigma - change)
    }
}
