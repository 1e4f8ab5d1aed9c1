import Simulator

/// Steps SGP4 for Tools/bench: `bench-orbits STEPS` prints how long it took, and where the satellite was at the end, as JSON.
let steps = CommandLine.arguments.dropFirst().first.flatMap { Int64($0) } ?? 1_000_000
// What the script beside it reads: a two-line element set of the ISS of 2019.
let lines = """
    1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991
    2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482

    """
guard let elements = try TwoLineElements.read(Array(lines.utf8), file: "lines").first?.elements else { fatalError() }
let orbit = try SGP4(elements)
let clock = ContinuousClock()
var sum = SIMD3<Double>()
let took = try clock.measure {
    for step in 0..<steps { sum += try orbit.state(at: elements.epoch + step * 1_000_000_000).position }
}
let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
print("{\"seconds\": \(seconds), \"sum\": [\(sum.x), \(sum.y), \(sum.z)]}")
