package import Bytes
package import Records
public import Transport

/// Packets back to back in a stream. They have no marker: where one ends the next must begin, and after damage the
/// place of the next is found by a chain of headers that this flow is known to have.
extension PacketDecoder: StreamWalker {
    /// Octets that one packet of a stream may have: more are not waited for.
    private static var longestPacket: Int { 1 << 20 }

    /// Packets after which the flow's APIDs count as known.
    private static var enough: Int { 16 }

    /// Octets of the stream are missing here: what was held has lost its end.
    func streamBroke(_ ledger: inout Ledger) {
        if carry.held.count > 0 {
            ledger.reject(
                .packet, "octets of the stream are missing inside a packet", bytes: carry.held.count,
                packet: carry.packet, offset: carry.offset)
            carry.held.removeAll()
        }
        carry.wanted = 1
        isHunting = true
    }

    package func walk(_ window: RawSpan, place: Place, units: inout Batch<Unit>, ledger: inout Ledger) -> Progress {
        let count = window.byteCount
        var at = 0
        while true {
            if isHunting {
                let from = at
                let found = seek(window, from: from)
                at = found.consumed
                if at > from {
                    ledger.reject(
                        .packet, "no packet header where one must be", bytes: at - from, packet: place.packet,
                        offset: place.offset(of: from))
                }
                if isHunting { return found }
            }
            let head = PacketHead.read(window, at: at + skip, end: count, version: version)
            if head.total == PacketHead.incomplete {
                return Progress(consumed: at, wanted: missing(window, at + skip, count) - at)
            }
            let belief = head.total > 0 && head.total <= Self.longestPacket ? belief(in: head, window, at) : .breaks
            if case .needs(let more) = belief { return Progress(consumed: at, wanted: more) }
            guard case .holds = belief else {
                // One octet at least is passed over, so that the hunt begins behind the bad header.
                let passed = min(count - at, 1)
                ledger.reject(
                    .packet, "no packet header where one must be", bytes: passed, packet: place.packet,
                    offset: place.offset(of: at))
                at += passed
                isHunting = true
                continue
            }
            guard head.total <= count - at - skip else {
                return Progress(consumed: at, wanted: skip + head.total)
            }
            if !head.marks.contains(.encapsulation) {
                known[Int(head.apid)] = true
                seen &+= 1
                longest = max(longest, skip + head.total)
            }
            enter(head, at: at, in: window, place, &units, &ledger)
            at += skip + head.total
        }
    }

    /// Where the header that begins at `at` would be whole, with at least one octet more than there is.
    private func missing(_ window: RawSpan, _ at: Int, _ count: Int) -> Int {
        guard at < count else { return at + 1 }
        let first = window.u8(at: at)
        return at + (first >> 5 == 7 ? 1 << Int(first & 3) : 6)
    }

    /// Whether a packet may be what its header says. One of a new APID, or longer than all before, must be followed by
    /// one that is known, or by three more, once the flow is known: these are waited for.
    private func belief(in head: PacketHead, _ window: RawSpan, _ at: Int) -> Chain {
        if head.marks.contains(.encapsulation) || seen < Self.enough { return .holds }
        if known[Int(head.apid)], skip + head.total <= longest { return .holds }
        let count = window.byteCount
        var next = at + skip + head.total
        for _ in 0..<4 {
            if isLast, next >= count {
                // The stream ends in or behind it: it is pending or good, unless it covers others that are better
                // known.
                return next > count && hasChain(window, from: at + 1) ? .breaks : .holds
            }
            guard count - next >= skip + 6 else { return isLast ? .holds : .needs(next + skip + 6 - at) }
            let other = PacketHead.read(window, at: next + skip, end: count, version: version)
            guard other.total > 0 else { return .breaks }
            let isKnown = known[Int(other.apid)] || other.isIdle || other.apid == head.apid
            if !other.marks.contains(.encapsulation), isKnown, skip + other.total <= longest { return .holds }
            next += skip + other.total
        }
        return .holds
    }

    /// Whether packets in a row begin anywhere from `from` on.
    private func hasChain(_ window: RawSpan, from: Int) -> Bool {
        for at in from..<max(from, window.byteCount) { if case .holds = chain(window, at) { return true } }
        return false
    }

    /// Looks for the next packet from `from` on; turns the hunt off when it has found one.
    private func seek(_ window: RawSpan, from: Int) -> Progress {
        var at = from
        while at < window.byteCount {
            switch chain(window, at) {
            case .holds:
                isHunting = false
                return Progress(consumed: at, wanted: 1)
            case .needs(let more) where !isLast:
                // A quarter more than is held: what is held is looked through again each time.
                let held = window.byteCount - at
                return Progress(consumed: at, wanted: max(more, held + held / 4))
            default:
                at += 1
            }
        }
        return Progress(consumed: at, wanted: 1)
    }

    private enum Chain {
        /// Packets follow one another.
        case holds
        /// They do not.
        case breaks
        /// That many octets are needed to tell.
        case needs(Int)
    }

    /// Whether three space packets in a row begin at `at`, of known APIDs and no longer than those seen before; at the
    /// end of the stream as many as end exactly there.
    private func chain(_ window: RawSpan, _ start: Int) -> Chain {
        let count = window.byteCount
        let limit = seen >= Self.enough ? longest : 65542 + skip
        var at = start
        for link in 0..<3 {
            if isLast, at == count, link > 0 { return .holds }
            guard count - at >= skip + 6 else { return .needs(at + skip + 6 - start) }
            let head = PacketHead.read(window, at: at + skip, end: count, version: version)
            guard head.total > 0, !head.marks.contains(.encapsulation), skip + head.total <= limit else {
                return .breaks
            }
            guard seen < Self.enough || known[Int(head.apid)] || head.isIdle else { return .breaks }
            at += skip + head.total
        }
        return .holds
    }

    /// What the stream holds at its end.
    func endStream(units: inout Batch<Unit>, ledger: inout Ledger) {
        guard carry.held.count > 0 else { return }
        isLast = true
        let (arena, held) = (self.arena, carry.held)
        let extent = arena.copy(held.bytes)
        // The arena keeps what is copied in until the next batch begins.
        let window = unsafe extent.bytes(keptBy: arena)
        let place = Place(
            time: carry.time, packet: carry.packet, flow: carry.flow, first: carry.offset, split: window.byteCount,
            second: 0)
        let progress = walk(window, place: place, units: &units, ledger: &ledger)
        carry.held.removeFirst(progress.consumed)
        isLast = false
        carry.end(at: place.offset(of: progress.consumed), ledger: &ledger)
    }

    /// The packet that a stream ended in; nil while it goes on, and where it ended behind one.
    public var unfinished: Unfinished? { carry.unfinished }
}
