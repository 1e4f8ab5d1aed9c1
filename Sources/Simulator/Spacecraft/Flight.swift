internal import Bytes

/// A vehicle on its way: where it is at any time, how it moves, and how much of the Sun it sees.
///
/// An orbit is propagated each ten seconds, counted from the scenario's start, with cubics between: what is read off them is within a
/// few millimetres of it.
final class Flight: VehicleWorld {
    private let trajectory: Trajectory
    /// Of the scenario, in nanoseconds since 1970-01-01.
    private let start: Int64
    /// 1 while a station sees it.
    var contact = 0.0

    /// Seconds from one point to the next.
    private static let length = 10.0

    /// A point of the way, and the share of the Sun that is seen there.
    private struct Point {
        let state: OrbitState
        let sun: Double
    }

    private struct Piece {
        let number: Int
        let from: Point, to: Point
    }

    /// The pieces at hand, those of even and of odd numbers.
    private var pieces: (even: Piece?, odd: Piece?)

    init(_ trajectory: Trajectory, start: Int64) { (self.trajectory, self.start) = (trajectory, start) }

    /// Where ``Behaviour/surroundings`` has what.
    private enum Column {
        static let sun = 2
        static let place = 3..<6
        static let position = 6..<9
        static let velocity = 9..<12
        static let contact = 12
    }

    func fill(_ columns: [Lane<Double>], only wanted: [Int], at times: Lane<Double>) throws(OrbitError) {
        func isWanted(_ group: Range<Int>) -> Bool {
            guard wanted.contains(where: group.contains) else { return false }
            for column in group { columns[column].resize(to: times.count, filler: 0) }
            return true
        }
        if isWanted(Column.contact..<Column.contact + 1) { columns[Column.contact].fill(contact) }
        if isWanted(Column.sun..<Column.sun + 1) {
            for row in 0..<times.count { columns[Column.sun][row] = try sun(at: times[row]) }
        }
        let (places, positions, velocities) = (
            isWanted(Column.place), isWanted(Column.position), isWanted(Column.velocity)
        )
        guard places || positions || velocities else { return }
        var row = 0
        while row < times.count {
            let way = try way(at: times[row])
            let first = row
            while row < times.count, way.holds(at: times[row]) { row += 1 }
            let rows = first..<row
            if positions { write(1000, of: rows, at: times, to: columns[Column.position]) { way.position(at: $0) } }
            if velocities { write(1000, of: rows, at: times, to: columns[Column.velocity]) { way.velocity(at: $0) } }
            guard places else { continue }
            write(1, of: rows, at: times, to: columns[Column.place]) { time in
                let place = GeodeticPlace(way.position(at: time))
                return SIMD3(place.latitude, place.longitude, place.height)
            }
        }
    }

    /// Writes the parts of something into a lane each.
    @inline(__always)
    private func write(
        _ scale: Double, of rows: Range<Int>, at times: Lane<Double>, to lanes: ArraySlice<Lane<Double>>,
        _ value: (Double) -> SIMD3<Double>
    ) {
        let (a, b, c) = (lanes[lanes.startIndex], lanes[lanes.startIndex + 1], lanes[lanes.startIndex + 2])
        let seconds = times.span
        var x = a.writable
        var y = b.writable
        var z = c.writable
        for row in rows {
            let found = value(seconds[row]) * scale
            (x[row], y[row], z[row]) = (found.x, found.y, found.z)
        }
    }

    /// A stretch of the way, from a time to another; seconds since the start.
    private struct Way {
        let from: Double, until: Double
        let cubic: HermiteCubic

        func holds(at time: Double) -> Bool { time >= from && time < until }
        func position(at time: Double) -> SIMD3<Double> { cubic.position(at: (time - from) / cubic.length) }
        func velocity(at time: Double) -> SIMD3<Double> { cubic.velocity(at: (time - from) / cubic.length) }
    }

    private func way(at time: Double) throws(OrbitError) -> Way {
        // A path is made of cubics of its own: each moment is asked for.
        if case .path = trajectory {
            return Way(
                from: time, until: time.nextUp,
                cubic: HermiteCubic(moving: try trajectory.ground(at: nanoseconds(time))))
        }
        let piece = try piece(at: time)
        let from = Double(piece.number) * Self.length
        return Way(
            from: from, until: from + Self.length,
            cubic: HermiteCubic(from: piece.from.state, to: piece.to.state, length: Self.length))
    }

    /// The share of the Sun that is seen: between two points that see the same of it nothing comes in between.
    private func sun(at time: Double) throws(OrbitError) -> Double {
        let piece = try piece(at: time)
        if piece.from.sun == piece.to.sun { return piece.from.sun }
        return try share(nanoseconds(time))
    }

    private func share(_ time: Int64) throws(OrbitError) -> Double {
        Sun.share(seenFrom: try trajectory.position(at: time), sun: Sun.position(at: time))
    }

    private func nanoseconds(_ time: Double) -> Int64 { start + Int64(time * 1e9) }

    private func piece(at time: Double) throws(OrbitError) -> Piece {
        let number = Int((time / Self.length).rounded(.down))
        let isEven = number & 1 == 0
        if let piece = isEven ? pieces.even : pieces.odd, piece.number == number { return piece }
        // The end of the one in front is where it begins.
        let before = isEven ? pieces.odd : pieces.even
        let from: Point
        if let before, before.number == number - 1 { from = before.to } else { from = try point(number) }
        let piece = Piece(number: number, from: from, to: try point(number + 1))
        if isEven { pieces.even = piece } else { pieces.odd = piece }
        return piece
    }

    private func point(_ number: Int) throws(OrbitError) -> Point {
        let time = nanoseconds(Double(number) * Self.length)
        return Point(state: try trajectory.ground(at: time), sun: try share(time))
    }
}
