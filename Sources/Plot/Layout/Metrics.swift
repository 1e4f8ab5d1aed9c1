internal import Bytes

/// What a layout has to know of its canvas: how large things are. Lengths are pixels; on a terminal they are dots of
/// braille, two by four of which are a character.
struct Metrics {
    /// Whether it is a terminal, where all text is of one size.
    let isTerminal: Bool

    static let picture = Metrics(isTerminal: false)
    static let terminal = Metrics(isTerminal: true)

    /// Room at the left, at the top, at the right and at the bottom.
    var margins: (left: Double, top: Double, right: Double, bottom: Double) {
        isTerminal ? (0, 0, 2, 0) : (24, 20, 28, 14)
    }
    /// Height of the title, and of the words below it or beside it.
    var titleHeight: Double { isTerminal ? 4 : 24 }
    var noteHeight: Double { isTerminal ? 4 : 18 }
    /// Height of a line of a panel's legend.
    var legendHeight: Double { isTerminal ? 4 : 22 }
    /// Room above a panel's legend; on a terminal the axis of the panel above stands there.
    var panelRoom: Double { isTerminal ? 4 : 14 }
    /// Height of the time axis: labels, and dates below them.
    var axisHeight: Double { isTerminal ? 12 : 42 }
    /// Where labels and dates of the time axis stand below it: their middles.
    var labelDepth: Double { isTerminal ? 6 : 15 }
    var dateDepth: Double { isTerminal ? 10 : 31 }
    /// Room between labels of values and the panel.
    var tickRoom: Double { isTerminal ? 4 : 8 }
    /// Heights of a panel of numbers: a good one, and the lowest.
    var panel: (good: Double, least: Double) { isTerminal ? (20, 12) : (110, 44) }
    /// The height of a label's row, and the lowest.
    var row: Double { isTerminal ? 4 : 24 }
    var leastRow: Double { isTerminal ? 4 : 13 }
    /// Room that a tick of values takes at least, and what lies between labels of the time axis.
    var tickHeight: Double { isTerminal ? 10 : 26 }
    var labelRoom: Double { isTerminal ? 8 : 28 }
    /// Length of a swatch in the legend, the room behind it, and that between entries.
    var swatch: (length: Double, room: Double, gap: Double) { isTerminal ? (3, 3, 6) : (18, 7, 22) }

    /// The width of text.
    func width(_ text: String, _ font: Font) -> Double {
        isTerminal ? Double(text.columns * 2) : StrokeFont.width(text) * font.size
    }

    /// From the middle of a line of text down to its base line.
    func baseline(_ font: Font) -> Double { isTerminal ? 0 : font.size * 0.35 }

    /// As much of text as has room, an ellipsis in its middle for what is missing: names differ at their ends.
    func cut(_ text: String, _ font: Font, to room: Double) -> String {
        guard width(text, font) > room else { return text }
        var front = text.prefix(text.count / 2)
        var back = text.suffix(text.count - text.count / 2)
        while !front.isEmpty, width("\(front)…\(back)", font) > room {
            if front.count > back.count { front.removeLast() } else { _ = back.popFirst() }
            if back.isEmpty { break }
        }
        return "\(front)…\(back)"
    }

    /// A length in whole characters.
    func snapped(_ length: Double, _ cell: Double) -> Double {
        isTerminal ? (length / cell).rounded(.down) * cell : length.rounded()
    }
}
