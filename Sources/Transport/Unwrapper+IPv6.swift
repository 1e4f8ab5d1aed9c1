import Bytes

/// IPv6 (RFC 8200) and its extension headers.
extension Unwrapper {
    /// IPv6 from its header on. What is in front of it is seen to already.
    @inline(never)
    mutating func ipv6(
        _ bytes: RawSpan, _ parcel: inout Parcel, at start: Int, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        let all = rest(bytes, parcel, from: start)
        guard all.count >= 40 else {
            return cutHeader(all, needs: 40, "IPv6 header is cut short", parcel, &ledger)
        }
        guard bytes.u8(at: start) >> 4 == 6 else {
            return reject(all, "IPv6 version is not 6", parcel, &ledger)
        }
        let next = bytes.u8(at: start + 6)
        let onWire = all.declared - 40
        var length = Int(bytes.u16(at: start + 4))
        if length == 0, next != 59 {
            // More than 65,535 octets: by the option of RFC 2675, or by hardware that cuts large segments (TSO).
            if let jumbo = jumboLength(bytes, at: start + 40, next) {
                length = jumbo
            } else if onWire > 65_535 {
                length = onWire
            } else {
                return reject(all, "IPv6 payload length is zero", parcel, &ledger)
            }
        }
        parcel.layers.push(.ipv6)
        if length > onWire { parcel.marks.insert(.short) }
        let end = min(bytes.byteCount, start + 40 + length)
        overhead += 40 + bytes.byteCount - end

        var key = FlowKey(kind: .udp, family: .ipv6, ports: 0, interface: parcel.interface)
        key.sourceHigh = bytes.u64(at: start + 8)
        key.sourceLow = bytes.u64(at: start + 16)
        key.destinationHigh = bytes.u64(at: start + 24)
        key.destinationLow = bytes.u64(at: start + 32)
        let reach = Reach(start: start + 40, end: end, declared: length)
        extensions(next, key, bytes, &parcel, reach, into: &payloads, &ledger)
    }

    /// The extension headers from one named by `next` on, and what comes behind them. IPv4 has only one of them, the
    /// authentication header (RFC 4302).
    mutating func extensions(
        _ next: UInt8, _ key: FlowKey, _ bytes: RawSpan, _ parcel: inout Parcel, _ reach: Reach,
        into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        var (next, reach) = (next, reach)
        // Each header takes eight octets at least, so their number is bounded.
        while true {
            if key.family == .ipv4, next != 51 {
                return upper(next, key, bytes, &parcel, reach, into: &payloads, &ledger)
            }
            switch next {
            // Hop-by-hop options, routing, destination options, mobility, host identity, shim6; authentication; fragment.
            case 0, 43, 60, 135, 139, 140, 51, 44: break
            case 59:
                foreign.leave(.noNextHeader, bytes: reach.count)
                return
            default:
                return upper(next, key, bytes, &parcel, reach, into: &payloads, &ledger)
            }
            guard reach.count >= 8 else {
                return cutHeader(reach, needs: 8, "extension header is cut short", parcel, &ledger)
            }
            let size: Int
            switch next {
            case 44: size = 8
            case 51: size = (Int(bytes.u8(at: reach.start + 1)) + 2) * 4
            default: size = (Int(bytes.u8(at: reach.start + 1)) + 1) * 8
            }
            guard reach.count >= size else {
                return cutHeader(reach, needs: size, "extension header is cut short", parcel, &ledger)
            }
            // With segments left, the address of the pseudo-header stands in the routing header.
            if next == 43, bytes.u8(at: reach.start + 3) > 0 { parcel.hidesAddress = true }
            let following = bytes.u8(at: reach.start)
            let header = reach.start
            overhead += size
            reach.start += size
            reach.declared -= size
            if next == 44 {
                let word = bytes.u16(at: header + 2)
                // The only fragment of its datagram is none (RFC 6946).
                if word & 0xFFF9 != 0 {
                    let piece = Piece(
                        key: FragmentKey(
                            addresses: key, identification: bytes.u32(at: header + 4), protocolNumber: 0),
                        protocolNumber: following, offset: Int(word & 0xFFF8), isLast: word & 1 == 0, limit: 65_535)
                    return fragment(piece, bytes, &parcel, reach, into: &payloads, &ledger)
                }
            }
            next = following
        }
    }

    /// The length in the Jumbo Payload option (RFC 2675, section 2) of a hop-by-hop header; nil without one.
    private func jumboLength(_ bytes: RawSpan, at start: Int, _ next: UInt8) -> Int? {
        guard next == 0, bytes.byteCount - start >= 8 else { return nil }
        let end = min(bytes.byteCount, start + (Int(bytes.u8(at: start + 1)) + 1) * 8)
        var option = start + 2
        while option + 2 <= end {
            let kind = bytes.u8(at: option)
            // Pad1 is the only option without a length.
            if kind == 0 {
                option += 1
                continue
            }
            let length = Int(bytes.u8(at: option + 1))
            if kind == 0xC2, length == 4, option + 6 <= end {
                let jumbo = Int(bytes.u32(at: option + 2))
                return jumbo > 65_535 ? jumbo : nil
            }
            option += 2 + length
        }
        return nil
    }
}
