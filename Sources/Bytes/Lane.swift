/// A run of small values that is filled again and again: one column of decoded values, one value a packet.
///
/// A class, so that many can be kept in an array without copying them. The memory is kept; growing may move it. What
/// changes lies behind one constant pointer, so reading a lane costs no check of exclusive access.
@safe
public final class Lane<Element: BitwiseCopyable> {
    @usableFromInline
    @safe struct Storage {
        @usableFromInline var base: UnsafeMutablePointer<Element>
        @usableFromInline var capacity: Int
        @usableFromInline var count: Int
    }
    @usableFromInline let storage: UnsafeMutablePointer<Storage>

    /// An empty lane.
    public init() {
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Storage(base: .allocate(capacity: 1), capacity: 0, count: 0))
    }

    deinit {
        unsafe storage.pointee.base.deallocate()
        unsafe storage.deallocate()
    }

    /// How many values it holds.
    @inlinable public var count: Int { unsafe storage.pointee.count }

    /// Makes it hold `count` values. Those that were there stay, new ones are `filler`.
    @inlinable
    public func resize(to count: Int, filler: Element) {
        precondition(count >= 0, "a lane has no negative length")
        let filled = self.count
        if unsafe count > storage.pointee.capacity { grow(to: count) }
        if count > filled {
            // Inside the allocation, which holds `count` values now.
            unsafe (storage.pointee.base + filled).update(repeating: filler, count: count - filled)
        }
        unsafe storage.pointee.count = count
    }

    @usableFromInline
    func grow(to count: Int) {
        // A power of two: the counts of batches differ a little, and memory that is touched for the first time is slow.
        let grown = 1 << (Int.bitWidth - max(count - 1, 7).leadingZeroBitCount)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: grown)
        // Both allocations hold at least the values that are there, and do not overlap.
        unsafe fresh.update(from: storage.pointee.base, count: self.count)
        unsafe storage.pointee.base.deallocate()
        unsafe storage.pointee.base = fresh
        unsafe storage.pointee.capacity = grown
    }

    /// Adds a value at the end.
    @inlinable
    public func append(_ value: Element) {
        let filled = count
        if unsafe filled == storage.pointee.capacity { grow(to: filled + 1) }
        // Inside the allocation: there is room for one more.
        unsafe storage.pointee.base[filled] = value
        unsafe storage.pointee.count = filled &+ 1
    }

    /// Forgets all values and keeps the memory.
    @inlinable
    public func removeAll() { unsafe storage.pointee.count = 0 }

    /// Sets every value to `value`.
    @inlinable
    public func fill(_ value: Element) { unsafe storage.pointee.base.update(repeating: value, count: count) }

    /// Becomes the same as another lane.
    @inlinable
    public func copy(_ other: Lane<Element>) {
        guard other !== self else { return }
        unsafe storage.pointee.count = 0
        if unsafe other.count > storage.pointee.capacity { grow(to: other.count) }
        // Both hold at least so many values, and are not the same.
        unsafe storage.pointee.base.update(from: other.storage.pointee.base, count: other.count)
        unsafe storage.pointee.count = other.count
    }

    /// All values, to be read in one loop; true until the lane is next resized.
    @inlinable
    public var span: Span<Element> {
        @_lifetime(borrow self)
        get { unsafe span(keptBy: self) }
    }

    /// All values, for as long as `keeper`, which owns the lane, is borrowed.
    ///
    /// Unsafe because nothing ties the lane to its keeper but the word of the caller.
    @inlinable @unsafe
    @_lifetime(borrow keeper)
    public func span<Keeper: ~Copyable & ~Escapable>(keptBy keeper: borrowing Keeper) -> Span<Element> {
        let span = unsafe Span(_unsafeStart: UnsafePointer(storage.pointee.base), count: count)
        return unsafe _overrideLifetime(span, borrowing: keeper)
    }

    /// All values, to be written in one loop; true until the lane is next resized. The caller takes one at a time and
    /// reads no other span of this lane meanwhile.
    @inlinable
    public var writable: MutableSpan<Element> {
        @_lifetime(borrow self)
        get {
            let span = unsafe MutableSpan(_unsafeStart: storage.pointee.base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The value at `index`, which is below ``count``.
    @inlinable
    public subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "no such value")
            return unsafe storage.pointee.base[index]
        }
        set {
            precondition(index >= 0 && index < count, "no such value")
            unsafe storage.pointee.base[index] = newValue
        }
    }
}
