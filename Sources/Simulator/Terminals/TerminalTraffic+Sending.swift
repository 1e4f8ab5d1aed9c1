internal import BeiDou

/// What terminals do: what comes up is put behind what waits, and goes as soon as the card allows it.
extension TerminalTraffic {
    /// Numbers of the places that random numbers are drawn at; 1 to 6 place the terminals.
    private enum Site {
        static let chance: UInt64 = 7
        static let text: UInt64 = 8
        static let loss: UInt64 = 9
        static let delay: UInt64 = 10
        static let satellites: UInt64 = 11
    }

    /// Nanoseconds from a vehicle or receiver to its host over the mobile network: at the least, and by how much it may be more.
    private static let mobile = (least: 40_000_000.0, more: 160_000_000.0)
    /// Nanoseconds that a vehicle waits for an answer before it tries again; twice as long each time (jtt808.md, Session).
    private static let answerWait: Int64 = 10_000_000_000

    /// A terminal's turn.
    func act(_ terminal: Int, at now: Int64) {
        let number = Int(states[terminal].fleet)
        comeUp(terminal, number, at: now)
        if now >= states[terminal].notBefore, let next = states[terminal].waiting.next(at: now) {
            send(terminal, number, next, at: now)
        }
        schedule(.terminal, terminal, at: states[terminal].nextTime)
    }

    /// A random number from 0 to below 1, for a terminal and a count of its.
    private func unit(_ site: UInt64, _ terminal: Int, _ count: UInt32) -> Double {
        let state = states[terminal]
        return randoms[Int(state.fleet)].unit(site, UInt64(state.index) << 32 | UInt64(count))
    }

    /// What is due is put into the list.
    private func comeUp(_ terminal: Int, _ number: Int, at now: Int64) {
        if now >= states[terminal].nextEmergency {
            states[terminal].nextEmergency = TerminalState.never
            let emergency = fleets[number].emergency
            states[terminal].emergencyEnds = emergency?.lasts.map { now + $0 } ?? TerminalState.never
            if fleets[number].positions != nil { addPosition(terminal) }
            if let emergency, !emergency.parts.isEmpty {
                let message = WaitingMessage(kind: .emergency, series: nextSeries(terminal, emergency.parts.count))
                if !states[terminal].waiting.insertFirst(message) { counts.dropped += 1 }
            }
        }
        if now >= states[terminal].nextPosition {
            states[terminal].nextPosition += fleets[number].positions ?? TerminalState.never
            addPosition(terminal)
        }
        if now >= states[terminal].nextText, let texts = fleets[number].texts {
            states[terminal].nextText += texts.every
            let occasion = states[terminal].occasions
            states[terminal].occasions += 1
            guard unit(Site.chance, terminal, occasion) < texts.chance else { return }
            let choice = Int(unit(Site.text, terminal, occasion) * Double(texts.list.count))
            add(
                WaitingMessage(
                    kind: .text, series: nextSeries(terminal, texts.parts[choice].count), text: UInt16(choice)),
                terminal)
        }
    }

    /// A newer position takes the place of one that still waits.
    private func addPosition(_ terminal: Int) {
        if states[terminal].waiting.hasPosition {
            counts.dropped += 1
        } else {
            add(WaitingMessage(kind: .position), terminal)
        }
    }

    private func add(_ message: WaitingMessage, _ terminal: Int) {
        if !states[terminal].waiting.append(message) { counts.dropped += 1 }
    }

    /// The number of a text among those that its sender sends in parts, so that they are told apart.
    private func nextSeries(_ terminal: Int, _ parts: Int) -> UInt8 {
        guard parts > 1 else { return 0 }
        defer { states[terminal].series = (states[terminal].series + 1) % 52 }
        return states[terminal].series
    }

    /// Sends what waits at a place, or a part of it.
    private func send(_ terminal: Int, _ number: Int, _ waiting: Int, at now: Int64) {
        var message = states[terminal].waiting[waiting]
        let isVehicle = fleets[number].dialect == .jtt808
        let attempt = states[terminal].attempts
        states[terminal].attempts &+= 1
        states[terminal].notBefore = now + fleets[number].card.pace
        // What a vehicle sends again keeps its number; a position is a new one each time.
        if isVehicle, message.tries == 0 || message.kind == .position {
            message.flow = states[terminal].flow
            states[terminal].flow &+= 1
        }
        var place = fleets[number].route.place(at: states[terminal].onTheWay(at: now))
        place.speed *= states[terminal].pace
        let report = TerminalReport(
            kind: message.kind, isEmergency: now < states[terminal].emergencyEnds, part: message.part,
            series: message.series, text: message.text, flow: message.flow, terminal: Int32(terminal), sent: now,
            place: place, satellites: UInt8(8 + unit(Site.satellites, terminal, attempt) * 12))
        counts.sent += 1
        if fleets[number].gaps.contains(where: { $0.holds(place) }) {
            counts.coverage += 1
            tellLost(report, .coverage)
            // A terminal knows whether it hears the satellite, or whether its platform answers.
            again(terminal, number, waiting, message, at: now, knows: true)
        } else if unit(Site.loss, terminal, attempt) < fleets[number].loss {
            counts.loss += 1
            tellLost(report, .loss)
            again(terminal, number, waiting, message, at: now, knows: isVehicle)
        } else {
            let share = unit(Site.delay, terminal, attempt)
            let isCard = links.unit != nil && !isVehicle && fleets[number].dialect != .nmea
            let delay =
                isCard
                ? Double(self.unit.delay) + share * Double(self.unit.jitter)
                : Self.mobile.least + share * Self.mobile.more
            fly(.report(report), until: now + Int64(delay.rounded()))
            done(terminal, number, waiting, message)
        }
    }

    /// A part that went: the next one, or the next message.
    private func done(_ terminal: Int, _ number: Int, _ waiting: Int, _ message: WaitingMessage) {
        var message = message
        message.part += 1
        message.tries = 0
        guard Int(message.part) < parts(message, number) else {
            return states[terminal].waiting.remove(at: waiting)
        }
        states[terminal].waiting[waiting] = message
    }

    private func parts(_ message: WaitingMessage, _ number: Int) -> Int {
        switch message.kind {
        case .text: contents[number][Int(message.text)].count
        case .emergency: emergencies[number].count
        case .position, .registration, .authentication: 1
        }
    }

    /// What did not get through is tried again where the sender knows it; a position gives way to a newer one.
    private func again(
        _ terminal: Int, _ number: Int, _ waiting: Int, _ message: WaitingMessage, at now: Int64, knows: Bool
    ) {
        guard knows else { return done(terminal, number, waiting, message) }
        var message = message
        message.tries = message.tries == .max ? .max : message.tries + 1
        switch message.kind {
        case .position: return states[terminal].waiting.remove(at: waiting)
        case .text where Int(message.tries) >= fleets[number].tries:
            counts.givenUp += 1
            return states[terminal].waiting.remove(at: waiting)
        // A call for help goes on until it is heard; without a registration nothing else is.
        case .text, .emergency, .registration, .authentication: break
        }
        // A vehicle waits for the answer to this one alone: all else goes on.
        if fleets[number].dialect == .jtt808 {
            message.after = now + Self.answerWait << Int64(min(message.tries - 1, 5))
        }
        states[terminal].waiting[waiting] = message
    }
}
