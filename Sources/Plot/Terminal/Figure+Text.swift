public import Bytes

extension Figure {
    /// Adds the figure as lines of Unicode text.
    ///
    /// - Parameters:
    ///   - columns: how wide it is, at least 40.
    ///   - rows: how many lines it has, at least 10; nil: as many as it needs, 24 at least.
    ///   - hasColours: whether a terminal's colours are used; without them each series has a panel of its own.
    public mutating func text(into out: inout TextBuffer, columns: Int, rows: Int?, hasColours: Bool) {
        let columns = max(40, min(1000, columns))
        let rows = rows.map { max(10, min(1000, $0)) }
        let layout = layout(
            width: Double(columns * 2), height: rows.map { Double($0 * 4) }, leastHeight: 96, columns: columns * 2,
            isShared: hasColours, metrics: .terminal)
        var canvas = TerminalCanvas(columns: columns, rows: Int(layout.height / 4), hasColours: hasColours)
        layout.draw(on: &canvas)
        canvas.write(into: &out)
    }
}
