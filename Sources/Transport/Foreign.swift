import Bytes
import Capture

/// What is met and is not ours, by name.
enum Foreign: Int, CaseIterable {
    // The first 256 codes are the protocol numbers of IP.
    case arp = 256, rarp, lldp, pppoe, mpls, macsec, eapol, ptp, ethercat, profinet, loopback, cfm, slowProtocols
    case llc, novell, otherType, otherFamily, otherLink, cutHeader, noNextHeader

    var name: String {
        switch self {
        case .arp: "ARP"
        case .rarp: "RARP"
        case .lldp: "LLDP"
        case .pppoe: "PPPoE"
        case .mpls: "MPLS"
        case .macsec: "MACsec"
        case .eapol: "EAPOL"
        case .ptp: "PTP"
        case .ethercat: "EtherCAT"
        case .profinet: "PROFINET"
        case .loopback: "Ethernet loopback"
        case .cfm: "Ethernet CFM"
        case .slowProtocols: "slow protocols"
        case .llc: "IEEE 802.2 LLC"
        case .novell: "Novell raw 802.3"
        case .otherType: "other Ethernet types"
        case .otherFamily: "other protocol families"
        case .otherLink: "other link types"
        case .cutHeader: "cut by the snap length"
        case .noNextHeader: "IPv6 without next header"
        }
    }

    /// What an Ethernet type stands for (IEEE registration authority).
    init(etherType: UInt16) {
        switch etherType {
        case 0x0806: self = .arp
        case 0x8035: self = .rarp
        case 0x88CC: self = .lldp
        case 0x8863, 0x8864: self = .pppoe
        case 0x8847, 0x8848: self = .mpls
        case 0x88E5: self = .macsec
        case 0x888E: self = .eapol
        case 0x88F7: self = .ptp
        case 0x88A4: self = .ethercat
        case 0x8892: self = .profinet
        case 0x9000: self = .loopback
        case 0x8902: self = .cfm
        case 0x8809: self = .slowProtocols
        default: self = .otherType
        }
    }

    /// The name of a protocol number of IP (IANA), or the number.
    static func name(ofProtocol number: Int) -> String {
        switch number {
        case 1: "ICMP"
        case 2: "IGMP"
        case 4: "IPv4 in IP"
        case 8: "EGP"
        case 33: "DCCP"
        case 41: "IPv6 in IP"
        case 46: "RSVP"
        case 47: "GRE"
        case 50: "ESP"
        case 51: "AH"
        case 58: "ICMPv6"
        case 88: "EIGRP"
        case 89: "OSPF"
        case 103: "PIM"
        case 108: "IPComp"
        case 112: "VRRP"
        case 115: "L2TP"
        case 132: "SCTP"
        case 136: "UDP-Lite"
        case 137: "MPLS in IP"
        default: "IP protocol \(number)"
        }
    }
}

/// Counts what is not ours in plain numbers; names are made once a batch.
struct ForeignTally: ~Copyable {
    private var counts = Array(repeating: 0, count: 256 + Foreign.allCases.count)
    private var bytes = Array(repeating: 0, count: 256 + Foreign.allCases.count)
    /// Link types met, a row each; a capture that makes up many is cut short at 64.
    private var links: [(type: UInt32, count: Int, bytes: Int)] = []
    private var isClean = true

    /// Counts octets of something by name.
    mutating func leave(_ what: Foreign, bytes octets: Int) { leave(code: what.rawValue, octets) }

    /// Counts octets of a protocol number of IP.
    mutating func leave(protocol number: UInt8, bytes octets: Int) { leave(code: Int(number), octets) }

    /// Counts octets of a link type.
    mutating func leave(link: LinkType, bytes octets: Int) {
        isClean = false
        if let row = links.firstIndex(where: { $0.type == link.rawValue }) {
            links[row].count += 1
            links[row].bytes += octets
        } else if links.count < 64 {
            links.append((link.rawValue, 1, octets))
        } else {
            leave(.otherLink, bytes: octets)
        }
    }

    private mutating func leave(code: Int, _ octets: Int) {
        isClean = false
        counts[code] &+= 1
        bytes[code] &+= octets
    }

    /// Enters all that was counted, and forgets it.
    mutating func enter(into ledger: inout Ledger) {
        guard !isClean else { return }
        for code in counts.indices where counts[code] > 0 {
            let name = Foreign(rawValue: code)?.name ?? Foreign.name(ofProtocol: code)
            ledger.leave(name, count: counts[code], bytes: bytes[code])
            (counts[code], bytes[code]) = (0, 0)
        }
        for row in links.indices where links[row].count > 0 {
            ledger.leave("link type \(links[row].type)", count: links[row].count, bytes: links[row].bytes)
            (links[row].count, links[row].bytes) = (0, 0)
        }
        isClean = true
    }
}
