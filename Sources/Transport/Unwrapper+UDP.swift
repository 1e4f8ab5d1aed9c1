import Bytes

/// UDP (RFC 768).
extension Unwrapper {
    /// A datagram from its header on. What is in front of it is seen to already.
    mutating func udp(
        _ addresses: FlowKey, _ bytes: RawSpan, _ parcel: inout Parcel, _ reach: Reach,
        into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        guard reach.count >= 8 else {
            return cutHeader(reach, needs: 8, "UDP header is cut short", parcel, &ledger)
        }
        var length = Int(bytes.u16(at: reach.start &+ 4))
        // Zero is for jumbograms (RFC 2675, section 4) and for what the hardware cuts to size.
        if length == 0, addresses.family == .ipv6 || reach.declared > 65_535 { length = reach.declared }
        guard length >= 8 else { return reject(reach, "UDP length is too small", parcel, &ledger) }

        var key = addresses
        parcel.layers.push(.udp)
        key.setPorts(bytes.u32(at: reach.start), kind: .udp)
        // IP ends before the datagram does: damage, but what is there is handed on.
        if length > reach.declared { parcel.marks.insert(.short) }
        let datagram = Reach(start: reach.start, end: min(reach.end, reach.start &+ length), declared: length)
        guard let flow = flows.index(of: key, layers: parcel.layers) else {
            overhead &+= reach.end &- datagram.end
            return reject(datagram, "too many flows", parcel, &ledger)
        }
        let verdict: Verdict =
            bytes.u16(at: reach.start &+ 6) == 0
            ? .absent : verdict(bytes, parcel, datagram, key, protocolNumber: 17, field: 6)
        overhead &+= 8 &+ reach.end &- datagram.end
        let content = Reach(start: datagram.start &+ 8, end: datagram.end, declared: length &- 8)
        flows.count(flow, content, of: parcel, verdict)
        hand(on: content, of: parcel, flow: flow, marks: verdict.marks, into: &payloads)
    }
}
