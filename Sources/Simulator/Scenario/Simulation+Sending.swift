internal import Bytes
internal import Faults

/// Frames of spacecraft on their way: to the stations that see them, and over fibres from there.
extension Simulation {
    /// Flies one spacecraft on, and sends its frames to the stations that see it; nanoseconds since the start.
    ///
    /// From one change of who sees it to the next: so it is the same whatever is simulated at once.
    func fly(_ number: Int, from: Int64, until: Int64) throws {
        let (one, start) = (craft[number], scenario.start)
        var begin = from
        while begin < until {
            let now = start + begin
            for link in network.owned[number] { network.links[link].forget(before: now) }
            let change = network.owned[number].reduce(one.silences.change(behind: now)) {
                min($0, network.links[$1].change(behind: now))
            }
            let end = change == .max ? until : min(until, change - start)
            let isHeard =
                one.silences.value(at: now) == nil
                && network.owned[number].contains { network.links[$0].sees(at: now) }
            try one.fly(until: Double(end) / 1e9, inContact: isHeard)
            while isHeard, nextFrame[number] < Double(end) {
                let sent = start + Int64(nextFrame[number])
                nextFrame[number] += one.frameTime
                // A frame carries what was made before it leaves.
                one.release(until: sent, inContact: true)
                try send(number, at: sent)
            }
            // Where nobody listens none is wasted.
            nextFrame[number] = max(nextFrame[number], Double(end))
            one.release(until: .max, inContact: isHeard)
            begin = end
        }
        guard truth != nil, !one.unsent.isEmpty else { return }
        write(one.unsent, of: number)
        one.unsent.removeAll()
    }

    /// Sends the next frame of a spacecraft.
    private func send(_ number: Int, at sent: Int64) throws {
        let (one, frame) = (craft[number], frame)
        frame.removeAll()
        let (channel, count) = one.frame(into: frame, at: sent)
        sentAt = sent
        let state = try one.trajectory.ground(at: sent)
        var heard = Hearing()
        for link in network.owned[number] where network.links[link].sees(at: sent) {
            let look = network.links[link].observer.look(at: state)
            let time = sent + Int64(look.range / LookAngles.lightSpeed * 1e9)
            let reception = network.links[link].receive(
                octets: frame.count, elevation: look.elevation, at: time, turned: turned)
            var note: FrameNote?
            if truth != nil {
                note = FrameNote(
                    channel: channel, number: count, frame: count % one.frameModulus, time: sent, octets: frame.count)
            }
            let tap = network.links[link].tap
            if case .lost(let reason) = reception {
                note?.faults.append(FrameNote.Event(kind: .loss, reason: reason))
                lose(note, at: tap, time)
                continue
            }
            guard turned.count > 0 else {
                deliver(frame, note, at: tap, time, spacing: one.frameTime, heard: &heard)
                continue
            }
            let damaged = damaged
            damaged.removeAll()
            damaged.append(frame.bytes)
            for index in 0..<turned.count { damaged.flip(bit: Int(turned[index])) }
            if note != nil {
                let bits = (0..<turned.count).map { turned[$0] }
                note?.bits = bits
                note?.isOverlooked = one.framesHaveFECF && CRC16.overlooks(bits, octets: frame.count)
                note?.faults.append(FrameNote.Event(kind: .bitError))
            }
            deliver(damaged, note, at: tap, time, spacing: one.frameTime, heard: &heard)
        }
        if truth != nil, let done = one.marks?.sent(channel, frame: count, heard: heard) {
            write(done, of: number, at: sent)
        }
    }

    /// Lets a frame arrive at a place and go on from there.
    ///
    /// - Parameters:
    ///   - copying: the fibre that doubled it, on its way here; the copy shares its fate from there on. Over TCP each of its segments
    ///     comes twice, and the receiver takes one of them.
    ///   - heard: gets the links on which it arrived whole.
    private func deliver(
        _ frame: ByteBuffer, _ note: FrameNote?, at tap: Int, _ time: Int64, spacing: Double, copying: String? = nil,
        heard: inout Hearing
    ) {
        let isStream = network.taps[tap].segments != nil
        if network.taps[tap].interface != nil {
            let kept = keep(note)
            let whole = capture(frame, kept, at: tap, time, spacing: spacing, isDoubled: isStream && copying != nil)
            if kept >= 0 { notes[kept].whole = whole }
            if copying != nil, !isStream {
                var copy = note
                copy?.faults.removeAll { $0.kind != .bitError }
                // Right behind the first.
                _ = capture(frame, keep(copy), at: tap, time + 1000, spacing: spacing, isDoubled: false)
            }
            if note?.isWhole ?? false { heard.insert(network.taps[tap].place, at: whole) }
        }
        if isStream { network.taps[tap].stream.reached = max(network.taps[tap].stream.reached, time) }
        for (line, end) in network.taps[tap].onward {
            let passage = network.carry(over: line, to: end, at: time, spacing: spacing, octets: frame.count)
            let leg = network.lines[line].leg.name
            var next = note
            next?.faults.removeAll { $0.kind == .duplicate }
            func add(_ event: FrameNote.Event) { next?.faults.append(event) }
            if passage.isLost {
                add(FrameNote.Event(kind: .loss, reason: passage.reason, leg: leg))
                lose(next, at: end, time + passage.delay)
                continue
            }
            if passage.jitter > 0 {
                add(FrameNote.Event(kind: .jitter, value: passage.jitter, reason: passage.reason, leg: leg))
            }
            if passage.places > 0 { add(FrameNote.Event(kind: .reorder, value: Int64(passage.places), leg: leg)) }
            // Copies of segments go no further than to who reads the stream: where that is not recorded nobody sees them.
            let copying =
                isStream
                ? (passage.isDoubled && network.taps[end].interface != nil ? leg : nil)
                : copying ?? (passage.isDoubled ? leg : nil)
            if let copying { add(FrameNote.Event(kind: .duplicate, leg: copying)) }
            deliver(frame, next, at: end, time + passage.delay, spacing: spacing, copying: copying, heard: &heard)
        }
    }

    /// Puts a frame that arrives into the capture, as a datagram or as segments; says when the last of it is there.
    private func capture(
        _ frame: ByteBuffer, _ note: Int, at tap: Int, _ time: Int64, spacing: Double, isDoubled: Bool
    ) -> Int64 {
        let octets = octets
        guard network.taps[tap].segments != nil else {
            let start = octets.count
            let front = network.taps[tap].front
            network.taps[tap].datagrams.append(frame.bytes, behind: front.octets, to: octets)
            arrivals.append(Arrival(time: time, tap: tap, start: start, count: octets.count - start, note: note))
            return time
        }
        if !network.taps[tap].stream.isOpen {
            craft[network.taps[tap].spacecraft].marks?.restart(network.taps[tap].place)
        }
        let whole = network.taps[tap].carry(
            frame.bytes, at: time, sent: sentAt, spacing: spacing, isDoubled: isDoubled, to: octets
        ) { time, start, count, isFirst in
            arrivals.append(Arrival(time: time, tap: tap, start: start, count: count, note: isFirst ? note : -1))
        }
        if note >= 0 { notes[note].connection = network.taps[tap].stream.opened }
        return whole
    }

    /// Closes all connections.
    func closeStreams(at time: Int64) {
        let octets = octets
        for tap in network.taps.indices where network.taps[tap].interface != nil {
            network.taps[tap].close(at: time, to: octets) { time, start, count, _ in
                arrivals.append(Arrival(time: time, tap: tap, start: start, count: count))
            }
        }
    }

    /// A frame does not arrive at a place, nor behind it.
    private func lose(_ note: FrameNote?, at tap: Int, _ time: Int64) {
        guard note != nil else { return }
        if network.taps[tap].interface != nil {
            arrivals.append(Arrival(time: time, tap: tap, start: octets.count, count: 0, note: keep(note)))
        }
        for (line, end) in network.taps[tap].onward { lose(note, at: end, time + network.lines[line].leg.delay) }
    }

    private func keep(_ note: FrameNote?) -> Int {
        guard let note else { return -1 }
        notes.append(note)
        return notes.count - 1
    }
}
