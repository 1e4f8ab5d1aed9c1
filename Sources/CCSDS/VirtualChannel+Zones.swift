internal import Bytes
internal import Transport
internal import Records

/// Data fields without pointers to packets.
extension VirtualChannel {
    /// Data that are not looked into.
    func opaque(_ count: Int, _ ledger: inout Ledger) {
        ledger.decoded += count
    }

    /// A bitstream (B_PDU: 732.0-B-4, 4.1.4.3). Its pointer names the last valid bit; 3FFF = all are, 3FFE = none is.
    func bitstream(
        _ window: RawSpan, from: Int, count: Int, _ place: Place, _ ledger: inout Ledger
    ) {
        if isIdle { return idle(count, &ledger) }
        guard count > 2 else { return reject("no room for a bitstream zone", from, count, place, &ledger) }
        ledger.overhead += 2
        let pointer = Int(window.u16(at: from) & 0x3FFF)
        let zone = count - 2
        if pointer == 0x3FFE { return idle(zone, &ledger) }
        if pointer == 0x3FFF {
            ledger.decoded += zone
            return
        }
        let valid = pointer / 8 + 1
        guard valid <= zone else {
            return reject("the bitstream data pointer lies outside the frame", from + 2, zone, place, &ledger)
        }
        ledger.decoded += valid
        // What stands behind the last valid bit is fill.
        ledger.idle += zone - valid
        seen.idleOctets += zone - valid
    }

    /// Exactly one packet from `at` on; what stands between is overhead, as is what the packet leaves of the frame.
    func onePacket(
        _ window: RawSpan, from: Int, at: Int, to: Int, order: Order, place: Place, units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        if isIdle { return idle(to - from, &ledger) }
        if order == .gap || order == .restart { framesLost = true }
        guard at >= from, at < to else {
            return reject("no packet header where one must be", from, to - from, place, &ledger)
        }
        var head = PacketHead.read(window, at: at, end: to)
        guard head.total > 0, head.total <= to - at else {
            let reason: StaticString =
                head.total == PacketHead.none ? "no packet header where one must be" : "packet longer than its frame"
            return reject(reason, from, to - from, place, &ledger)
        }
        ledger.overhead += to - from - head.total
        if head.isIdle {
            seen.idlePackets += 1
            seen.idleOctets += head.total
            ledger.idle += head.total
        } else {
            seen.packets += 1
            ledger.decoded += head.total
        }
        if framesLost {
            head.marks.insert(.framesLost)
            framesLost = false
        }
        let extent = Extent(window).slice(at: at, count: head.total)
        units.append(head.unit(extent, channel: index, offset: place.offset(of: at), place: place))
    }
}
