internal import Records

/// A stretch of a figure with an axis of values of its own.
struct Panel {
    /// An entry of the legend.
    struct Entry {
        var series: Int
        var name: String
        /// Where its swatch begins and the middle of its line.
        var spot: Spot
    }
    /// A value with a line across the panel.
    struct Tick {
        var y: Double
        var label: String
    }

    /// The series, as numbers.
    var series: [Int]
    /// Whether it has labels' rows for values.
    var isSteps: Bool
    var unit: String
    /// Where values are drawn.
    var area = Area(left: 0, top: 0, right: 0, bottom: 0)
    /// Where its legend begins.
    var top = 0.0
    var entries: [Entry] = []
    /// The values that it shows; of rows, -0.5 to their number - 0.5.
    var range = 0.0...1.0
    /// For each row, lowest first, the index of its label.
    var rows: [Int] = []
    var ticks: [Tick] = []
    var zones: [Zone] = []
    /// Limits of series that differ in them.
    var thresholds: [(value: Double, series: Int)] = []
    /// What is said at the right of the legend.
    var note = ""
    var gaps: [Trace.Gap] = []

    /// The height of a value.
    func y(_ value: Double) -> Double {
        let place = isSteps ? Double(Int(exactly: value).flatMap { rows.firstIndex(of: $0) } ?? 0) : value
        let share = (place - range.lowerBound) / (range.upperBound - range.lowerBound)
        // Numbers near the largest that there are lie beyond any range.
        return area.bottom - max(-0.01, min(1.01, share)) * area.height
    }
}
