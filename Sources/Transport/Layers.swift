/// One layer of what carried a payload.
enum Layer: UInt8 {
    case ethernet = 1, llc, vlan, sll, sll2, raw, null, loop, upperPDU, user, bareStream, ipv4, ipv6, udp, tcp

    /// The name that Wireshark's filters have for the layer, where it has one.
    var name: String {
        switch self {
        case .ethernet: "ethernet"
        case .llc: "llc"
        case .vlan: "vlan"
        case .sll: "sll"
        case .sll2: "sll2"
        case .raw: "raw"
        case .null: "null"
        case .loop: "loop"
        case .upperPDU: "exported_pdu"
        case .user: "user"
        case .bareStream: "stream"
        case .ipv4: "ipv4"
        case .ipv6: "ipv6"
        case .udp: "udp"
        case .tcp: "tcp"
        }
    }
}

/// The layers around a payload, outermost first: five bits for each in one word, so that a packet carries them for nothing.
struct Layers: BitwiseCopyable {
    private(set) var word: UInt64 = 0

    init(_ first: Layer) { word = UInt64(first.rawValue) }

    init(word: UInt64) { self.word = word }

    /// Adds a layer inside the others. The innermost of more than twelve are not kept.
    @inline(__always)
    mutating func push(_ layer: Layer) {
        if word &>> 55 == 0 { word = word &<< 5 | UInt64(layer.rawValue) }
    }

    /// The layers one by one.
    var all: [Layer] {
        var found: [Layer] = []
        var rest = word
        while rest != 0 {
            if let layer = Layer(rawValue: UInt8(truncatingIfNeeded: rest & 31)) { found.append(layer) }
            rest >>= 5
        }
        return found.reversed()
    }
}
