public import Bytes

/// When packets are due: each time is reckoned from one anchor, so that no error adds up, whatever the length of a replay.
///
/// It knows no clock; who uses it says what the time is. A change of pace, a pause and a jump set the anchor anew, once
/// each, and what is behind it is reckoned from there.
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
    public private(set) var pace: Pace
    /// When what ``origin`` says is due, in nanoseconds of the user's clock.
    public private(set) var anchor: Int64
    /// What is due at the anchor, as ``progress`` counts; nil: the next packet, whatever it is.
    private var origin: Int64?
    /// How far the latest packet is, in what the pace counts: nanoseconds of capture time, packets, or octets in front.
    private var progress: Int64 = 0
    /// The capture time of the beginning; nil in front of the first packet of an input that has one.
    private var base: Int64?
    /// How far the latest packet so far lies behind the beginning, in nanoseconds of capture time.
    private var position: Int64 = 0
    private var packets: Int64 = 0
    private var octets: Int64 = 0
    /// The first packet of the input at hand, as ``position`` counts, and how many packets with a time came since.
    private var begun: (position: Int64, packets: Int64) = (0, 0)
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
        if case .original = pace { advance(to: time) }
        progress = counted
        packets += 1
        octets += Int64(count)
        let start = origin ?? progress
        origin = start
        let ahead = progress.subtractingReportingOverflow(start).partialValue
        switch pace {
        case .asSoonAsPossible: return anchor
        // Times of a day are exact to the nanosecond in a Double, and those of a century to a microsecond.
        case .original(let speed) where speed == 1: return anchor + min(ahead, .max / 2 - anchor)
        case .original, .packets, .bits: return anchor + span(ahead)
        }
    }

    /// The capture time that is due at a time of the clock; nil where that is not what the pace goes by, and in front of the first
    /// packet.
    public func captureTime(at now: Int64) -> Int64? {
        guard case .original(let speed) = pace, let base, let origin else { return nil }
        let reached = max(-4e18, min((Double(now - anchor) * speed).rounded(), 4e18))
        let (position, overflow) = origin.addingReportingOverflow(Int64(reached))
        let (time, isBeyond) = base.addingReportingOverflow(position)
        return overflow || isBeyond ? (reached < 0 ? .min : .max) : time
    }

    /// When the next packet is due at the earliest.
    public var earliest: Int64 {
        switch pace {
        case .packets, .bits: origin.map { anchor + min(span(counted - $0), .max / 2 - anchor) } ?? anchor
        case .original, .asSoonAsPossible: anchor
        }
    }

    /// How long it takes, in nanoseconds, until so much of what the pace counts has gone by.
    private func span(_ progress: Int64) -> Int64 {
        Int64(max(-4e18, min((Double(progress) / rate).rounded(), 4e18)))
    }

    /// What the pace counts.
    private var counted: Int64 {
        switch pace {
        case .original, .asSoonAsPossible: position
        case .packets: packets
        case .bits: octets
        }
    }

    /// How much of what the pace counts goes by in a nanosecond.
    private var rate: Double {
        switch pace {
        case .original(let speed): speed
        case .packets(let rate): rate / 1e9
        case .bits(let rate): rate / 8e9
        case .asSoonAsPossible: .infinity
        }
    }

    private mutating func advance(to time: CaptureTime) {
        guard time.isKnown else { return untimed += 1 }
        guard let base else {
            let gap = begun.packets > 1 ? (position - begun.position) / (begun.packets - 1) : 0
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

/// What happens between two packets.
extension Schedule {
    /// From a time on packets follow each other at another pace. What was under way stays so: of ten seconds to the next
    /// packet, seven of which are over, twice the speed leaves one and a half. At another rate the next packet is due
    /// when it would have been had the rate been that since the last one, but not before `now`.
    public mutating func change(to other: Pace, at now: Int64) {
        defer { pace = other }
        // In front of the first packet nothing is under way.
        guard packets > 0, let start = origin else { return }
        switch (pace, other) {
        case (.original, .original):
            guard now > anchor else { return }
            let reached = min((Double(now - anchor) * rate).rounded(.toNearestOrEven), 4e18)
            origin = start.addingReportingOverflow(Int64(reached)).partialValue
            anchor = now
        case (.packets, .packets), (.bits, .bits):
            let last = anchor + span(progress - start)
            pace = other
            anchor = max(now, last + span(counted - progress))
            origin = nil
        default:
            if case .original = other { base = nil }
            pace = other
            anchor = now
            (origin, progress) = (nil, counted)
        }
    }

    /// Goes on after a pause that began at a time.
    ///
    /// - Parameter isBehind: whether packets were sent meanwhile: then the last of them went out just now.
    public mutating func resume(from paused: Int64, at now: Int64, isBehind: Bool) {
        if isBehind {
            anchor = now
            origin = progress
        } else {
            anchor += max(0, now - paused)
        }
    }

    /// Goes on with another place of the input, whose first packet is due at a time.
    public mutating func jump(at now: Int64) {
        base = nil
        anchor = now
        origin = nil
    }
}
