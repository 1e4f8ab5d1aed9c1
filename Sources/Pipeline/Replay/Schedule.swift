public import Bytes

/// When packets are due: each time is reckoned from one anchor, so that no error adds up, whatever the length of a replay.
///
/// It knows no clock; who uses it says what the time is.
public struct Schedule: Sendable {
    /// How fast packets follow each other.
    public enum Pace: Sendable, Equatable {
        /// As they were captured, so many times as fast.
        case original(speed: Double)
        /// So many packets a second, evenly.
        case packets(perSecond: Double)
        /// So many bits of what is sent a second.
        case bits(perSecond: Double)
        /// Without waiting.
        case asSoonAsPossible
    }

    /// How fast packets follow each other.
    public let pace: Pace
    /// When the first packet is due, in nanoseconds of the user's clock.
    public let anchor: Int64
    /// The capture time of the beginning; nil in front of the first packet of an input that has one.
    private var base: Int64?
    /// How far the latest packet so far lies behind the beginning, in nanoseconds of capture time.
    private var position: Int64 = 0
    private var packets = 0
    private var octets = 0
    /// The first packet of the input at hand, as ``position`` counts, and how many packets with a time came since.
    private var begun: (position: Int64, packets: Int) = (0, 0)
    /// Packets that were captured before the one in front of them: they are due with it.
    public private(set) var backwards = 0
    /// Packets without a time: they are due with the one in front of them.
    public private(set) var untimed = 0

    /// A schedule whose first packet is due at `anchor`.
    public init(_ pace: Pace, anchor: Int64) { (self.pace, self.anchor) = (pace, anchor) }

    /// Begins another input, or the same once more: its first packet is due behind the last one so far, at the distance
    /// that packets had on average.
    public mutating func beginInput() { base = nil }

    /// When the next packet is due, which has so many octets.
    public mutating func due(_ time: CaptureTime, octets count: Int) -> Int64 {
        defer {
            packets += 1
            octets += count
        }
        switch pace {
        case .asSoonAsPossible: return anchor
        case .packets(let rate): return after(Double(packets) * 1e9 / rate)
        case .bits(let rate): return after(Double(octets) * 8e9 / rate)
        case .original(let speed):
            advance(to: time)
            // Times of a day are exact to the nanosecond in a Double, and those of a century to a microsecond.
            return speed == 1 ? anchor + min(position, .max / 2 - anchor) : after(Double(position) / speed)
        }
    }

    private func after(_ nanoseconds: Double) -> Int64 { anchor + Int64(min(nanoseconds, 4e18)) }

    private mutating func advance(to time: CaptureTime) {
        guard time.isKnown else { return untimed += 1 }
        guard let base else {
            let gap = begun.packets > 1 ? (position - begun.position) / Int64(begun.packets - 1) : 0
            position += gap
            begun = (position, 1)
            self.base = time.nanoseconds.subtractingReportingOverflow(position).partialValue
            return
        }
        begun.packets += 1
        let (reached, overflow) = time.nanoseconds.subtractingReportingOverflow(base)
        if overflow || reached < position { backwards += 1 } else { position = reached }
    }
}
