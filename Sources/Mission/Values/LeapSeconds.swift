import CCSDS
import Records

/// How far TAI is ahead of UTC: whole seconds since 1972 (IERS Bulletin C). Before 1972, when the difference was no
/// whole number of seconds, the 10 s of 1972 are taken.
enum LeapSeconds {
    /// Seconds since 1970 (UTC, without leap seconds) from which on TAI - UTC is 11, 12, …
    ///
    /// The table is that of the time codes, whose days begin 4,383 earlier, in 1958, and whose first row is the 10 s.
    private static let steps: [Int64] = CCSDS.LeapSeconds.steps.dropFirst().map { Int64($0.day - 4_383) * 86_400 }

    /// Attoseconds of TAI since 1970-01-01T00:00:00 TAI for attoseconds of UTC since 1970.
    static func tai(fromUTC utc: Int128) -> Int128 {
        let second = StatedTime.attosecondsInSecond
        let passed = steps.prefix { Int128($0) * second <= utc }.count
        return utc + Int128(10 + passed) * second
    }

    /// The UTC time for attoseconds of TAI; nil outside the years 1 to 9999.
    static func time(fromTAI tai: Int128) -> StatedTime? {
        let second = StatedTime.attosecondsInSecond
        // The step at `steps[k]` makes the difference 11 + k; the inserted second ends where the new difference begins.
        var low = 0
        var high = steps.count
        while low < high {
            let middle = (low + high) / 2
            if tai >= (Int128(steps[middle]) + Int128(11 + middle)) * second { low = middle + 1 } else { high = middle }
        }
        let utc = tai - Int128(10 + low) * second
        if low < steps.count, utc >= Int128(steps[low]) * second {
            // Inside the leap second: the second before, and more than a second of rest.
            guard var time = StatedTime(utc: utc - second) else { return nil }
            time.attoseconds += UInt64(second)
            return time
        }
        return StatedTime(utc: utc)
    }
}
