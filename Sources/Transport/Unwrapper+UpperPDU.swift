import Bytes

/// Wireshark's upper PDUs (LINKTYPE_WIRESHARK_UPPER_PDU): tags that name a dissector, addresses and ports, then its bytes.
///
///     octets  0 1   2 3      4 …
///             tag   length   value, `length` octets with its padding
extension Unwrapper {
    /// Tags of Wireshark's exported PDUs that Starlane reads; others are passed over.
    private enum Tag {
        static let end: UInt16 = 0
        /// Name of a dissector, of a heuristic one, of a table of dissectors.
        static let names: ClosedRange<UInt16> = 12...14
        static let ipv4Source: UInt16 = 20
        static let ipv4Destination: UInt16 = 21
        static let ipv6Source: UInt16 = 22
        static let ipv6Destination: UInt16 = 23
        static let sourcePort: UInt16 = 25
        static let destinationPort: UInt16 = 26
    }

    mutating func upperPDU(
        _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        var key = FlowKey(kind: .upperPDU, family: .none, ports: 0, interface: parcel.interface)
        var (family, ports, dissector) = (FlowKey.Family.none, UInt32(0), 0)
        var reach = whole(bytes, parcel)
        while true {
            guard reach.count >= 4 else {
                return cutHeader(
                    whole(bytes, parcel), needs: reach.start + 4, "upper PDU tag is cut short", parcel, &ledger)
            }
            let tag = bytes.u16(at: reach.start)
            let length = Int(bytes.u16(at: reach.start + 2))
            let value = reach.start + 4
            guard reach.end - value >= length else {
                return cutHeader(
                    whole(bytes, parcel), needs: value + length, "upper PDU tag is cut short", parcel, &ledger)
            }
            reach.start += 4 + length
            reach.declared -= 4 + length
            switch (tag, length) {
            case (Tag.names, _):
                guard let number = number(ofDissector: bytes.slice(at: value, count: length)) else {
                    return reject(whole(bytes, parcel), "too many dissector names", parcel, &ledger)
                }
                dissector = number
            case (Tag.ipv4Source, 4...):
                family = .ipv4
                key.sourceLow = UInt64(bytes.u32(at: value))
            case (Tag.ipv4Destination, 4...):
                family = .ipv4
                key.destinationLow = UInt64(bytes.u32(at: value))
            case (Tag.ipv6Source, 16...):
                family = .ipv6
                (key.sourceHigh, key.sourceLow) = (bytes.u64(at: value), bytes.u64(at: value + 8))
            case (Tag.ipv6Destination, 16...):
                family = .ipv6
                (key.destinationHigh, key.destinationLow) = (bytes.u64(at: value), bytes.u64(at: value + 8))
            case (Tag.sourcePort, 4...): ports = ports & 0xFFFF | bytes.u32(at: value) << 16
            case (Tag.destinationPort, 4...): ports = ports & 0xFFFF_0000 | bytes.u32(at: value) & 0xFFFF
            default: break
            }
            if tag == Tag.end { break }
        }
        key.setEnds(ports, family, dissector: dissector)
        overhead += reach.start
        guard let flow = flows.index(of: key, layers: parcel.layers) else {
            return reject(reach, "too many flows", parcel, &ledger)
        }
        flows.count(flow, reach, of: parcel)
        hand(on: reach, of: parcel, flow: flow, marks: [], into: &payloads)
    }

    /// The number of a dissector's name, without the zeros that pad it; nil when it is new and there are too many.
    private mutating func number(ofDissector name: RawSpan) -> Int? {
        var length = name.byteCount
        while length > 0, name.u8(at: length - 1) == 0 { length -= 1 }
        for known in dissectors.indices where dissectors[known].count == length {
            if (0..<length).allSatisfy({ dissectors[known][$0] == name.u8(at: $0) }) { return known + 1 }
        }
        guard dissectors.count < limits.dissectorNames else { return nil }
        dissectors.append((0..<length).map { name.u8(at: $0) })
        return dissectors.count
    }
}
