internal import Bytes
internal import Transport

/// What the ledger says of flows that carry nothing known, and of files that end in the middle.
extension FlowRouter {
    /// Rows of the ledger for protocols and ports that carry nothing known.
    private static var mostPorts: Int { 200 }

    /// Enters what carries nothing known, a row a protocol and port: the largest, and the rest of them together.
    func leave(_ ledger: inout Ledger) {
        var byName: [String: Leftover] = [:]
        for (key, rest) in zip(keys, leftovers) where rest.count > 0 {
            let name = left.contains(key) ? "streams that are not asked for" : unclaimedName(key)
            byName[name, default: Leftover()].count += rest.count
            byName[name, default: Leftover()].bytes += rest.bytes
        }
        let largest = byName.sorted { ($0.value.bytes, $1.key) > ($1.value.bytes, $0.key) }
        for (name, left) in largest.prefix(Self.mostPorts) { ledger.leave(name, count: left.count, bytes: left.bytes) }
        let others = largest.dropFirst(Self.mostPorts)
        guard !others.isEmpty else { return }
        ledger.leave(
            "other ports", count: others.reduce(0) { $0 + $1.value.count },
            bytes: others.reduce(0) { $0 + $1.value.bytes })
    }

    /// Names the damage of a bare file that was cut; its octets are pending already. A connection that goes on when its
    /// capture ends is no damage.
    func note(
        _ unfinished: Unfinished?, of flow: Int, _ stage: Ledger.Stage, _ reason: StaticString, _ ledger: inout Ledger
    ) {
        guard let unfinished, keys[flow].kind == .bareStream, !source.isLive else { return }
        ledger.reject(stage, reason, bytes: 0, packet: unfinished.packet, offset: unfinished.offset)
    }
}

/// "UDP port 5353": the lower port, which is nearly always that of the service.
func unclaimedName(_ key: FlowKey) -> String {
    let port = min(key.sourcePort, key.destinationPort)
    switch key.kind {
    case .udp: return "UDP port \(port)"
    case .tcp: return "TCP port \(port)"
    case .bareLink: return "link without layers"
    case .bareStream: return "unrecognised octets"
    case .upperPDU: return "upper PDU"
    }
}
