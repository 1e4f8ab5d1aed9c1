/// What is allowed, and may not be what was meant.
extension Simulation {
    /// Remarks on the scenario, a line each.
    public var remarks: [String] { sharedIdentifiers + overloads }

    /// Spacecraft ids of several: where interfaces are gone, the counts of their frames mix.
    private var sharedIdentifiers: [String] {
        let owners = Dictionary(grouping: craft.indices) { number in
            (craft[number].isAOS ? 1 << 16 : 0) + craft[number].identifier
        }
        let shared = owners.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        guard let first = shared.first else { return [] }
        let names = first.value.prefix(4).map { craft[$0].name }.joined(separator: ", ")
        let others = shared.count > 1 ? ", and \(shared.count - 1) more" : ""
        return ["several spacecraft have one id: \(first.key & 0xFFFF) is that of \(names)\(others)"]
    }

    /// Spacecraft that make more than their links carry.
    private var overloads: [String] {
        var seen: Set<String> = []
        return craft.filter { $0.load > $0.capacity && seen.insert($0.vehicle.name).inserted }.map { one in
            "\(one.name) makes \(Int(one.load)) bit/s of packets, and its frames carry \(Int(one.capacity)): what finds no room "
                + "in the \(Spacecraft.mostWaiting) octets of a channel is lost"
        }
    }
}
