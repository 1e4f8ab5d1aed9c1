internal import Glibc

/// The system's monotonic clock, which nobody sets.
public enum SteadyClock {
    /// Nanoseconds since some point in the past.
    public static func now() -> Int64 {
        var time = timespec()
        // The one argument that is written to is a local of the right type.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension CaptureTime {
    /// The time of day, as captures count it.
    public static var now: CaptureTime {
        var time = timespec()
        // As above.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return CaptureTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
