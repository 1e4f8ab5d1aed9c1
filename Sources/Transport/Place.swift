package import Bytes

/// Where a window of octets comes from: the payload it ends in, and what an earlier payload left in front of it.
package struct Place {
    package let time: CaptureTime
    package let packet: UInt64
    package let flow: UInt32
    /// Where the window's first octet stands in the input.
    package let first: UInt64
    /// How many octets of the window stand there; those behind begin at `second`.
    package let split: Int
    package let second: UInt64

    /// A place from its parts.
    package init(time: CaptureTime, packet: UInt64, flow: UInt32, first: UInt64, split: Int, second: UInt64) {
        self.time = time
        self.packet = packet
        self.flow = flow
        self.first = first
        self.split = split
        self.second = second
    }

    /// Where an octet of the window stands in the input.
    package func offset(of index: Int) -> UInt64 {
        index < split
            ? first &+ UInt64(truncatingIfNeeded: index) : second &+ UInt64(truncatingIfNeeded: index &- split)
    }
}
