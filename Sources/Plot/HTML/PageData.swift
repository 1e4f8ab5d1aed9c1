internal import Bytes
internal import Records

/// What the script of a page has to know, as JSON: where panels are, and the values.
struct PageData {
    private let layout: Layout
    private let theme: Theme
    /// What horizontal places count from: a whole second, so that numbers stay exact.
    private let base: Int64

    init(_ layout: Layout, _ theme: Theme) {
        self.layout = layout
        self.theme = theme
        let first = layout.range.lowerBound
        let second = layout.axis == .time ? CalendarTime.second : 1
        let remainder = first % second
        base = first - (remainder < 0 ? max(remainder + second, 0) : remainder)
    }

    /// Adds the JSON; nothing in it ends a script.
    func write(into out: inout TextBuffer) {
        out.append("{\"time\":")
        out.append(layout.axis == .time ? "true" : "false")
        out.append(",\"base\":")
        out.append(layout.axis == .time ? base / CalendarTime.second : base)
        out.append(",\"from\":")
        place(layout.range.lowerBound, &out)
        out.append(",\"to\":")
        place(layout.range.upperBound, &out)
        out.append(",\"left\":")
        out.append(hundredths: layout.left)
        out.append(",\"right\":")
        out.append(hundredths: layout.right)
        out.append(",\"labelDepth\":")
        out.append(hundredths: layout.metrics.labelDepth)
        out.append(",\"dateDepth\":")
        out.append(hundredths: layout.metrics.dateDepth)
        out.append(",\"panels\":")
        list(layout.panels, &out) { panel($0, &$1) }
        out.append(",\"series\":")
        list(Array(layout.series.enumerated()), &out) { series($0.offset, $0.element, &$1) }
        out.append(",\"colours\":{\"grid\":")
        quoted(theme.colour(.grid).hex, &out)
        out.append(",\"text\":")
        quoted(theme.colour(.text).hex, &out)
        out.append(",\"quiet\":")
        quoted(theme.colour(.quiet).hex, &out)
        out.append(",\"background\":")
        quoted(theme.colour(.background).hex, &out)
        out.append("}}")
    }

    private func panel(_ panel: Panel, _ out: inout TextBuffer) {
        out.append("{\"top\":")
        out.append(hundredths: panel.area.top)
        out.append(",\"bottom\":")
        out.append(hundredths: panel.area.bottom)
        out.append(",\"low\":")
        out.append(panel.range.lowerBound)
        out.append(",\"high\":")
        out.append(panel.range.upperBound)
        out.append(",\"rows\":")
        list(panel.rows, &out) { $1.append($0) }
        out.append(",\"series\":")
        list(panel.series, &out) { $1.append($0) }
        out.append(",\"gaps\":")
        list(panel.gaps, &out) { gap, out in
            out.append(UInt8(ascii: "["))
            place(gap.from, &out)
            out.append(UInt8(ascii: ","))
            place(gap.to, &out)
            out.append(UInt8(ascii: "]"))
        }
        out.append(UInt8(ascii: "}"))
    }

    private func series(_ number: Int, _ series: DrawnSeries, _ out: inout TextBuffer) {
        out.append("{\"name\":")
        quoted(series.name, &out)
        out.append(",\"unit\":")
        quoted(series.unit, &out)
        out.append(",\"colour\":")
        quoted(theme.colour(.series(number)).hex, &out)
        out.append(",\"labels\":")
        list(series.labels, &out) { quoted($0, &$1) }
        out.append(",\"count\":")
        out.append(series.count)
        // Places and values one behind the other.
        out.append(",\"runs\":")
        list(series.trace.runs, &out) { run, out in list(run, &out) { point($0, &$1) } }
        out.append(",\"alarms\":")
        list(series.trace.alarms, &out) { alarm, out in
            point(alarm, &out)
            out.append(UInt8(ascii: ","))
            out.append(Int(alarm.state.rawValue))
        }
        out.append(UInt8(ascii: "}"))
    }

    // MARK: Parts

    private func point(_ point: PlotPoint, _ out: inout TextBuffer) {
        place(point.x, &out)
        out.append(UInt8(ascii: ","))
        if point.value == point.value.rounded(), point.value.magnitude < 1e15 {
            out.append(Int64(point.value))
        } else {
            out.append(point.value)
        }
    }

    private func place(_ x: Int64, _ out: inout TextBuffer) {
        out.append(x.subtractingReportingOverflow(base).partialValue)
    }

    private func list<Element>(
        _ elements: [Element], _ out: inout TextBuffer, _ body: (Element, inout TextBuffer) -> Void
    ) {
        out.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            body(element, &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private func quoted(_ text: String, _ out: inout TextBuffer) {
        out.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out.append("\\\"")
            case "\\": out.append("\\\\")
            case "\u{0}"..."\u{1F}", "<", ">", "&", "\u{7F}", "\u{2028}", "\u{2029}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                out.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: out.append(String(scalar))
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
