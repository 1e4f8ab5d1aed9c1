internal import BeiDou
internal import Bytes
internal import Records
internal import CCSDS
internal import Capture
internal import Transport

/// Finds out where packets come from, once for each channel of each flow of an engine.
struct OriginFinder {
    private var known: Set<UInt64> = []
    private var last: UInt64?

    /// The origins in a batch that were not met before.
    mutating func find(_ units: borrowing Batch<Unit>, _ engine: Engine) -> [(key: UInt64, origin: Origin)] {
        var found: [(key: UInt64, origin: Origin)] = []
        // Packets of one origin mostly come one behind the other.
        var last = last
        let records = units.records
        for index in records.indices {
            let key = records[index].originKey
            guard key != last else { continue }
            last = key
            if known.insert(key).inserted { found.append((key, origin(of: records[index], engine))) }
        }
        self.last = last
        return found
    }

    private func origin(of unit: Unit, _ engine: Engine) -> Origin {
        let flow = engine.flow(at: Int(unit.flow))
        var origin = Origin(flow: flow.name)
        let key = flow.key
        origin.layers = flow.stack
        (origin.source, origin.destination) = (key.source, key.destination)
        if key.kind == .udp || key.kind == .tcp || key.sourcePort != 0 || key.destinationPort != 0 {
            (origin.sourcePort, origin.destinationPort) = (key.sourcePort, key.destinationPort)
        }
        origin.interface = Int(key.interface)
        let interfaces = engine.reader.interfaces
        if interfaces.indices.contains(Int(key.interface)) {
            origin.timeDigits = interfaces[Int(key.interface)].timeDigits
            origin.interfaceName = interfaces[Int(key.interface)].name
        }
        // A bare file has no clock of its own, but its lines may have times in front.
        if let scanner = engine.router.messageScanner(Int(unit.flow)) {
            origin.timeDigits = max(origin.timeDigits, scanner.stampDigits)
        }
        if unit.channel != .max, let channels = engine.router.frameDecoder(Int(unit.flow))?.channels {
            origin.spacecraft = channels[Int(unit.channel)].spacecraft
            origin.vcid = channels[Int(unit.channel)].vcid
        }
        return origin
    }
}
