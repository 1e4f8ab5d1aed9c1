import Bytes

extension Unwrapper {
    /// The flows as others see them.
    mutating func makeFlows() -> [Flow] { flows.keys.indices.map { makeFlow($0) } }

    mutating func makeFlow(_ index: Int) -> Flow {
        nameFlows(upTo: index)
        let key = flows.keys[index]
        let tally = flows.tallies[index]
        return Flow(
            key: key, name: names[index], stack: tally.layers.all.map(\.name), isStream: key.isStream,
            packets: tally.packets, bytes: tally.bytes, first: tally.last.isKnown ? tally.first : .unknown,
            last: tally.last, checksums: tally.checksums,
            tcp: tally.stream < 0 ? nil : streams.counts(of: Int(tally.stream)))
    }

    /// Names are made once and in order, so that a flow's name does not depend on when it is asked for.
    private mutating func nameFlows(upTo last: Int) {
        while names.count <= last {
            let key = flows.keys[names.count]
            var name = name(of: key)
            // Two links can carry the same addresses: the second says which it is.
            if let first = takenNames[name], first != Int(key.interface) {
                name += " (interface \(key.interface))"
            } else {
                takenNames[name] = Int(key.interface)
            }
            names.append(name)
        }
    }

    private func name(of key: FlowKey) -> String {
        switch key.kind {
        case .bareLink: key.name(link: linkNumber(key.interface))
        case .upperPDU:
            key.name(dissector: key.dissector == 0 ? "without a name" : printable(dissectors[key.dissector - 1]))
        case .udp, .tcp, .bareStream: key.name()
        }
    }

    /// Octets of a name as text: what is no printable ASCII character stands as a question mark.
    private func printable(_ octets: [UInt8]) -> String {
        String(decoding: octets.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}

extension FlowKey {
    /// The name of the flow; those of a link without layers need the number of its type, those of upper PDUs that of their
    /// dissector.
    package func name(link: UInt32 = LinkTypeNumber.users.lowerBound, dissector: String = "") -> String {
        let source = endpoint(self.source, sourcePort)
        let destination = endpoint(self.destination, destinationPort)
        switch kind {
        case .udp: return "udp \(source) > \(destination)"
        case .tcp: return "tcp \(source) > \(destination)"
        case .bareLink: return "user\(link &- LinkTypeNumber.users.lowerBound) link"
        case .bareStream: return "stream"
        case .upperPDU: return family == .none ? "pdu \(dissector)" : "pdu \(dissector) \(source) > \(destination)"
        }
    }

    private func endpoint(_ address: [UInt8], _ port: UInt16) -> String {
        switch address.count {
        case 4: "\(address.map(String.init).joined(separator: ".")):\(port)"
        case 16: "[\(ipv6Text(address))]:\(port)"
        default: ""
        }
    }
}

/// An IPv6 address as RFC 5952 wants it: lower case, no leading zeros, the first longest run of two zero groups or more
/// as `::`, and the IPv4 address inside a mapped one in its own style.
package func ipv6Text(_ octets: [UInt8]) -> String {
    if octets[0..<10].allSatisfy({ $0 == 0 }), octets[10] == 0xFF, octets[11] == 0xFF {
        return "::ffff:" + octets[12...].map(String.init).joined(separator: ".")
    }
    let groups = (0..<8).map { UInt16(octets[$0 * 2]) << 8 | UInt16(octets[$0 * 2 + 1]) }
    var longest = 0..<0
    var start = 0
    while start < 8 {
        var end = start
        while end < 8, groups[end] == 0 { end += 1 }
        if end - start > max(1, longest.count) { longest = start..<end }
        start = end + 1
    }
    let text = groups.map { String($0, radix: 16) }
    guard !longest.isEmpty else { return text.joined(separator: ":") }
    return text[..<longest.lowerBound].joined(separator: ":") + "::"
        + text[longest.upperBound...].joined(separator: ":")
}
