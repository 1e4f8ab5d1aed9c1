internal import Bytes

/// The date that a flow is at, by which a time of day gets its date.
struct FlowClock: BitwiseCopyable {
    static let day: Int64 = 86_400_000_000_000

    /// The last time with a date that the flow stated.
    private var stated = CaptureTime.unknown
    /// When that was captured.
    private var captured = CaptureTime.unknown

    /// The flow states a date and time.
    mutating func set(_ time: CaptureTime, captured: CaptureTime) {
        stated = time
        self.captured = captured
    }

    /// The date and time of a time of day: the one that is nearest to where the flow must be by now, or else nearest to the
    /// time of capture. So 00:00:01 behind 23:59:59 is the next day. Unknown where there is nothing to go by.
    func complete(_ timeOfDay: Int64, captured now: CaptureTime) -> CaptureTime {
        let reference: Int128
        if stated.isKnown {
            let since = now.isKnown && captured.isKnown ? Int128(now.nanoseconds) - Int128(captured.nanoseconds) : 0
            reference = Int128(stated.nanoseconds) + since
        } else if now.isKnown {
            reference = Int128(now.nanoseconds)
        } else {
            return .unknown
        }
        return Int64(exactly: Self.nearest(Int128(timeOfDay), to: reference))
            .map(CaptureTime.init(nanoseconds:)) ?? .unknown
    }

    /// Whether the flow has stated a date.
    var isSet: Bool { stated.isKnown }

    /// The time of that time of day that is nearest to another time.
    static func nearest(_ timeOfDay: Int128, to reference: Int128) -> Int128 {
        let day = Int128(Self.day)
        var days = (reference - timeOfDay) / day
        let rest = (reference - timeOfDay) - days * day
        if rest * 2 > day { days += 1 } else if rest * 2 < -day { days -= 1 }
        return timeOfDay + days * day
    }
}
