public import Records

/// One parameter over time, ready to be drawn.
public struct PlotSeries: Sendable {
    /// Its name in the legend.
    public var name: String
    /// The unit, often empty.
    public var unit: String
    /// The labels of an enumeration or boolean, which is drawn as steps; empty for a number.
    public var labels: [String]
    /// Alarm limits that hold all the time.
    public var limits: [LimitRange]
    /// Its values.
    public var points: PlotPoints

    /// A series from its parts.
    public init(
        name: String, unit: String = "", labels: [String] = [], limits: [LimitRange] = [],
        points: PlotPoints = PlotPoints()
    ) {
        self.name = name
        self.unit = unit
        self.labels = labels
        self.limits = limits
        self.points = points
    }

    /// Whether it is drawn as steps between labels.
    var isSteps: Bool { !labels.isEmpty }
}
