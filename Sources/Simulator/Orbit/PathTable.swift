public import Settings

/// The way of something that is on no orbit, as a table of points over the ground (`Specs/simulation.md`).
///
/// Between two points the way is a cubic through both, whose velocity at each is that of the parabola through it and its
/// neighbours: position and velocity have no steps. In front of the first point and behind the last one it stands still.
public struct PathTable: Sendable {
    private struct Knot: Sendable {
        /// Seconds since liftoff.
        let time: Double
        /// Kilometres on the turning Earth, and kilometres a second.
        let position: SIMD3<Double>
        var velocity = SIMD3<Double>()
    }

    private var knots: [Knot] = []
    /// Points that a table may have.
    static let most = 100_000
    private static let names = ["time", "latitude", "longitude", "altitude"]

    /// Reads a table: a line of the names time, latitude, longitude and altitude, then a line a point: seconds since liftoff,
    /// degrees, degrees, kilometres above the ellipsoid of WGS 84, separated by commas; times grow. Lines that begin with # are
    /// remarks.
    ///
    /// - Throws: the file, the line, and what is wrong with it.
    public init(_ octets: [UInt8], file: String) throws(SettingsError) {
        var number = 0
        var isHeaded = false
        for line in octets.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let text = String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            guard isHeaded else {
                guard fields.map({ String($0) }) == Self.names else {
                    throw Self.failed(file, number, "the first line has to be \(Self.names.joined(separator: ","))")
                }
                isHeaded = true
                continue
            }
            guard knots.count < Self.most else {
                throw Self.failed(file, number, "a path has at most \(Self.most) points")
            }
            knots.append(try Self.knot(fields, file, number))
            if knots.count > 1, knots[knots.count - 1].time <= knots[knots.count - 2].time {
                throw Self.failed(file, number, "times have to grow from point to point")
            }
        }
        guard knots.count >= 2 else {
            throw Self.failed(file, nil, "a path needs two points at least, not \(knots.count)")
        }
        setVelocities()
    }

    private static func failed(_ file: String, _ line: Int?, _ reason: String) -> SettingsError {
        SettingsError(file: file, line: line, key: nil, reason: reason)
    }

    private static func knot(_ fields: [Substring], _ file: String, _ line: Int) throws(SettingsError) -> Knot {
        guard fields.count == names.count else {
            throw failed(file, line, "\(fields.count) values where \(names.count) are wanted")
        }
        var values: [Double] = []
        for (field, (name, range)) in zip(fields, zip(names, [-1e6...1e6, -90.0...90, -180.0...360, -1...1e6])) {
            guard let value = Double(field), range.contains(value) else {
                throw failed(
                    file, line,
                    "\(name) is '\(field)'; allowed are numbers from \(range.lowerBound) to \(range.upperBound)")
            }
            values.append(value)
        }
        let place = GeodeticPlace(latitude: values[1], longitude: values[2], height: values[3])
        return Knot(time: values[0], position: place.point)
    }

    private mutating func setVelocities() {
        let count = knots.count
        let lengths = (1..<count).map { knots[$0].time - knots[$0 - 1].time }
        let slopes = (1..<count).map { (knots[$0].position - knots[$0 - 1].position) / lengths[$0 - 1] }
        for index in knots.indices {
            if count == 2 {
                knots[index].velocity = slopes[0]
            } else if index == 0 {
                knots[0].velocity = slopes[0] + (slopes[0] - slopes[1]) * (lengths[0] / (lengths[0] + lengths[1]))
            } else if index == count - 1 {
                let (last, before) = (lengths[count - 2], lengths[count - 3])
                knots[index].velocity =
                    slopes[count - 2] + (slopes[count - 2] - slopes[count - 3]) * (last / (last + before))
            } else {
                let (before, behind) = (lengths[index - 1], lengths[index])
                knots[index].velocity = (slopes[index - 1] * behind + slopes[index] * before) / (before + behind)
            }
        }
    }

    /// Seconds since liftoff of the first and the last point.
    public var times: ClosedRange<Double> { knots[0].time...knots[knots.count - 1].time }

    /// Where it is on the turning Earth, and how fast it moves there.
    public func state(at seconds: Double) -> OrbitState {
        guard seconds > times.lowerBound else { return OrbitState(position: knots[0].position, velocity: SIMD3()) }
        guard seconds < times.upperBound else {
            return OrbitState(position: knots[knots.count - 1].position, velocity: SIMD3())
        }
        var (low, high) = (0, knots.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if knots[middle].time <= seconds { low = middle } else { high = middle }
        }
        let (a, b) = (knots[low], knots[high])
        let length = b.time - a.time
        let cubic = HermiteCubic(
            from: OrbitState(position: a.position, velocity: a.velocity),
            to: OrbitState(position: b.position, velocity: b.velocity), length: length)
        let u = (seconds - a.time) / length
        return OrbitState(position: cubic.position(at: u), velocity: cubic.velocity(at: u))
    }
}
