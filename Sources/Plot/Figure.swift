public import Bytes
internal import Records

/// Parameters over time, ready to be drawn as a picture, a page or on a terminal: series with one unit share a panel.
///
///     var figure = Figure(series, axis: .time, options)
///     figure.svg(into: &text)
public struct Figure: Sendable {
    private var series: [PlotSeries]
    private let axis: PlotAxis
    private let options: PlotOptions

    /// A figure of series with points; those without any are left out.
    public init(_ series: [PlotSeries], axis: PlotAxis = .time, _ options: PlotOptions = PlotOptions()) {
        self.series = series.filter { !$0.points.isEmpty }
        self.axis = axis
        self.options = options
    }

    /// Whether nothing is in it.
    public var isEmpty: Bool { series.isEmpty }

    /// Adds the picture as SVG.
    public mutating func svg(into out: inout TextBuffer) {
        let layout = layout()
        var canvas = SVGCanvas(
            width: layout.width, height: layout.height, theme: Theme(style: options.style), title: options.title,
            isTagged: false)
        layout.draw(on: &canvas)
        canvas.finish()
        out.append(canvas.out.bytes)
    }

    /// The picture as PNG; nil when there is no memory for it.
    public mutating func png() -> [UInt8]? {
        let layout = layout()
        var canvas = RasterCanvas(
            width: layout.width, height: layout.height,
            scale: max(PlotOptions.scales.lowerBound, min(PlotOptions.scales.upperBound, options.scale)),
            theme: Theme(style: options.style))
        layout.draw(on: &canvas)
        return PNG.encode(width: canvas.width, height: canvas.height, pixels: canvas.pixels)
    }

    // MARK: Layout

    /// Its colours and its title, for a page.
    var style: PlotOptions.Style { options.style }
    var title: String { options.title }

    /// The layout of a picture whose values are told apart in so many columns.
    mutating func layout(columns: Int? = nil) -> Layout {
        let sizes = PlotOptions.sizes
        let width = max(sizes.lowerBound, min(sizes.upperBound, options.width))
        let height = options.height.map { Double(max(sizes.lowerBound, min(sizes.upperBound, $0))) }
        // Columns half a pixel wide: a scaled picture is fine enough, and a page may be looked at closely.
        return layout(
            width: Double(width), height: height, leastHeight: 600, columns: columns ?? width * 2, isShared: true,
            metrics: .picture)
    }

    mutating func layout(
        width: Double, height: Double?, leastHeight: Double, columns: Int, isShared: Bool, metrics: Metrics
    ) -> Layout {
        let extent = extent() ?? 0...0
        let range = range(extent, padded: !metrics.isTerminal)
        var drawn: [DrawnSeries] = []
        for index in series.indices {
            let one = series[index]
            drawn.append(
                DrawnSeries(
                    name: one.name, unit: one.unit, labels: one.labels, zones: Zone.zones(one.limits),
                    trace: Trace(&series[index].points, range: range, columns: columns), count: one.points.count))
        }
        return Layout(
            drawn, range: range, axis: axis, width: width, height: height, leastHeight: leastHeight,
            title: options.title, note: note(extent), isShared: isShared, metrics: metrics)
    }

    /// The first and the last place of the horizontal axis that has a point; nil for none.
    private mutating func extent() -> ClosedRange<Int64>? {
        var extent: ClosedRange<Int64>?
        for index in series.indices {
            for bucket in series[index].points.settled() {
                let (low, high) = (extent?.lowerBound ?? bucket.first.x, extent?.upperBound ?? bucket.last.x)
                extent = min(low, bucket.first.x)...max(high, bucket.last.x)
            }
        }
        return extent
    }

    /// What the horizontal axis shows: a little more than there is, and more than one place.
    private func range(_ extent: ClosedRange<Int64>, padded: Bool) -> ClosedRange<Int64> {
        let (span, overflow) = extent.upperBound.subtractingReportingOverflow(extent.lowerBound)
        let room: Int64 =
            span == 0 ? (axis == .time ? CalendarTime.second : 1) : padded && !overflow ? span / 100 : 0
        let (left, under) = extent.lowerBound.subtractingReportingOverflow(room)
        let (right, over) = extent.upperBound.addingReportingOverflow(room)
        return (under ? extent.lowerBound : left)...(over ? extent.upperBound : right)
    }

    /// What is said of the figure as a whole: when, and of how many values.
    private func note(_ extent: ClosedRange<Int64>) -> String {
        var words: [String] = []
        if axis == .time {
            let (first, last) = (CalendarTime(extent.lowerBound), CalendarTime(extent.upperBound))
            let isOneDay = first.date == last.date
            let decimals = isOneDay && last.time - first.time < 60 * CalendarTime.second ? 3 : 0
            let end = (isOneDay ? "" : last.date + " ") + last.clock(seconds: true, decimals: decimals)
            words.append("\(first.date) \(first.clock(seconds: true, decimals: decimals)) – \(end) UTC")
        }
        let count = series.reduce(0) { $0 + $1.points.count }
        words.append("\(NumberText.grouped(count)) \(count == 1 ? "value" : "values")")
        return words.joined(separator: " · ")
    }
}
