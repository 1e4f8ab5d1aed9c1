import Bytes
import Pipeline
import Records
import Simulator

/// When satellites are in the Earth's shadow.
struct EclipseReport {
    private let satellites: [Satellite]
    private var rows: [(satellite: Int, eclipse: Eclipse)] = []

    /// Looks for the shadows of satellites; one whose orbit ends is refused with words.
    init(_ satellites: [Satellite], from: Int64, until: Int64, _ output: Output) {
        self.satellites = satellites
        for (number, satellite) in satellites.enumerated() {
            let found = EclipseFinder(satellite.orbit).eclipses(from: from, until: until)
            rows += found.eclipses.map { (number, $0) }
            guard let unknown = found.unknown else { continue }
            let words =
                "\(satellite.label): nothing is known of its orbit from \(PassTime.date(unknown.from)) on: \(unknown.reason)"
            if unknown.from > from { output.rejected(words) } else { output.refused(words) }
        }
        rows.sort { $0.eclipse.penumbra.lowerBound < $1.eclipse.penumbra.lowerBound }
        if rows.isEmpty { Console.say("starlane: no eclipses until \(PassTime.date(until)) UTC") }
    }

    /// Writes them as a table for people, or as a line of JSON each.
    func write(isJSON: Bool, _ output: Output, _ style: Style) throws {
        try output.write { out in
            if isJSON { writeJSON(into: &out) } else { writeTable(into: &out, style) }
        }
    }

    private func writeJSON(into out: inout TextBuffer) {
        for (satellite, eclipse) in rows {
            out.append("{")
            satellites[satellite].write(to: &out)
            for (name, range) in [
                ("penumbra" as StaticString, eclipse.penumbra as ClosedRange<Int64>?), ("umbra", eclipse.umbra),
            ] {
                guard let range else { continue }
                out.member(name)
                out.append("{")
                out.member("from", PassTime.utc(range.lowerBound, digits: 3))
                out.member("until", PassTime.utc(range.upperBound, digits: 3))
                out.append("}")
            }
            if eclipse.isCut { out.member("isCut", true) }
            out.append("}\n")
        }
    }

    private func writeTable(into out: inout TextBuffer, _ style: Style) {
        guard !rows.isEmpty else { return }
        let width = max(9, rows.map { satellites[$0.satellite].label.columns }.max() ?? 0)
        out.append(
            style.bold("satellite".left(width) + "  penumbra (UTC)       umbra     umbra ends  penumbra ends  dark for")
                + "\n")
        for (satellite, eclipse) in rows {
            var line =
                satellites[satellite].label.left(width) + "  " + PassTime.date(eclipse.penumbra.lowerBound) + "  "
            if let umbra = eclipse.umbra {
                line += PassTime.clock(umbra.lowerBound) + "  " + PassTime.clock(umbra.upperBound)
            } else {
                line += "–         –       "
            }
            line += "    " + PassTime.clock(eclipse.penumbra.upperBound) + "      "
            let dark = eclipse.umbra.map { $0.upperBound - $0.lowerBound } ?? 0
            out.append(line + PassTime.span(dark).right(9) + "\n")
        }
    }
}
