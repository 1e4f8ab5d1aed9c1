internal import Bytes

/// The state of one virtual channel: its frame count and the packet that waits for its end.
///
/// Packets are put together in `VirtualChannel+Packets.swift`.
final class VirtualChannel {
    var seen: Channel
    /// What units carry: the index in the decoder's channels.
    let index: UInt32
    let zone: FrameLayout.Zone
    /// AOS virtual channel 63 carries only idle data.
    let isIdle: Bool

    var started = false
    /// The count that the order goes on from.
    var last: UInt32 = 0
    /// What is missing of the counts, and how fast they go.
    var line = CountLine()
    var pace = FramePace()
    /// The count of the last late frame, what tells it when it comes again, and where the order stood before a restart.
    var lastLate: UInt32?
    var lateFingerprint: UInt32 = 0
    var before: UInt32?
    /// The last frame, to know it when it comes again.
    let lastFrame = ByteBuffer()
    /// The same of a frame that was not read, see ``resume(_:)``.
    var fingerprint: UInt32?

    /// The packet that waits: its octets, how many it needs (0 = its header is not whole), where it began.
    var partial = ByteBuffer()
    var expected = 0
    var partialIsIdle = false
    var partialOffset: UInt64 = 0
    var partialPacket: UInt64 = 0
    /// The same of late frames that follow one another, which are put together beside the others.
    var aside = Aside()
    /// Whether it is late frames that are being put together.
    var isAside = false
    /// The last packet that had to be dropped, until the decoder takes it.
    var dropped: DroppedPacket?
    /// Frames were lost and no packet was handed on since.
    var framesLost = false
    /// No packet has begun and no frame was lost yet: the tail of a packet that began before the capture is nobody's
    /// fault.
    var isFirst = true

    init(spacecraft: Int, vcid: Int, index: Int, layout: FrameLayout) {
        seen = Channel(spacecraft: spacecraft, vcid: vcid)
        self.index = UInt32(index)
        zone = layout.zone(of: vcid)
        isIdle = layout.kind == .aos && vcid == 63
    }

    /// How a frame follows those before it.
    enum Order {
        /// The first of the channel.
        case first
        /// The next one.
        case next
        /// Frames are missing before it.
        case gap
        /// One that should have come before: it stands beside the others.
        case late
        /// The one behind the late one before it.
        case lateNext
        /// The last of some late ones in a row by which the counter began anew: they are in order.
        case restart
        /// The last one again.
        case repeated
    }

    /// What counts of frames run modulo, and how far behind the last one a late frame may be.
    struct Counting {
        let modulus: UInt32
        /// One so little behind is late where nothing else is known.
        let window: UInt32
        /// One so far behind is where it fills a hole and time allows no gap.
        let reach: UInt32

        /// The eight bits of TM leave little room: a step of 200 ahead is likelier than one of 56 back.
        static let tm = Counting(modulus: 256, window: 16, reach: 128)
        static let aos = Counting(modulus: 1 << 24, window: 1 << 23, reach: 1 << 23)
        /// With the cycle of the count (732.0-B-4, 4.1.2.6.3).
        static let aosWithCycle = Counting(modulus: 1 << 28, window: 1 << 27, reach: 1 << 27)
    }

    /// Enters a frame by its count.
    ///
    /// A frame with a lower count than the last one is late: it fills a hole that gaps left. Late frames in a row that count on and
    /// fill none are a restart (``CountLine``).
    func order(of count: UInt32, _ counting: Counting, frame: RawSpan, at time: CaptureTime) -> Order {
        seen.frames += 1
        guard started else {
            started = true
            seen.firstCount = count
            settle(count, frame, time)
            return .first
        }
        let lastFrame = self.lastFrame
        if count == last, fingerprint.map({ $0 == Self.fingerprint(of: frame) }) ?? lastFrame.bytes.isEqual(to: frame) {
            seen.repeated += 1
            return .repeated
        }
        let mask = counting.modulus - 1
        let step = (count &- last) & mask
        if step == 1 {
            line.place += 1
            settle(count, frame, time)
            return .next
        }
        let back = (last &- count) & mask
        if isLate(step, back, counting, time) { return late(count, Int(back), mask, frame, time) }
        // What was before a restart goes on: nothing is missing in between.
        if let before, count == (before + 1) & mask {
            self.before = nil
            line.begin()
        } else {
            seen.gaps += 1
            seen.missing += Int(step) - 1
            line.jump(Int(step), window: Int(counting.reach))
        }
        settle(count, frame, time)
        return .gap
    }

    /// Whether a count that is `step` ahead or `back` behind is one behind.
    private func isLate(_ step: UInt32, _ back: UInt32, _ counting: Counting, _ time: CaptureTime) -> Bool {
        guard back > 0 else { return true }
        guard back <= counting.reach else { return false }
        let canBeGap = pace.allows(Int(step), behind: line.place, at: time)
        return back <= counting.window ? canBeGap != true : canBeGap == false && line.isMissing(Int(back))
    }

    private func late(_ count: UInt32, _ back: Int, _ mask: UInt32, _ frame: RawSpan, _ time: CaptureTime) -> Order {
        let mark = Self.fingerprint(of: frame)
        if count == lastLate, mark == lateFingerprint {
            seen.repeated += 1
            return .repeated
        }
        seen.late += 1
        let goesOn = lastLate.map { count == ($0 + 1) & mask } ?? false
        if line.late(back: back, goesOn: goesOn) == .restart {
            seen.restarts += 1
            before = last
            line.begin()
            settle(count, frame, time)
            return .restart
        }
        (lastLate, lateFingerprint) = (count, mark)
        return goesOn ? .lateNext : .late
    }

    private func settle(_ count: UInt32, _ frame: RawSpan, _ time: CaptureTime) {
        last = count
        lastLate = nil
        fingerprint = nil
        seen.lastCount = count
        pace.step(to: line.place, at: time)
        lastFrame.removeAll()
        lastFrame.append(frame)
    }
}
