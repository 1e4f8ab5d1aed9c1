import Bytes

/// IPv4 (RFC 791).
extension Unwrapper {
    /// IPv4 from its header on. What is in front of it is seen to already.
    mutating func ipv4(
        _ bytes: RawSpan, _ parcel: inout Parcel, at start: Int, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        let there = bytes.byteCount &- start
        guard there >= 20 else {
            return cutHeader(
                rest(bytes, parcel, from: start), needs: 20, "IPv4 header is cut short", parcel, &ledger)
        }
        let versionAndLength = bytes.u8(at: start)
        let header = Int(versionAndLength & 15) &* 4
        let onWire = there &+ parcel.missing
        let total = Int(bytes.u16(at: start &+ 2))
        // Zero: the hardware cuts a large segment (TSO) and fills the length in; the packet ends where the capture ends.
        let length = total == 0 ? onWire : total
        guard versionAndLength >> 4 == 4, header >= 20, length >= header, there >= header else {
            return badIPv4(bytes, parcel, at: start, length: length, &ledger)
        }
        parcel.layers.push(.ipv4)
        if length > onWire { parcel.marks.insert(.short) }
        parcel.headerIsWrong = isWrong(bytes, at: start, header: header)
        let end = min(bytes.byteCount, start &+ length)
        let reach = Reach(start: start &+ header, end: end, declared: length &- header)
        overhead &+= header &+ bytes.byteCount &- end

        let protocolNumber = bytes.u8(at: start &+ 9)
        var key = FlowKey(kind: .udp, family: .ipv4, ports: 0, interface: parcel.interface)
        let addresses = bytes.u64(at: start &+ 12)
        key.sourceLow = addresses &>> 32
        key.destinationLow = addresses & 0xFFFF_FFFF

        let fragment = bytes.u16(at: start &+ 6)
        if fragment & 0x3FFF != 0 {
            let piece = Piece(
                key: FragmentKey(
                    addresses: key, identification: UInt32(bytes.u16(at: start &+ 4)), protocolNumber: protocolNumber),
                protocolNumber: protocolNumber, offset: Int(fragment & 0x1FFF) * 8, isLast: fragment & 0x2000 == 0,
                limit: 65_535 - header)
            return self.fragment(piece, bytes, &parcel, reach, into: &payloads, &ledger)
        }
        upper(protocolNumber, key, bytes, &parcel, reach, into: &payloads, &ledger)
    }

    /// What IP carries, whole, by its protocol number. What is in front of it is seen to already.
    mutating func upper(
        _ protocolNumber: UInt8, _ key: FlowKey, _ bytes: RawSpan, _ parcel: inout Parcel, _ reach: Reach,
        into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        switch protocolNumber {
        case 17: udp(key, bytes, &parcel, reach, into: &payloads, &ledger)
        case 6: tcp(key, bytes, &parcel, reach, into: &payloads, &ledger)
        case 51: extensions(protocolNumber, key, bytes, &parcel, reach, into: &payloads, &ledger)
        default: foreign.leave(protocol: protocolNumber, bytes: reach.count)
        }
    }

    /// True when the header's checksum does not agree and was not left to the hardware either.
    private func isWrong(_ bytes: RawSpan, at start: Int, header: Int) -> Bool {
        if header == 20 {
            let (a, b) = (bytes.u64(at: start), bytes.u64(at: start &+ 8))
            let sum = (a &>> 32) &+ (a & 0xFFFF_FFFF) &+ (b &>> 32) &+ (b & 0xFFFF_FFFF)
            if InternetChecksum.isWhole(sum &+ UInt64(bytes.u32(at: start &+ 16))) { return false }
        } else if bytes.internetSum(at: start, count: header) == 0xFFFF {
            return false
        }
        return bytes.u16(at: start &+ 10) != 0
    }

    @inline(never)
    private mutating func badIPv4(
        _ bytes: RawSpan, _ parcel: Parcel, at start: Int, length: Int, _ ledger: inout Ledger
    ) {
        let all = rest(bytes, parcel, from: start)
        let header = Int(bytes.u8(at: start) & 15) * 4
        if bytes.u8(at: start) >> 4 != 4 {
            reject(all, "IPv4 version is not 4", parcel, &ledger)
        } else if header < 20 {
            reject(all, "IPv4 header length is too small", parcel, &ledger)
        } else if length < header {
            reject(all, "IPv4 total length is too small", parcel, &ledger)
        } else {
            cutHeader(all, needs: header, "IPv4 header is cut short", parcel, &ledger)
        }
    }
}
