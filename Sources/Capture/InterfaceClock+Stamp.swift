import Bytes

/// Times back to time stamps, for writing.
extension InterfaceClock {
    /// Whether times in nanoseconds can be written by a clock of this resolution without loss: decimal ones down to
    /// nanoseconds, and binary ones whose seconds still fit.
    static func isExact(_ resolution: UInt8) -> Bool {
        resolution & 0x80 == 0 ? resolution <= 9 : resolution & 0x7F <= 32
    }

    /// Nanoseconds in a unit of a decimal clock; nil for others.
    static func unit(_ resolution: UInt8) -> Int64? {
        resolution <= 9 ? (0..<9 - Int(resolution)).reduce(1) { unit, _ in unit * 10 } : nil
    }

    /// The first time stamp that is not before a time by an interface's clock, which ``isExact(_:)``, and whether reading
    /// it gives that time again. An unknown time is written as 1970, where the clock has it.
    static func stamp(_ time: CaptureTime, of interface: Interface) -> (stamp: UInt64, isExact: Bool) {
        let wanted = time.isKnown ? Int128(time.nanoseconds) : 0
        let count = wanted - Int128(interface.timeOffset) * 1_000_000_000
        guard count >= 0 else { return (0, false) }
        let stamp: Int128
        if let unit = unit(interface.resolution) {
            stamp = count / Int128(unit)
        } else {
            // Reading drops what is finer than a nanosecond: the next stamp from here on is the one that was read.
            let (seconds, rest) = count.quotientAndRemainder(dividingBy: 1_000_000_000)
            let places = Int128(interface.resolution & 0x7F)
            stamp = seconds << places + (rest << places + 999_999_999) / 1_000_000_000
        }
        guard let found = UInt64(exactly: stamp) else { return (.max, false) }
        return (found, time.isKnown && InterfaceClock(interface).time(found) == time)
    }
}
