internal import Records

/// A series as it is drawn.
struct DrawnSeries {
    var name: String
    var unit: String
    var labels: [String]
    var zones: [Zone]
    var trace: Trace
    /// How many points it was drawn from.
    var count: Int
    var isSteps: Bool { !labels.isEmpty }
}

/// Where everything of a figure stands.
struct Layout {
    let metrics: Metrics
    let width: Double
    private(set) var height: Double
    let range: ClosedRange<Int64>
    let axis: PlotAxis
    let series: [DrawnSeries]
    private(set) var panels: [Panel] = []
    private(set) var timeTicks: TimeTicks
    let title: String
    let note: String
    /// Where the panels begin and end.
    private(set) var left = 0.0
    private(set) var right = 0.0

    /// Lays out series.
    ///
    /// - Parameters:
    ///   - height: nil: as the panels need it, at least `leastHeight`.
    ///   - isShared: whether series of one unit share a panel.
    init(
        _ series: [DrawnSeries], range: ClosedRange<Int64>, axis: PlotAxis, width: Double, height: Double?,
        leastHeight: Double, title: String, note: String, isShared: Bool, metrics: Metrics
    ) {
        self.metrics = metrics
        self.width = width
        self.height = 0
        self.range = range
        self.axis = axis
        self.series = series
        self.title = title
        self.note = note
        timeTicks = TimeTicks(range, axis: axis) { _ in 1 }
        panels = Self.panels(series, isShared: isShared)
        for index in panels.indices { scale(&panels[index]) }
        placeAcross()
        placeDown(height, leastHeight)
        let labelRoom = metrics.labelRoom
        let across = right - left
        timeTicks = TimeTicks(range, axis: axis) { characters in
            let label = metrics.width(String(repeating: "0", count: characters), .tick)
            return max(1, Int(across / (label + labelRoom)))
        }
    }

    /// Which series stand together.
    private static func panels(_ series: [DrawnSeries], isShared: Bool) -> [Panel] {
        var panels: [Panel] = []
        for (index, one) in series.enumerated() {
            if isShared, !one.isSteps, !one.unit.isEmpty,
                let place = panels.firstIndex(where: { !$0.isSteps && $0.unit == one.unit })
            {
                panels[place].series.append(index)
            } else {
                panels.append(Panel(series: [index], isSteps: one.isSteps, unit: one.unit))
            }
        }
        return panels
    }

    /// What values a panel shows.
    private func scale(_ panel: inout Panel) {
        let drawn = panel.series.map { series[$0] }
        panel.gaps = Trace.union(drawn.map(\.trace.gaps))
        let points = drawn.lazy.flatMap { $0.trace.runs.joined() }
        if panel.isSteps {
            let labels = drawn.first?.labels.count ?? 0
            panel.rows = Set(points.compactMap { Int(exactly: $0.value) }).filter { (0..<labels).contains($0) }.sorted()
            panel.range = -0.5...Double(max(1, panel.rows.count)) - 0.5
            return
        }
        var (low, high) = (Double.infinity, -Double.infinity)
        for point in points { (low, high) = (min(low, point.value), max(high, point.value)) }
        if low > high { (low, high) = (0, 0) }
        let limited = panel.series.filter { !series[$0].zones.isEmpty }
        if let first = limited.first, limited.allSatisfy({ series[$0].zones == series[first].zones }) {
            panel.zones = series[first].zones
            panel.range = Zone.range(of: low...high, panel.zones)
            panel.note = Zone.words(panel.zones, outside: panel.range)
        } else {
            panel.range = Ticks.range(of: low...high)
            for index in limited {
                let ends = Zone.nominalEdges(series[index].zones)
                panel.thresholds += ends.filter { panel.range.contains($0) }.map { ($0, index) }
            }
        }
    }

    // MARK: Places

    /// Left and right end of the panels: labels of values stand left of them.
    private mutating func placeAcross() {
        var gutter = 0.0
        for panel in panels {
            gutter = max(gutter, metrics.width(panel.unit, .tick))
            for label in labels(panel, most: 8) { gutter = max(gutter, metrics.width(label, .tick)) }
        }
        let margins = metrics.margins
        let most = (width - margins.left - margins.right) * 0.4
        // Rounded up, so that what was measured has room.
        left = ((margins.left + min(gutter, most) + metrics.tickRoom) / 2).rounded(.up) * 2
        right = metrics.snapped(width - margins.right, 2)
    }

    private func labels(_ panel: Panel, most: Int) -> [String] {
        guard panel.isSteps else { return Ticks(panel.range, most: most).labels }
        let labels = panel.series.first.map { series[$0].labels } ?? []
        return panel.rows.map { labels[$0] }
    }

    private mutating func placeDown(_ height: Double?, _ leastHeight: Double) {
        let margins = metrics.margins
        var y = margins.top
        if !title.isEmpty { y += metrics.titleHeight }
        if !note.isEmpty { y += metrics.noteHeight }
        var lines: [Double] = []
        for index in panels.indices { lines.append(Double(placeEntries(&panels[index]))) }
        let heads = lines.reduce(0) { $0 + $1 * metrics.legendHeight + metrics.panelRoom }
        let fixed = y + heads + metrics.axisHeight + margins.bottom
        let (heights, room) = heights(of: height.map { $0 - fixed } ?? leastHeight - fixed, canGrow: height == nil)
        self.height = fixed + room
        for index in panels.indices {
            panels[index].top = y
            y += metrics.panelRoom + lines[index] * metrics.legendHeight
            let top = metrics.snapped(y, 4)
            let bottom = metrics.snapped(y + heights[index], 4)
            panels[index].area = Area(left: left, top: top, right: right, bottom: max(top + 4, bottom))
            y = bottom
            place(&panels[index])
        }
    }

    /// Shares the room from top to bottom among the panels. Where there is more than they need, those of numbers take it;
    /// where there is less, these give first.
    ///
    /// - Returns: the heights, and the room that they take.
    private func heights(of room: Double, canGrow: Bool) -> (heights: [Double], room: Double) {
        let needs = panels.map {
            $0.isSteps ? Double(max(2, $0.rows.count)) * metrics.row : metrics.panel.good
        }
        let least = panels.map {
            $0.isSteps ? Double(max(1, $0.rows.count)) * metrics.leastRow : metrics.panel.least
        }
        let (need, leastNeed) = (needs.reduce(0, +), least.reduce(0, +))
        if room >= need || canGrow {
            let numbers = panels.count { !$0.isSteps }
            let more = max(0, room - need)
            let heights = panels.indices.map { index in
                if numbers == 0 { return needs[index] * (1 + more / max(need, 1)) }
                return needs[index] + (panels[index].isSteps ? 0 : more / Double(numbers))
            }
            return (heights, max(room, need))
        }
        if room >= leastNeed {
            let part = (room - leastNeed) / max(need - leastNeed, 1)
            return (zip(least, needs).map { $0 + ($1 - $0) * part }, room)
        }
        // A screen can be rolled, a picture has the size that was asked for.
        if metrics.isTerminal { return (least, leastNeed) }
        let room = max(room, Double(panels.count) * 4)
        return (least.map { $0 * room / leastNeed }, room)
    }

    /// Puts the legend's entries in lines; gives how many.
    private func placeEntries(_ panel: inout Panel) -> Int {
        let swatch = metrics.swatch
        // What is said of limits gives way to the first name.
        let firstName = panel.series.first.map { metrics.width(series[$0].name, .legend) } ?? 0
        let length = metrics.width(panel.note, .note) + swatch.gap
        if swatch.length + swatch.room + firstName + length > right - left { panel.note = "" }
        let noteWidth = panel.note.isEmpty ? 0 : length
        var (x, line) = (left, 0)
        for index in panel.series {
            let most = right - left - swatch.length - swatch.room - (line == 0 ? noteWidth : 0)
            let name = metrics.cut(series[index].name, .legend, to: max(most, 60))
            let length = swatch.length + swatch.room + metrics.width(name, .legend)
            if x > left, x + length > right - (line == 0 ? noteWidth : 0) { (x, line) = (left, line + 1) }
            panel.entries.append(
                Panel.Entry(series: index, name: name, spot: Spot(x, (Double(line) + 0.5) * metrics.legendHeight)))
            x += length + swatch.gap
        }
        return line + 1
    }

    /// Puts the legend and the ticks where the panel is.
    private func place(_ panel: inout Panel) {
        let legend = panel.top + metrics.panelRoom - (metrics.isTerminal ? 0 : 3)
        for index in panel.entries.indices { panel.entries[index].spot.y += legend }
        if panel.isSteps {
            let labels = labels(panel, most: 0)
            panel.ticks = zip(panel.rows, labels).map { Panel.Tick(y: panel.y(Double($0)), label: $1) }
            return
        }
        let ticks = Ticks(panel.range, most: max(2, Int((panel.area.height / metrics.tickHeight).rounded())))
        panel.ticks = zip(ticks.values, ticks.labels).map { [panel] in Panel.Tick(y: panel.y($0), label: $1) }
    }

    /// The place of a time.
    func x(_ x: Int64) -> Double {
        let span = max(1, range.upperBound.distance(behind: range.lowerBound))
        return left + x.distance(behind: range.lowerBound) / span * (right - left)
    }
}
