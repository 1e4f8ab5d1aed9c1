import Bytes
import Pipeline
import Simulator

/// What a scenario is, for people.
struct ScenarioWords {
    private let outline: ScenarioOutline
    private let style = Style.output
    /// Lines of one kind that are shown; of more the last one says how many there are.
    private static let most = 24

    init(_ outline: ScenarioOutline) { self.outline = outline }

    var text: String {
        var lines = [style.bold(outline.title)]
        let scale =
            outline.timeScale == 1 ? "" : ", \(Self.number(outline.timeScale)) times as fast as the clock when sent"
        lines.append(
            "  \(Self.time(outline.start)) UTC, \(Self.length(outline.duration)), seed \(outline.seed)\(scale)")
        if !outline.transport.isEmpty { lines.append("  \(outline.transport)") }
        add("SPACECRAFT", outline.ships.map(ship), to: &lines)
        add("CONTACTS", outline.contacts.map(contact), to: &lines)
        add("TERMINALS", outline.terminals.map(terminals), to: &lines)
        add("LEGS", outline.legs.map(leg), to: &lines)
        add("EVENTS", outline.events.map(event), to: &lines)
        add("RECORDED", outline.interfaces.map { "  \($0)" }, to: &lines)
        add("REMARKS", outline.remarks.map { "  \($0)" }, to: &lines)
        if outline.ships.isEmpty { return lines.joined(separator: "\n") + "\n" }
        if outline.contacts.isEmpty {
            lines += ["", "No station sees a spacecraft in that time: 'starlane passes' says when one does."]
        } else {
            lines += ["", "About \(outline.frames.grouped) frames are sent while a station listens."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func add(_ title: String, _ rows: [String], to lines: inout [String]) {
        guard !rows.isEmpty else { return }
        lines += ["", style.bold(title)]
        lines += rows.prefix(Self.most).map { $0.folded(Console.width - 1, indent: "      ") }
        if rows.count > Self.most { lines.append(style.dim("  … and \((rows.count - Self.most).grouped) more")) }
    }

    private func ship(_ ship: ScenarioOutline.Ship) -> String {
        let channels = ship.channels.map(String.init).joined(separator: ", ")
        var words = "  \(ship.name.left(16)) \(String(ship.identifier).right(5))  \(ship.frames.left(9)) at "
        words +=
            "\(Int(ship.bitRate).grouped) bit/s  \(ship.types) types, \(Self.number(ship.rate)) packets/s in channel \(channels)"
        if let recorder = ship.recorder {
            words += "; keeps \(recorder.capacity.grouped) octets for channel \(recorder.channel)"
        }
        return words
    }

    private func contact(_ contact: ScenarioOutline.Contact) -> String {
        "  \(Self.time(contact.from))  \(Self.length(contact.until - contact.from).right(12))  "
            + "\(contact.station.left(12)) \(contact.spacecraft.left(16)) up to \(Self.number(contact.highest))°"
    }

    private func terminals(_ fleet: ScenarioOutline.Terminals) -> String {
        "  \(fleet.name.left(16)) \(fleet.count.grouped.right(7))  \(fleet.dialect.left(9)) \(fleet.first) to \(fleet.last), "
            + "\(Self.number(fleet.length)) km, a message in \(Self.pace(fleet.pace))"
            + (fleet.callsBehindEnd ? "; its call for help lies behind the end" : "")
    }

    private func leg(_ leg: ScenarioOutline.Leg) -> String {
        let faults = leg.faults.isEmpty ? "" : "  \(leg.faults)"
        return "  \(leg.name.left(12)) \(leg.from) > \(leg.to)  \(Self.number(Double(leg.delay) / 1e6)) ms\(faults)"
    }

    private func event(_ event: ScenarioOutline.Event) -> String {
        "  \(Self.time(event.time))  \(event.owner.left(16)) \(event.what)"
            + (event.isBehindEnd ? " - never: it lies behind the end" : "")
    }

    /// Without what says nothing behind the point.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func time(_ nanoseconds: Int64) -> String { PassTime.date(nanoseconds) }

    /// Short times have fractions.
    private static func pace(_ nanoseconds: Int64) -> String {
        nanoseconds < 60_000_000_000 ? "\(number(Double(nanoseconds) / 1e9)) s" : length(nanoseconds)
    }

    private static func length(_ nanoseconds: Int64) -> String {
        let seconds = Int((Double(nanoseconds) / 1e9).rounded())
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
