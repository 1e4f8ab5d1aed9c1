package import Bytes

/// The mass memory of a spacecraft: packets that were made while nobody heard, the oldest first. When it is full the oldest are
/// written over.
package final class Recorder {
    /// Octets that it holds.
    private let capacity: Int
    private let octets = ByteQueue(capacity: 1 << 16)
    private let sizes = LaneQueue<Int>()
    /// What is true of each packet, where that is written down.
    private var marks: ArraySlice<PacketMark> = []
    /// Packets that were written over.
    package private(set) var overwritten: UInt64 = 0

    package init(capacity: Int) { self.capacity = capacity }

    package var isEmpty: Bool { sizes.isEmpty }

    /// Keeps a packet of no more octets than there is room at all; gives the marks of those that made room for it.
    package func keep(_ packet: RawSpan, _ mark: PacketMark?) -> [PacketMark] {
        var lost: [PacketMark] = []
        while octets.count + packet.byteCount > capacity, !isEmpty {
            overwritten += 1
            octets.drop(sizes.removeFirst())
            if let mark = marks.popFirst() { lost.append(mark) }
        }
        octets.append(packet)
        sizes.append(packet.byteCount)
        if let mark { marks.append(mark) }
        return lost
    }

    /// Puts the oldest packet behind some octets, and forgets it; gives its mark.
    package func take(into out: ByteBuffer) -> PacketMark? {
        octets.take(sizes.removeFirst(), into: out)
        return marks.popFirst()
    }

    /// What is still kept, when all ends.
    func rest() -> [PacketMark] { Array(marks) }
}
