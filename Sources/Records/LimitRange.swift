/// A range of alarm limits that always holds: how severe it is when a value leaves it, or enters it.
public struct LimitRange: Sendable, Hashable {
    /// How severe that is.
    public let level: LimitState
    /// The lower end, in the unit of the parameter; minus infinity where there is none.
    public let minimum: Double
    /// The upper end; infinity where there is none.
    public let maximum: Double
    /// True when values inside it are the alarming ones; false when those outside are.
    public let isInside: Bool

    /// A range from its parts.
    public init(level: LimitState, minimum: Double, maximum: Double, isInside: Bool = false) {
        self.level = level
        self.minimum = minimum
        self.maximum = maximum
        self.isInside = isInside
    }

    /// Whether a value, at no end of the range, is alarming by it.
    public func alarms(_ value: Double) -> Bool { (value > minimum && value < maximum) == isInside }
}
