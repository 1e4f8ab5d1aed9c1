import Foundation
import Settings
import Simulator
import Support
import Testing

/// Paths as tables: what is between their points, and what is refused.
@Suite struct PathTableTests {
    private func table(_ lines: [String]) throws(SettingsError) -> PathTable {
        let text = "# a path\n\ntime,latitude,longitude,altitude\r\n" + lines.joined(separator: "\n")
        return try PathTable(Array(text.utf8), file: "x.csv")
    }

    @Test("it goes through its points, and position and velocity have no steps there")
    func points() throws {
        let path = try table(["-10, 41,100,1", "0,41,100,1", "10,40.9,100,3", "30,40,99.5,20", "60,37,99,50"])
        #expect(path.times == -10...60)
        for (time, place) in [
            (0.0, GeodeticPlace(latitude: 41, longitude: 100, height: 1)),
            (30, GeodeticPlace(latitude: 40, longitude: 99.5, height: 20)),
        ] {
            #expect(distance(path.state(at: time).position, place.point) < 1e-9)
        }
        for time in [0.0, 10, 30] {
            let (before, behind) = (path.state(at: time - 1e-6), path.state(at: time + 1e-6))
            #expect(distance(before.position, behind.position) < 1e-4)
            #expect(distance(before.velocity, behind.velocity) < 1e-4)
        }
        // The velocity is what the position does.
        for time in [3.0, 17, 44, 59] {
            let (a, b) = (path.state(at: time - 0.001), path.state(at: time + 0.001))
            #expect(distance((b.position - a.position) / 0.002, path.state(at: time).velocity) < 1e-5)
        }
    }

    @Test("in front of the first point and behind the last one it stands still")
    func ends() throws {
        let path = try table(["0,0,0,0", "10,0,1,0"])
        #expect(path.state(at: -5).velocity == SIMD3() && path.state(at: 11).velocity == SIMD3())
        #expect(path.state(at: -5).position == path.state(at: 0).position)
        #expect(distance(path.state(at: 5).velocity, path.state(at: 6).velocity) < 1e-9)
    }

    private func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let d = a - b
        return (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot()
    }

    @Test(
        "what is no path is refused with its line",
        arguments: [
            (["0,0,0,0"], "needs two points"), (["0,0,0,0", "0,0,1,0"], "x.csv:5: times have to grow"),
            (["0,0,0,0", "1,0,0"], "x.csv:5: 3 values where 4"), (["0,91,0,0", "1,0,0,0"], "latitude is '91'"),
            (["0,0,x,0", "1,0,0,0"], "longitude is 'x'"), (["0,0,0,nan", "1,0,0,0"], "altitude is 'nan'"),
            (["inf,0,0,0", "1,0,0,0"], "time is 'inf'"), ([], "needs two points"),
        ])
    func refused(_ lines: [String], _ words: String) throws {
        let error = #expect(throws: SettingsError.self) { try table(lines) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("a table without its line of names is refused")
    func names() {
        let error = #expect(throws: SettingsError.self) {
            try PathTable(Array("0,0,0,0\n1,0,0,0\n".utf8), file: "x.csv")
        }
        #expect(error?.line == 1 && error?.reason.contains("time,latitude,longitude,altitude") == true)
    }

    @Test("a vehicle has an orbit or a path")
    func vehicles() throws {
        let path = try Vehicle.read(Array("path: a.csv\nliftoff: 30 s\n".utf8), name: "x", file: "x.yaml")
        #expect(path.path?.file == "a.csv" && path.path?.liftoff == 30_000_000_000 && path.elements == nil)
        for (text, words) in [
            ("title: x\n", "needs orbit or path"),
            ("liftoff: 30 s\norbit: {altitude: 500, inclination: 97, epoch: 2026-01-01T00:00:00Z}\n", "there is none"),
            (
                "path: a.csv\norbit: {altitude: 500, inclination: 97, epoch: 2026-01-01T00:00:00Z}\n",
                "leave one of them out"
            ),
        ] {
            let error = #expect(throws: SettingsError.self) {
                try Vehicle.read(Array(text.utf8), name: "x", file: "x.yaml")
            }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }

    @Test("who stands by sees it while it is up, and nobody behind its end")
    func passes() throws {
        let path = try table(["0,41,100,1", "100,40,100,60", "400,30,99,400", "600,20,98,500"])
        let liftoff: Int64 = 1_773_541_800_000_000_000
        let finder = PassFinder(
            .path(path, liftoff: liftoff), from: GeodeticPlace(latitude: 36, longitude: 95, height: 2.8), mask: 3)
        let passes = finder.passes(from: liftoff - 1_000_000_000_000, until: liftoff + 10_000_000_000_000).passes
        let pass = try #require(passes.first)
        #expect(passes.count == 1 && pass.rise.time > liftoff && pass.set.time <= liftoff + 600_000_000_000)
        #expect(abs(pass.rise.look.elevation - 3) < 0.01 && pass.peak.look.elevation > 20)
    }
}
