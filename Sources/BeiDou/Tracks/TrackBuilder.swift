public import Bytes

/// How points of tracks are marked, and how many are kept.
public struct TrackOptions: Sendable {
    /// The highest speed that a terminal can have, in kilometres an hour, by the way it is named. What is faster is a jump.
    public var highestSpeeds: [TerminalGroup: Double] = [:]
    /// The highest speed of terminals that have none of their own.
    public var highestSpeed = 1_200.0
    /// The interval in seconds that is a gap; nil: found out from the terminal's own intervals.
    public var gap: Double?
    /// So many points in a row that are too far from the last good one, and not from each other, begin the track anew.
    public var relocation = 5
    /// Points kept, of all terminals together: some 120 octets each, and while a track grows up to twice that. Those beyond
    /// are counted.
    public var mostPoints = 4_000_000

    /// The usual values.
    public init() {}

    func highestSpeed(of group: TerminalGroup) -> Double { highestSpeeds[group] ?? highestSpeed }
}

/// Puts positions together to tracks, one a terminal.
///
/// All points are kept until the end, since a late one belongs in front of others that came before it; see
/// ``TrackOptions/mostPoints``.
public final class TrackBuilder {
    private let options: TrackOptions
    private var tracks: [Growing] = []
    /// For each terminal its place in `tracks`; -1: none.
    private var places: [Int32] = []
    private var kept = 0
    /// Points that found no room.
    public private(set) var dropped = 0

    /// A builder without points.
    public init(_ options: TrackOptions = TrackOptions()) { self.options = options }

    /// A track that grows.
    private final class Growing {
        let who: UInt32
        var points: [TrackPoint] = []
        var dropped = 0
        /// The latest time so far, of points with a date and of others.
        var latest: (dated: Int64, undated: Int64) = (.min, .min)
        var isSorted = true

        init(who: UInt32) { self.who = who }
    }

    /// Adds positions; those of one terminal in the order of their arrival.
    ///
    /// - Parameter isWanted: says of which terminals.
    /// - Returns: the index of the first position that found no room; nil when all did.
    @discardableResult
    public func add(
        _ positions: borrowing Batch<Position>, where isWanted: (UInt32) -> Bool = { _ in true }
    ) -> Int? {
        var first: Int?
        for index in 0..<positions.count {
            let position = positions[index]
            guard isWanted(position.who) else { continue }
            let track = track(of: position.who)
            guard kept < options.mostPoints else {
                dropped += 1
                track.dropped += 1
                if first == nil { first = index }
                continue
            }
            kept += 1
            add(position, to: track)
        }
        return first
    }

    private func track(of who: UInt32) -> Growing {
        while places.count <= Int(who) { places.append(-1) }
        if places[Int(who)] < 0 {
            places[Int(who)] = Int32(tracks.count)
            tracks.append(Growing(who: who))
        }
        return tracks[Int(places[Int(who)])]
    }

    private func add(_ position: Position, to track: Growing) {
        var point = TrackPoint(position)
        point.order = UInt32(truncatingIfNeeded: track.points.count)
        if position.stated.isKnown {
            (point.clock, point.instant) = (.stated, position.stated.nanoseconds)
        } else if position.timeOfDay >= 0 {
            point.clock = .timeOfDay
            // Days are counted from the first one, forwards over midnight and back for what comes late.
            let reference = track.latest.undated == .min ? position.timeOfDay : track.latest.undated
            let nearest = FlowClock.nearest(Int128(position.timeOfDay), to: Int128(reference))
            point.instant = Int64(clamping: nearest)
        } else if position.captured.isKnown {
            (point.clock, point.instant) = (.capture, position.captured.nanoseconds)
        }
        if point.clock.isDated {
            if point.instant < track.latest.dated { mark(&point, track) }
            track.latest.dated = max(track.latest.dated, point.instant)
        } else if point.clock == .timeOfDay {
            if point.instant < track.latest.undated { mark(&point, track) }
            track.latest.undated = max(track.latest.undated, point.instant)
        }
        track.points.append(point)
    }

    private func mark(_ point: inout TrackPoint, _ track: Growing) {
        point.marks.insert(.late)
        track.isSorted = false
    }

    /// The tracks, in the order in which their terminals were met; the builder is empty afterwards.
    public func finish(_ terminals: [Terminal]) -> [Track] {
        defer {
            tracks = []
            places = []
            kept = 0
        }
        return tracks.compactMap { growing in
            guard terminals.indices.contains(Int(growing.who)) else { return nil }
            let terminal = terminals[Int(growing.who)]
            var points = growing.points
            growing.points = []
            if Self.date(&points) { growing.isSorted = Self.markLate(&points) && growing.isSorted }
            if !growing.isSorted { Self.sort(&points) }
            var track = Track(terminal: terminal, points: points, dropped: growing.dropped)
            track.judge(options, highestSpeed: options.highestSpeed(of: terminal.group))
            return track
        }
    }

    /// Gives points that have a time of day only the date of the first point behind them that has one: a receiver that
    /// states dates states the first one a little later.
    ///
    /// - Returns: whether there were any.
    private static func date(_ points: inout [TrackPoint]) -> Bool {
        var hasDated = false
        var next: Int64?
        // Nil outside of a run: all points of one run move by the same days.
        var shift: Int128?
        for index in points.indices.reversed() {
            guard points[index].clock == .timeOfDay else {
                if points[index].clock == .stated { next = points[index].instant }
                shift = nil
                continue
            }
            guard let next else { continue }
            let instant = Int128(points[index].instant)
            let days = shift ?? FlowClock.nearest(instant, to: Int128(next)) - instant
            shift = days
            guard let moved = Int64(exactly: instant + days) else { continue }
            points[index].instant = moved
            points[index].clock = .stated
            points[index].position.flags.insert(.dateCompleted)
            points[index].position.stated = CaptureTime(nanoseconds: moved)
            hasDated = true
        }
        return hasDated
    }

    /// Marks points that came behind a later one, now that all have dates which can have them.
    ///
    /// - Returns: whether there were none.
    private static func markLate(_ points: inout [TrackPoint]) -> Bool {
        var latest = Int64.min
        var isSorted = true
        for index in points.indices where points[index].clock.isDated {
            if points[index].instant < latest {
                points[index].marks.insert(.late)
                isSorted = false
            }
            latest = max(latest, points[index].instant)
        }
        return isSorted
    }

    /// Puts points in the order of their times. Points without a time, and those between which no order is known, stay
    /// behind the point that they arrived behind.
    private static func sort(_ points: inout [TrackPoint]) {
        var keys: [(isDated: Bool, instant: Int64)] = []
        keys.reserveCapacity(points.count)
        var last: (isDated: Bool, instant: Int64) = (false, .min)
        for point in points {
            if point.clock.isDated || point.clock == .timeOfDay && !last.isDated {
                last = (point.clock.isDated, point.instant)
            }
            keys.append(last)
        }
        let order = points.indices.sorted { a, b in
            if keys[a].isDated != keys[b].isDated { return !keys[a].isDated }
            return (keys[a].instant, points[a].order) < (keys[b].instant, points[b].order)
        }
        points = order.map { points[$0] }
    }
}
