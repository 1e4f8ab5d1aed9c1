import Foundation
import Simulator
import Support
import Testing

/// From orbits to the ground, the sky and the Sun.
@Suite struct FrameTests {
    /// Nanoseconds since 1970-01-01 of a time in UTC.
    private func time(_ text: String) throws -> Int64 {
        let formatter = ISO8601DateFormatter()
        return Int64(try #require(formatter.date(from: text)).timeIntervalSince1970) * 1_000_000_000
    }

    @Test("sidereal time is that of the Astronomical Almanac's formula at dates of others")
    func sidereal() throws {
        // J. Meeus, "Astronomical Algorithms", examples 12.a and 12.b: 1987-04-10 at 0 h and at 19 h 21 min.
        let midnight = EarthRotation.siderealTime(at: try time("1987-04-10T00:00:00Z")) * 12 / .pi
        #expect(abs(midnight - (13 + 10 / 60.0 + 46.3668 / 3600)) < 1e-7)
        let evening = EarthRotation.siderealTime(at: try time("1987-04-10T19:21:00Z")) * 12 / .pi
        #expect(abs(evening - (8 + 34 / 60.0 + 57.0896 / 3600)) < 1e-7)
    }

    @Test("places go to points and back, poles and high orbits included")
    func geodetic() {
        for latitude in stride(from: -90.0, through: 90, by: 7.5) {
            for height in [-0.4, 0, 0.5, 500, 36_000] {
                let place = GeodeticPlace(latitude: latitude, longitude: 121.5, height: height)
                let back = GeodeticPlace(place.point)
                #expect(
                    abs(back.latitude - latitude) < 1e-9 && abs(back.height - height) < 1e-6, "\(latitude) \(height)")
                if abs(latitude) < 90 { #expect(abs(back.longitude - 121.5) < 1e-9) }
            }
        }
        // EPSG guidance note 7-2, 4.1.1: WGS 84 53°48'33.82" N 2°07'46.38" E, 73.0 m.
        let known = GeodeticPlace(
            latitude: 53 + 48 / 60.0 + 33.82 / 3600, longitude: 2 + 7 / 60.0 + 46.38 / 3600, height: 0.073
        ).point
        #expect(
            abs(known.x - 3771.793968) < 1e-5 && abs(known.y - 140.253342) < 1e-5 && abs(known.z - 5124.304349) < 1e-5)
    }

    @Test("angles to the sky are those of plain geometry")
    func look() {
        let observer = Observer(GeodeticPlace(latitude: 0, longitude: 0))
        let overhead = OrbitState(position: SIMD3(6878.137, 0, 0), velocity: SIMD3(0, 7.5, 0))
        let up = observer.look(at: overhead)
        #expect(abs(up.elevation - 90) < 1e-6 && abs(up.range - 500) < 1e-9 && abs(up.rangeRate) < 1e-12)
        let east = observer.look(at: OrbitState(position: SIMD3(6378.137, 100, 0), velocity: SIMD3(0, 1, 0)))
        #expect(abs(east.azimuth - 90) < 1e-9 && abs(east.elevation) < 1e-9 && abs(east.rangeRate - 1) < 1e-12)
        #expect(abs(east.doppler(of: 299_792_458) + 1000) < 1e-6)
        let north = observer.look(at: OrbitState(position: SIMD3(6378.137, 0, 100), velocity: SIMD3(0, 0, -2)))
        #expect(north.azimuth < 1e-9 && abs(north.lightTime - 100 / 299_792.458) < 1e-12)
        #expect(north.rangeRate == -2)
    }

    @Test("the Sun stands where almanacs have it")
    func sun() throws {
        // J. Meeus, "Astronomical Algorithms", example 25.a: 1992-10-13 at 0 h TD; apparent 198.38083 and -7.78507 degrees.
        let sun = Sun.position(at: try time("1992-10-13T00:00:00Z"))
        let ascension = atan2(sun.y, sun.x) * 180 / .pi + 360
        let declination = asin(sun.z / (sun * sun).sum().squareRoot()) * 180 / .pi
        #expect(abs(ascension - 198.38083) < 0.02 && abs(declination + 7.78507) < 0.01)
        #expect(abs((sun * sun).sum().squareRoot() / 149_597_870.7 - 0.99766) < 0.0001)
    }

    @Test("behind the Earth a satellite sees no Sun, at the edge a part of it")
    func eclipse() {
        let sun = SIMD3(149_597_870.7, 0, 0)
        #expect(Sun.share(seenFrom: SIMD3(7000, 0, 0), sun: sun) == 1)
        #expect(Sun.share(seenFrom: SIMD3(-7000, 0, 0), sun: sun) == 0)
        #expect(Sun.share(seenFrom: SIMD3(0, 7000, 0), sun: sun) == 1)
        let edge = Sun.share(seenFrom: SIMD3(-7000, 6378.137, 0), sun: sun)
        #expect(abs(edge - 0.5) < 0.02)
        #expect(Sun.light(on: SIMD3(-7000, 6378.137, 0), sun: sun) == .penumbra)
        // Far out the Earth covers a part of the Sun at most.
        let far = Sun.share(seenFrom: SIMD3(-3_000_000, 0, 0), sun: sun)
        #expect(far > 0.1 && far < 1)
        #expect(Sun.share(seenFrom: SIMD3(100, 0, 0), sun: sun) == 0)
        // From full light to none the share only falls.
        let shares = stride(from: 6500.0, through: 6250, by: -1).map {
            Sun.share(seenFrom: SIMD3(-7000, $0, 0), sun: sun)
        }
        #expect(shares.first == 1 && shares.last == 0 && zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 })
    }
}
