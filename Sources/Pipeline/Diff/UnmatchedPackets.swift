internal import Bytes
internal import Records

/// What tells the packets of two captures apart, whatever stands in them: spacecraft, virtual channel, kind, APID or type of
/// message, and count.
struct PacketIdentity: BitwiseCopyable, Equatable {
    let word: UInt64

    init(_ unit: Unit, _ origin: Origin) {
        let kind: UInt64 =
            unit.marks.contains(.message)
            ? 3 : unit.marks.contains(.encapsulation) ? 2 : unit.marks.contains(.telecommand) ? 1 : 0
        let spacecraft = UInt64(truncatingIfNeeded: origin.spacecraft ?? -1) & 0xFFFF
        let channel = UInt64(truncatingIfNeeded: origin.vcid ?? -1) & 0xFF
        word = spacecraft &<< 42 | channel &<< 34 | kind &<< 32 | UInt64(unit.apid) &<< 16 | UInt64(unit.sequence)
    }

    /// A hash of the packet, content and all.
    func hash(_ bytes: RawSpan) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(word)
        bytes.hash(into: &hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// Packets of one capture that have no twin in the other one so far, in the order in which they came.
final class UnmatchedPackets {
    /// A packet that waits.
    struct Held: BitwiseCopyable {
        var unit: Unit
        var origin: Int32
        var identity: PacketIdentity
        var hash: UInt64
        var place: OctetPool.Place
    }

    private let pool = OctetPool()
    private let held = Lane<Held>()
    private let free = Lane<Int32>()
    private let order = Chains(1)
    private let byContent = Chains(1 << 16)
    private let byIdentity = Chains(1 << 16)
    /// How many wait.
    private(set) var count = 0
    /// Octets that they take.
    var octets: Int { pool.used }
    /// Of packets that are alike so many are looked at.
    private static let mostAlike = 64

    /// Adds a packet, whose octets are copied.
    func insert(_ unit: Unit, _ origin: Int, _ identity: PacketIdentity, _ hash: UInt64, _ bytes: RawSpan) {
        let packet = Held(
            unit: unit, origin: Int32(truncatingIfNeeded: origin), identity: identity, hash: hash,
            place: pool.copy(bytes))
        let slot: Int32
        if free.count > 0 {
            slot = free[free.count - 1]
            free.resize(to: free.count - 1, filler: 0)
            held[Int(slot)] = packet
        } else {
            slot = Int32(truncatingIfNeeded: held.count)
            held.append(packet)
        }
        order.append(slot, 0)
        byContent.append(slot, hash)
        byIdentity.append(slot, identity.word)
        count += 1
    }

    /// Takes a packet out.
    func remove(_ slot: Int32) {
        let packet = held[Int(slot)]
        order.remove(slot, 0)
        byContent.remove(slot, packet.hash)
        byIdentity.remove(slot, packet.identity.word)
        pool.release(packet.place)
        free.append(slot)
        count -= 1
    }

    /// The packet of a slot; its octets are there until it is taken out.
    subscript(slot: Int32) -> Held {
        var packet = held[Int(slot)]
        packet.unit.extent = pool.extent(of: packet.place)
        return packet
    }

    /// The packet that came first; -1 where none waits.
    var oldest: Int32 { order.first(0) }

    /// Of packets that are alike the one whose time is nearest.
    private struct Nearest {
        let time: CaptureTime
        var slot: Int32 = -1
        var count = 0
        private var distance = UInt64.max

        init(_ time: CaptureTime) { self.time = time }

        mutating func look(_ slot: Int32, _ other: CaptureTime) {
            count += 1
            let areKnown = time.isKnown && other.isKnown
            let away = areKnown ? (other.nanoseconds &- time.nanoseconds).magnitude : UInt64.max - 1
            if away < distance { (self.slot, distance) = (slot, away) }
        }
    }

    /// The packet with the same identity and octets, of several the one whose time is nearest, and whether it is the only one;
    /// -1 where none is.
    func twin(
        _ identity: PacketIdentity, _ hash: UInt64, _ bytes: RawSpan, _ time: CaptureTime
    ) -> (slot: Int32, isOnly: Bool) {
        let pool = pool
        var nearest = Nearest(time)
        var slot = byContent.first(hash)
        while slot >= 0, nearest.count < Self.mostAlike {
            let packet = held[Int(slot)]
            if packet.hash == hash, packet.identity == identity,
                unsafe pool.extent(of: packet.place).bytes(keptBy: pool).isEqual(to: bytes)
            {
                nearest.look(slot, packet.unit.time)
            }
            slot = byContent.next(slot, hash)
        }
        return (nearest.slot, nearest.count == 1)
    }

    /// Of the packets with an identity the one whose time is nearest; -1 where none is.
    func nearest(_ identity: PacketIdentity, _ time: CaptureTime) -> Int32 {
        var nearest = Nearest(time)
        var slot = byIdentity.first(identity.word)
        while slot >= 0, nearest.count < Self.mostAlike {
            let packet = held[Int(slot)]
            if packet.identity == identity { nearest.look(slot, packet.unit.time) }
            slot = byIdentity.next(slot, identity.word)
        }
        return nearest.slot
    }
}
