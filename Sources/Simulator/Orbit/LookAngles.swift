internal import Glibc

/// How a satellite is seen from a place on the ground.
public struct LookAngles: Sendable, Equatable {
    /// Degrees from north over east, 0 to below 360.
    public var azimuth: Double
    /// Degrees above the horizon; refraction is not counted.
    public var elevation: Double
    /// Kilometres.
    public var range: Double
    /// Kilometres a second, positive when it goes away.
    public var rangeRate: Double

    /// The speed of light in kilometres a second.
    public static let lightSpeed = 299_792.458

    /// How long its signals are under way, in seconds.
    public var lightTime: Double { range / Self.lightSpeed }

    /// How many hertz higher a carrier is received than it was sent.
    public func doppler(of carrier: Double) -> Double { -carrier * rangeRate / Self.lightSpeed }
}

/// A place that looks up, its directions worked out once.
public struct Observer: Sendable {
    /// Where it is.
    public let place: GeodeticPlace
    private let point, east, north, up: SIMD3<Double>

    /// An observer at a place.
    public init(_ place: GeodeticPlace) {
        self.place = place
        point = place.point
        let (b, l) = (place.latitude * .pi / 180, place.longitude * .pi / 180)
        east = SIMD3(-sin(l), cos(l), 0)
        north = SIMD3(-sin(b) * cos(l), -sin(b) * sin(l), cos(b))
        up = SIMD3(cos(b) * cos(l), cos(b) * sin(l), sin(b))
    }

    /// How a state on the turning Earth is seen (``EarthRotation/ground(_:at:)``).
    public func look(at state: OrbitState) -> LookAngles {
        let line = state.position - point
        let range = line.length
        let azimuth = atan2(line.dot(east), line.dot(north)) * 180 / .pi
        return LookAngles(
            azimuth: azimuth < 0 ? azimuth + 360 : azimuth, elevation: asin(line.dot(up) / range) * 180 / .pi,
            range: range, rangeRate: line.dot(state.velocity) / range)
    }

    /// The sine of the elevation alone, for those who search.
    func sineOfElevation(of position: SIMD3<Double>) -> Double {
        let line = position - point
        return line.dot(up) / line.length
    }
}
