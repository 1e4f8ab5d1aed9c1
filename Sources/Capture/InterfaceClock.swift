import Bytes

/// Turns the time stamps of one pcapng interface into nanoseconds since 1970.
struct InterfaceClock {
    private var resolution: UInt8
    private var secondsOffset: Int64
    // Time stamps up to `easy` are a product and a sum that cannot overflow; 0 = none is.
    private var easy: UInt64 = 0
    private var unit: Int64 = 0
    private var offset: Int64 = 0

    /// The clock of an interface (`if_tsresol`, `if_tsoffset`).
    init(_ interface: Interface) {
        resolution = interface.resolution
        secondsOffset = interface.timeOffset
        // Decimal resolutions of a nanosecond and above, and offsets of less than 100 years: the ordinary case.
        if resolution <= 9, secondsOffset.magnitude < 3_155_760_000 {
            unit = Self.power(of: 9 - Int(resolution))
            offset = secondsOffset * 1_000_000_000
            easy = UInt64((Int64.max - abs(offset)) / unit)
        }
    }

    /// The time of a stamp; unknown when it does not lie in the years that ``CaptureTime`` has.
    @inline(__always)
    func time(_ stamp: UInt64) -> CaptureTime {
        if stamp <= easy { return CaptureTime(nanoseconds: Int64(bitPattern: stamp) &* unit &+ offset) }
        return slowly(stamp)
    }

    private func slowly(_ stamp: UInt64) -> CaptureTime {
        let (seconds, nanoseconds) = split(stamp)
        guard let whole = Int64(exactly: seconds) else { return .unknown }
        let (moved, a) = whole.addingReportingOverflow(secondsOffset)
        let (scaled, b) = moved.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, c) = scaled.addingReportingOverflow(Int64(nanoseconds))
        return a || b || c ? .unknown : CaptureTime(nanoseconds: sum)
    }

    /// Whole seconds, and what is left in nanoseconds, finer parts dropped.
    private func split(_ stamp: UInt64) -> (UInt64, UInt64) {
        let places = Int(resolution & 0x7F)
        if resolution & 0x80 != 0 {
            if places == 0 { return (stamp, 0) }
            let seconds = places < 64 ? stamp >> UInt64(places) : 0
            let fraction = places < 64 ? stamp & (1 << UInt64(places) - 1) : stamp
            // fraction · 10^9 / 2^places, with all 128 bits of the product.
            let product = fraction.multipliedFullWidth(by: 1_000_000_000)
            if places >= 128 { return (seconds, 0) }
            let nanoseconds =
                places >= 64
                ? product.high >> UInt64(places - 64)
                : product.high << UInt64(64 - places) | product.low >> UInt64(places)
            return (seconds, nanoseconds)
        }
        if places <= 9 {
            let perSecond = UInt64(Self.power(of: places))
            return (stamp / perSecond, stamp % perSecond * UInt64(Self.power(of: 9 - places)))
        }
        if places <= 18 {
            let perSecond = UInt64(Self.power(of: places))
            return (stamp / perSecond, stamp % perSecond / UInt64(Self.power(of: places - 9)))
        }
        // Below an attosecond a stamp of 64 bits is less than 20 seconds.
        if places == 19 {
            return (stamp / 10_000_000_000_000_000_000, stamp % 10_000_000_000_000_000_000 / 10_000_000_000)
        }
        return (0, places - 9 <= 18 ? stamp / UInt64(Self.power(of: places - 9)) : 0)
    }

    private static func power(of places: Int) -> Int64 {
        var power: Int64 = 1
        for _ in 0..<places { power *= 10 }
        return power
    }
}
