/// A run of small values that is filled again and again: one column of decoded values, one value a packet.
///
/// A class, so that many can be kept in an array without copying them. The memory is kept; ``resize(to:)`` may move it.
@safe
public final class Lane<Element: BitwiseCopyable> {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var filled = 0

    /// An empty lane.
    public init() {
        capacity = 0
        unsafe base = .allocate(capacity: 1)
    }

    deinit { unsafe base.deallocate() }

    /// How many values it holds.
    @inlinable public var count: Int { filled }

    /// Makes it hold `count` values. Those that were there stay, new ones are `filler`.
    public func resize(to count: Int, filler: Element) {
        precondition(count >= 0, "a lane has no negative length")
        if count > capacity {
            let grown = max(count, capacity * 2, 8)
            let fresh = UnsafeMutablePointer<Element>.allocate(capacity: grown)
            // Both allocations hold at least `filled` values and do not overlap.
            unsafe fresh.update(from: base, count: filled)
            unsafe base.deallocate()
            unsafe base = fresh
            capacity = grown
        }
        if count > filled { unsafe (base + filled).update(repeating: filler, count: count - filled) }
        filled = count
    }

    /// Adds a value at the end.
    @inlinable
    public func append(_ value: Element) {
        if filled == capacity {
            resize(to: filled + 1, filler: value)
            return
        }
        // Inside the allocation: there is room for one more.
        unsafe (base + filled).pointee = value
        filled &+= 1
    }

    /// Forgets all values and keeps the memory.
    @inlinable
    public func removeAll() { filled = 0 }

    /// Sets every value to `value`.
    public func fill(_ value: Element) { unsafe base.update(repeating: value, count: filled) }

    /// All values, to be read in one loop; true until the lane is next resized.
    @inlinable
    public var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: filled)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// All values, for as long as `keeper`, which owns the lane, is borrowed.
    ///
    /// Unsafe because nothing ties the lane to its keeper but the word of the caller.
    @inlinable @unsafe
    @_lifetime(borrow keeper)
    public func span<Keeper: ~Copyable & ~Escapable>(keptBy keeper: borrowing Keeper) -> Span<Element> {
        let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: filled)
        return unsafe _overrideLifetime(span, borrowing: keeper)
    }

    /// All values, to be written in one loop; true until the lane is next resized. The caller takes one at a time and
    /// reads no other span of this lane meanwhile.
    @inlinable
    public var writable: MutableSpan<Element> {
        @_lifetime(borrow self)
        get {
            let span = unsafe MutableSpan(_unsafeStart: base, count: filled)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The value at `index`, which is below ``count``.
    @inlinable
    public subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < filled, "no such value")
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < filled, "no such value")
            unsafe base[index] = newValue
        }
    }
}
