internal import Bytes
internal import Records

/// What is remembered of a flow.
struct FlowState: BitwiseCopyable {
    var clock = FlowClock()
    /// A position that waits for other sentences of its time.
    var pending = Position(latitude: 0, longitude: 0)
    /// The kinds of sentences that it is made of, a bit each; none: nothing waits.
    var kinds: UInt64 = 0

    var isWaiting: Bool { kinds != 0 }
}

extension PositionReader {
    /// Takes the rows in the order of their units.
    func take(_ units: borrowing Batch<Unit>, _ positions: inout Batch<Position>, _ flowName: (UInt32) -> String) {
        let lane = scratch.rows
        let rows = lane.span
        for index in 0..<units.count {
            let row = rows[index]
            switch row.state {
            case .nothing: continue
            case .void: counts.void += 1
            case .absurd:
                counts.absurd += 1
                if firstAbsurd == nil { firstAbsurd = (units[index].packet, units[index].offset) }
            case .crowded: crowd(units[index])
            case .date: date(row, units[index])
            case .position: position(row, units[index], &positions, flowName)
            }
        }
    }

    private func date(_ row: PositionRow, _ unit: Unit) {
        guard row.datesFlow, row.utc.isKnown else { return }
        flows[unit.flow, default: FlowState()].clock.set(row.utc, captured: unit.time)
    }

    private func position(
        _ row: PositionRow, _ unit: Unit, _ positions: inout Batch<Position>, _ flowName: (UInt32) -> String
    ) {
        let key = row.key ?? TerminalKey(flow: unit.flow, row.group)
        guard let who = register.number(of: key, flowName: flowName) else {
            crowd(unit)
            return
        }
        var position = Position(
            who: who, flow: unit.flow, latitude: row.latitude, longitude: row.longitude, captured: unit.time,
            packet: unit.packet, offset: unit.offset)
        (position.height, position.speed, position.course) = (row.height, row.speed, row.course)
        (position.flags, position.timeOfDay) = (row.flags, row.timeOfDay)
        if row.utc.isKnown {
            position.stated = row.utc
            let rest = row.utc.nanoseconds % FlowClock.day
            position.timeOfDay = rest < 0 ? rest + FlowClock.day : rest
        }
        if row.group == .nmea {
            join(position, row, &positions)
        } else {
            if row.utc.isKnown { date(row, unit) } else { complete(&position, flows[unit.flow]?.clock ?? FlowClock()) }
            give(position, &positions)
        }
    }

    private func crowd(_ unit: Unit) {
        counts.crowded += 1
        if firstCrowded == nil { firstCrowded = (unit.packet, unit.offset) }
    }

    private func complete(_ position: inout Position, _ clock: FlowClock) {
        guard position.timeOfDay >= 0 else { return }
        position.stated = clock.complete(position.timeOfDay, captured: position.captured)
        if position.stated.isKnown { position.flags.insert(.dateCompleted) }
    }

    /// Joins a sentence to what waits of its flow, or lets that go and begins anew.
    private func join(_ position: Position, _ row: PositionRow, _ positions: inout Batch<Position>) {
        var state = flows[position.flow] ?? FlowState()
        let bit: UInt64 = 1 << UInt64(row.kind)
        if state.isWaiting, position.timeOfDay >= 0, state.pending.timeOfDay == position.timeOfDay,
            state.kinds & bit == 0
        {
            merge(position, into: &state.pending)
            state.kinds |= bit
            counts.merged += 1
        } else {
            if state.isWaiting { give(state.pending, &positions) }
            state.pending = position
            state.kinds = bit
        }
        if row.utc.isKnown {
            state.clock.set(row.utc, captured: position.captured)
        } else if !state.pending.stated.isKnown {
            complete(&state.pending, state.clock)
            // The clock goes with the flow, so that one date serves for days.
            if state.clock.isSet { state.clock.set(state.pending.stated, captured: position.captured) }
        }
        flows[position.flow] = state
    }

    /// What the first sentence did not tell is taken from the second; a date of its own goes before one that was completed.
    private func merge(_ other: Position, into position: inout Position) {
        if position.height.isNaN { position.height = other.height }
        if position.speed.isNaN { position.speed = other.speed }
        if position.course.isNaN { position.course = other.course }
        if other.stated.isKnown {
            position.stated = other.stated
            position.flags.remove(.dateCompleted)
        }
        position.flags.formUnion(other.flags)
    }
}
