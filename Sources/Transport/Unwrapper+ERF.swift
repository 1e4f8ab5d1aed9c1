import Bytes
import Capture

/// Whole records of the extensible record format, as archives keep them: see `CaptureReader+ERF.swift` for the layout.
extension Unwrapper {
    /// Ethernet, IPv4 and IPv6 in a record; other types are not ours.
    mutating func erf(
        _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        let count = bytes.byteCount
        guard count >= 16 else {
            return cutHeader(whole(bytes, parcel), needs: 16, "record header is cut short", parcel, &ledger)
        }
        var (start, more) = (16, bytes.u8(at: 8) & 0x80 != 0)
        while more, start + 8 <= count {
            more = bytes.u8(at: start) & 0x80 != 0
            start += 8
        }
        let type = bytes.u8(at: 8) & 0x7F
        let isEthernet = [2, 11, 16, 20].contains(type)
        if isEthernet { start += 2 }
        guard !more, start <= count, isEthernet || type == 22 || type == 23 else {
            return foreign.leave(link: .erf, bytes: count)
        }
        // What is behind the length on the wire is padding.
        let wire = Int(bytes.u16(at: 14))
        let captured = min(count - start, wire)
        overhead += count - captured
        parcel.extent = parcel.extent.slice(at: start, count: captured)
        parcel.offset += UInt64(start)
        parcel.missing = wire - captured
        let inner = bytes.slice(at: start, count: captured)
        if isEthernet { return ethernet(inner, &parcel, into: &payloads, &ledger) }
        parcel.layers = Layers(.raw)
        if type == 22 {
            ipv4(inner, &parcel, at: 0, into: &payloads, &ledger)
        } else {
            ipv6(inner, &parcel, at: 0, into: &payloads, &ledger)
        }
    }
}
