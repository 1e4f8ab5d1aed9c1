public import Bytes

/// One report of a terminal, as a point of its track.
@frozen
public struct TrackPoint: BitwiseCopyable, Sendable {
    /// What was reported.
    public var position: Position
    /// What is to be known of it beside its neighbours.
    public var marks: Marks = []
    /// What ``time`` is.
    public var clock = Clock.none
    /// The order of arrival.
    var order: UInt32 = 0
    /// Nanoseconds by ``clock``: since 1970, or since the midnight in front of the track's first point.
    var instant: Int64 = 0

    init(_ position: Position) { self.position = position }

    /// When the terminal was there: as it states, or else as captured; unknown where there is no date.
    public var time: CaptureTime { clock.isDated ? CaptureTime(nanoseconds: instant) : .unknown }

    /// What a time was taken from.
    @frozen
    public enum Clock: UInt8, BitwiseCopyable, Sendable, Hashable {
        /// Nothing: the point stands where it arrived.
        case none
        /// A time of day that nothing gives a date to.
        case timeOfDay
        /// The capture, as the message states no time.
        case capture
        /// The message.
        case stated

        /// Whether it has dates.
        public var isDated: Bool { self == .capture || self == .stated }
    }

    /// What is to be known of a point.
    @frozen
    public struct Marks: OptionSet, BitwiseCopyable, Sendable, Hashable {
        /// The marks as bits.
        public let rawValue: UInt8
        /// Marks from their bits.
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Much more time went by since the report before than the terminal usually takes.
        public static let gapBefore = Marks(rawValue: 1)
        /// The terminal cannot have come here from the last good point in that time.
        public static let jump = Marks(rawValue: 2)
        /// The same time and place again.
        public static let repeated = Marks(rawValue: 4)
        /// It arrived behind a report of a later time.
        public static let late = Marks(rawValue: 8)
        /// The first of many points that are too far from those before: the track begins anew here.
        public static let relocated = Marks(rawValue: 16)

        /// The marks and what sinks call them.
        public static let names: [(mark: Marks, name: StaticString)] = [
            (.gapBefore, "gap"), (.jump, "jump"), (.repeated, "repeated"), (.late, "late"), (.relocated, "relocated"),
        ]
    }
}

/// Where a terminal was, in the order of time.
public struct Track: Sendable {
    /// Whose track it is.
    public let terminal: Terminal
    /// The points in the order of their times; those without one stand where they arrived.
    public internal(set) var points: [TrackPoint]
    /// Points that found no room.
    public let dropped: Int
    /// The way along all points that are neither jumps nor repeated, in metres, over gaps too but not to where the track
    /// begins anew.
    public internal(set) var distance = 0.0
    /// The terminal's usual interval in nanoseconds: the median; nil for fewer than three intervals.
    public internal(set) var usualInterval: Int64?
    /// How many points have each mark, in the order of ``TrackPoint/Marks/names``.
    public internal(set) var counts: [Int] = []
    /// How many points call for help.
    public internal(set) var emergencies = 0

    init(terminal: Terminal, points: [TrackPoint], dropped: Int) {
        self.terminal = terminal
        self.points = points
        self.dropped = dropped
    }

    /// How many points have a mark.
    public func count(of mark: TrackPoint.Marks) -> Int {
        zip(TrackPoint.Marks.names, counts).first { $0.0.mark == mark }?.1 ?? 0
    }

    /// The time of the first point that has a date; unknown when none has.
    public var first: CaptureTime { points.first { $0.clock.isDated }?.time ?? .unknown }
    /// The time of the last point that has a date.
    public var last: CaptureTime { points.last { $0.clock.isDated }?.time ?? .unknown }

    /// Nanoseconds from the first point to the last; nil where they do not share a clock.
    public var duration: Int64? {
        let timed = points.lazy.filter { $0.clock != .none }
        guard let first = timed.first, let last = points.last(where: { $0.clock != .none }),
            first.clock.isDated == last.clock.isDated
        else { return nil }
        let (span, overflow) = last.instant.subtractingReportingOverflow(first.instant)
        return overflow ? nil : span
    }

    /// The runs of points that one line is drawn through, as indexes: jumps and repeated points are left out, and gaps and
    /// new beginnings divide.
    public var lines: [[Int]] {
        var lines: [[Int]] = []
        var line: [Int] = []
        var isDivided = false
        for index in points.indices {
            let marks = points[index].marks
            // A gap in front of a jump is one in front of what follows it, too.
            if !marks.isDisjoint(with: [.gapBefore, .relocated]) { isDivided = true }
            guard marks.isDisjoint(with: [.jump, .repeated]) else { continue }
            if isDivided, !line.isEmpty {
                lines.append(line)
                line = []
            }
            isDivided = false
            line.append(index)
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
