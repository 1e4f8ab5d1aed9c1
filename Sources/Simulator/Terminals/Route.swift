internal import BeiDou
internal import Glibc

/// The way that terminals of a fleet take: points, the time between them, and pauses (`Specs/simulation.md`).
///
/// Between two points latitude and longitude go on evenly; legs are short enough that this differs little from the shortest
/// way. Times are whole milliseconds, so that the last bit of a sine does not change what is sent.
struct Route: Sendable {
    /// What becomes of a terminal that comes to the last point.
    enum Turn: String, CaseIterable, Sendable {
        /// It stays there.
        case once
        /// It goes on to the first point.
        case loop
        /// It goes the same way back.
        case back
    }

    /// Where a terminal is on its way.
    struct Place: BitwiseCopyable {
        /// Degrees, north and east positive.
        var latitude, longitude: Double
        /// Metres above sea level.
        var height: Double
        /// Kilometres from the first point, along the route.
        var distance: Double
        /// Kilometres an hour; 0 in a pause.
        var speed: Double
        /// Degrees clockwise from north.
        var course: Double
    }

    /// A stretch from one point to the next, or a pause.
    private struct Leg: BitwiseCopyable {
        /// Seconds from the beginning of the route to that of the leg.
        var start: Double
        /// Seconds that it takes; not 0.
        var duration: Double
        var place: Place
        /// How the place changes on it.
        var latitude, longitude, height, distance: Double
    }

    /// A point of the route as a file has it.
    struct Point {
        var latitude, longitude, height: Double
        /// Seconds that terminals stay.
        var pause = 0.0
        /// Kilometres an hour from here on; nil: as before.
        var speed: Double?
    }

    /// Kilometres between two points at the most.
    static let longestLeg = 500.0

    private let legs: [Leg]
    private let turn: Turn
    /// Seconds that the whole way takes, back again where it leads back; not 0.
    let period: Double
    /// Kilometres from the first point to the last, to the first again in a loop.
    let length: Double
    /// Whether terminals go on for ever.
    var isEndless: Bool { turn != .once }
    /// Between which degrees it lies; crossing the antimeridian, all of them.
    let bounds: (south: Double, west: Double, north: Double, east: Double)

    /// Why points make no route, and which of them, counted from 1.
    struct Problem: Error {
        let point: Int
        let reason: String
    }

    /// - Parameter speed: kilometres an hour where no point says another.
    init(_ points: [Point], turn: Turn, speed: Double) throws(Problem) {
        var legs: [Leg] = []
        var (time, length, speed) = (0.0, 0.0, speed)
        func stay(_ point: Point, _ course: Double) {
            guard point.pause > 0 else { return }
            let place = Place(
                latitude: point.latitude, longitude: point.longitude, height: point.height, distance: length,
                speed: 0, course: course)
            legs.append(
                Leg(
                    start: time, duration: point.pause, place: place, latitude: 0, longitude: 0, height: 0,
                    distance: 0))
            time += point.pause
        }
        func go(_ from: Point, _ to: Point, _ number: Int) throws(Problem) {
            let metres = Geodesic.distance(
                fromLatitude: from.latitude, longitude: from.longitude, toLatitude: to.latitude,
                longitude: to.longitude)
            guard metres <= Self.longestLeg * 1000 else {
                throw Problem(
                    point: number,
                    reason:
                        "lies \(Int(metres / 1000)) km from the one before, \(Int(Self.longestLeg)) km are allowed; "
                        + "put points between them")
            }
            let seconds = (metres / 1000 / speed * 3_600_000).rounded() / 1000
            guard seconds > 0 else { return }
            let east = (to.longitude - from.longitude).remainder(dividingBy: 360)
            let course = Self.course(from.latitude, to.latitude, east)
            let place = Place(
                latitude: from.latitude, longitude: from.longitude, height: from.height, distance: length,
                speed: speed, course: course)
            legs.append(
                Leg(
                    start: time, duration: seconds, place: place, latitude: to.latitude - from.latitude,
                    longitude: east, height: to.height - from.height, distance: metres / 1000))
            time += seconds
            length += metres / 1000
        }
        guard let first = points.first else { throw Problem(point: 1, reason: "is missing") }
        speed = first.speed ?? speed
        stay(first, 0)
        for (number, (from, to)) in zip(points, points.dropFirst()).enumerated() {
            try go(from, to, number + 2)
            stay(to, legs.last?.place.course ?? 0)
            speed = to.speed ?? speed
        }
        if turn == .loop, let last = points.last { try go(last, first, 1) }
        if turn == .back { Self.mirror(&legs, &time) }
        if legs.isEmpty {
            // One point: a terminal that stays where it is.
            let place = Place(
                latitude: first.latitude, longitude: first.longitude, height: first.height, distance: 0, speed: 0,
                course: 0)
            legs.append(Leg(start: 0, duration: 1, place: place, latitude: 0, longitude: 0, height: 0, distance: 0))
            time = 1
        }
        (self.legs, self.turn, period, self.length) = (legs, turn, time, length)
        let north = points.map(\.latitude)
        let east = points.map(\.longitude)
        let crosses = legs.contains { ($0.place.longitude + $0.longitude).magnitude > 180 }
        bounds = (
            north.min() ?? 0, crosses ? -180 : east.min() ?? 0, north.max() ?? 0, crosses ? 180 : east.max() ?? 0
        )
    }

    /// Adds the way back: the same legs, the pauses at both ends once.
    private static func mirror(_ legs: inout [Leg], _ time: inout Double) {
        var there = legs[...]
        if let last = there.last, last.place.speed == 0 { there.removeLast() }
        if let first = there.first, first.place.speed == 0 { there.removeFirst() }
        for leg in there.reversed() {
            var place = leg.place
            place.latitude += leg.latitude
            place.longitude = wrapped(place.longitude + leg.longitude)
            place.height += leg.height
            place.distance += leg.distance
            place.course = (place.course + 180).truncatingRemainder(dividingBy: 360)
            legs.append(
                Leg(
                    start: time, duration: leg.duration, place: place, latitude: -leg.latitude,
                    longitude: -leg.longitude, height: -leg.height, distance: -leg.distance))
            time += leg.duration
        }
    }

    /// Tenths of degrees, for a leg is not known better.
    private static func course(_ from: Double, _ to: Double, _ east: Double) -> Double {
        let middle = (from + to) / 2 * .pi / 180
        let degrees = (atan2(east * cos(middle), to - from) * 1800 / .pi).rounded() / 10
        return degrees < 0 ? degrees + 360 : degrees
    }

    private static func wrapped(_ longitude: Double) -> Double {
        longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude
    }

    /// Where one is who has been on the way for so many seconds, 0 or more.
    func place(at seconds: Double) -> Place {
        let time =
            turn == .once ? min(seconds, period.nextDown) : seconds.truncatingRemainder(dividingBy: period)
        var (low, high) = (0, legs.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if legs[middle].start <= time { low = middle } else { high = middle - 1 }
        }
        let leg = legs[low]
        let share = min(1, (time - leg.start) / leg.duration)
        var place = leg.place
        place.latitude += leg.latitude * share
        place.longitude = Self.wrapped(place.longitude + leg.longitude * share)
        place.height += leg.height * share
        place.distance += leg.distance * share
        // Who has arrived goes no further.
        if turn == .once, seconds >= period { place.speed = 0 }
        return place
    }
}
