internal import CSystem
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

    /// Sleeps until a time of this clock; a signal may end the sleep early.
    package static func sleep(until time: Int64) {
        var end = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        // The time is read, and the place for what is left of a relative sleep may be none.
        _ = unsafe clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &end, nil)
    }

    /// Sleeps for so long.
    package static func pause(milliseconds: Int) { sleep(until: now() + Int64(milliseconds) * 1_000_000) }

    /// From now on sleeps of this thread end when they should, and not some 50 us later.
    package static func wakeExactly() { csystem_wake_exactly() }

    /// Whether there has been more to do in the last minute than processors for it.
    package static var isBusy: Bool {
        var load = 0.0
        // One number is asked for, and there is room for one.
        return unsafe getloadavg(&load, 1) == 1 && load >= Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// From now on this thread goes before all that are not real-time (SCHED_FIFO, its lowest priority). Gives the system's
    /// reason where that is not permitted.
    package static func goFirst() -> SystemError? {
        var priority = sched_param()
        priority.sched_priority = sched_get_priority_min(SCHED_FIFO)
        // The parameter is a local of the right type, which is read.
        return unsafe sched_setscheduler(0, SCHED_FIFO, &priority) == 0 ? nil : SystemError(number: errno)
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
