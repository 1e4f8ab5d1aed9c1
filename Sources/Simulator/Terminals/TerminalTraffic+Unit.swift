internal import BeiDou
internal import Bytes

/// What the command unit, the platform and the receivers' host have on their links.
extension TerminalTraffic {
    /// Nanoseconds that a platform takes to answer.
    private static let platformDelay: Int64 = 15_000_000
    /// Nanoseconds that a host takes to have its unit answer a terminal.
    private static let hostDelay: Int64 = 400_000_000
    /// Nanoseconds that a unit takes to send something and to say so.
    private static let feedbackDelay: Int64 = 120_000_000

    /// Something arrives.
    func land(_ flight: Flight, at now: Int64, _ arrive: Arrive) {
        switch flight {
        case .report(let report): take(report, at: now, arrive)
        case .answer(let report): answerVehicle(report, at: now, arrive)
        case .feedback(let dialect):
            switch dialect {
            case .rdss4: writer.rdss4Feedback(unit: unit.card)
            case .rdss2: writer.rdss2Feedback()
            default: writer.regionalFeedback(at: start + now)
            }
            putUnit(dialect, isUp: true, at: now, arrive)
        }
    }

    // MARK: Datagrams

    /// Puts what the writer has into a datagram of a unit: up to its host, or down to it.
    private func putUnit(_ dialect: Dialect, isUp: Bool, at now: Int64, _ arrive: Arrive) {
        guard let link = links.unit else { return }
        let begin = octets.count
        if isUp {
            unitWriters[dialect]?.up.append(writer.octets.octets, to: octets)
        } else {
            unitWriters[dialect]?.down.append(writer.octets.octets, to: octets)
        }
        arrive(start + now, link, begin, octets.count - begin)
    }

    /// The same for a vehicle or receiver, each of which has an address of its own.
    private func put(
        _ terminal: Int, _ link: Int?, host: (address: UInt32, port: UInt16), isUp: Bool, at now: Int64,
        _ arrive: Arrive
    ) {
        guard let link else { return }
        let begin = octets.count
        let own = (address: 0x0A20_0001 + UInt32(terminal), port: UInt16(40_808))
        var datagrams = isUp ? DatagramWriter(from: own, to: host) : DatagramWriter(from: host, to: own)
        datagrams.append(writer.octets.octets, to: octets)
        arrive(start + now, link, begin, octets.count - begin)
    }

    private static let platform = (address: UInt32(0x0A16_001E), port: UInt16(6808))
    /// The port is that of NMEA 0183 (IANA).
    private static let receivers = (address: UInt32(0x0A16_0028), port: UInt16(10_110))

    // MARK: What comes

    /// The content that a report carries.
    private func content(_ report: TerminalReport, _ number: Int) -> MessageContent {
        let parts = report.kind == .emergency ? emergencies[number] : contents[number][Int(report.text)]
        var content = parts[Int(report.part)]
        // The letter of a text in parts stands behind A4 and a bracket (Specs/segments.md).
        if parts.count > 1, content.octets.count > 2 {
            let series = report.series % 52
            content.octets[2] = series < 26 ? 0x61 + series : 0x41 + (series - 26)
        }
        return content
    }

    /// A position as the content of a message; nil where its height has no room.
    private func payload(_ report: TerminalReport) -> MessageContent? {
        let place = report.place
        let hundredths = Int((start + report.sent) / 10_000_000 % 8_640_000)
        let position = PositionPayload(
            hundredths: hundredths < 0 ? hundredths + 8_640_000 : hundredths, latitude: place.latitude,
            longitude: place.longitude, height: Int(place.height.rounded()), heightAnomaly: 0)
        return (try? position.encode()).map { MessageContent(form: .code, octets: $0) }
    }

    private func take(_ report: TerminalReport, at now: Int64, _ arrive: Arrive) {
        let terminal = Int(report.terminal)
        let (fleet, index) = (fleets[Int(states[terminal].fleet)], Int(states[terminal].index))
        let dialect = told(fleet)
        let number = fleet.number(index)
        counts.received += 1
        tellReceived(report, at: now)
        switch dialect {
        case .nmea:
            writer.receiverFix(report, at: start + report.sent)
            put(terminal, links.receivers, host: Self.receivers, isUp: true, at: now, arrive)
        case .jtt808:
            switch report.kind {
            case .position: writer.vehicleFix(report, of: number, fleet.edition, at: start + report.sent)
            case .text, .emergency:
                let content = content(report, Int(states[terminal].fleet))
                writer.vehicleMessage(content, of: number, fleet.edition, flow: report.flow)
            case .registration: writer.vehicleRegistration(index, of: number, fleet.edition, flow: report.flow)
            case .authentication: writer.vehicleAuthentication(index, of: number, fleet.edition, flow: report.flow)
            }
            put(terminal, links.platform, host: Self.platform, isUp: true, at: now, arrive)
            fly(.answer(report), until: now + Self.platformDelay)
        case .rdss4, .rdss2, .regional:
            guard write(report, fleet, dialect, of: UInt32(truncatingIfNeeded: number)) else { return }
            putUnit(dialect, isUp: true, at: now, arrive)
            let isText = report.kind != .position
            if unit.answers == .texts && isText || unit.answers == .emergencies && report.kind == .emergency {
                addAnswer(report.terminal, at: now)
            }
        }
    }

    /// Writes what a unit tells of a card; false where a payload cannot hold a position, which those of routes never are.
    private func write(_ report: TerminalReport, _ fleet: TerminalFleet, _ dialect: Dialect, of number: UInt32) -> Bool
    {
        let time = start + report.sent
        var content: MessageContent?
        if report.kind != .position {
            content = self.content(report, Int(states[Int(report.terminal)].fleet))
        } else if dialect == .regional || dialect == .rdss4 && fleet.positionsAreMessages {
            content = payload(report)
        }
        switch (dialect, content) {
        case (.rdss4, let content?): writer.rdss4Message(content, of: number, unit: unit.card)
        case (.rdss4, nil): writer.rdss4Fix(report, of: number, at: time, unit: unit.card)
        case (.rdss2, let content?):
            writer.rdss2Message(content, of: number, isExpress: report.kind == .emergency)
        case (.rdss2, nil): writer.rdss2Fix(report, of: number, at: time)
        case (_, let content?): writer.regionalMessage(content, of: number, sent: time, unit: unit.card)
        case (_, nil): return false
        }
        return true
    }

    // MARK: What is answered

    private func answerVehicle(_ report: TerminalReport, at now: Int64, _ arrive: Arrive) {
        let terminal = Int(report.terminal)
        let (fleet, index) = (fleets[Int(states[terminal].fleet)], Int(states[terminal].index))
        let (phone, flow) = (fleet.number(index), platformFlow)
        platformFlow &+= 1
        counts.answers += 1
        if report.kind == .registration {
            writer.platformRegistration(index, of: phone, fleet.edition, flow: flow, answers: report.flow)
        } else {
            let id: UInt16 =
                report.kind == .position ? 0x0200 : report.kind == .authentication ? 0x0102 : 0x0900
            writer.platformAnswer(
                id, of: phone, fleet.edition, flow: flow, answers: report.flow,
                confirms: report.kind == .position && report.isEmergency)
        }
        put(terminal, links.platform, host: Self.platform, isUp: false, at: now, arrive)
    }

    /// A terminal that is to be answered; what has no room any more goes without.
    private func addAnswer(_ terminal: Int32, at now: Int64) {
        guard toAnswer.count < Self.mostAnswers else { return counts.dropped += 1 }
        toAnswer.append(terminal)
        guard !isAnswering else { return }
        isAnswering = true
        schedule(.unit, 0, at: max(now + Self.hostDelay, answersFrom))
    }

    /// The unit's turn: its host has it answer a terminal, as its card allows.
    func answer(at now: Int64, _ arrive: Arrive) {
        isAnswering = false
        guard !toAnswer.isEmpty else { return }
        let state = states[Int(toAnswer.removeFirst())]
        let fleet = fleets[Int(state.fleet)]
        let (dialect, number) = (told(fleet), UInt32(truncatingIfNeeded: fleet.number(Int(state.index))))
        if let message = try? codec(dialect).message(unit.content, to: number, from: unit.card, SendOptions()) {
            writer.octets = message
            counts.answers += 1
            putUnit(dialect, isUp: false, at: now, arrive)
            fly(.feedback(dialect), until: now + Self.feedbackDelay)
        }
        answersFrom = now + Int64(Limits.standard.interval(stated: unit.frequency)) * 1_000_000_000
        guard !toAnswer.isEmpty else { return }
        isAnswering = true
        schedule(.unit, 0, at: answersFrom)
    }

    private func codec(_ dialect: Dialect) -> any TerminalCodec.Type {
        switch dialect {
        case .rdss4: RDSS4Codec.self
        case .rdss2: RDSS2Codec.self
        default: RegionalCodec.self
        }
    }

    /// What a unit says of itself: its card in the beginning, its beams now and then.
    func tellBeams(at now: Int64, _ arrive: Arrive) {
        for dialect in Dialect.ofTerminals where unitWriters[dialect] != nil {
            let subordinates = cards(toldIn: dialect)
            if now == 0 {
                switch dialect {
                case .rdss4: writer.rdss4Card(unit, subordinates: subordinates)
                case .rdss2: writer.rdss2Card(unit, subordinates: subordinates)
                default: writer.regionalCard(unit, subordinates: subordinates)
                }
                putUnit(dialect, isUp: true, at: now, arrive)
            }
            switch dialect {
            case .rdss4: writer.rdss4Beams(unit: unit.card)
            case .rdss2: writer.rdss2Beams()
            default: writer.regionalBeams(at: start + now)
            }
            putUnit(dialect, isUp: true, at: now, arrive)
        }
        schedule(.beams, 0, at: now + unit.beams)
    }
}
