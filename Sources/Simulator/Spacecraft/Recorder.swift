internal import Bytes

/// The mass memory of a spacecraft: packets that were made while nobody heard, the oldest first. When it is full the oldest are
/// written over.
final class Recorder {
    /// Octets that it holds.
    private let capacity: Int
    private let octets = ByteBuffer(capacity: 1 << 16)
    /// Octets that were handed on and are not cleared away yet.
    private var gone = 0
    private let sizes = Lane<UInt32>()
    /// What is true of each packet, where that is written down.
    private var marks: [PacketMark] = []
    private var first = 0
    /// Packets that were written over.
    private(set) var overwritten: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { first == sizes.count }

    /// Keeps a packet of no more octets than there is room at all; gives the marks of those that made room for it.
    func keep(_ packet: RawSpan, _ mark: PacketMark?) -> [PacketMark] {
        var lost: [PacketMark] = []
        while octets.count - gone + packet.byteCount > capacity, !isEmpty {
            overwritten += 1
            if let mark = pass() { lost.append(mark) }
        }
        octets.append(packet)
        sizes.append(UInt32(packet.byteCount))
        if let mark { marks.append(mark) }
        return lost
    }

    /// Puts the oldest packet behind some octets, and forgets it; gives its mark.
    func take(into out: ByteBuffer) -> PacketMark? {
        let octets = octets
        out.append(octets.bytes.slice(at: gone, count: Int(sizes[first])))
        return pass()
    }

    /// What is still kept, when all ends.
    func rest() -> [PacketMark] { Array(marks.dropFirst(first)) }

    private func pass() -> PacketMark? {
        let mark = marks.isEmpty ? nil : marks[first]
        gone += Int(sizes[first])
        first += 1
        if gone > octets.count - gone {
            octets.removeFirst(gone)
            gone = 0
        }
        if first > 1024, first * 2 > sizes.count {
            for index in first..<sizes.count { sizes[index - first] = sizes[index] }
            sizes.resize(to: sizes.count - first, filler: 0)
            if !marks.isEmpty { marks.removeFirst(first) }
            first = 0
        }
        return mark
    }
}
