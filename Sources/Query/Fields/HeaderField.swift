internal import Bytes
package import Records

/// What every packet or message has besides its parameters: names that columns, filters and completions know.
///
/// Names are Wireshark's where Wireshark has the field.
package enum HeaderField: String, CaseIterable, Sendable {
    case time, packet, flow, spacecraft, vcid, apid, sequence, type
    case dialect
    case spacecraftName = "spacecraft.name"
    case length, octets
    case quality = "frame.quality"
    case interfaceNumber = "frame.interface_id"
    case interfaceName = "frame.interface_name"
    case ipSource = "ip.src"
    case ipDestination = "ip.dst"
    case ipv6Source = "ipv6.src"
    case ipv6Destination = "ipv6.dst"
    case udpSourcePort = "udp.srcport"
    case udpDestinationPort = "udp.dstport"
    case tcpSourcePort = "tcp.srcport"
    case tcpDestinationPort = "tcp.dstport"
    case sequenceFlags = "ccsds.seqflag"
    case packetKind = "ccsds.type"
    case secondaryHeader = "ccsds.secheader"
    case dataLength = "ccsds.length"

    /// Those that sinks print where nobody says which.
    package static let printed: [HeaderField] = [
        .time, .packet, .flow, .spacecraft, .vcid, .apid, .sequence, .type,
    ]

    /// What a field's values are.
    package enum Kind: Sendable, Equatable {
        case number, time, text, octets, address
        /// One of some words; their order is that of the numbers.
        case label([String])
    }

    /// Other names that mean it.
    package var aliases: [String] {
        switch self {
        case .time: ["frame.time"]
        case .packet: ["frame.number"]
        case .spacecraft: ["tm.scid", "aos.scid"]
        case .vcid: ["tm.vcid", "aos.vcid"]
        case .apid: ["ccsds.apid"]
        case .sequence: ["ccsds.seqnum"]
        default: []
        }
    }

    /// What its values are.
    package var kind: Kind {
        switch self {
        case .time: .time
        case .flow, .type, .dialect, .spacecraftName, .interfaceName: .text
        case .octets: .octets
        case .ipSource, .ipDestination, .ipv6Source, .ipv6Destination: .address
        case .quality: .label(["good", "gap", "late"])
        default: .number
        }
    }

    /// Its unit; empty where it has none.
    package var unit: String { self == .length ? "octets" : "" }

    /// What it means, in a few words.
    package var meaning: String {
        switch self {
        case .time: "when the packet was captured, or the message's line was logged"
        case .packet: "number of the capture's packet that completes it"
        case .flow: "protocol, sender and receiver, or the link"
        case .spacecraft: "spacecraft id of the transfer frame; a text means the name of its mission"
        case .vcid: "virtual channel id of the transfer frame"
        case .apid: "application process id of a space packet"
        case .sequence: "sequence count of a space packet"
        case .type: "packet type of the mission database, or name of the message"
        case .dialect: "protocol of a message"
        case .spacecraftName: "name of the mission whose database explains the packet"
        case .length: "octets of the packet or message"
        case .octets: "the packet or message itself, for slices"
        case .quality: "whether packets are missing in front of it, or it is late"
        case .interfaceNumber: "number of the capture's interface"
        case .interfaceName: "name of the capture's interface"
        case .ipSource, .ipv6Source: "address of the sender"
        case .ipDestination, .ipv6Destination: "address of the receiver"
        case .udpSourcePort, .tcpSourcePort: "port of the sender"
        case .udpDestinationPort, .tcpDestinationPort: "port of the receiver"
        case .sequenceFlags: "0 continuation, 1 first, 2 last, 3 unsegmented"
        case .packetKind: "0 telemetry, 1 telecommand"
        case .secondaryHeader: "1 with a secondary header, 0 without"
        case .dataLength: "packet data length field: octets behind the primary header less one"
        }
    }

    /// A filter that uses it.
    package var example: String {
        switch self {
        case .time: #"time >= "2026-03-01T04:00:00Z""#
        case .packet: "frame.number in {100..200}"
        case .flow: #"flow contains "10015""#
        case .spacecraft: "spacecraft == 68"
        case .vcid: "vcid in {0, 2}"
        case .apid: "apid == 100"
        case .sequence: "sequence % 2 == 0"
        case .type: #"type == "songjiang.power""#
        case .dialect: #"dialect == "rdss-4.0""#
        case .spacecraftName: #"spacecraft.name in {"songjiang", "g60"}"#
        case .length: "length > 200"
        case .octets: "octets[0:2] == 0x0864"
        case .quality: "frame.quality != good"
        case .interfaceNumber: "frame.interface_id == 0"
        case .interfaceName: #"frame.interface_name == "eth0""#
        case .ipSource: "ip.src == 10.0.0.0/8"
        case .ipDestination: "ip.dst == 224.0.0.0/4"
        case .ipv6Source: "ipv6.src == fe80::/10"
        case .ipv6Destination: "ipv6.dst == ff00::/8"
        case .udpSourcePort: "udp.srcport >= 1024"
        case .udpDestinationPort: "udp.dstport == 10015"
        case .tcpSourcePort: "tcp.srcport == 7001"
        case .tcpDestinationPort: "tcp.dstport == 7001"
        case .sequenceFlags: "ccsds.seqflag != 3"
        case .packetKind: "ccsds.type == 0"
        case .secondaryHeader: "ccsds.secheader == 1"
        case .dataLength: "ccsds.length < 64"
        }
    }

    /// The field with a name that a user typed.
    package static func named(_ name: String) -> HeaderField? { byName[name] }

    private static let byName: [String: HeaderField] = {
        var found: [String: HeaderField] = [:]
        for field in allCases { for name in [field.rawValue] + field.aliases { found[name] = field } }
        return found
    }()

    /// Names that mean several fields at once: what is asked of them has to hold for one.
    package static let several: [(name: String, fields: [HeaderField], meaning: String)] = [
        ("ip.addr", [.ipSource, .ipDestination], "address of the sender or the receiver"),
        ("ipv6.addr", [.ipv6Source, .ipv6Destination], "address of the sender or the receiver"),
        ("udp.port", [.udpSourcePort, .udpDestinationPort], "port of the sender or the receiver"),
        ("tcp.port", [.tcpSourcePort, .tcpDestinationPort], "port of the sender or the receiver"),
    ]

    /// Names of layers: each is true where a packet came in it.
    package static let layers: [(name: String, layer: String, meaning: String)] = [
        ("eth", "ethernet", "captured on Ethernet"), ("vlan", "vlan", "with a VLAN tag"),
        ("ip", "ipv4", "over IPv4"), ("ipv6", "ipv6", "over IPv6"), ("udp", "udp", "over UDP"),
        ("tcp", "tcp", "over TCP"), ("ccsds", "ccsds", "a space packet"),
        ("message", "message", "a terminal's message"),
    ]

    /// Whether a name means a header field, several, or a layer: no parameter is asked for by it.
    package static func isReserved(_ name: String) -> Bool {
        named(name) != nil || several.contains { $0.name == name } || layers.contains { $0.name == name }
    }

    /// A field's number of a unit; nil where it has none, and for fields whose value is no number of the unit's own.
    @inline(__always)
    static func number(_ field: HeaderField, _ unit: Unit) -> Int64? {
        let isSpacePacket = unit.marks.isDisjoint(with: [.encapsulation, .message])
        switch field {
        case .time: return unit.time.isKnown ? unit.time.nanoseconds : nil
        case .packet: return unit.packet > 0 ? Int64(clamping: unit.packet) : nil
        case .length: return Int64(unit.extent.count)
        case .quality: return unit.marks.contains(.late) ? 2 : unit.marks.contains(.gapBefore) ? 1 : 0
        case .apid: return isSpacePacket ? Int64(unit.apid) : nil
        case .sequence: return isSpacePacket ? Int64(unit.sequence) : nil
        case .sequenceFlags: return isSpacePacket ? Int64(unit.segment) : nil
        case .packetKind: return isSpacePacket ? unit.marks.contains(.telecommand) ? 1 : 0 : nil
        case .secondaryHeader: return isSpacePacket ? unit.marks.contains(.secondaryHeader) ? 1 : 0 : nil
        // The primary header has six octets, and the field counts one less than there are behind it.
        case .dataLength: return isSpacePacket ? Int64(unit.extent.count) - 7 : nil
        default: return nil
        }
    }

    /// The number that it has for a packet, of the packet's own or of its origin; of a label its place.
    package func number(_ unit: Unit, _ origin: Origin) -> Int64? {
        isOfUnit ? Self.number(self, unit) : number(origin)
    }

    /// Whether ``number(_:_:)`` has its values.
    var isOfUnit: Bool {
        switch self {
        case .time, .packet, .length, .quality, .apid, .sequence, .sequenceFlags, .packetKind, .secondaryHeader,
            .dataLength:
            true
        default: false
        }
    }

    /// A field's number of an origin.
    package func number(_ origin: Origin) -> Int64? {
        let (isUDP, isTCP) = (origin.layers.contains("udp"), origin.layers.contains("tcp"))
        switch self {
        case .spacecraft: return origin.spacecraft.map(Int64.init)
        case .vcid: return origin.vcid.map(Int64.init)
        case .interfaceNumber: return Int64(origin.interface)
        case .udpSourcePort: return isUDP ? origin.sourcePort.map(Int64.init) : nil
        case .udpDestinationPort: return isUDP ? origin.destinationPort.map(Int64.init) : nil
        case .tcpSourcePort: return isTCP ? origin.sourcePort.map(Int64.init) : nil
        case .tcpDestinationPort: return isTCP ? origin.destinationPort.map(Int64.init) : nil
        default: return nil
        }
    }

    /// A field's text or address of an origin.
    package func octets(_ origin: Origin) -> [UInt8]? {
        switch self {
        case .flow: return Array(origin.flow.utf8)
        case .interfaceName: return origin.interfaceName.map { Array($0.utf8) }
        case .ipSource: return origin.source.count == 4 ? origin.source : nil
        case .ipDestination: return origin.destination.count == 4 ? origin.destination : nil
        case .ipv6Source: return origin.source.count == 16 ? origin.source : nil
        case .ipv6Destination: return origin.destination.count == 16 ? origin.destination : nil
        default: return nil
        }
    }
}
