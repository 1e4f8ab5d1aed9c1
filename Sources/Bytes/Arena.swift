/// Memory for what a stage has to put together for one batch: fragments, streams, packets that span frames.
///
/// What is copied in stays where it is until ``reset()``, which the stage calls when it begins its next batch. The
/// memory is kept and used again.
public final class Arena {
    private var chunks: [ByteBuffer] = []
    private var current = 0
    private let chunkSize: Int

    /// An arena that asks for memory in pieces of `chunkSize` octets (a longer run gets a piece of its own size).
    public init(chunkSize: Int = 1 << 18) { self.chunkSize = chunkSize }

    /// Octets in use since the last reset.
    public private(set) var used = 0

    /// Copies bytes in; the extent is true until the next reset.
    public func copy(_ bytes: RawSpan) -> Extent {
        let chunk = chunk(for: bytes.byteCount)
        let start = chunk.count
        chunk.append(bytes)
        used += bytes.byteCount
        return chunk.extent.slice(at: start, count: bytes.byteCount)
    }

    /// Copies two runs in, one behind the other.
    public func copy(_ first: RawSpan, _ second: RawSpan) -> Extent {
        let total = first.byteCount + second.byteCount
        let chunk = chunk(for: total)
        let start = chunk.count
        chunk.append(first)
        chunk.append(second)
        used += total
        return chunk.extent.slice(at: start, count: total)
    }

    /// Forgets everything that was copied in.
    public func reset() {
        guard used > 0 else { return }
        // Pieces over the usual size were made for one run; they are not kept, so that one giant does not stay for
        // ever.
        chunks.removeAll { $0.limit > chunkSize }
        for chunk in chunks { chunk.removeAll() }
        current = 0
        used = 0
    }

    /// A piece with room for `length` more octets without moving what it holds.
    private func chunk(for length: Int) -> ByteBuffer {
        while current < chunks.count {
            if chunks[current].limit - chunks[current].count >= length { return chunks[current] }
            current += 1
        }
        let fresh = ByteBuffer(capacity: max(chunkSize, length))
        chunks.append(fresh)
        return fresh
    }
}
