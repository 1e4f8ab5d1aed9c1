internal import Glibc

/// A place by latitude, longitude and height above the ellipsoid of WGS 84.
public struct GeodeticPlace: Sendable, Equatable {
    /// Degrees north.
    public var latitude: Double
    /// Degrees east, -180 to 180.
    public var longitude: Double
    /// Kilometres.
    public var height: Double

    /// A place from its coordinates.
    public init(latitude: Double, longitude: Double, height: Double = 0) {
        (self.latitude, self.longitude, self.height) = (latitude, longitude, height)
    }

    private static let radius = 6378.137
    private static let flattening = 1 / 298.257223563
    private static let eccentricity = flattening * (2 - flattening)

    /// The place of a point of the turning Earth, in kilometres.
    public init(_ point: SIMD3<Double>) {
        let p = hypot(point.x, point.y)
        // Bowring's formula is exact to a micrometre near the Earth; a second round makes it so for high orbits.
        var reduced = atan2(point.z, p * (1 - Self.flattening))
        var latitude = reduced
        let minor = Self.radius * (1 - Self.flattening)
        let second = Self.eccentricity / (1 - Self.eccentricity)
        for _ in 0..<3 {
            let (s, c) = (sin(reduced), cos(reduced))
            latitude = atan2(point.z + second * minor * s * s * s, p - Self.eccentricity * Self.radius * c * c * c)
            reduced = atan((1 - Self.flattening) * tan(latitude))
        }
        let (s, c) = (sin(latitude), cos(latitude))
        let normal = Self.radius / (1 - Self.eccentricity * s * s).squareRoot()
        // Of the two ways to the height the one that does not divide by what is nearly zero.
        height = abs(c) > 0.5 ? p / c - normal : point.z / s - normal * (1 - Self.eccentricity)
        self.latitude = latitude * 180 / .pi
        longitude = atan2(point.y, point.x) * 180 / .pi
    }

    /// The point of the turning Earth, in kilometres.
    public var point: SIMD3<Double> {
        let (b, l) = (latitude * .pi / 180, longitude * .pi / 180)
        let s = sin(b)
        let normal = Self.radius / (1 - Self.eccentricity * s * s).squareRoot()
        return SIMD3(
            (normal + height) * cos(b) * cos(l), (normal + height) * cos(b) * sin(l),
            (normal * (1 - Self.eccentricity) + height) * s)
    }
}
