internal import Bytes

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
}
