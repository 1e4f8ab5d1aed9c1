internal import Bytes
internal import Capture

/// What was dropped of several stations, and what was kept though it looks like a copy.
public struct MergedCopies: Sendable {
    /// Why packets were dropped, or kept.
    public enum Reason: String, Sendable, CaseIterable {
        /// The same octets were received before.
        case same
        /// Its error control is wrong, and that of the copy that was kept is right.
        case wrong
        /// The error control of both is wrong: the first was kept.
        case bothWrong
        /// Error control agrees in both, or there is none, and they differ: both were kept.
        case differ
    }

    /// So many packets of one station, and the station whose copies are kept.
    public struct Row: Sendable {
        /// The interfaces in the merged capture.
        public let station: Int, kept: Int
        /// What became of them.
        public let reason: Reason
        /// How many packets; frames of those that differ.
        public fileprivate(set) var count: Int
    }

    /// The rows, in the order met.
    public private(set) var rows: [Row] = []
    /// Frames and packets that were looked at.
    public fileprivate(set) var compared = 0
    /// Packets that were dropped.
    public fileprivate(set) var dropped = 0

    fileprivate mutating func add(_ station: UInt32, _ kept: UInt32, _ reason: Reason) {
        if reason != .differ { dropped += 1 }
        let place = rows.firstIndex { $0.station == Int(station) && $0.kept == Int(kept) && $0.reason == reason }
        if let place {
            rows[place].count += 1
        } else {
            rows.append(Row(station: Int(station), kept: Int(kept), reason: reason, count: 1))
        }
    }
}

/// Packets of several stations by time, held back for as long as a better copy of one may come.
///
/// A frame is the same that another station received when spacecraft, virtual channel and count agree, it came within the
/// window of time, and the channel has not gone on by half of its counts meanwhile, so that the count cannot have rolled over. What
/// is dropped has the octets of what is kept, or a wrong error control; where two differ and both are right, both stay.
final class HeldPackets {
    /// Blocks that are ready.
    let out = ByteBuffer(capacity: 1 << 20)
    private(set) var copies = MergedCopies()

    private let window: Int64
    /// Octets that are held at most.
    private static let mostOctets = 256 << 20

    private struct Held: BitwiseCopyable {
        /// Where its block stands, counted from the first octet ever held.
        var start: Int
        var count: Int
        var time: Int64
        var station: UInt32
        /// How many frames it carries; 0 for what is never dropped.
        var frames: Int32
        var isDropped = false
    }

    /// A frame that is held.
    private struct Copy: BitwiseCopyable {
        var packet: Int
        var start: Int
        var count: Int
        var isGood: Bool
    }

    /// How far a virtual channel has come, its count unwrapped.
    private struct Head {
        var number: Int64
        /// Whether a frame that is right has told it.
        var isSure: Bool
    }

    private let pool = ByteBuffer(capacity: 1 << 20)
    private var poolStart = 0
    private var packets = Trail<Held>()
    private var known: [UInt64: Copy] = [:]
    /// The keys of the frames of held packets, in their order.
    private var keys = Trail<UInt64>()
    private var channels: [UInt64: Int] = [:]
    private var heads: [Head] = []
    private var frames: [ReceivedFrame] = []
    private var frameKeys: [UInt64] = []
    private var latest = Int64.min

    init(window: Int64) { self.window = window }

    /// Takes blocks that are no packets, and empties their buffer.
    func pass(_ blocks: ByteBuffer) {
        guard blocks.count > 0 else { return }
        hold(blocks, Held(start: 0, count: 0, time: latest, station: 0, frames: 0))
    }

    /// Takes a packet, whose block is all that the buffer holds, and empties it.
    func take(
        _ block: ByteBuffer, _ time: CaptureTime, _ station: UInt32, _ carried: CarriedFrames.Carried,
        _ contents: [CarriedFrames.Content]
    ) {
        if time.isKnown { latest = max(latest, time.nanoseconds) }
        release(until: latest)
        var held = Held(start: 0, count: 0, time: time.isKnown ? time.nanoseconds : latest, station: station, frames: 0)
        frames.removeAll(keepingCapacity: true)
        let start = 28 + carried.start
        guard carried.flow >= 0, time.isKnown,
            ReceivedFrame.read(
                block.bytes.slice(at: start, count: carried.count), contents[carried.flow], into: &frames)
        else { return hold(block, held) }
        copies.compared += frames.count
        guard judge(block, start, held) else {
            block.removeAll()
            return
        }
        held.frames = Int32(frames.count)
        let number = packets.end
        let place = poolStart + pool.count + start
        for (frame, key) in zip(frames, frameKeys) {
            _ = keys.append(key)
            // The first of two that differ stays the one to compare with.
            if let other = known[key], other.packet >= packets.start, !packets[other.packet].isDropped { continue }
            known[key] = Copy(packet: number, start: place + frame.start, count: frame.count, isGood: frame.isGood)
        }
        hold(block, held)
    }

    /// Whether a packet is to be kept; a worse copy of it is dropped.
    private func judge(_ block: ByteBuffer, _ start: Int, _ held: Held) -> Bool {
        frameKeys.removeAll(keepingCapacity: true)
        for frame in frames { frameKeys.append(key(of: frame)) }
        var (same, worse, better, isNew) = (0, 0, 0, false)
        var (first, isOne) = (-1, true)
        var reason = MergedCopies.Reason.same
        for (frame, key) in zip(frames, frameKeys) {
            guard let copy = known[key], copy.packet >= packets.start, copy.count == frame.count else {
                isNew = true
                continue
            }
            let other = packets[copy.packet]
            guard !other.isDropped, other.station != held.station, held.time - other.time <= window else {
                isNew = true
                continue
            }
            if first >= 0, copy.packet != first { isOne = false }
            if first < 0 { first = copy.packet }
            let equal = equalOctets(block, start + frame.start, copy)
            if equal == frame.count {
                same += 1
            } else if frame.isGood && copy.isGood {
                copies.add(held.station, other.station, .differ)
                isNew = true
            } else if equal * 2 < frame.count {
                // Another frame, whose header was hit.
                isNew = true
            } else if frame.isGood {
                better += 1
            } else {
                worse += 1
                reason = copy.isGood ? .wrong : .bothWrong
            }
        }
        guard !isNew, first >= 0 else { return true }
        if better == 0 {
            copies.add(held.station, packets[first].station, reason)
            return false
        }
        if worse == 0, isOne, Int(packets[first].frames) == frames.count {
            packets[first].isDropped = true
            copies.add(packets[first].station, held.station, .wrong)
        }
        return true
    }

    /// How many octets of a frame are those of a held one.
    private func equalOctets(_ block: ByteBuffer, _ at: Int, _ copy: Copy) -> Int {
        let pool = pool
        let (ours, theirs) = (block.bytes, pool.bytes)
        let place = copy.start - poolStart
        if ours.slice(at: at, count: copy.count).isEqual(to: theirs.slice(at: place, count: copy.count)) {
            return copy.count
        }
        var equal = 0
        for index in 0..<copy.count where ours.u8(at: at + index) == theirs.u8(at: place + index) { equal += 1 }
        return equal
    }

    /// What tells a frame from all others within the window.
    private func key(of frame: ReceivedFrame) -> UInt64 {
        guard frame.modulus > 0 else { return frame.identity | 1 << 63 }
        let channel = frame.identity << 32 | UInt64(frame.modulus)
        guard let place = channels[channel] else {
            channels[channel] = heads.count
            heads.append(Head(number: Int64(frame.number) + Int64(frame.modulus), isSure: frame.isGood))
            return number(heads.count - 1, heads[heads.count - 1].number)
        }
        let modulus = Int64(frame.modulus)
        let head = heads[place].number
        // Between half of the counts behind and half of them ahead.
        var step = (Int64(frame.number) - head) % modulus
        if step < 0 { step += modulus }
        if step >= modulus / 2 { step -= modulus }
        if frame.isGood, step > 0 || !heads[place].isSure { heads[place] = Head(number: head + step, isSure: true) }
        return number(place, head + step)
    }

    private func number(_ channel: Int, _ count: Int64) -> UInt64 {
        UInt64(channel) << 44 | UInt64(truncatingIfNeeded: count) & 0xFFF_FFFF_FFFF
    }

    private func hold(_ block: ByteBuffer, _ held: Held) {
        var held = held
        (held.start, held.count) = (poolStart + pool.count, block.count)
        pool.append(block.bytes)
        block.removeAll()
        _ = packets.append(held)
    }

    /// Hands on what nothing can come for any more.
    private func release(until time: Int64) {
        while packets.start < packets.end {
            let held = packets[packets.start]
            let isOver = held.time == .min || time &- held.time > window
            guard isOver || pool.count - (held.start - poolStart) > Self.mostOctets else { break }
            release(held)
        }
        let used = packets.start < packets.end ? packets[packets.start].start - poolStart : pool.count
        if used > 1 << 20, used > pool.count / 2 {
            pool.removeFirst(used)
            poolStart += used
        }
    }

    private func release(_ held: Held) {
        if !held.isDropped {
            let pool = pool
            let bytes = pool.bytes
            out.append(bytes.slice(at: held.start - poolStart, count: held.count))
        }
        let number = packets.start
        for index in keys.start..<keys.start + Int(held.frames) {
            if known[keys[index]]?.packet == number { known[keys[index]] = nil }
        }
        keys.forget(before: keys.start + Int(held.frames))
        packets.forget(before: number + 1)
    }

    /// Hands on all that is held.
    func finish() {
        while packets.start < packets.end { release(packets[packets.start]) }
    }
}
