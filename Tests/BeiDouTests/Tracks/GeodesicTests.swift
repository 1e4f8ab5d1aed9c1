import BeiDou
import Support
import Testing

/// Expected lengths are those of GeographicLib for Python 2.1 (C. F. F. Karney), good to nanometres.
struct GeodesicTests {
    private func length(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
        Geodesic.distance(fromLatitude: a, longitude: b, toLatitude: c, longitude: d)
    }

    @Test(arguments: [
        (52.5, 13.4, 52.5, 13.4, 0.0),
        (39.9042, 116.4074, 31.2304, 121.4737, 1065846.489453),
        (0, 0, 0, 90, 10018754.171395),
        (0, 0, 0, 179, 19926188.851996),
        (-33.8688, 151.2093, 51.5074, -0.1278, 16989295.770540),
        (45, 0, 45.00001, 1e-05, 1.362611),
    ])
    func ordinaryPlacesAreAsFarAsGeographicLibSays(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ s: Double) {
        #expect((length(a, b, c, d) - s).magnitude < 2e-4)
        #expect((length(c, d, a, b) - s).magnitude < 2e-4)
    }

    @Test(arguments: [
        (0.0, 0.0, 0.0, 179.5, 19980861.908891),
        (0, 0, 0, 180, 20003931.458625),
        (-30, 0, 29.9, 179.8, 19989832.827610),
        (30, 0, -30, 180, 20003931.458625),
        (-30, 10, 30, -170, 20003931.458625),
        (10, 20, -9.5, -160.2, 19946638.122742),
        (0.5, 0, -0.5, 179.7, 19995624.889961),
        (0, 0, 0.5, 179.5, 19936288.578965),
        (1e-10, 0, 0, 179.6, 19989165.416027),
        (0, 0, 1, 179.7, 19890236.344282),
        (60, -179.5, -59.8, 0.3, 19980071.522693),
        (5, 0, -5, 175.5, 19538211.333471),
    ])
    func nearlyOppositePlacesAreToo(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ s: Double) {
        #expect((length(a, b, c, d) - s).magnitude < 2e-4)
        #expect((length(c, d, a, b) - s).magnitude < 2e-4)
    }

    @Test(arguments: [
        (90.0, 0.0, -90.0, 0.0, 20003931.458625),
        (90, 0, 0, 45, 10001965.729313),
        (89.9999, 0, 89.9999, 180, 22.338796),
        (89.999999, 10, 89.999999, -170, 0.223388),
        (-90, 33, -90, -120, 0),
        (-89.5, 0, 89.4, 179, 19992711.182037),
        (88, 0, -88.001, 179.99, 20003815.873655),
    ])
    func polesArePlacesLikeOthers(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ s: Double) {
        #expect((length(a, b, c, d) - s).magnitude < 2e-4)
        #expect((length(c, d, a, b) - s).magnitude < 2e-4)
    }

    @Test func theAntimeridianIsNoBorder() {
        #expect((length(51.4778, 179.9999, 51.4778, -179.9999) - 13.894850).magnitude < 1e-5)
        #expect(length(0, -180, 0, 180) == 0)
        #expect(length(10, 179, 10, 181) == length(10, 179, 10, -179))
    }

    @Test func randomPlacesAreAsFarAsGeographicLibSays() throws {
        let table = try Table(fixture("vectors/geodesics.tsv"))
        #expect(table.rows.count == 480)
        for row in table.rows {
            let numbers = ["latitude1", "longitude1", "latitude2", "longitude2", "metres"].compactMap {
                row[$0].flatMap(Double.init)
            }
            try #require(numbers.count == 5)
            let found = length(numbers[0], numbers[1], numbers[2], numbers[3])
            #expect((found - numbers[4]).magnitude < 2e-4, "\(row)")
        }
    }

    @Test func whatIsNoNumberHasNoDistance() {
        #expect(length(.nan, 0, 0, 0).isNaN)
        #expect(length(0, 0, 0, .infinity).isNaN)
        #expect(length(0, 0, .nan, 180).isNaN)
    }
}
