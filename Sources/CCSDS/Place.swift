internal import Bytes

/// Where a window of octets comes from: the payload it ends in, and what an earlier payload left in front of it.
struct Place {
    let time: CaptureTime
    let packet: UInt64
    let flow: UInt32
    /// Where the window's first octet stands in the input.
    let first: UInt64
    /// How many octets of the window stand there; those behind begin at `second`.
    let split: Int
    let second: UInt64

    /// Where an octet of the window stands in the input.
    @inline(__always)
    func offset(of index: Int) -> UInt64 {
        index < split
            ? first &+ UInt64(truncatingIfNeeded: index) : second &+ UInt64(truncatingIfNeeded: index &- split)
    }
}
