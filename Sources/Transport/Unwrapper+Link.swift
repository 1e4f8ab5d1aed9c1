import Bytes
import Capture

/// Link types as plain numbers: a `static let` of another module is read through an accessor.
enum LinkTypeNumber {
    static let null: UInt32 = 0
    static let ethernet: UInt32 = 1
    /// What captures of BSD systems have for raw IP.
    static let oldRaw: UInt32 = 12
    static let openBSDRaw: UInt32 = 14
    static let raw: UInt32 = 101
    static let loop: UInt32 = 108
    static let linuxSLL: UInt32 = 113
    static let users: ClosedRange<UInt32> = 147...162
    static let erf: UInt32 = 197
    static let ipv4: UInt32 = 228
    static let ipv6: UInt32 = 229
    static let upperPDU: UInt32 = 252
    static let linuxSLL2: UInt32 = 276
    static let bareStream: UInt32 = 0xFFFF_FFFF
}

/// Link layers: Ethernet (IEEE 802.3 and 802.1Q), Linux cooked captures, loopback and raw IP (tcpdump.org/linktypes.html).
extension Unwrapper {
    /// Ethernet: two addresses of six octets and a type.
    mutating func ethernet(
        _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        guard bytes.byteCount >= 14 else {
            return cutHeader(whole(bytes, parcel), needs: 14, "Ethernet header is cut short", parcel, &ledger)
        }
        etherType(bytes.u16(at: 12), bytes, &parcel, at: 14, into: &payloads, &ledger)
    }

    /// What an Ethernet type says comes at `start`; everything in front of it is overhead.
    mutating func etherType(
        _ type: UInt16, _ bytes: RawSpan, _ parcel: inout Parcel, at start: Int, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        if type == 0x0800 {
            overhead &+= start
            ipv4(bytes, &parcel, at: start, into: &payloads, &ledger)
        } else {
            otherEtherType(type, bytes, &parcel, at: start, into: &payloads, &ledger)
        }
    }

    @inline(never)
    private mutating func otherEtherType(
        _ type: UInt16, _ bytes: RawSpan, _ parcel: inout Parcel, at start: Int, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        var (type, start) = (type, start)
        // Tags of 802.1Q, 802.1ad and their forerunners; each takes four octets, so their number is bounded.
        while type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200 {
            guard bytes.byteCount - start >= 4 else {
                overhead += start
                return cutHeader(
                    rest(bytes, parcel, from: start), needs: 4, "VLAN tag is cut short", parcel, &ledger)
            }
            type = bytes.u16(at: start + 2)
            start += 4
            parcel.layers.push(.vlan)
        }
        // Up to 1500 it is the length of an 802.3 frame, whose LLC header may be that of SNAP (RFC 1042).
        if type <= 1500, bytes.byteCount - start >= 8, bytes.u32(at: start) == 0xAAAA_0300,
            bytes.u8(at: start + 4) == 0,
            bytes.u8(at: start + 5) == 0
        {
            type = bytes.u16(at: start + 6)
            start += 8
            parcel.layers.push(.llc)
        }
        overhead += start
        switch type {
        case 0x0800: ipv4(bytes, &parcel, at: start, into: &payloads, &ledger)
        case 0x86DD: ipv6(bytes, &parcel, at: start, into: &payloads, &ledger)
        case 0...1500: foreign.leave(.llc, bytes: bytes.byteCount - start)
        default: foreign.leave(Foreign(etherType: type), bytes: bytes.byteCount - start)
        }
    }

    /// Everything but Ethernet.
    @inline(never)
    mutating func otherLink(
        _ link: LinkType, _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        switch link.rawValue {
        case LinkTypeNumber.linuxSLL:
            parcel.layers = Layers(.sll)
            cooked(bytes, &parcel, header: 16, hardware: 2, type: 14, into: &payloads, &ledger)
        case LinkTypeNumber.linuxSLL2:
            parcel.layers = Layers(.sll2)
            cooked(bytes, &parcel, header: 20, hardware: 8, type: 0, into: &payloads, &ledger)
        case LinkTypeNumber.raw, LinkTypeNumber.oldRaw, LinkTypeNumber.openBSDRaw:
            parcel.layers = Layers(.raw)
            internet(bytes, &parcel, into: &payloads, &ledger)
        case LinkTypeNumber.ipv4:
            parcel.layers = Layers(.raw)
            ipv4(bytes, &parcel, at: 0, into: &payloads, &ledger)
        case LinkTypeNumber.ipv6:
            parcel.layers = Layers(.raw)
            ipv6(bytes, &parcel, at: 0, into: &payloads, &ledger)
        case LinkTypeNumber.null:
            parcel.layers = Layers(.null)
            loopback(bytes, &parcel, swaps: true, into: &payloads, &ledger)
        case LinkTypeNumber.loop:
            parcel.layers = Layers(.loop)
            loopback(bytes, &parcel, swaps: false, into: &payloads, &ledger)
        case LinkTypeNumber.users:
            parcel.layers = Layers(.user)
            bare(.bareLink, bytes, &parcel, into: &payloads, &ledger)
        case LinkTypeNumber.erf:
            erf(bytes, &parcel, into: &payloads, &ledger)
        case LinkTypeNumber.bareStream:
            parcel.layers = Layers(.bareStream)
            bare(.bareStream, bytes, &parcel, into: &payloads, &ledger)
        case LinkTypeNumber.upperPDU:
            parcel.layers = Layers(.upperPDU)
            upperPDU(bytes, &parcel, into: &payloads, &ledger)
        default:
            foreign.leave(link: link, bytes: bytes.byteCount)
        }
    }

    /// Linux cooked capture, version 1 and 2: an Ethernet type behind other fields.
    private mutating func cooked(
        _ bytes: RawSpan, _ parcel: inout Parcel, header: Int, hardware: Int, type: Int,
        into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        guard bytes.byteCount >= header else {
            return cutHeader(
                whole(bytes, parcel), needs: header, "Linux cooked header is cut short", parcel, &ledger)
        }
        // For these kinds of hardware the field is no Ethernet type: FRAD, 802.11 with radiotap, netlink.
        switch bytes.u16(at: hardware) {
        case 770, 803, 824:
            overhead += header
            foreign.leave(.otherType, bytes: bytes.byteCount - header)
        default:
            let found = bytes.u16(at: type)
            if found <= 1500, found != 4 {
                // Numbers of Linux's own: 1 is Novell's 802.3 without LLC, 0x0C a CAN frame and so on; only 4 is LLC.
                overhead += header
                foreign.leave(found == 1 ? .novell : .otherType, bytes: bytes.byteCount - header)
            } else {
                etherType(found, bytes, &parcel, at: header, into: &payloads, &ledger)
            }
        }
    }

    /// BSD loopback: a protocol family of four octets, in network order or in that of the machine that captured.
    private mutating func loopback(
        _ bytes: RawSpan, _ parcel: inout Parcel, swaps: Bool, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        guard bytes.byteCount >= 4 else {
            return cutHeader(whole(bytes, parcel), needs: 4, "loopback header is cut short", parcel, &ledger)
        }
        var family = bytes.u32(at: 0)
        // Families are small numbers: one that is not was written by a machine of the other order.
        if swaps, family > 0xFFFF { family = family.byteSwapped }
        overhead += 4
        switch family {
        case 2: ipv4(bytes, &parcel, at: 4, into: &payloads, &ledger)
        // AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, Darwin.
        case 10, 23, 24, 28, 30: ipv6(bytes, &parcel, at: 4, into: &payloads, &ledger)
        default: foreign.leave(.otherFamily, bytes: bytes.byteCount - 4)
        }
    }

    /// IP of the version that its first four bits name.
    private mutating func internet(
        _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        let all = whole(bytes, parcel)
        guard all.count > 0 else { return cutHeader(all, needs: 1, "IP packet is empty", parcel, &ledger) }
        switch bytes.u8(at: 0) >> 4 {
        case 4: ipv4(bytes, &parcel, at: 0, into: &payloads, &ledger)
        case 6: ipv6(bytes, &parcel, at: 0, into: &payloads, &ledger)
        default: reject(all, "IP version is neither 4 nor 6", parcel, &ledger)
        }
    }

    /// A link without layers of ours, or a file that is no capture: the packet is the payload.
    private mutating func bare(
        _ kind: FlowKey.Kind, _ bytes: RawSpan, _ parcel: inout Parcel, into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        let key = FlowKey(kind: kind, family: .none, ports: 0, interface: parcel.interface)
        let reach = whole(bytes, parcel)
        guard let flow = flows.index(of: key, layers: parcel.layers) else {
            return reject(reach, "too many flows", parcel, &ledger)
        }
        flows.count(flow, reach, of: parcel)
        hand(on: reach, of: parcel, flow: flow, marks: [], into: &payloads)
    }

    /// All of a packet.
    func whole(_ bytes: RawSpan, _ parcel: Parcel) -> Reach { rest(bytes, parcel, from: 0) }

    /// All of a packet from a place on.
    func rest(_ bytes: RawSpan, _ parcel: Parcel, from start: Int) -> Reach {
        Reach(start: start, end: bytes.byteCount, declared: bytes.byteCount - start + parcel.missing)
    }
}
