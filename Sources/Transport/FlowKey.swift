/// What tells a flow apart from all others: the link it was captured on, the protocol, addresses and ports, one direction.
///
/// Six words that are compared and hashed as they are. An IPv4 address stands in the low half of its second word.
public struct FlowKey: BitwiseCopyable, Sendable, Hashable {
    var sourceHigh: UInt64 = 0
    var sourceLow: UInt64 = 0
    var destinationHigh: UInt64 = 0
    var destinationLow: UInt64 = 0
    /// Source port, destination port, interface: 16, 16 and 32 bits.
    var portsAndInterface: UInt64 = 0
    /// Dissector (an index into the table of names), family, kind: 32, 16 and 16 bits.
    var rest: UInt64 = 0

    /// What a flow is made of.
    public enum Kind: UInt8, Sendable {
        /// Datagrams of UDP.
        case udp
        /// One direction of a TCP connection.
        case tcp
        /// Packets of a link that has no layers of ours: USER0 to USER15.
        case bareLink
        /// A file that is no capture.
        case bareStream
        /// Wireshark's upper PDUs of one dissector.
        case upperPDU
    }

    /// Which addresses a flow has.
    enum Family: UInt8 { case none, ipv4, ipv6 }

    init(kind: Kind, family: Family, ports: UInt32, interface: UInt32) {
        portsAndInterface = UInt64(ports) &<< 32 | UInt64(interface)
        rest = UInt64(family.rawValue) &<< 16 | UInt64(kind.rawValue)
    }

    /// The six words, to be kept; those of upper PDUs are of one reading only.
    package var words: [UInt64] {
        [sourceHigh, sourceLow, destinationHigh, destinationLow, portsAndInterface, rest]
    }

    /// A key from its six words.
    package init(words: [UInt64]) {
        (sourceHigh, sourceLow, destinationHigh) = (words[0], words[1], words[2])
        (destinationLow, portsAndInterface, rest) = (words[3], words[4], words[5])
    }

    /// The same flow where interfaces are counted from another number on.
    package func moved(by interfaces: Int) -> FlowKey {
        var key = self
        key.portsAndInterface &+= UInt64(interfaces)
        return key
    }

    /// The same flow on whatever interface.
    package var ends: FlowKey {
        var key = self
        key.portsAndInterface &= ~0xFFFF_FFFF
        return key
    }

    /// Makes addresses the key of a flow between two ports: source in the upper, destination in the lower half.
    @inline(__always)
    mutating func setPorts(_ ports: UInt32, kind: Kind) {
        portsAndInterface = UInt64(ports) &<< 32 | portsAndInterface & 0xFFFF_FFFF
        rest = rest & ~0xFFFF | UInt64(kind.rawValue)
    }

    /// Completes the key of an upper PDU.
    mutating func setEnds(_ ports: UInt32, _ family: Family, dissector: Int) {
        let kind = UInt64(Kind.upperPDU.rawValue)
        rest = UInt64(dissector) << 32 | UInt64(family.rawValue) << 16 | kind
        portsAndInterface = UInt64(ports) << 32 | portsAndInterface & 0xFFFF_FFFF
    }

    /// The protocol, or what stands for it.
    public var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: rest)) ?? .bareLink }

    var family: Family { Family(rawValue: UInt8(truncatingIfNeeded: rest >> 16)) ?? .none }

    /// The number of a dissector name, from 1 on; 0 without one.
    var dissector: Int { Int(rest >> 32) }

    /// Whether its payloads are pieces of one stream of octets.
    public var isStream: Bool { kind == .tcp || kind == .bareStream }

    /// The interface, as the capture numbers them.
    public var interface: UInt32 { UInt32(truncatingIfNeeded: portsAndInterface) }

    /// The sender's port; 0 where there are none.
    public var sourcePort: UInt16 { UInt16(truncatingIfNeeded: portsAndInterface >> 48) }

    /// The receiver's port; 0 where there are none.
    public var destinationPort: UInt16 { UInt16(truncatingIfNeeded: portsAndInterface >> 32) }

    /// The sender's address: 4 octets, 16, or none where a link has no addresses of ours.
    public var source: [UInt8] { octets(sourceHigh, sourceLow) }

    /// The receiver's address.
    public var destination: [UInt8] { octets(destinationHigh, destinationLow) }

    private func octets(_ high: UInt64, _ low: UInt64) -> [UInt8] {
        func spread(_ word: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64((count - 1 - $0) * 8)) }
        }
        switch family {
        case .none: return []
        case .ipv4: return spread(low, 4)
        case .ipv6: return spread(high, 8) + spread(low, 8)
        }
    }

    /// The same connection, seen from the other side.
    var reversed: FlowKey {
        var other = self
        (other.sourceHigh, other.destinationHigh) = (destinationHigh, sourceHigh)
        (other.sourceLow, other.destinationLow) = (destinationLow, sourceLow)
        let ports = UInt64(destinationPort) << 48 | UInt64(sourcePort) << 32
        other.portsAndInterface = ports | portsAndInterface & 0xFFFF_FFFF
        return other
    }

    /// The sum of the pseudo-header that UDP and TCP put in front of themselves for their checksum (RFC 768, RFC 9293,
    /// RFC 8200 section 8.1), without the length.
    @inline(__always)
    func pseudoHeaderSum(protocolNumber: UInt8) -> UInt64 {
        // Six summands below 2^32 for each pair of words: far from overflowing 64 bits.
        (sourceHigh &>> 32) &+ (sourceHigh & 0xFFFF_FFFF) &+ (sourceLow &>> 32) &+ (sourceLow & 0xFFFF_FFFF)
            &+ (destinationHigh &>> 32) &+ (destinationHigh & 0xFFFF_FFFF)
            &+ (destinationLow &>> 32) &+ (destinationLow & 0xFFFF_FFFF) &+ UInt64(protocolNumber)
    }
}
