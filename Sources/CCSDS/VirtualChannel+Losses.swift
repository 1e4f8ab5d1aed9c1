internal import Bytes
internal import Transport
internal import Records

/// What of a data field is no whole packet, and where the ledger has it.
extension VirtualChannel {
    /// A field, or what fills one, that is only idle data.
    func idle(_ count: Int, _ ledger: inout Ledger) {
        seen.idleFrames += 1
        seen.idleOctets += count
        ledger.idle += count
    }

    /// Whether a frame of the idle channel holds idle packets, as some spacecraft have it, and not bare idle data.
    func startsIdle(_ field: DataField, _ window: RawSpan) -> Bool {
        guard field.pointer < field.count else { return false }
        return PacketHead.read(window, at: field.offset + field.pointer, end: field.offset + field.count).isIdle
    }

    /// The end of a packet whose beginning was not received. At the start of a capture it was simply before; later on
    /// it was lost.
    func headless(_ offset: Int, _ count: Int, _ place: Place, _ ledger: inout Ledger) {
        guard count > 0 else { return }
        if isIdle {
            seen.idleOctets += count
            ledger.idle += count
        } else if isAside {
            reject("part of a packet in a late frame", offset, count, place, &ledger)
        } else if isFirst {
            ledger.pending += count
        } else {
            reject("tail of a packet whose beginning was not received", offset, count, place, &ledger)
        }
    }

    /// Drops the packet that waits, because frames are missing.
    func dropAtGap(_ ledger: inout Ledger) {
        drop("frames were lost inside a packet", byPointer: false, &ledger)
    }

    /// Drops the packet that waits, because the pointer cannot be right.
    func dropByPointer(_ ledger: inout Ledger) {
        drop("packet length and first header pointer disagree", byPointer: true, &ledger)
    }

    /// Drops the packet that waits and `more` octets behind it. An idle packet is no loss to anybody.
    func drop(_ reason: StaticString, byPointer: Bool, more: Int = 0, _ ledger: inout Ledger) {
        let count = partial.count + more
        guard partial.count > 0 else { return }
        partial.removeAll()
        if partialIsIdle {
            seen.idleOctets += count
            ledger.idle += count
            return
        }
        if byPointer { seen.droppedByPointer += 1 } else { seen.droppedAtGaps += 1 }
        seen.droppedOctets += count
        dropped = DroppedPacket(
            channel: Int(index), octets: count, expected: expected, offset: partialOffset, packet: partialPacket)
        ledger.reject(.packet, reason, bytes: count, packet: partialPacket, offset: partialOffset)
    }

    /// Octets of the field that are no packets.
    func reject(
        _ reason: StaticString, _ offset: Int, _ count: Int, _ place: Place, _ ledger: inout Ledger
    ) {
        ledger.reject(.packet, reason, bytes: count, packet: place.packet, offset: place.offset(of: offset))
    }
}
