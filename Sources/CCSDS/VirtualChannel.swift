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
    /// The count of the last late frame, what tells it when it comes again, and where the order stood before a restart.
    var lastLate: UInt32?
    var lateFingerprint: UInt32 = 0
    var before: UInt32?
    /// The last frame, to know it when it comes again.
    let lastFrame = ByteBuffer()
    /// The same of a frame that was not read, see ``resume(_:)``.
    var fingerprint: UInt32?

    /// The packet that waits: its octets, how many it needs (0 = its header is not whole), where it began.
    let partial = ByteBuffer()
    var expected = 0
    var partialIsIdle = false
    var partialOffset: UInt64 = 0
    var partialPacket: UInt64 = 0
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
        /// One that should have come before: it stands alone.
        case late
        /// The last one again.
        case repeated
    }

    /// Enters a frame by its count, which runs modulo `modulus`.
    ///
    /// A step back of up to `window` is a late frame; two late frames in a row that count on are a restart. The eight
    /// bits of TM leave little room: a step of 200 ahead, heard after a long silence, is likelier than one of 56 back.
    func order(of count: UInt32, modulus: UInt32, window: UInt32, frame: RawSpan) -> Order {
        seen.frames += 1
        guard started else {
            started = true
            seen.firstCount = count
            settle(count, frame)
            return .first
        }
        let lastFrame = self.lastFrame
        if count == last, fingerprint.map({ $0 == Self.fingerprint(of: frame) }) ?? lastFrame.bytes.isEqual(to: frame) {
            seen.repeated += 1
            return .repeated
        }
        let step = (count &- last) & (modulus &- 1)
        if step == 1 {
            settle(count, frame)
            return .next
        }
        if step == 0 || step >= modulus - window {
            let mark = Self.fingerprint(of: frame)
            if count == lastLate, mark == lateFingerprint {
                seen.repeated += 1
                return .repeated
            }
            seen.late += 1
            if let lastLate, count == (lastLate + 1) & (modulus - 1) {
                seen.restarts += 1
                before = last
                settle(count, frame)
                return .gap
            }
            (lastLate, lateFingerprint) = (count, mark)
            return .late
        }
        // What was before a restart goes on: nothing is missing in between.
        if let before, count == (before + 1) & (modulus - 1) {
            self.before = nil
        } else {
            seen.gaps += 1
            seen.missing += Int(step) - 1
        }
        settle(count, frame)
        return .gap
    }

    private func settle(_ count: UInt32, _ frame: RawSpan) {
        last = count
        lastLate = nil
        fingerprint = nil
        seen.lastCount = count
        lastFrame.removeAll()
        lastFrame.append(frame)
    }
}
