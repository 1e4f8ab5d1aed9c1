internal import Bytes
internal import Glibc

/// Waiting for descriptors with a deadline, in milliseconds of a clock that nobody sets.
public enum Waiting {
    /// Milliseconds of the system's monotonic clock.
    public static func now() -> Int64 { SteadyClock.now() / 1_000_000 }

    /// Milliseconds since 1970, UTC.
    public static func utc() -> Int64 { CaptureTime.now.nanoseconds / 1_000_000 }

    /// What a descriptor is ready for; neither when the time was over or the user asked to end.
    public struct Readiness: Equatable, Sendable {
        /// There is something to read, or the end or an error to be learned by reading.
        public var canRead = false
        /// Something can be written.
        public var canWrite = false
        /// Either.
        public var isReady: Bool { canRead || canWrite }
    }

    /// A signal that comes between a look at ``Interruption`` and poll(2) is noticed after so many milliseconds.
    private static let slice: Int64 = 200

    /// Waits until a descriptor can be read (or written, where that is wanted), until a time on the clock of ``now()``, or
    /// until the user asks to end.
    public static func wait(
        for descriptor: Int32, toRead: Bool = true, toWrite: Bool = false, until end: Int64
    ) -> Readiness {
        let events = (toRead ? POLLIN : 0) | (toWrite ? POLLOUT : 0)
        while true {
            let left = end - now()
            var question = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let ready = unsafe poll(&question, 1, Int32(max(0, min(left, slice))))
            if ready > 0 {
                let found = Int32(question.revents)
                return Readiness(
                    canRead: found & Int32(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0,
                    canWrite: found & Int32(POLLOUT) != 0)
            }
            if Interruption.isAsked || left <= 0 { return Readiness() }
        }
    }
}
