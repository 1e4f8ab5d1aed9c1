internal import Records

/// Draws a layout on any canvas.
extension Layout {
    /// Draws all of it, what lies behind first.
    func draw(on canvas: inout some Canvas & ~Copyable) {
        canvas.fill(Area(left: 0, top: 0, right: width, bottom: height), .background, .none)
        head(&canvas)
        for (index, panel) in panels.enumerated() { draw(panel, index, &canvas) }
        timeAxis(&canvas)
        for panel in panels {
            for index in panel.series { draw(series[index], index, panel, &canvas) }
            // In front of all lines of the panel.
            for index in panel.series { alarms(series[index], index, panel, &canvas) }
        }
    }

    private func head(_ canvas: inout some Canvas & ~Copyable) {
        let left = metrics.margins.left
        let most = width - left - metrics.margins.right
        var y = metrics.margins.top
        if !title.isEmpty {
            let words = metrics.cut(title, .title, to: most)
            let middle = y + metrics.titleHeight / 2
            canvas.text(words, Spot(left, middle + metrics.baseline(.title)), .title, .start, .title, .none)
            y += metrics.titleHeight
        }
        guard !note.isEmpty else { return }
        let words = metrics.cut(note, .note, to: most)
        let middle = y + metrics.noteHeight / 2
        canvas.text(words, Spot(left, middle + metrics.baseline(.note)), .note, .start, .quiet, .none)
    }

    // MARK: Panels

    /// What lies behind the values of a panel, and its legend.
    private func draw(_ panel: Panel, _ index: Int, _ canvas: inout some Canvas & ~Copyable) {
        let area = panel.area
        for zone in panel.zones { fill(zone, panel, &canvas) }
        for gap in panel.gaps {
            let (from, to) = (max(area.left, x(gap.from)), min(area.right, x(gap.to)))
            // A gap that is no pixel wide is seen all the same.
            let middle = (from + to) / 2
            let half = max((to - from) / 2, 0.5)
            canvas.fill(
                Area(left: middle - half, top: area.top, right: middle + half, bottom: area.bottom), .gap,
                .gaps(panel: index))
        }
        let grid = Pen(role: .grid, width: 1, paint: .grid, isRound: false)
        for tick in panel.ticks where !panel.isSteps {
            canvas.stroke([[Spot(area.left, tick.y), Spot(area.right, tick.y)]], grid, .none)
        }
        for tick in timeTicks.ticks {
            canvas.stroke([[Spot(x(tick.x), area.top), Spot(x(tick.x), area.bottom)]], grid, .timeAxis)
        }
        for edge in Zone.edges(panel.zones) where panel.range.contains(edge.value) {
            threshold(edge.value, .edge(edge.state), panel, .none, &canvas)
        }
        for (value, series) in panel.thresholds { threshold(value, .series(series), panel, .series(series), &canvas) }
        let axis = Pen(role: .axis, width: 1, paint: .axis, isRound: false)
        canvas.stroke([[Spot(area.left, area.bottom), Spot(area.right, area.bottom)]], axis, .none)
        if metrics.isTerminal {
            canvas.stroke([[Spot(area.left - 2, area.top), Spot(area.left - 2, area.bottom)]], axis, .none)
        }
        labels(panel, &canvas)
        legend(panel, &canvas)
    }

    private func fill(_ zone: Zone, _ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        let (low, high) = (max(zone.low, panel.range.lowerBound), min(zone.high, panel.range.upperBound))
        guard low < high else { return }
        let area = Area(left: panel.area.left, top: panel.y(high), right: panel.area.right, bottom: panel.y(low))
        canvas.fill(area, .zone(zone.state), .none)
    }

    private func threshold(
        _ value: Double, _ paint: Paint, _ panel: Panel, _ tag: Tag, _ canvas: inout some Canvas & ~Copyable
    ) {
        let pen = Pen(role: .threshold, width: 1, paint: paint, dash: 4, isRound: false)
        let y = panel.y(value)
        canvas.stroke([[Spot(panel.area.left, y), Spot(panel.area.right, y)]], pen, tag)
    }

    private func labels(_ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        let end = panel.area.left - metrics.tickRoom
        let most = end - metrics.margins.left
        let least = metrics.isTerminal ? 4 : Font.tick.size * 1.1
        var last = Double.infinity
        for tick in panel.ticks where last - tick.y >= least {
            last = tick.y
            let words = metrics.cut(tick.label, .tick, to: most)
            canvas.text(words, Spot(end, tick.y + metrics.baseline(.tick)), .tick, .end, .quiet, .none)
        }
        guard !panel.unit.isEmpty, let entry = panel.entries.first else { return }
        let spot = Spot(end, entry.spot.y + metrics.baseline(.tick))
        canvas.text(metrics.cut(panel.unit, .tick, to: most), spot, .tick, .end, .quiet, .none)
    }

    private func legend(_ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        let swatch = metrics.swatch
        for entry in panel.entries {
            let pen = Pen(
                role: .line, width: panel.isSteps ? 8 : 2.5, paint: .series(entry.series), isRound: !panel.isSteps)
            let (y, start) = (entry.spot.y, entry.spot.x)
            canvas.stroke([[Spot(start, y), Spot(start + swatch.length, y)]], pen, .legend(entry.series))
            let spot = Spot(start + swatch.length + swatch.room, y + metrics.baseline(.legend))
            canvas.text(entry.name, spot, .legend, .start, .text, .legend(entry.series))
        }
        guard !panel.note.isEmpty, let entry = panel.entries.first else { return }
        let spot = Spot(right, entry.spot.y + metrics.baseline(.note))
        canvas.text(panel.note, spot, .note, .end, .quiet, .none)
    }

    // MARK: Values

    /// The lines, dots and bars of a series.
    private func draw(_ drawn: DrawnSeries, _ index: Int, _ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        let tag = Tag.series(index)
        if panel.isSteps {
            steps(drawn, index, panel, &canvas)
        } else {
            let lines = drawn.trace.runs.map { run in run.map { Spot(x($0.x), panel.y($0.value)) } }
            canvas.stroke(
                lines.filter { $0.count > 1 }, Pen(role: .line, width: 1.5, paint: .series(index)), tag)
            // Points far enough apart are seen as such; one alone is always.
            let across = panel.area.width / Double(max(1, drawn.count))
            let dots = across >= 9 ? lines.joined().map { [$0] } : lines.filter { $0.count == 1 }
            canvas.stroke(dots, Pen(role: .marker, width: across >= 9 ? 4.5 : 3, paint: .series(index)), tag)
        }
    }

    /// Dots for the values of a series that are outside of their limits, the worst in front.
    private func alarms(_ drawn: DrawnSeries, _ index: Int, _ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        for state in LimitState.allCases where state > .nominal {
            let dots = drawn.trace.alarms.filter { $0.state == state }.map { [Spot(x($0.x), panel.y($0.value))] }
            canvas.stroke(dots, Pen(role: .alarm, width: 6, paint: .limit(state)), .series(index))
        }
    }

    /// Bars in the rows of labels, and thin lines from one to the next.
    private func steps(_ drawn: DrawnSeries, _ index: Int, _ panel: Panel, _ canvas: inout some Canvas & ~Copyable) {
        var (bars, risers): ([[Spot]], [[Spot]]) = ([], [])
        for run in drawn.trace.runs {
            var start = run.startIndex
            for place in run.indices {
                let isLast = place == run.endIndex - 1
                guard isLast || run[place + 1].value != run[start].value else { continue }
                let y = panel.y(run[start].value)
                let next = isLast ? place : place + 1
                let (from, to) = (x(run[start].x), x(run[next].x))
                // A value that is there for no pixel is seen all the same.
                bars.append([Spot(from, y), Spot(max(to, from + (metrics.isTerminal ? 1 : 1.5)), y)])
                if !isLast { risers.append([Spot(to, y), Spot(to, panel.y(run[next].value))]) }
                start = next
            }
        }
        let row = panel.area.height / Double(max(1, panel.rows.count))
        canvas.stroke(
            risers, Pen(role: .line, width: 1, paint: .series(index), isRound: false), .series(index))
        canvas.stroke(
            bars, Pen(role: .bar, width: min(12, row * 0.5), paint: .series(index), isRound: false), .series(index))
    }

    // MARK: Time

    private func timeAxis(_ canvas: inout some Canvas & ~Copyable) {
        guard let bottom = panels.last?.area.bottom else { return }
        let caption = metrics.width(timeTicks.caption, .tick)
        canvas.text(
            timeTicks.caption, Spot(right, bottom + metrics.dateDepth + metrics.baseline(.tick)), .tick, .end, .quiet,
            .none)
        var lastDate = -Double.infinity
        for tick in timeTicks.ticks {
            let label = metrics.width(tick.label, .tick)
            let middle = inside(x(tick.x), label)
            canvas.text(
                tick.label, Spot(middle, bottom + metrics.labelDepth + metrics.baseline(.tick)), .tick, .middle, .text,
                .timeAxis)
            guard !tick.below.isEmpty else { continue }
            let date = metrics.width(tick.below, .tick)
            let place = inside(x(tick.x), date)
            guard place - date / 2 > lastDate, place + date / 2 + metrics.labelRoom / 2 < right - caption else {
                continue
            }
            canvas.text(
                tick.below, Spot(place, bottom + metrics.dateDepth + metrics.baseline(.tick)), .tick, .middle, .quiet,
                .timeAxis)
            lastDate = place + date / 2 + metrics.labelRoom / 2
        }
    }

    /// The middle of text as near to a place as the figure's edges let it.
    private func inside(_ x: Double, _ length: Double) -> Double {
        max(length / 2, min(width - length / 2 - 2, x))
    }
}
