/// Octets that grow at the end and keep their memory when emptied: for what has to be put together.
///
/// A class, so that a stage can keep many in an array without copying. Growth may move the bytes: extents of a buffer
/// are true until it is next changed.
@safe
public final class ByteBuffer {
    @safe private struct Storage {
        var base: UnsafeMutableRawPointer
        var capacity: Int
        var count = 0
    }
    // In memory of its own, where no access is held against others at run time: who writes it is the one that owns it.
    private let storage: UnsafeMutablePointer<Storage>

    private var base: UnsafeMutableRawPointer { unsafe storage.pointee.base }
    private var capacity: Int { unsafe storage.pointee.capacity }

    /// How many octets it holds.
    public private(set) var count: Int {
        get { unsafe storage.pointee.count }
        set { unsafe storage.pointee.count = newValue }
    }

    /// How many octets it can hold without moving them.
    package var limit: Int { capacity }

    /// An empty buffer with room for `capacity` octets.
    public init(capacity: Int = 256) {
        let room = max(16, capacity)
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Storage(base: .allocate(byteCount: room, alignment: 16), capacity: room))
    }

    deinit {
        unsafe base.deallocate()
        unsafe storage.deallocate()
    }

    /// The octets it holds, until it is next changed.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The octets it holds as an extent, until it is next changed.
    public var extent: Extent { unsafe Extent(address: UnsafeRawPointer(base), count: count) }

    /// Adds octets at the end.
    public func append(_ bytes: RawSpan) {
        let length = bytes.byteCount
        guard length > 0 else { return }
        reserve(count + length)
        unsafe bytes.withUnsafeBytes { source in
            // Room for `length` octets was made above; an owned allocation does not overlap a borrowed span of others.
            if let start = source.baseAddress { unsafe (base + count).copyMemory(from: start, byteCount: length) }
        }
        count += length
    }

    /// Adds `length` octets of zero at the end.
    public func appendZeros(_ length: Int) {
        guard length > 0 else { return }
        reserve(count + length)
        unsafe (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: length)
        count += length
    }

    /// Writes octets over those at `offset`, which lie inside.
    public func replace(at offset: Int, with bytes: RawSpan) {
        precondition(offset >= 0 && offset + bytes.byteCount <= count, "only octets that are there can be replaced")
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                unsafe (base + offset).copyMemory(from: start, byteCount: source.count)
            }
        }
    }

    /// Writes `count` bits (1 to 64), the low ones of `value`, over those from bit `offset` on, which lie inside; bit 0 is
    /// the most significant bit of the first octet.
    public func replace(bitsAt offset: Int, count: Int, with value: UInt64) {
        precondition(
            count >= 1 && count <= 64 && offset >= 0 && offset + count <= self.count * 8,
            "only bits that are there can be replaced")
        var bit = offset
        var left = count
        while left > 0 {
            let take = min(8 - bit & 7, left)
            let shift = UInt64(8 - bit & 7 - take)
            let mask = UInt8(truncatingIfNeeded: (1 << UInt64(take) - 1) << shift)
            let part = UInt8(truncatingIfNeeded: (value >> UInt64(left - take)) << shift) & mask
            // Inside the octets that are there, by the check above.
            let octet = unsafe base.load(fromByteOffset: bit >> 3, as: UInt8.self)
            unsafe base.storeBytes(of: octet & ~mask | part, toByteOffset: bit >> 3, as: UInt8.self)
            bit += take
            left -= take
        }
    }

    /// Makes octets that are there zero.
    public func clear(at offset: Int, count length: Int) {
        precondition(
            offset >= 0 && length >= 0 && offset <= count - length, "only octets that are there can be cleared")
        unsafe (base + offset).initializeMemory(as: UInt8.self, repeating: 0, count: length)
    }

    /// Changes every octet where it stands.
    public func update(_ change: (UInt8) -> UInt8) {
        for index in 0..<count {
            // Below `count`, which is inside the allocation.
            let octet = unsafe base.load(fromByteOffset: index, as: UInt8.self)
            unsafe base.storeBytes(of: change(octet), toByteOffset: index, as: UInt8.self)
        }
    }

    /// Turns one bit over, which is there; bit 0 is the most significant one of the first octet.
    public func flip(bit: Int) {
        precondition(bit >= 0 && bit &>> 3 < count, "only a bit that is there can be turned over")
        let octet = unsafe base.load(fromByteOffset: bit &>> 3, as: UInt8.self)
        unsafe base.storeBytes(of: octet ^ 0x80 &>> UInt8(bit & 7), toByteOffset: bit &>> 3, as: UInt8.self)
    }

    /// Writes a number of two octets, most significant first, over those at `offset`, which lie inside.
    public func store(_ value: UInt16, at offset: Int) {
        precondition(offset >= 0 && offset <= count - 2, "only octets that are there can be replaced")
        unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Drops the first `n` octets; those behind move to the front.
    public func removeFirst(_ n: Int) {
        precondition(n >= 0 && n <= count, "a buffer cannot give more than it has")
        guard n > 0 else { return }
        unsafe base.copyMemory(from: base + n, byteCount: count - n)
        count -= n
    }

    /// Drops the last `n` octets.
    public func removeLast(_ n: Int) {
        precondition(n >= 0 && n <= count, "a buffer cannot give more than it has")
        count -= n
    }

    /// Forgets all octets and keeps the memory.
    public func removeAll() { count = 0 }

    /// Lets `fill` write up to `room` octets behind those that are there; it says how many it wrote.
    public func fill<Failure: Error>(
        room: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(count + room)
        let written = unsafe try fill(UnsafeMutableRawBufferPointer(start: base + count, count: room))
        precondition(written >= 0 && written <= room, "no more can be written than there is room")
        count += written
        return written
    }

    /// Lets `write` add up to `room` octets behind those that are there, value by value.
    public func append(room: Int, _ write: (inout OutputRawSpan) -> Void) {
        _ = unsafe fill(room: room) { room in
            var output = unsafe OutputRawSpan(buffer: room, initializedCount: 0)
            write(&output)
            return unsafe output.finalize(for: room)
        }
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let grown = max(wanted, capacity * 2)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
        unsafe fresh.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe storage.pointee.base = fresh
        unsafe storage.pointee.capacity = grown
    }
}
