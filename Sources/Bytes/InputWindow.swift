internal import Glibc

/// The unread octets of an input that are in reach, in one piece: one parser serves memory, mapped files and streams.
///
/// A parser looks at ``bytes``, hands out extents of ``extent``, and says with ``skip(_:)`` what it has done with. When
/// what it wants has not all come yet it calls ``more()``, which brings further octets behind those in reach and may
/// move them: extents are true until then.
@safe
public final class InputWindow {
    // What keeps the octets alive; one of the three is there.
    private let memory: ByteBuffer?
    private let mapping: MappedFile?
    private let ring: ReadAhead?
    private let isMapped: Bool
    private var base: UnsafeRawPointer
    private var start = 0
    private var end = 0
    // The ring's buffer in reach is taken and not yet released.
    private var holdsPiece = false
    // Where a record is put together that is longer than the reserve of the ring's buffers.
    private var spill: ByteBuffer?
    private var forgotten = 0

    /// Gets a copy of all octets that are left behind; nil for none.
    public var copies: ByteBuffer?

    /// Where the first unread octet stands in the input.
    public private(set) var offset: UInt64 = 0
    /// Octets taken from the file or pipe, packed as they are there.
    public var taken: UInt64 { ring == nil ? offset : takenByRing }
    private var takenByRing: UInt64 = 0
    /// How many packed members were begun; 0 for an input that is not packed.
    public private(set) var members = 0

    /// A window over octets in memory.
    public init(memory: [UInt8]) {
        let buffer = ByteBuffer(capacity: memory.count)
        unsafe buffer.append(memory.span.bytes)
        self.memory = buffer
        mapping = nil
        ring = nil
        isMapped = false
        unsafe base = buffer.extent.address
        end = buffer.count
    }

    /// A window over a mapped file.
    public init(mapping: consuming MappedFile) {
        unsafe base = Extent(mapping.bytes).address
        end = mapping.count
        memory = nil
        self.mapping = consume mapping
        ring = nil
        isMapped = true
    }

    /// A window over a source, read in pieces of `pieceSize` octets; past the first `unthreaded` octets a second thread
    /// reads ahead.
    public init(source: any OctetSource, pieceSize: Int = 1 << 20, unthreaded: Int = 1 << 21) {
        memory = nil
        mapping = nil
        ring = ReadAhead(source: source, slotSize: max(1, pieceSize), unthreaded: unthreaded)
        isMapped = false
        unsafe base = Extent.empty.address
    }

    deinit { ring?.abandon() }

    /// How many octets are in reach.
    public var count: Int { end - start }

    /// The octets in reach, until ``more()``.
    public var extent: Extent { unsafe Extent(address: base + start, count: end - start) }

    /// The octets in reach, until ``more()``.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: base + start, byteCount: end - start)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// How the input ended; nil while it goes on.
    public var ending: OctetEnding? { ring.map(\.ending) ?? .complete }

    /// Leaves the first `n` octets in reach behind. They stay where they are until ``more()``.
    public func skip(_ n: Int) {
        precondition(n >= 0 && n <= count, "only what is in reach can be skipped")
        if let copies { copies.append(bytes.slice(at: 0, count: n)) }
        start += n
        offset += UInt64(n)
    }

    /// Leaves octets behind that are none of the input's own, which goes on at an offset of its own.
    public func jump(over n: Int, to offset: UInt64) {
        precondition(n >= 0 && n <= count, "only what is in reach can be passed")
        start += n
        self.offset = offset
    }

    /// Brings at least `n` octets into reach; false when the input has fewer.
    public func require(_ n: Int) -> Bool {
        while count < n { if !more() { return false } }
        return true
    }

    /// Brings further octets into reach, behind those that are; false at the end of the input.
    public func more() -> Bool {
        guard let ring else { return false }
        return more(from: ring)
    }

    private func more(from ring: ReadAhead) -> Bool {
        let left = count
        guard let piece = ring.take() else { return false }
        takenByRing = piece.taken
        members = piece.members
        if left <= ReadAhead.reserve {
            // The rest of the buffer before goes into the reserve in front of this one.
            unsafe (piece.start - left).copyMemory(from: base + start, byteCount: left)
            unsafe base = UnsafeRawPointer(piece.start - left)
            start = 0
            end = left + piece.count
            spill = nil
            if holdsPiece { ring.release() }
            holdsPiece = true
            return true
        }
        let whole = spill ?? ByteBuffer(capacity: left + 2 * ReadAhead.reserve)
        if spill == nil {
            unsafe whole.append(RawSpan(_unsafeStart: base + start, byteCount: left))
        } else {
            whole.removeFirst(start)
        }
        unsafe whole.append(RawSpan(_unsafeStart: piece.start, byteCount: piece.count))
        spill = whole
        if holdsPiece { ring.release() }
        holdsPiece = false
        ring.release()
        unsafe base = whole.extent.address
        start = 0
        end = whole.count
        return true
    }

    /// Gives the pages of a mapping that were left behind back to the system, so that memory does not grow with the
    /// file. Extents of what was left behind stay true: their pages would be read again.
    public func forget() {
        let step = 1 << 22
        let limit = start / step * step
        guard isMapped, limit > forgotten else { return }
        // Whole pages inside the mapping, which this window keeps.
        unsafe madvise(UnsafeMutableRawPointer(mutating: base + forgotten), limit - forgotten, MADV_DONTNEED)
        forgotten = limit
    }
}
