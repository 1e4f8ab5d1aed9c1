import Bytes
import Simulator

extension PassReport {
    /// Adds the passes as a calendar (RFC 5545) with an event each.
    func writeCalendar(into out: inout TextBuffer) {
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Starlane//passes//EN"] { Self.append(line, to: &out) }
        for row in rows {
            for line in event(row) { Self.append(line, to: &out) }
        }
        Self.append("END:VCALENDAR", to: &out)
    }

    private func event(_ row: Row) -> [String] {
        let pass = row.pass
        let (satellite, station) = (Self.escaped(row.satellite.title), Self.escaped(row.station.title))
        func whole(_ angle: Double) -> Int { Int(angle.rounded()) }
        return [
            "BEGIN:VEVENT",
            "UID:\(Self.stamp(pass.peak.time))-\(Self.plain(row.satellite.name))-\(Self.plain(row.station.name))@starlane",
            "DTSTAMP:\(Self.stamp(from))", "DTSTART:\(Self.stamp(pass.rise.time))",
            "DTEND:\(Self.stamp(pass.set.time))",
            "SUMMARY:\(satellite) over \(station)\\, \(whole(pass.peak.look.elevation)) degrees", "LOCATION:\(station)",
            "GEO:\(row.station.place.latitude);\(row.station.place.longitude)",
            "DESCRIPTION:Rises in \(whole(pass.rise.look.azimuth)) degrees\\, sets in "
                + "\(whole(pass.set.look.azimuth)) degrees\\, \(pass.light.rawValue).",
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

    /// Text with what means something in a calendar escaped (RFC 5545, 3.3.11).
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "\\", ";", ",": out += "\\\(character)"
            case "\n": out += "\\n"
            default: out.append(character)
            }
        }
    }
}
