import Bytes
import Records
import Simulator

extension PassReport {
    /// Adds the passes as a table for people, numbered.
    func writeTable(into out: inout TextBuffer, _ style: Style) {
        guard !rows.isEmpty else { return }
        let several = Set(rows.map(\.satellite)).count > 1
        let names = rows.map { several ? "\(satellites[$0.satellite].label) \($0.station.name)" : $0.station.name }
        let width = max(7, names.map(\.columns).max() ?? 0)
        let digits = max(2, String(rows.count).count)
        // A line begins with it, so that the blank in front goes.
        func first(_ text: String) -> String { String(text.right(digits + 1).dropFirst()) }
        let head =
            first("#") + "  " + (several ? "of over" : "station").left(width)
            + "  rise (UTC)            az   peak        el  set         az   lasts       km  light"
        out.append(style.bold(head) + "\n")
        for (number, row) in rows.enumerated() {
            let pass = row.pass
            func angle(_ value: Double) -> String { String(PassTime.degrees(value)).right(4) }
            let height = Int(pass.peak.look.elevation.rounded())
            let up = pass.isUpBefore ? "before".left(19) : PassTime.date(pass.rise.time)
            let down = pass.isUpAfter ? "later".left(8) : PassTime.clock(pass.set.time, since: pass.rise.time)
            let peak = PassTime.clock(pass.peak.time, since: pass.isUpBefore ? from : pass.rise.time)
            let elevation = String(height).right(3)
            var line = first(String(number + 1)) + "  " + names[number].left(width) + "  " + up
            line += " " + angle(pass.rise.look.azimuth) + "   " + peak + " "
            line += (height >= 45 ? style.good(elevation) : elevation) + "  " + down + " "
            line += angle(pass.set.look.azimuth) + " " + PassTime.span(pass.duration).right(7) + " "
            line += Int(pass.peak.look.range.rounded()).grouped.right(8) + "  "
            line += pass.light == .sunlit ? pass.light.rawValue : style.dim(pass.light.rawValue)
            out.append(line + "\n")
        }
    }

    /// Adds who listens to each satellite when, and the gaps between.
    func writePlan(into out: inout TextBuffer, _ style: Style) {
        for (number, satellite) in satellites.enumerated() {
            let own = rows.filter { $0.satellite == number }
            var stations: [GroundStation] = []
            for row in own where !stations.contains(row.station) { stations.append(row.station) }
            let plan = ContactPlan(
                stations.map { station in own.filter { $0.station == station }.map(\.pass) }, from: from, until: until)
            let width = stations.map(\.name.columns).max() ?? 0
            let title = satellite.label == satellite.name ? satellite.title : satellite.label
            out.append(style.bold("CONTACTS OF \(title)") + "\n")
            var last = from
            func skip(to time: Int64) {
                guard last < time else { return }
                out.append(style.dim("  nobody for \(PassTime.span(time - last))") + "\n")
            }
            for contact in plan.contacts {
                skip(to: contact.from)
                let name = stations[contact.station].name
                out.append("  " + name.left(width))
                out.append("  \(PassTime.date(contact.from)) to \(PassTime.clock(contact.until, since: contact.from))")
                out.append("  " + PassTime.span(contact.until - contact.from))
                out.append(contact.handsOver ? style.name("  hands over") + "\n" : "\n")
                last = contact.until
            }
            skip(to: until)
            let heard = plan.contacts.reduce(0) { $0 + $1.until - $1.from }
            let longest = plan.gaps.map { $0.until - $0.from }.max() ?? 0
            out.append(
                "  heard for \(PassTime.span(heard)) of \(PassTime.span(until - from)); the longest gap is "
                    + "\(PassTime.span(longest))\n")
        }
    }
}
