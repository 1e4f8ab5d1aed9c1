/// A run of bytes that somebody else keeps alive: what the small records of a batch hold instead of bytes.
///
/// An extent is an address and a length and nothing more. Who hands one out says how long it stays true (a reader:
/// until its next batch; an arena: until it is reset); who wants the bytes asks the batch that holds it,
/// ``Batch/bytes(of:)``, or names the keeper.
@frozen @safe
public struct Extent: BitwiseCopyable, @unchecked Sendable {
    @usableFromInline let address: UnsafeRawPointer
    /// Length in octets.
    public let count: Int

    @inlinable
    init(address: UnsafeRawPointer, count: Int) {
        unsafe self.address = address
        self.count = count
    }

    /// The extent of borrowed bytes. The caller keeps them alive for as long as the extent is used.
    @inlinable
    public init(_ bytes: RawSpan) {
        // An empty span may have no address: any address serves a length of zero.
        let base = unsafe bytes.withUnsafeBytes {
            unsafe $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        }
        unsafe self.init(address: base, count: bytes.byteCount)
    }

    /// No bytes at all.
    @inlinable
    public static var empty: Extent {
        unsafe Extent(address: UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped, count: 0)
    }

    /// The bytes, for as long as `keeper` is borrowed.
    ///
    /// Unsafe because nothing ties the extent to its keeper but the word of the caller.
    @inlinable @unsafe
    @_lifetime(borrow keeper)
    public func bytes<Keeper: ~Copyable & ~Escapable>(keptBy keeper: borrowing Keeper) -> RawSpan {
        let span = unsafe RawSpan(_unsafeStart: address, byteCount: count)
        return unsafe _overrideLifetime(span, borrowing: keeper)
    }

    /// The extent without its first `n` octets. Traps when it has fewer.
    @inlinable
    public func dropFirst(_ n: Int) -> Extent {
        precondition(n >= 0 && n <= count, "an extent cannot give more than it has")
        return unsafe Extent(address: address + n, count: count &- n)
    }

    /// The first `n` octets of the extent. Traps when it has fewer.
    @inlinable
    public func prefix(_ n: Int) -> Extent {
        precondition(n >= 0 && n <= count, "an extent cannot give more than it has")
        return unsafe Extent(address: address, count: n)
    }

    /// `length` octets from `offset` on. Traps when they are not all inside.
    @inlinable
    public func slice(at offset: Int, count length: Int) -> Extent {
        // No sum that could overflow: both sides of the last comparison are 0 or more.
        precondition(
            offset >= 0 && length >= 0 && length <= count && offset <= count &- length, "a slice lies inside its extent"
        )
        return unsafe Extent(address: address + offset, count: length)
    }
}

/// A record of a batch that points at bytes.
public protocol Located: BitwiseCopyable {
    /// Where the record's bytes are.
    var extent: Extent { get }
}
