internal import Bytes

/// Scalable Vector Graphics 1.1: what browsers, documents and vector editors read.
struct SVGCanvas: Canvas, ~Copyable {
    private(set) var out = TextBuffer()
    private let theme: Theme
    /// Whether marks carry what a page's script finds them by.
    private let isTagged: Bool

    /// Opens a picture.
    init(width: Double, height: Double, theme: Theme, title: String, isTagged: Bool) {
        self.theme = theme
        self.isTagged = isTagged
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        number(width)
        out.append("\" height=\"")
        number(height)
        out.append("\" viewBox=\"0 0 ")
        number(width)
        out.append(" ")
        number(height)
        out.append("\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', ")
        out.append("Helvetica, Arial, sans-serif\" role=\"img\">\n")
        if !title.isEmpty {
            out.append("<title>")
            out.append(markup: title)
            out.append("</title>\n")
        }
    }

    /// Closes the picture.
    mutating func finish() { out.append("</svg>\n") }

    mutating func fill(_ area: Area, _ paint: Paint, _ tag: Tag) {
        out.append("<rect x=\"")
        number(area.left)
        out.append("\" y=\"")
        number(area.top)
        out.append("\" width=\"")
        number(area.width)
        out.append("\" height=\"")
        number(area.height)
        out.append("\"")
        colour("fill", paint)
        mark(tag)
        out.append("/>\n")
    }

    mutating func stroke(_ lines: [[Spot]], _ pen: Pen, _ tag: Tag) {
        guard !lines.isEmpty else { return }
        out.append("<path d=\"")
        for line in lines {
            for (index, spot) in line.enumerated() {
                out.append(index == 0 ? "M" : index == 1 ? "L" : " ")
                // A line of whole pixels' width is sharp between the pixels' edges.
                number(sharp(spot.x, pen))
                out.append(" ")
                number(sharp(spot.y, pen))
            }
            if line.count == 1 { out.append("h0") }
        }
        out.append("\" fill=\"none\" stroke-width=\"")
        number(pen.width)
        out.append("\"")
        colour("stroke", pen.paint)
        if pen.isRound { out.append(" stroke-linecap=\"round\" stroke-linejoin=\"round\"") }
        if pen.dash > 0 {
            out.append(" stroke-dasharray=\"")
            number(pen.dash)
            out.append("\"")
        }
        if isTagged, tag != .none {
            out.append(" class=\"")
            out.append(Self.word(pen.role))
            out.append("\"")
        }
        mark(tag)
        out.append("/>\n")
    }

    mutating func text(_ words: String, _ spot: Spot, _ font: Font, _ anchor: Anchor, _ paint: Paint, _ tag: Tag) {
        out.append("<text x=\"")
        number(spot.x)
        out.append("\" y=\"")
        number(spot.y)
        out.append("\" font-size=\"")
        number(font.size)
        out.append("\"")
        if font.isBold { out.append(" font-weight=\"600\"") }
        switch anchor {
        case .start: break
        case .middle: out.append(" text-anchor=\"middle\"")
        case .end: out.append(" text-anchor=\"end\"")
        }
        colour("fill", paint)
        mark(tag)
        out.append(">")
        out.append(markup: words)
        out.append("</text>\n")
    }

    // MARK: Parts

    private func sharp(_ value: Double, _ pen: Pen) -> Double {
        switch pen.role {
        case .grid, .axis, .threshold: value.rounded(.down) + 0.5
        default: value
        }
    }

    private static func word(_ role: Pen.Role) -> StaticString {
        switch role {
        case .grid: "grid"
        case .axis: "axis"
        case .threshold: "threshold"
        case .line: "line"
        case .bar: "bar"
        case .marker: "marker"
        case .alarm: "alarm"
        }
    }

    private mutating func colour(_ name: StaticString, _ paint: Paint) {
        let colour = theme.colour(paint)
        out.append(" ")
        out.append(name)
        out.append("=\"")
        out.append(colour.hex)
        out.append("\"")
        guard colour.opacity < 1 else { return }
        out.append(" ")
        out.append(name)
        out.append("-opacity=\"")
        number(colour.opacity)
        out.append("\"")
    }

    private mutating func mark(_ tag: Tag) {
        guard isTagged else { return }
        switch tag {
        case .none: break
        case .timeAxis: out.append(" data-time=\"\"")
        case .gaps(let panel): out.append(" data-gaps=\"\(panel)\"")
        case .series(let number): out.append(" data-series=\"\(number)\"")
        case .legend(let number): out.append(" data-legend=\"\(number)\"")
        }
    }

    /// A length to a hundredth of a pixel.
    private mutating func number(_ value: Double) { out.append(hundredths: value) }
}

extension TextBuffer {
    /// Adds a number with two decimals at most.
    mutating func append(hundredths value: Double) {
        let scaled = Int64((max(-1e9, min(1e9, value)) * 100).rounded())
        if scaled < 0 { append(UInt8(ascii: "-")) }
        let (whole, part) = scaled.magnitude.quotientAndRemainder(dividingBy: 100)
        append(whole)
        guard part > 0 else { return }
        append(UInt8(ascii: "."))
        if part % 10 == 0 { append(part / 10) } else { append(part, digits: 2) }
    }

    /// Adds text for XML and HTML; what XML has no place for becomes U+FFFD.
    mutating func append(markup text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": append("&lt;")
            case ">": append("&gt;")
            case "&": append("&amp;")
            case "\"": append("&quot;")
            case "\t", "\n", "\r": append(UInt8(ascii: " "))
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": append("\u{FFFD}")
            default: append(String(scalar))
            }
        }
    }
}
