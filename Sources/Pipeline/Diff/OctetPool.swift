internal import Bytes

/// Octets that are kept for a while and given back in any order: each takes a place of the next power of two, which is used
/// again.
final class OctetPool {
    /// Where octets are.
    struct Place: BitwiseCopyable {
        fileprivate var size: UInt8
        fileprivate var number: UInt32
        fileprivate var count: UInt32
    }

    private static let least = 64
    private var rooms: [ByteBuffer] = []
    private var free: [Lane<UInt32>] = []
    /// Octets of the places that are in use.
    private(set) var used = 0

    /// Keeps a copy of octets.
    func copy(_ bytes: RawSpan) -> Place {
        let size = bytes.byteCount <= Self.least ? 0 : Int.bitWidth - (bytes.byteCount - 1).leadingZeroBitCount - 6
        while rooms.count <= size {
            rooms.append(ByteBuffer(capacity: 16))
            free.append(Lane())
        }
        let (room, spare) = (rooms[size], free[size])
        let octets = Self.least << size
        var place = Place(size: UInt8(size), number: 0, count: UInt32(bytes.byteCount))
        if spare.count > 0 {
            place.number = spare[spare.count - 1]
            spare.resize(to: spare.count - 1, filler: 0)
        } else {
            place.number = UInt32(room.count / octets)
            room.appendZeros(octets)
        }
        room.replace(at: Int(place.number) * octets, with: bytes)
        used += octets
        return place
    }

    /// Gives a place back.
    func release(_ place: Place) {
        free[Int(place.size)].append(place.number)
        used -= Self.least << Int(place.size)
    }

    /// The octets of a place, until the next ones are kept.
    func extent(of place: Place) -> Extent {
        let octets = Self.least << Int(place.size)
        return rooms[Int(place.size)].extent.slice(at: Int(place.number) * octets, count: Int(place.count))
    }
}
