/// Some 512 small records that stages hand on together: a stage is a loop over one batch that fills another.
///
/// The records point at bytes that the batch's producer keeps alive until its next batch; ``bytes(of:)`` lends them.
/// A batch is made once and used again and again, so nothing is allocated a packet.
@safe
public struct Batch<Record: BitwiseCopyable>: ~Copyable {
    @usableFromInline var storage: UnsafeMutablePointer<Record>
    /// How many records it holds before it has to grow.
    @inlinable public var capacity: Int { limit }
    @usableFromInline var limit: Int
    /// How many records it holds.
    @inlinable public var count: Int { filled }
    @usableFromInline var filled = 0

    /// An empty batch for `capacity` records.
    public init(capacity: Int = 512) {
        limit = capacity
        unsafe storage = .allocate(capacity: capacity)
    }

    deinit { unsafe storage.deallocate() }

    /// True when it holds what one batch should: the next record makes it grow.
    @inlinable public var isFull: Bool { filled >= limit }
    /// True when it holds no record.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// Adds a record.
    @inlinable
    public mutating func append(_ record: Record) {
        if filled == capacity { grow() }
        // Inside the allocation: there is room for one more.
        unsafe (storage + filled).pointee = record
        filled &+= 1
    }

    /// Adds records of another batch.
    public mutating func append(_ records: Span<Record>) {
        while capacity - filled < records.count { grow() }
        // There is room for them behind those that are there.
        for index in records.indices { unsafe storage[filled &+ index] = records[index] }
        filled += records.count
    }

    @usableFromInline
    mutating func grow() {
        let grown = max(8, capacity * 2)
        let fresh = UnsafeMutablePointer<Record>.allocate(capacity: grown)
        unsafe fresh.update(from: storage, count: filled)
        unsafe storage.deallocate()
        unsafe storage = fresh
        limit = grown
    }

    /// Forgets all records and keeps the memory.
    @inlinable
    public mutating func removeAll() { filled = 0 }

    /// Forgets the records after the first `n`.
    @inlinable
    public mutating func truncate(to n: Int) {
        precondition(n >= 0 && n <= count, "a batch is cut to what it has")
        filled = n
    }

    /// Keeps the records for which it says so, in their order.
    @inlinable
    public mutating func keep(where isKept: (Record) -> Bool) {
        var kept = 0
        for index in 0..<count {
            let record = self[index]
            guard isKept(record) else { continue }
            if kept != index { self[kept] = record }
            kept += 1
        }
        truncate(to: kept)
    }

    /// The record at `index`, which is below ``count``.
    @inlinable
    public subscript(index: Int) -> Record {
        get {
            precondition(index >= 0 && index < count, "no such record")
            return unsafe storage[index]
        }
        set {
            precondition(index >= 0 && index < count, "no such record")
            unsafe storage[index] = newValue
        }
    }

    /// All records, to be read in one loop.
    @inlinable
    public var records: Span<Record> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeStart: UnsafePointer(storage), count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

extension Batch where Record: Located {
    /// Octets of all records together.
    @inlinable
    public var octets: Int {
        var octets = 0
        for index in 0..<count { octets += self[index].extent.count }
        return octets
    }

    /// The bytes that a record of this batch points at.
    @inlinable
    @_lifetime(borrow self)
    public func bytes(of record: Record) -> RawSpan {
        // The producer keeps what its records point at until its next batch; until then this batch is borrowed.
        unsafe record.extent.bytes(keptBy: self)
    }
}
