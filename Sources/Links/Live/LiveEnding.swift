internal import Bytes
internal import Glibc

/// How far a source of packets is read when it is to end: to what had come by then, or a little further.
struct LiveEnding {
    private let time = CaptureTime.now
    private var left: Int
    /// Whether all of it has been read.
    private(set) var isOver = false

    /// - Parameter octets: what waits, or can wait at the most.
    init(octets: Int) { left = octets }

    /// Takes note of what was read, and when it had come where that is sure.
    mutating func take(_ octets: Int, at time: CaptureTime? = nil) {
        left -= octets
        if left <= 0 || time.map({ $0.nanoseconds > self.time.nanoseconds }) ?? false { isOver = true }
    }

    /// Octets that can be read from a stream at once (tcp(7), SIOCINQ; ioctl_tty(2), FIONREAD).
    static func waiting(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        // The number is written to an int.
        return unsafe ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(max(0, count)) : 0
    }
}
