import Bytes
import Simulator

extension PassReport {
    /// Adds the passes as a calendar (RFC 5545) with an event each.
    func writeCalendar(into out: inout TextBuffer) {
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Starlane//passes//EN"] { Self.append(line, to: &out) }
        // A calendar has something in it at the least (3.6): where there is no pass, the time in which there is none.
        if rows.isEmpty {
            for line in [
                "BEGIN:VFREEBUSY", "UID:\(Self.stamp(from))-\(Self.stamp(until))@starlane",
                "DTSTAMP:\(Self.stamp(from))",
                "DTSTART:\(Self.stamp(from))", "DTEND:\(Self.stamp(until))", "COMMENT:no passes", "END:VFREEBUSY",
            ] { Self.append(line, to: &out) }
        }
        for row in rows {
            for line in event(row) { Self.append(line, to: &out) }
        }
        Self.append("END:VCALENDAR", to: &out)
    }

    private func event(_ row: Row) -> [String] {
        let pass = row.pass
        let flown = satellites[row.satellite]
        let (satellite, station) = (Self.escaped(flown.title), Self.escaped(row.station.title))
        let comes = pass.isUpBefore ? "Is up before" : "Rises in \(PassTime.degrees(pass.rise.look.azimuth)) degrees"
        let goes = pass.isUpAfter ? "stays up" : "sets in \(PassTime.degrees(pass.set.look.azimuth)) degrees"
        let height = Int(pass.peak.look.elevation.rounded())
        return [
            "BEGIN:VEVENT",
            "UID:\(Self.stamp(pass.peak.time))-\(Self.plain(flown.label))-\(Self.plain(row.station.name))@starlane",
            "DTSTAMP:\(Self.stamp(from))", "DTSTART:\(Self.stamp(pass.rise.time))",
            "DTEND:\(Self.stamp(pass.set.time))",
            "SUMMARY:\(satellite) over \(station)\\, \(height) degrees", "LOCATION:\(station)",
            "GEO:\(Self.decimal(row.station.place.latitude));\(Self.decimal(row.station.place.longitude))",
            "DESCRIPTION:\(comes)\\, \(goes)\\, \(pass.light.rawValue).",
            "END:VEVENT",
        ]
    }

    /// Adds a line, folded behind 75 octets between characters; the blank of the next line counts.
    private static func append(_ line: String, to out: inout TextBuffer) {
        var count = 0
        for character in line {
            let size = String(character).utf8.count
            if count + size > 75 {
                out.append("\r\n ")
                count = 1
            }
            out.append(String(character))
            count += size
        }
        out.append("\r\n")
    }

    /// A time in the basic form: `20260315T023000Z`.
    private static func stamp(_ time: Int64) -> String { PassTime.utc(time).filter { $0 != "-" && $0 != ":" } }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    /// Degrees with six decimals; a number of a calendar has no exponent (3.3.7).
    private static func decimal(_ degrees: Double) -> String {
        let millionths = Int((degrees.magnitude * 1e6).rounded())
        let decimals = String(String(1_000_000 + millionths % 1_000_000).dropFirst())
        return (degrees < 0 && millionths > 0 ? "-" : "") + "\(millionths / 1_000_000).\(decimals)"
    }

    /// Text with what means something in a calendar escaped (RFC 5545, 3.3.11), and without control characters.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { out, scalar in
            switch scalar {
            case "\\", ";", ",": out += "\\\(scalar)"
            case "\n": out += "\\n"
            default: if scalar.properties.generalCategory != .control { out.unicodeScalars.append(scalar) }
            }
        }
    }
}
