internal import BeiDou

extension TerminalTraffic {
    /// What sends, found out without simulating it.
    var outline: [ScenarioOutline.Terminals] {
        fleets.map { fleet in
            ScenarioOutline.Terminals(
                name: fleet.name, title: fleet.title, dialect: fleet.dialect.rawValue, count: fleet.count,
                first: fleet.terminalName(0), last: fleet.terminalName(fleet.count - 1), length: fleet.route.length,
                pace: fleet.card.pace, callsBehindEnd: fleet.emergency.map { $0.at >= duration } ?? false)
        }
    }
}

/// What is told of each message.
extension TerminalTraffic {
    func tellLost(_ report: TerminalReport, _ reason: TerminalMessage.Reason) {
        guard let tell else { return }
        var message = words(report)
        message.reason = reason
        tell(message)
    }

    func tellReceived(_ report: TerminalReport, at now: Int64) {
        guard let tell else { return }
        var message = words(report)
        message.received = start + now
        tell(message)
    }

    private func words(_ report: TerminalReport) -> TerminalMessage {
        let state = states[Int(report.terminal)]
        let fleet = fleets[Int(state.fleet)]
        let content: TerminalMessage.Content
        let type: String
        switch report.kind {
        case .position:
            type = "position"
            content = .position(
                latitude: report.place.latitude, longitude: report.place.longitude, height: report.place.height)
        case .text:
            type = "text"
            content = text(fleet.texts?.parts[Int(report.text)] ?? [], report)
        case .emergency:
            type = "emergency"
            content = text(fleet.emergency?.parts ?? [], report)
        case .registration: (type, content) = ("registration", .nothing)
        case .authentication: (type, content) = ("authentication", .nothing)
        }
        return TerminalMessage(
            terminal: fleet.terminalName(Int(state.index)), fleet: fleet.name, dialect: told(fleet).rawValue,
            type: type, sent: start + report.sent, received: nil, reason: nil, isEmergency: report.isEmergency,
            content: content)
    }

    private func text(_ parts: [OutgoingPart], _ report: TerminalReport) -> TerminalMessage.Content {
        .text(parts[Int(report.part)].text ?? "", part: Int(report.part) + 1, parts: parts.count)
    }
}
