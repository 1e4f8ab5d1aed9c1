internal import Transport

/// Which target the payloads of a flow go to: the one that its destination is mapped to, or the common one.
struct ReplayRouting {
    private let maps: [ReplayOptions.Map]
    /// The number of the common target is behind those of the maps.
    private let common: UInt8?
    /// The target of each flow met so far.
    private var known: [UInt8?] = []

    init(_ options: ReplayOptions) {
        maps = options.maps
        common = options.target == nil ? nil : UInt8(options.maps.count)
    }

    /// Begins another capture, whose flows are others.
    mutating func beginCapture() { known.removeAll(keepingCapacity: true) }

    /// The target of a flow; nil where it goes nowhere. `key` is asked for once a flow.
    mutating func target(ofFlow flow: UInt32, _ key: (Int) -> FlowKey) -> UInt8? {
        let index = Int(flow)
        while known.count <= index { known.append(find(key(known.count))) }
        return known[index]
    }

    /// The target of what has no flow.
    var withoutFlow: UInt8? { common }

    private func find(_ key: FlowKey) -> UInt8? {
        guard !maps.isEmpty, key.kind == .udp else { return common }
        let address = key.destination
        let index = maps.firstIndex { $0.port == key.destinationPort && $0.address == address }
        return index.map { UInt8($0) } ?? common
    }
}
