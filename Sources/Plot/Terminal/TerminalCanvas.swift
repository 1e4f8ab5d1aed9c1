internal import Bytes
internal import Records

/// A figure in characters: braille for lines, two by four dots a character, box drawing for axes.
struct TerminalCanvas: Canvas {
    /// What stands in one column of one line.
    private struct Cell {
        /// Dots of braille, and whose they are.
        var dots: UInt8 = 0
        var dotPaint = Paint.axis
        /// A character, and how it looks; a blank for none. Nil: the second column of the one before.
        var letter: Character? = " "
        var paint = Paint.axis
        var isBold = false
        /// What goes in front of what: bands, axes, dots, bars, words.
        var rank: UInt8 = 0
    }

    private static let ranks: (band: UInt8, grid: UInt8, axis: UInt8, bar: UInt8, alarm: UInt8, words: UInt8) =
        (1, 2, 3, 5, 6, 7)
    private let columns: Int
    private let rows: Int
    private var cells: [Cell]
    private let hasColours: Bool

    /// An empty canvas.
    init(columns: Int, rows: Int, hasColours: Bool) {
        self.columns = columns
        self.rows = rows
        self.hasColours = hasColours
        cells = [Cell](repeating: Cell(), count: columns * rows)
    }

    mutating func fill(_ area: Area, _ paint: Paint, _ tag: Tag) {
        guard case .gap = paint else { return }
        let (left, right) = (Int(area.left / 2), max(Int((area.right / 2).rounded(.up)), Int(area.left / 2) + 1))
        let isThin = area.width < 2
        for row in Int(area.top / 4)..<max(Int(area.top / 4), Int(area.bottom / 4)) {
            for column in left..<right { put(isThin ? "┊" : "░", column, row, .gap, Self.ranks.band) }
        }
    }

    mutating func stroke(_ lines: [[Spot]], _ pen: Pen, _ tag: Tag) {
        for line in lines {
            guard let first = line.first, let last = line.last else { continue }
            switch pen.role {
            case .grid: grid(first, last, pen)
            case .axis: axis(first, last, pen)
            case .threshold:
                for column in Int(first.x / 2)..<Int(last.x / 2) {
                    put("╌", column, row(first.y), pen.paint, Self.ranks.grid)
                }
            case .bar:
                let (left, right) = (Int(first.x / 2), Int((last.x / 2).rounded(.up)))
                for column in left..<max(right, left + 1) {
                    put("━", column, row(first.y), pen.paint, Self.ranks.bar)
                }
            case .alarm where !hasColours:
                put("●", Int(first.x / 2), row(first.y), pen.paint, Self.ranks.alarm)
            case .alarm:
                dots(line, pen)
                // On a bar there are no dots: a piece of it has their colour.
                let (column, row) = (Int(first.x / 2), row(first.y))
                if column < columns, row < rows, cells[row * columns + column].rank == Self.ranks.bar {
                    cells[row * columns + column].paint = pen.paint
                }
            case .line, .marker: dots(line, pen)
            }
        }
    }

    mutating func text(_ words: String, _ spot: Spot, _ font: Font, _ anchor: Anchor, _ paint: Paint, _ tag: Tag) {
        var column: Int
        switch anchor {
        case .start: column = Int(spot.x / 2)
        case .middle: column = Int((spot.x / 2 - Double(words.columns) / 2).rounded())
        case .end: column = Int(spot.x / 2) - words.columns
        }
        for letter in words {
            let width = String(letter).columns
            for part in 0..<max(1, width) {
                put(part == 0 ? letter : nil, column + part, row(spot.y), paint, Self.ranks.words, isBold: font.isBold)
            }
            column += max(1, width)
        }
    }

    // MARK: Marks

    private func row(_ y: Double) -> Int { Int((y / 4).rounded(.down)) }

    private mutating func put(
        _ letter: Character?, _ column: Int, _ row: Int, _ paint: Paint, _ rank: UInt8, isBold: Bool = false
    ) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        let place = row * columns + column
        guard cells[place].rank <= rank else { return }
        cells[place].letter = letter
        cells[place].paint = paint
        cells[place].isBold = isBold
        cells[place].rank = rank
    }

    /// Lines across are ticks at the axis; with colours they go on faintly.
    private mutating func grid(_ first: Spot, _ last: Spot, _ pen: Pen) {
        if first.y == last.y {
            put("┤", Int(first.x / 2) - 1, row(first.y), .axis, Self.ranks.axis + 1)
            guard hasColours else { return }
            for column in Int(first.x / 2)..<Int(last.x / 2) {
                put("┈", column, row(first.y), pen.paint, Self.ranks.band - 1)
            }
        } else {
            put("┬", Int(first.x / 2), row(last.y), .axis, Self.ranks.axis + 1)
        }
    }

    private mutating func axis(_ first: Spot, _ last: Spot, _ pen: Pen) {
        if first.y == last.y {
            put("└", Int(first.x / 2) - 1, row(first.y), pen.paint, Self.ranks.axis)
            for column in Int(first.x / 2)..<Int(last.x / 2) {
                put("─", column, row(first.y), pen.paint, Self.ranks.axis)
            }
        } else {
            for line in row(first.y)..<max(row(first.y), row(last.y)) {
                put("│", Int(first.x / 2), line, pen.paint, Self.ranks.axis)
            }
        }
    }

    private mutating func dots(_ line: [Spot], _ pen: Pen) {
        var last: Spot?
        for spot in line {
            let from = last ?? spot
            let steps = max(1, Int(max((spot.x - from.x).magnitude, (spot.y - from.y).magnitude).rounded(.up)))
            for step in 0...min(steps, 1 << 16) {
                let part = Double(step) / Double(steps)
                dot(from.x + (spot.x - from.x) * part, from.y + (spot.y - from.y) * part, pen.paint)
            }
            last = spot
        }
    }

    private mutating func dot(_ x: Double, _ y: Double, _ paint: Paint) {
        let (x, y) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        guard x >= 0, y >= 0, x / 2 < columns, y / 4 < rows else { return }
        let place = y / 4 * columns + x / 2
        // Braille numbers its dots down the left, down the right, and the lowest pair behind them.
        let bit = y % 4 == 3 ? 6 + x % 2 : y % 4 + x % 2 * 3
        cells[place].dots |= 1 << UInt8(bit)
        cells[place].dotPaint = paint
    }

    // MARK: Text

    /// Adds the canvas as lines without blanks at their ends.
    func write(into out: inout TextBuffer) {
        for row in 0..<rows {
            let line = cells[row * columns..<(row + 1) * columns]
            let end = line.lastIndex { $0.dots != 0 || $0.letter != " " } ?? row * columns - 1
            var style = ""
            for cell in line[..<(end + 1)] {
                let isDots = cell.dots != 0 && cell.rank < Self.ranks.bar
                guard isDots || cell.letter != nil else { continue }
                // A blank looks the same in every colour.
                let isBlank = !isDots && cell.letter == " "
                let wanted = !hasColours ? "" : isBlank ? style : Self.style(isDots ? cell.dotPaint : cell.paint, cell)
                if wanted != style {
                    if !style.isEmpty { out.append("\u{1B}[0m") }
                    if !wanted.isEmpty { out.append("\u{1B}[\(wanted)m") }
                    style = wanted
                }
                if isDots {
                    out.append(UInt8(0xE2))
                    out.append(0xA0 | cell.dots >> 6)
                    out.append(0x80 | cell.dots & 0x3F)
                } else {
                    out.append(String(cell.letter ?? " "))
                }
            }
            if !style.isEmpty { out.append("\u{1B}[0m") }
            out.append(UInt8(ascii: "\n"))
        }
    }

    /// What a terminal has to be told; middle tones, which are seen on black and on white.
    private static func style(_ paint: Paint, _ cell: Cell) -> String {
        let series = [32, 168, 35, 75, 98, 244, 30, 146]
        switch paint {
        case .title: return "1"
        case .background, .text: return cell.isBold ? "1" : ""
        case .quiet, .axis, .grid, .gap: return "2"
        case .series(let number): return "38;5;\(series[number % series.count])"
        case .limit(let state), .zone(let state), .edge(let state):
            switch state {
            case .nominal, .watch: return "38;5;178"
            case .warning: return "38;5;208"
            case .distress, .critical, .severe: return "38;5;196"
            }
        }
    }
}
