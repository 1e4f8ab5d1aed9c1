/// Mean elements of an orbit, as the SGP4 model takes them: what a two-line element set holds.
///
/// They are means in the sense of that model alone (D. Vallado and others, "Revisiting Spacetrack Report #3",
/// AIAA 2006-6753); osculating elements are others.
public struct MeanElements: Sendable, Equatable {
    /// When they hold: nanoseconds since 1970-01-01, UTC.
    public var epoch: Int64
    /// Revolutions as Kozai counts them, in radians a minute.
    public var meanMotion: Double
    /// 0 to below 1.
    public var eccentricity: Double
    /// Radians.
    public var inclination: Double
    /// Right ascension of the ascending node, in radians.
    public var ascendingNode: Double
    /// Radians.
    public var argumentOfPerigee: Double
    /// Radians.
    public var meanAnomaly: Double
    /// The drag term B*, in inverse radii of the Earth.
    public var bStar: Double

    /// Elements from their values, in the units above.
    public init(
        epoch: Int64, meanMotion: Double, eccentricity: Double = 0, inclination: Double, ascendingNode: Double = 0,
        argumentOfPerigee: Double = 0, meanAnomaly: Double = 0, bStar: Double = 0
    ) {
        (self.epoch, self.meanMotion, self.eccentricity) = (epoch, meanMotion, eccentricity)
        (self.inclination, self.ascendingNode) = (inclination, ascendingNode)
        (self.argumentOfPerigee, self.meanAnomaly, self.bStar) = (argumentOfPerigee, meanAnomaly, bStar)
    }

    /// The mean motion of an orbit by its semi-major axis in kilometres (Kepler's third law): radians a minute.
    public static func meanMotion(semiMajorAxis: Double) -> Double {
        let radii = semiMajorAxis / Gravity.wgs72.radius
        return Gravity.wgs72.xke / (radii * radii * radii).squareRoot()
    }

    /// One revolution, in seconds.
    public var period: Double { 60 * 2 * .pi / meanMotion }
}

/// Constants of a model of the Earth's gravity (AIAA 2006-6753, appendix B).
struct Gravity: Sendable {
    /// The Earth's radius at the equator, in kilometres.
    let radius: Double
    /// The square root of the gravitational parameter, in Earth radii to 3/2 a minute.
    let xke: Double
    let j2: Double
    let j3: Double
    let j4: Double

    init(mu: Double, radius: Double, j2: Double, j3: Double, j4: Double) {
        self.radius = radius
        xke = 60 / (radius * radius * radius / mu).squareRoot()
        (self.j2, self.j3, self.j4) = (j2, j3, j4)
    }

    var j3ToJ2: Double { j3 / j2 }

    /// Kilometres a second in a unit of the model's velocity.
    var speed: Double { radius * xke / 60 }

    /// What element sets are made with.
    static let wgs72 = Gravity(
        mu: 398_600.8, radius: 6378.135, j2: 0.001_082_616, j3: -0.000_002_538_81, j4: -0.000_001_655_97)
}
