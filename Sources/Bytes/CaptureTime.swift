/// A point in time: nanoseconds since 1970-01-01T00:00:00Z without leap seconds, as captures count; years 1678 to 2262.
@frozen
public struct CaptureTime: BitwiseCopyable, Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970.
    public var nanoseconds: Int64

    /// A time from nanoseconds since 1970.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// What stands where there is no time: a bare file has none, nor has a simple packet block.
    @inlinable public static var unknown: CaptureTime { CaptureTime(nanoseconds: .min) }

    /// False for ``unknown``.
    @inlinable public var isKnown: Bool { nanoseconds != .min }

    /// Whether `a` is the earlier one; ``unknown`` is earlier than every other.
    @inlinable public static func < (a: CaptureTime, b: CaptureTime) -> Bool { a.nanoseconds < b.nanoseconds }
}
