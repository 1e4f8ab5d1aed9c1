public import Records

/// One value of a series, at one place of the horizontal axis.
@frozen
public struct PlotPoint: BitwiseCopyable, Sendable, Hashable {
    /// Nanoseconds since 1970, or a number of packets (``PlotAxis``).
    public var x: Int64
    /// The value; of an enumeration an index into ``PlotSeries/labels``. Finite.
    public var value: Double
    /// How it stands to its limits.
    public var state: LimitState

    /// A point from its parts.
    @inlinable
    public init(x: Int64, value: Double, state: LimitState = .nominal) {
        self.x = x
        self.value = value
        self.state = state
    }
}

/// What the horizontal axis counts.
public enum PlotAxis: Sendable, Hashable {
    /// Nanoseconds since 1970-01-01 in UTC.
    case time
    /// Packets one behind the other, where nothing tells a time.
    case packets
}
