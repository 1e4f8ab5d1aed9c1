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
    /// Octets that are asked for together.
    private static let chunk = 1 << 18
    /// For each size the chunks of its places.
    private var rooms: [[ByteBuffer]] = []
    private var free: [Lane<UInt32>] = []
    /// Octets of the places that are in use.
    private(set) var used = 0

    /// Keeps a copy of octets.
    func copy(_ bytes: RawSpan) -> Place {
        let size = bytes.byteCount <= Self.least ? 0 : Int.bitWidth - (bytes.byteCount - 1).leadingZeroBitCount - 6
        while rooms.count <= size {
            rooms.append([])
            free.append(Lane())
        }
        let (spare, octets) = (free[size], Self.least << size)
        if spare.count == 0 {
            let count = max(1, Self.chunk / octets)
            let room = ByteBuffer(capacity: count * octets)
            room.appendZeros(count * octets)
            let first = rooms[size].count * count
            rooms[size].append(room)
            for number in (first..<first + count).reversed() { spare.append(UInt32(number)) }
        }
        let place = Place(size: UInt8(size), number: spare[spare.count - 1], count: UInt32(bytes.byteCount))
        spare.resize(to: spare.count - 1, filler: 0)
        let (room, at) = room(of: place)
        room.replace(at: at, with: bytes)
        used += octets
        return place
    }

    private func room(of place: Place) -> (ByteBuffer, at: Int) {
        let (size, number) = (Int(place.size), Int(place.number))
        let octets = Self.least << size
        let count = max(1, Self.chunk / octets)
        return (rooms[size][number / count], number % count * octets)
    }

    /// Gives a place back.
    func release(_ place: Place) {
        free[Int(place.size)].append(place.number)
        used -= Self.least << Int(place.size)
    }

    /// The octets of a place, until it is given back.
    func extent(of place: Place) -> Extent {
        let (room, at) = room(of: place)
        return room.extent.slice(at: at, count: Int(place.count))
    }
}
