internal import Bytes
internal import Transport
internal import Records

/// The data field of one frame on its way to packets.
struct DataField {
    /// Its octets.
    let offset: Int
    let count: Int
    /// Where the first packet header that starts in it stands; 7FF none does, 7FE only idle data.
    let pointer: Int

    static var noStart: Int { 0x7FF }
    static var onlyIdle: Int { 0x7FE }
}

/// Packets that span frames (132.0-B-3, 4.1; 732.0-B-4, 4.1.4.2).
///
/// For maintainers: every octet of the field is entered once, in `tail`, `walk`, `reject` or `drop`; what goes into
/// `partial` is entered when it is completed, dropped or pending at the end.
extension VirtualChannel {
    /// Octets that one packet may have while it is put together; a longer one is rejected.
    static var longestPacket: Int { 1 << 20 }

    /// Takes the data field of a frame apart. `window` holds the frame, `base` is where it begins.
    func extract(
        _ field: DataField, of window: RawSpan, order: Order, arena: Arena, place: Place, units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        if order == .gap || order == .restart {
            dropAtGap(&ledger)
            if order == .restart { takeAside() }
            framesLost = true
            isFirst = false
        }
        if order != .lateNext, aside.partial.count > 0 { dropAside(&ledger) }
        if field.pointer == DataField.onlyIdle { return idle(field.count, &ledger) }
        let isLate = order == .late || order == .lateNext
        if isIdle, isLate || !startsIdle(field, window) { return idle(field.count, &ledger) }
        guard isLate else { return read(field, window, arena, place, &units, &ledger) }
        let wasFirst = isFirst
        swapAside()
        read(field, window, arena, place, &units, &ledger)
        swapAside()
        isFirst = wasFirst
    }

    /// Brings the octets of a field to their packets.
    private func read(
        _ field: DataField, _ window: RawSpan, _ arena: Arena, _ place: Place, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        let end = field.offset + field.count
        if field.pointer == DataField.noStart {
            goOn(field, window, arena, place, &units, &ledger)
            return
        }
        defer { isFirst = false }
        guard field.pointer < field.count else {
            dropByPointer(&ledger)
            reject("the first header pointer lies outside the frame", field.offset, field.count, place, &ledger)
            return
        }
        let start = field.offset + field.pointer
        tail(window, from: field.offset, to: start, arena, place, &units, &ledger)
        let rest = walk(window, from: start, to: end, place, &units, &ledger)
        if rest < end { begin(window, from: rest, to: end, place, &ledger) }
    }

    /// A frame in which no packet starts: all of it goes to the packet that waits.
    private func goOn(
        _ field: DataField, _ window: RawSpan, _ arena: Arena, _ place: Place, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        let end = field.offset + field.count
        guard partial.count > 0 else { return headless(field.offset, field.count, place, &ledger) }
        if expected == 0 {
            // The rest of the header comes from this frame.
            partial.append(window.slice(at: field.offset, count: field.count))
            let total = readPartialHead()
            guard total != PacketHead.none, total <= Self.longestPacket, total == 0 || partial.count <= total else {
                dropByPointer(&ledger)
                return
            }
            if partial.count == total {
                let partial = self.partial
                hand(total, arena.copy(partial.bytes), place, &units, &ledger)
                partial.removeAll()
            }
            return
        }
        let missing = expected - partial.count
        if field.count < missing {
            partial.append(window.slice(at: field.offset, count: field.count))
        } else {
            tail(window, from: field.offset, to: end, arena, place, &units, &ledger)
        }
    }

    /// The octets in front of the first header: with the packet that waits they must make it whole.
    private func tail(
        _ window: RawSpan, from: Int, to: Int, _ arena: Arena, _ place: Place, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        let count = to - from
        guard partial.count > 0 else { return headless(from, count, place, &ledger) }
        if expected == 0 {
            // The header is split: at most seven octets of it are here. It is whole after these, or the pointer is
            // wrong.
            let missing = min(count, 8)
            partial.append(window.slice(at: from, count: missing))
            if readPartialHead() == partial.count - missing + count {
                hand(expected, whole(window, from + missing, to, arena), place, &units, &ledger)
                partial.removeAll()
            } else {
                drop("packet length and first header pointer disagree", byPointer: true, more: count - missing, &ledger)
            }
            return
        }
        guard partial.count + count == expected else {
            drop("packet length and first header pointer disagree", byPointer: true, more: count, &ledger)
            return
        }
        hand(expected, whole(window, from, to, arena), place, &units, &ledger)
        partial.removeAll()
    }

    private func whole(_ window: RawSpan, _ from: Int, _ to: Int, _ arena: Arena) -> Extent {
        let partial = self.partial
        return arena.copy(partial.bytes, window.slice(at: from, count: to - from))
    }

    /// Hands the packet that waited on.
    private func hand(
        _ total: Int, _ extent: Extent, _ place: Place, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let partial = self.partial
        var head = PacketHead.read(partial.bytes, at: 0, end: partial.count)
        if head.isIdle {
            seen.idlePackets += 1
            seen.idleOctets += total
            ledger.idle += total
        } else {
            seen.packets += 1
            ledger.decoded += total
        }
        if framesLost {
            head.marks.insert(.framesLost)
            framesLost = false
        }
        units.append(head.unit(extent, channel: index, offset: partialOffset, place: place))
    }

    /// Hands on the packets that begin at `from` and are whole; says where the first one stands that is not, or `to`.
    func walk(
        _ window: RawSpan, from: Int, to: Int, _ place: Place, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) -> Int {
        let whole = Extent(window)
        var at = from
        var (packets, octets, idlePackets, idleOctets) = (0, 0, 0, 0)
        while at < to {
            var head = PacketHead.read(window, at: at, end: to)
            guard head.total > 0 else {
                if head.total == PacketHead.none {
                    reject("no packet header where one must be", at, to - at, place, &ledger)
                    at = to
                }
                break
            }
            guard head.total <= to &- at else { break }
            if head.isIdle {
                idlePackets &+= 1
                idleOctets &+= head.total
                // One octet of fill is no packet that anybody wants to see.
                if head.total == 1 {
                    at &+= 1
                    continue
                }
            } else {
                packets &+= 1
                octets &+= head.total
            }
            if framesLost {
                head.marks.insert(.framesLost)
                framesLost = false
            }
            let extent = whole.slice(at: at, count: head.total)
            units.append(head.unit(extent, channel: index, offset: place.offset(of: at), place: place))
            at &+= head.total
        }
        seen.packets += packets
        seen.idlePackets += idlePackets
        seen.idleOctets += idleOctets
        ledger.decoded += octets
        ledger.idle += idleOctets
        return at
    }

    /// Keeps the beginning of a packet.
    private func begin(_ window: RawSpan, from: Int, to: Int, _ place: Place, _ ledger: inout Ledger) {
        partial.removeAll()
        partial.append(window.slice(at: from, count: to - from))
        partialOffset = place.offset(of: from)
        partialPacket = place.packet
        expected = 0
        partialIsIdle = false
        if readPartialHead() > Self.longestPacket {
            drop("packet longer than can be put together", byPointer: true, &ledger)
        }
    }

    /// Reads the header of the packet that waits, if it is whole by now; says how long the packet is.
    private func readPartialHead() -> Int {
        let partial = self.partial
        let head = PacketHead.read(partial.bytes, at: 0, end: partial.count)
        expected = max(0, head.total)
        partialIsIdle = head.isIdle
        return head.total
    }
}
