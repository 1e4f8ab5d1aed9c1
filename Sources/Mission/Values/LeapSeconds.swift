/// How far TAI is ahead of UTC: whole seconds since 1972 (IERS Bulletin C). Before 1972, when the difference was no
/// whole number of seconds, the 10 s of 1972 are taken.
enum LeapSeconds {
    /// Seconds since 1970 (UTC, without leap seconds) from which on TAI - UTC is 11, 12, …
    private static let steps: [Int64] = [
        78_796_800, 94_694_400, 126_230_400, 157_766_400, 189_302_400, 220_924_800, 252_460_800, 283_996_800,
        315_532_800, 362_793_600, 394_329_600, 425_865_600, 489_024_000, 567_993_600, 631_152_000, 662_688_000,
        709_948_800, 741_484_800, 773_020_800, 820_454_400, 867_715_200, 915_148_800, 1_136_073_600, 1_230_768_000,
        1_341_100_800, 1_435_708_800, 1_483_228_800,
    ]

    /// Attoseconds of TAI since 1970-01-01T00:00:00 TAI for attoseconds of UTC since 1970.
    static func tai(fromUTC utc: Int128) -> Int128 {
        let second = MissionTime.attosecondsInSecond
        let passed = steps.prefix { Int128($0) * second <= utc }.count
        return utc + Int128(10 + passed) * second
    }

    /// The UTC time for attoseconds of TAI; nil outside the years 1 to 9999.
    static func time(fromTAI tai: Int128) -> MissionTime? {
        let second = MissionTime.attosecondsInSecond
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
            guard var time = MissionTime(utc: utc - second) else { return nil }
            time.attoseconds += UInt64(second)
            return time
        }
        return MissionTime(utc: utc)
    }
}
