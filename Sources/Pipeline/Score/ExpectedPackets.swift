/// The packets that a truth tells of: some forty octets each, however many they are. Their values stay in the file.
final class ExpectedPackets {
    /// A packet.
    struct Packet: BitwiseCopyable {
        /// Spacecraft, APID and count.
        var key: UInt64
        /// When it was made, in nanoseconds since 1970; the least number where nothing tells.
        var time: Int64
        /// When its last frame was sent; the least number where nothing tells.
        var sent: Int64
        /// Where its line begins in the file.
        var offset: UInt64
        /// The interfaces that heard it whole, and those of them on which it was found: bits of the spacecraft's list.
        var heard: UInt32 = 0
        var met: UInt32 = 0
        /// How many heard it; how many rows of the result are of it.
        var hearers: UInt16 = 0
        var found: UInt16 = 0
        var state = State.receivable
        var isWrong = false
        /// What tells the flow, or the interface, of a reference's line from others; 0 where it has none.
        var path: UInt32 = 0

        var spacecraft: Int { Int(key >> 25) }
        var apid: Int { Int(key >> 14 & 0x7FF) }
        var count: Int { Int(key & 0x3FFF) }
        /// How many rows there may be of it.
        var allowed: UInt16 { max(1, hearers) }
        /// Spacecraft and APID.
        var group: UInt64 { key >> 14 }
    }

    /// What a decoder can know of a packet.
    enum State: UInt8 {
        /// It was never sent: no station was there.
        case neverSent
        /// It was sent, and no station heard it whole.
        case lost
        /// It arrived whole somewhere.
        case receivable
    }

    /// A spacecraft, and the interfaces that heard any of it.
    struct Spacecraft {
        let name: String
        let id: Int?
        var interfaces: [String] = []
    }

    private(set) var all: [Packet] = []
    private(set) var spacecraft: [Spacecraft] = []
    private var spacecraftByName: [String: Int] = [:]
    /// Types of packets of each spacecraft and APID.
    private(set) var types: [UInt64: [String]] = [:]
    private var index: KeyIndex?

    var count: Int { all.count }

    static func key(_ spacecraft: Int, _ apid: Int, _ count: Int) -> UInt64 {
        UInt64(spacecraft) << 25 | UInt64(apid) << 14 | UInt64(count)
    }

    /// The place of a spacecraft, which is added where it is new.
    func place(ofSpacecraft name: String?, id: Int?) -> Int {
        let words = name ?? id.map(String.init) ?? ""
        if let place = spacecraftByName[words] { return place }
        spacecraft.append(Spacecraft(name: words, id: id))
        for word in [words, id.map(String.init) ?? words] where spacecraftByName[word] == nil {
            spacecraftByName[word] = spacecraft.count - 1
        }
        return spacecraft.count - 1
    }

    /// The place of a spacecraft by its name or number; nil where there is none.
    func place(named name: String) -> Int? { spacecraftByName[name] ?? spacecraftByName[name.lowercased()] }

    /// The bit of an interface among those of a spacecraft, by its name, or by the station in front of the point; those
    /// beyond the 31st share the last one.
    func bit(ofInterface name: String, of place: Int, adding: Bool) -> UInt32? {
        let names = spacecraft[place].interfaces
        if let index = names.firstIndex(where: { $0 == name || !adding && $0.prefix { $0 != "." } == name }) {
            return 1 << UInt32(min(index, 31))
        }
        guard adding else { return nil }
        spacecraft[place].interfaces.append(name)
        return 1 << UInt32(min(names.count, 31))
    }

    func add(_ packet: Packet, type: String?) {
        all.append(packet)
        guard let type else { return }
        if types[packet.group]?.contains(type) != true, types[packet.group, default: []].count < 64 {
            types[packet.group, default: []].append(type)
        }
    }

    func change(_ place: Int, _ work: (inout Packet) -> Void) { work(&all[place]) }

    /// The packets that have an APID and a count, and are of a spacecraft where one is told, in their order; at most so many.
    func candidates(_ spacecraft: Int?, _ apid: Int, _ count: Int, most: Int) -> [Int] {
        let withSpacecraft = spacecraft != nil
        if index?.withSpacecraft != withSpacecraft { index = KeyIndex(all, withSpacecraft: withSpacecraft) }
        return index?.places(Self.key(spacecraft ?? 0, apid, count), all, most: most) ?? []
    }
}

/// Packets by their keys: chains in the order of the packets, of which each begins in a table.
private struct KeyIndex {
    let withSpacecraft: Bool
    private var heads: [Int32]
    private var next: [Int32]

    init(_ packets: [ExpectedPackets.Packet], withSpacecraft: Bool) {
        self.withSpacecraft = withSpacecraft
        let room = 1 << (Int.bitWidth - max(packets.count, 8).leadingZeroBitCount)
        heads = [Int32](repeating: -1, count: room)
        next = [Int32](repeating: -1, count: packets.count)
        // From the last on, so that chains are in order.
        for place in packets.indices.reversed() {
            let slot = slot(masked(packets[place].key))
            next[place] = heads[slot]
            heads[slot] = Int32(truncatingIfNeeded: place)
        }
    }

    private func masked(_ key: UInt64) -> UInt64 { withSpacecraft ? key : key & 0x1FF_FFFF }

    private func slot(_ key: UInt64) -> Int {
        Int((key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (heads.count - 1)
    }

    func places(_ key: UInt64, _ packets: [ExpectedPackets.Packet], most: Int) -> [Int] {
        var places: [Int] = []
        let wanted = masked(key)
        var place = Int(heads[slot(wanted)])
        while place >= 0, places.count < most {
            if masked(packets[place].key) == wanted { places.append(place) }
            place = Int(next[place])
        }
        return places
    }
}
