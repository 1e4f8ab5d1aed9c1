import Bytes
import Capture

/// The way of most packets: Ethernet, IPv4 without options, UDP, all of it there and nothing wrong with it.
///
/// What this does must be what the layers do one by one; it only does it at once, from four loads, where no layer has
/// anything to say. Measured: 5 ns a packet less than the long way.
extension Unwrapper {
    ///      0 … 11    12 13   14       15   16 17    18 19  20 21      22   23        24 25  26 … 29  30 … 33
    ///      addresses type    4, size  TOS  length   id     fragment   TTL  protocol  sum    source   destination
    ///
    ///     34 35        36 37             38 39   40 41
    ///     source port  destination port  length  sum
    ///
    /// False when it is no such packet; then nothing was done.
    @inline(__always)
    mutating func plain(_ packet: Packet, _ bytes: RawSpan, into payloads: inout Batch<Payload>) -> Bool {
        let captured = bytes.byteCount
        let interface = Int(packet.interface)
        guard captured >= 42, interface < linkTypes.count, linkTypes[interface].rawValue == LinkTypeNumber.ethernet,
            bytes.u32(at: 12) & 0xFFFF_FF00 == 0x0800_4500
        else { return false }
        let (first, second, destination) = (bytes.u64(at: 14), bytes.u64(at: 22), UInt64(bytes.u32(at: 30)))
        let ports = bytes.u64(at: 34)
        let total = Int(truncatingIfNeeded: (first &>> 32) & 0xFFFF)
        let length = Int(truncatingIfNeeded: (ports &>> 16) & 0xFFFF)
        let sum = (first &>> 32) &+ (first & 0xFFFF_FFFF) &+ (second &>> 32) &+ (second & 0xFFFF_FFFF) &+ destination
        guard first & 0x3FFF == 0, (second &>> 48) & 0xFF == 17, length >= 8, length &+ 20 == total,
            14 &+ total <= captured, !verifiesChecksums || InternetChecksum.isWhole(sum)
        else { return false }

        var key = FlowKey(
            kind: .udp, family: .ipv4, ports: UInt32(truncatingIfNeeded: ports &>> 32), interface: packet.interface)
        key.sourceLow = second & 0xFFFF_FFFF
        key.destinationLow = destination
        var layers = Layers(.ethernet)
        layers.push(.ipv4)
        layers.push(.udp)
        guard let flow = flows.index(of: key, layers: layers) else { return false }
        let verdict: Verdict =
            ports & 0xFFFF == 0
            ? .absent
            : verifiesChecksums
                ? verdict(bytes, at: 34, count: length, key, protocolNumber: 17, field: 6) : .unverified
        flows.count(flow, octets: length &- 8, at: packet.time, verdict)
        overhead &+= captured &- length &+ 8
        guard length > 8 else { return true }
        payloads.append(
            Payload(
                extent: packet.extent.slice(at: 42, count: length &- 8), time: packet.time, packet: packet.number,
                offset: packet.offset &+ 42, flow: UInt32(truncatingIfNeeded: flow), marks: verdict.marks))
        return true
    }
}
