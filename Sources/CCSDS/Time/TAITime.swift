/// A point in time as seconds that never jump: TAI seconds since 1958-01-01T00:00:00 TAI, and attoseconds.
///
/// Range: 2^62 seconds to either side of 1958; steps of 10^-18 s.
public struct TAITime: Sendable, Hashable, Comparable {
    /// Attoseconds in a second.
    public static let attosecondsPerSecond: UInt64 = 1_000_000_000_000_000_000

    /// Whole seconds since 1958-01-01 TAI; negative before.
    public var seconds: Int
    /// What of the next second has gone by, 0 … 10^18 - 1.
    public var attoseconds: UInt64

    /// A time from whole seconds and attoseconds below one second.
    public init(seconds: Int, attoseconds: UInt64 = 0) {
        precondition(attoseconds < Self.attosecondsPerSecond, "attoseconds are less than a second")
        self.seconds = seconds
        self.attoseconds = attoseconds
    }

    /// Whether `a` is before `b`.
    public static func < (a: TAITime, b: TAITime) -> Bool {
        (a.seconds, a.attoseconds) < (b.seconds, b.attoseconds)
    }

    /// The time that much later.
    func adding(seconds more: Int, attoseconds parts: UInt64) -> TAITime {
        let sum = attoseconds + parts
        let carry = sum >= Self.attosecondsPerSecond
        return TAITime(
            seconds: seconds + more + (carry ? 1 : 0), attoseconds: carry ? sum - Self.attosecondsPerSecond : sum)
    }

    /// The time between an earlier one and this one.
    func since(_ other: TAITime) -> (seconds: Int, attoseconds: UInt64) {
        let borrow = attoseconds < other.attoseconds
        let parts =
            borrow ? attoseconds + Self.attosecondsPerSecond - other.attoseconds : attoseconds - other.attoseconds
        return (seconds - other.seconds - (borrow ? 1 : 0), parts)
    }

    /// The same time as UTC.
    public var utc: UTCTime {
        let (day, second) = LeapSeconds.utc(ofTAI: seconds)
        return UTCTime(day: day, second: second, attoseconds: attoseconds)
    }
}
