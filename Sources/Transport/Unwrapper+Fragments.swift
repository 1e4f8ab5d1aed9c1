import Bytes

/// Fragments of IPv4 (RFC 791, section 3.2) and IPv6 (RFC 8200, section 4.5). Where they overlap, what came first stays.
extension Unwrapper {
    /// A fragment, whose own headers are seen to already; `reach` is the part of the datagram in it.
    @inline(never)
    mutating func fragment(
        _ piece: Piece, _ bytes: RawSpan, _ parcel: inout Parcel, _ reach: Reach, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        if parcel.marks.contains(.assembled) {
            // Also what keeps the depth of calls bounded.
            return reject(reach, "fragment inside a fragmented datagram", parcel, &ledger)
        }
        if parcel.marks.contains(.short) { return reject(reach, "fragment is cut short", parcel, &ledger) }
        guard reach.declared > 0 else { return }
        guard piece.isLast || reach.declared % 8 == 0 else {
            return reject(reach, "fragment length is no multiple of 8", parcel, &ledger)
        }
        let end = piece.offset + reach.declared
        guard end <= piece.limit else {
            return reject(reach, "fragments are longer than a datagram can be", parcel, &ledger)
        }
        while let old = fragments.expired(at: parcel.time) { letGo(old, "fragments never completed", &ledger) }

        let offset = parcel.offset + UInt64(reach.start)
        var datagram = fragments.take(piece.key, of: parcel, offset: offset)
        let reached = datagram.parts.last?.upperBound ?? 0
        let total = datagram.total
        guard total == nil || (piece.isLast ? end == total : end <= total ?? end), !piece.isLast || reached <= end
        else {
            reject(reach, "fragments disagree on the length", parcel, &ledger)
            return fragments.keep(datagram)
        }
        if piece.isLast { datagram.total = end }
        if piece.offset == 0, datagram.parts.first?.lowerBound != 0 {
            datagram.firstOffset = offset
            datagram.protocolNumber = piece.protocolNumber
        }
        let content = bytes.slice(at: reach.start, count: reach.count)
        let fresh = datagram.add(content, at: piece.offset, declared: reach.declared)
        overhead += reach.count - fresh
        if datagram.isComplete {
            for number in datagram.packets {
                waiting.append(WaitingPacket(number: number, completedBy: parcel.number))
            }
            handOn(datagram, piece.key.addresses, parcel, into: &payloads, &ledger)
        } else {
            if fresh > 0 {
                datagram.packets.append(parcel.number)
                waiting.append(WaitingPacket(number: parcel.number, completedBy: 0))
            }
            fragments.keep(datagram)
            while let old = fragments.overflow() { letGo(old, "too many fragments waiting", &ledger) }
        }
        fragments.tidy()
    }

    /// A whole datagram goes on to what it carries, as a copy in the arena.
    private mutating func handOn(
        _ datagram: PartialDatagram, _ key: FlowKey, _ last: Parcel, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        let total = datagram.total ?? datagram.held
        let whole = min(total, datagram.cutAt)
        var parcel = last
        parcel.offset = datagram.firstOffset
        parcel.missing = 0
        parcel.marks.insert(.assembled)
        if whole < total {
            parcel.marks.insert(.cut)
            // What came behind the place that the snap length cut.
            if datagram.held > whole { foreign.leave(.cutHeader, bytes: datagram.held - whole) }
        }
        let arena = arena
        parcel.extent = arena.copy(datagram.buffer.bytes.slice(at: 0, count: whole))
        // The arena keeps the copy until the next batch.
        let bytes = unsafe parcel.extent.bytes(keptBy: arena)
        let reach = Reach(start: 0, end: whole, declared: total)
        if key.family == .ipv6 {
            extensions(datagram.protocolNumber, key, bytes, &parcel, reach, into: &payloads, &ledger)
        } else {
            upper(datagram.protocolNumber, key, bytes, &parcel, reach, into: &payloads, &ledger)
        }
    }

    private func letGo(_ datagram: PartialDatagram, _ reason: StaticString, _ ledger: inout Ledger) {
        ledger.reject(
            .transport, reason, bytes: datagram.held, packet: datagram.packet, offset: datagram.offset)
    }
}
