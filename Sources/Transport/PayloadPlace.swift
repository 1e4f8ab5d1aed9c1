internal import Bytes
public import Capture

/// Where in one captured packet the octets stand that UDP or TCP carries, or a link without layers of ours: for who changes
/// them where they are.
///
/// Each packet is looked at for itself, whatever its stream did before. Of a datagram in fragments the first one has a place,
/// since its checksum stands in it; what cannot be taken apart has none.
public struct PayloadPlace: Sendable {
    /// The payload's first octet in the packet, and how many of them were captured.
    public let start: Int, count: Int
    /// Where the checksum stands that counts them in; nil where there is none, where the sender gave none, and where it was
    /// left to the hardware.
    public let checksum: Int?
    /// What tells its flow apart from others; nil for upper PDUs, whose dissectors a ``Transport`` numbers.
    public let key: FlowKey?

    /// Finds the payload of a packet; nil where there is none.
    ///
    /// - Parameter interface: the number that the capture has for the link.
    public static func find(_ bytes: RawSpan, linkType: LinkType, interface: UInt32) -> PayloadPlace? {
        switch linkType.rawValue {
        case LinkTypeNumber.ethernet: return etherType(bytes, at: 12, payload: 14, interface)
        case LinkTypeNumber.linuxSLL: return etherType(bytes, at: 14, payload: 16, interface)
        case LinkTypeNumber.linuxSLL2: return etherType(bytes, at: 0, payload: 20, interface)
        case LinkTypeNumber.raw, LinkTypeNumber.oldRaw, LinkTypeNumber.openBSDRaw, LinkTypeNumber.ipv4,
            LinkTypeNumber.ipv6:
            return internet(bytes, at: 0, interface)
        case LinkTypeNumber.null, LinkTypeNumber.loop: return internet(bytes, at: 4, interface)
        case LinkTypeNumber.users:
            let key = FlowKey(kind: .bareLink, family: .none, ports: 0, interface: interface)
            return PayloadPlace(start: 0, count: bytes.byteCount, checksum: nil, key: key)
        case LinkTypeNumber.upperPDU: return upperPDU(bytes)
        default: return nil
        }
    }

    /// What an Ethernet type says, behind tags of VLANs and LLC/SNAP.
    private static func etherType(_ bytes: RawSpan, at place: Int, payload: Int, _ interface: UInt32) -> PayloadPlace? {
        guard bytes.byteCount >= payload else { return nil }
        var (type, start) = (bytes.u16(at: place), payload)
        while type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200 {
            guard bytes.byteCount - start >= 4 else { return nil }
            type = bytes.u16(at: start + 2)
            start += 4
        }
        if type <= 1500, bytes.byteCount - start >= 8, bytes.u32(at: start) == 0xAAAA_0300 {
            type = bytes.u16(at: start + 6)
            start += 8
        }
        return type == 0x0800 || type == 0x86DD ? internet(bytes, at: start, interface) : nil
    }

    /// Wireshark's tags, of which the one with number 0 is the last.
    private static func upperPDU(_ bytes: RawSpan) -> PayloadPlace? {
        var start = 0
        while bytes.byteCount - start >= 4 {
            let (tag, length) = (bytes.u16(at: start), Int(bytes.u16(at: start + 2)))
            start += 4 + length
            guard start <= bytes.byteCount else { return nil }
            if tag == 0 { return PayloadPlace(start: start, count: bytes.byteCount - start, checksum: nil, key: nil) }
        }
        return nil
    }

    private static func internet(_ bytes: RawSpan, at start: Int, _ interface: UInt32) -> PayloadPlace? {
        guard bytes.byteCount - start >= 20 else { return nil }
        switch bytes.u8(at: start) >> 4 {
        case 4: return ipv4(bytes, at: start, interface)
        case 6 where bytes.byteCount - start >= 40: return ipv6(bytes, at: start, interface)
        default: return nil
        }
    }

    /// IPv4 (RFC 791).
    private static func ipv4(_ bytes: RawSpan, at start: Int, _ interface: UInt32) -> PayloadPlace? {
        let header = Int(bytes.u8(at: start) & 15) * 4
        let total = Int(bytes.u16(at: start + 2))
        let fragment = bytes.u16(at: start + 6)
        guard header >= 20, bytes.byteCount - start >= header, total == 0 || total >= header, fragment & 0x1FFF == 0
        else { return nil }
        var key = FlowKey(kind: .udp, family: .ipv4, ports: 0, interface: interface)
        (key.sourceLow, key.destinationLow) = (UInt64(bytes.u32(at: start + 12)), UInt64(bytes.u32(at: start + 16)))
        let end = total == 0 ? bytes.byteCount : start + total
        return upper(
            bytes, bytes.u8(at: start + 9), from: start + header, to: end, isWhole: fragment & 0x2000 == 0, key)
    }

    /// IPv6 with its extension headers (RFC 8200).
    private static func ipv6(_ bytes: RawSpan, at start: Int, _ interface: UInt32) -> PayloadPlace? {
        var key = FlowKey(kind: .udp, family: .ipv6, ports: 0, interface: interface)
        (key.sourceHigh, key.sourceLow) = (bytes.u64(at: start + 8), bytes.u64(at: start + 16))
        (key.destinationHigh, key.destinationLow) = (bytes.u64(at: start + 24), bytes.u64(at: start + 32))
        let length = Int(bytes.u16(at: start + 4))
        let end = length == 0 ? bytes.byteCount : start + 40 + length
        var (next, place, isWhole) = (bytes.u8(at: start + 6), start + 40, true)
        // Each of these headers takes eight octets or more, so their number is bounded.
        while next == 0 || next == 43 || next == 44 || next == 51 || next == 60 {
            guard bytes.byteCount - place >= 8 else { return nil }
            var size = 8
            switch next {
            case 44:
                guard bytes.u16(at: place + 2) & 0xFFF8 == 0 else { return nil }
                isWhole = bytes.u16(at: place + 2) & 1 == 0
            case 51: size = (Int(bytes.u8(at: place + 1)) + 2) * 4
            default: size = (Int(bytes.u8(at: place + 1)) + 1) * 8
            }
            next = bytes.u8(at: place)
            place += size
        }
        return upper(bytes, next, from: place, to: end, isWhole: isWhole, key)
    }

    /// UDP (RFC 768) and TCP (RFC 9293), up to where IP says that they end.
    private static func upper(
        _ bytes: RawSpan, _ protocolNumber: UInt8, from start: Int, to stated: Int, isWhole: Bool, _ key: FlowKey
    ) -> PayloadPlace? {
        let field: Int
        var (header, stated, key) = (8, stated, key)
        switch protocolNumber {
        case 17:
            guard min(bytes.byteCount, stated) - start >= 8 else { return nil }
            field = start + 6
            let length = Int(bytes.u16(at: start + 4))
            guard length == 0 || length >= 8 else { return nil }
            if length > 0, isWhole { stated = min(stated, start + length) }
        case 6:
            guard min(bytes.byteCount, stated) - start >= 20 else { return nil }
            field = start + 16
            header = Int(bytes.u8(at: start + 12) >> 4) * 4
            guard header >= 20 else { return nil }
        default: return nil
        }
        let end = min(bytes.byteCount, stated)
        guard end - start >= header else { return nil }
        key.setPorts(bytes.u32(at: start), kind: protocolNumber == 17 ? .udp : .tcp)
        let found = bytes.u16(at: field)
        var isThere = protocolNumber == 6 || found != 0
        let pseudo = key.pseudoHeaderSum(protocolNumber: protocolNumber)
        let length = UInt64(stated - start)
        if found == InternetChecksum.fold(pseudo + length) || found == InternetChecksum.fold(pseudo) {
            // Left to the hardware, unless it is right as it stands.
            isThere =
                isThere && isWhole && end == stated
                && InternetChecksum.isWhole(pseudo + length + UInt64(bytes.internetSum(at: start, count: end - start)))
        }
        return PayloadPlace(
            start: start + header, count: end - start - header, checksum: isThere ? field : nil, key: key)
    }
}
