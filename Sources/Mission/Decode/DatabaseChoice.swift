import Records

/// Which of several databases explains which packets, as far as the packets told.
///
/// A flow belongs to one database, but for those of its virtual channels that belong to another: two spacecraft may send
/// to one address. Where packets travel without frames, their APID stands for the channel.
struct DatabaseChoice {
    private struct Key: Hashable {
        var flow: UInt32
        var part: UInt32
    }

    private var known: [Key: Int] = [:]
    /// Some of what is known, each in the place of its key: a packet does not wait for a hash.
    private var near: [(key: Key, database: Int)]
    /// What comes beyond that many is looked at anew for every packet.
    private static let most = 1 << 20

    init() { near = Array(repeating: (Key(flow: 0, part: 0), -1), count: 1024) }

    private static func flow(of unit: Unit) -> Key { Key(flow: unit.flow, part: .max) }

    private static func part(of unit: Unit) -> Key {
        Key(flow: unit.flow, part: unit.channel != .max ? unit.channel : 1 << 31 | UInt32(unit.apid))
    }

    /// The database of the virtual channel, or of the APID, that a packet came with; -1 while that is not known.
    mutating func database(of unit: Unit) -> Int {
        let key = Self.part(of: unit)
        let place = Int((key.part ^ key.flow &* 7) & 1023)
        if near[place].database >= 0, near[place].key == key { return near[place].database }
        guard let database = known[key] else { return -1 }
        near[place] = (key, database)
        return database
    }

    /// The database of most of the flow that a packet came with; -1 while that is not known.
    func database(ofFlow unit: Unit) -> Int { known[Self.flow(of: unit)] ?? -1 }

    /// Says what explains the virtual channel or the APID of a packet, and with it the flow where nothing explained that
    /// before.
    mutating func settle(_ unit: Unit, database: Int) {
        guard known.count < Self.most - 1 else { return }
        known[Self.part(of: unit)] = database
        if known[Self.flow(of: unit)] == nil { known[Self.flow(of: unit)] = database }
    }
}
