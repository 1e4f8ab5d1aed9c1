internal import Glibc

/// Where the Sun is, and how much of it a satellite sees.
public enum Sun {
    /// Kilometres.
    static let radius = 695_700.0, astronomicalUnit = 149_597_870.7
    private static let earthRadius = 6378.137

    /// The Sun's place in the frame of the mean equator and equinox of the date, in kilometres, as its light arrives: Newcomb's
    /// longitude with what Venus, Jupiter and the Moon do to it (J. Meeus, "Astronomical Formulae for Calculators",
    /// chapter 18), good to 0.002 degrees from 1950 to 2050.
    public static func position(at time: Int64) -> SIMD3<Double> {
        // Centuries since 1899-12-31 12:00.
        let t = (EarthRotation.daysSince2000(time) + 36525) / 36525
        let radians = Double.pi / 180
        let m = (358.47583 + t * (35999.04975 + t * (-0.000150 - t * 0.0000033))) * radians
        let e = 0.01675104 + t * (-0.0000418 - t * 0.000000126)
        let centre =
            (1.919460 + t * (-0.004789 - t * 0.000014)) * sin(m) + (0.020094 - 0.000100 * t) * sin(2 * m)
            + 0.000293 * sin(3 * m)
        func angle(_ start: Double, _ rate: Double) -> Double { (start + rate * t) * radians }
        let venus = 0.00134 * cos(angle(153.23, 22518.7541)) + 0.00154 * cos(angle(216.57, 45037.5082))
        let jupiter = 0.00200 * cos(angle(312.69, 32964.3577))
        let moon = 0.00179 * sin(angle(350.74, 445_267.1142 - 0.00144 * t))
        let slow = 0.00178 * sin(angle(231.19, 20.20))
        // The Earth runs towards the light: it seems to come from a place a little behind.
        let aberration = -0.00569
        let mean = 279.69668 + t * (36000.76892 + t * 0.0003025)
        let longitude = (mean + centre + venus + jupiter + moon + slow + aberration) * radians
        let obliquity = (23.452294 + t * (-0.0130125 + t * (-0.00000164 + t * 0.000000503))) * radians
        let anomaly = m + centre * radians
        let distance = 1.0000002 * (1 - e * e) / (1 + e * cos(anomaly)) * astronomicalUnit
        return SIMD3(cos(longitude), cos(obliquity) * sin(longitude), sin(obliquity) * sin(longitude)) * distance
    }

    /// The Sun and the Earth in the sky of a satellite, in radians: half of what each is across, and how far apart they are.
    struct Disks {
        let sun, earth, apart: Double

        init(seenFrom satellite: SIMD3<Double>, sun: SIMD3<Double>) {
            let toSun = sun - satellite
            let (sunDistance, distance) = (toSun.length, satellite.length)
            self.sun = asin(radius / sunDistance)
            earth = asin(min(1, earthRadius / distance))
            apart = acos(max(-1, min(1, -satellite.dot(toSun) / (distance * sunDistance))))
        }
    }

    /// Whether a satellite sees the Sun.
    public enum Light: String, Sendable { case sunlit, penumbra, umbra }

    /// The share of the Sun's disk that a satellite sees behind the Earth, 0 to 1; both positions in the same frame,
    /// kilometres. The Earth is a sphere with the radius of its equator (O. Montenbruck, E. Gill, "Satellite Orbits", 3.4.2).
    public static func share(seenFrom satellite: SIMD3<Double>, sun: SIMD3<Double>) -> Double {
        let disks = Disks(seenFrom: satellite, sun: sun)
        guard disks.earth < .pi / 2 else { return 0 }
        let (a, b, c) = (disks.sun, disks.earth, disks.apart)
        if c >= a + b { return 1 }
        if c <= b - a { return 0 }
        if c <= a - b { return 1 - (b * b) / (a * a) }
        let x = (c * c + a * a - b * b) / (2 * c)
        let y = max(0, a * a - x * x).squareRoot()
        let hidden = a * a * acos(max(-1, min(1, x / a))) + b * b * acos(max(-1, min(1, (c - x) / b))) - c * y
        return max(0, min(1, 1 - hidden / (.pi * a * a)))
    }

    /// Whether a satellite sees the Sun, in part, or not.
    public static func light(on satellite: SIMD3<Double>, sun: SIMD3<Double>) -> Light {
        switch share(seenFrom: satellite, sun: sun) {
        case 1...: .sunlit
        case ...0: .umbra
        default: .penumbra
        }
    }
}
