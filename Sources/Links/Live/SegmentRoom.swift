internal import Bytes
internal import Glibc

/// Memory for the octets that one batch of a live stream brings, and room for a header in front of each piece of them.
final class SegmentRoom {
    /// Octets of one read at the most: with its headers it makes one packet of IP.
    static let longest = 65_000
    /// Pieces of one batch at the most.
    static let most = 64

    private let buffer = ByteBuffer(capacity: most * (longest + HeaderWriter.most))
    private var pieces = 0

    /// Begins a batch: what was there is gone.
    func begin() {
        buffer.removeAll()
        pieces = 0
    }

    /// True when no further piece has room.
    var isFull: Bool { pieces == Self.most }

    /// Reads what is there from a descriptor, without waiting, behind `header` octets of room.
    func read(_ descriptor: Int32, header: Int) -> (piece: Range<Int>, outcome: Descriptor.Outcome) {
        precondition(!isFull && header <= HeaderWriter.most, "a piece has room")
        buffer.appendZeros(header)
        let start = buffer.count
        var outcome = Descriptor.Outcome.wouldWait
        // The buffer lends as much room as the call is told of.
        _ = unsafe buffer.fill(room: Self.longest) { room in
            outcome = Descriptor.Outcome(unsafe Glibc.read(descriptor, room.baseAddress, room.count))
            if case .moved(let count) = outcome { return count }
            return 0
        }
        pieces += 1
        return (start..<buffer.count, outcome)
    }

    /// The octets of a piece, until the next batch.
    func extent(_ piece: Range<Int>) -> Extent { buffer.extent.slice(at: piece.lowerBound, count: piece.count) }

    /// Puts a header into the room in front of a piece; gives both together.
    func put(_ writer: borrowing HeaderWriter, inFrontOf piece: Range<Int>) -> Extent {
        let start = piece.lowerBound - writer.count
        buffer.replace(at: start, with: writer.octets.octets.slice(at: 0, count: writer.count))
        return buffer.extent.slice(at: start, count: writer.count + piece.count)
    }

    /// A header that carries nothing.
    func append(_ writer: borrowing HeaderWriter) -> Extent {
        let start = buffer.count
        pieces += 1
        buffer.append(writer.octets.octets.slice(at: 0, count: writer.count))
        return buffer.extent.slice(at: start, count: writer.count)
    }
}
