internal import Bytes
internal import Faults

/// Frames of spacecraft on their way: to the stations that see them, and over fibres from there.
extension Simulation {
    /// Flies one spacecraft on, and sends its frames to the stations that see it; nanoseconds since the start.
    func fly(_ number: Int, from: Int64, until: Int64) throws {
        let one = craft[number]
        try one.fly(until: Double(until) / 1e9, inContact: hears(number, scenario.start + from + (until - from) / 2))
        if isSeen(number, from: scenario.start + from, until: scenario.start + until) {
            while nextFrame[number] < Double(until) {
                let sent = scenario.start + Int64(nextFrame[number])
                nextFrame[number] += one.frameTime
                // A frame carries what was made before it leaves; where nobody listens none is wasted.
                let isHeard = hears(number, sent)
                one.release(until: sent, inContact: isHeard)
                if isHeard { try send(number, at: sent) }
            }
        } else {
            nextFrame[number] = max(nextFrame[number], Double(until))
        }
        one.release(until: .max, inContact: hears(number, scenario.start + until))
        guard truth != nil, !one.unsent.isEmpty else { return }
        write(one.unsent, of: number)
        one.unsent.removeAll()
    }

    /// Whether a station hears a spacecraft at a time.
    private func hears(_ number: Int, _ time: Int64) -> Bool {
        craft[number].silences.value(at: time) == nil
            && network.owned[number].contains { network.links[$0].sees(at: time) }
    }

    /// Whether a station sees a spacecraft at any time between two.
    private func isSeen(_ number: Int, from: Int64, until: Int64) -> Bool {
        network.owned[number].contains { link in
            network.links[link].passes.contains { $0.rise.time < until && from < $0.set.time }
        }
    }

    /// Sends the next frame of a spacecraft.
    private func send(_ number: Int, at sent: Int64) throws {
        let (one, frame) = (craft[number], frame)
        frame.removeAll()
        let (channel, count) = one.frame(into: frame, at: sent)
        let state = try one.trajectory.ground(at: sent)
        var heard: UInt64 = 0
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
                heard |= deliver(frame, note, at: tap, time, spacing: one.frameTime)
                continue
            }
            let damaged = damaged
            damaged.removeAll()
            damaged.append(frame.bytes)
            for index in 0..<turned.count { damaged.flip(bit: Int(turned[index])) }
            if note != nil {
                note?.bits = (0..<turned.count).map { turned[$0] }
                note?.faults.append(FrameNote.Event(kind: .bitError))
            }
            _ = deliver(damaged, note, at: tap, time, spacing: one.frameTime)
        }
        if truth != nil, let done = one.marks?.sent(channel, frame: count, heard: heard) { write(done, of: number) }
    }

    /// Lets a frame arrive at a place and go on from there; gives the links on which it arrived whole, a bit each.
    private func deliver(
        _ frame: ByteBuffer, _ note: FrameNote?, at tap: Int, _ time: Int64, spacing: Double
    ) -> UInt64 {
        var heard: UInt64 = 0
        if network.taps[tap].interface != nil {
            let octets = octets
            let start = octets.count
            network.taps[tap].datagrams.append(frame.bytes, to: octets)
            arrivals.append(
                Arrival(time: time, tap: tap, start: start, count: octets.count - start, note: keep(note)))
            if note?.isWhole ?? true { heard |= 1 << UInt64(network.taps[tap].bit) }
        }
        for (line, end) in network.taps[tap].onward {
            let passage = network.lines[line].carry(at: time, spacing: spacing)
            let leg = network.lines[line].leg.name
            var next = note
            // What was told at a place need not be told behind it; bits that are turned over are so there, too.
            if network.taps[tap].interface != nil { next?.faults.removeAll { $0.kind != .bitError } }
            func add(_ event: FrameNote.Event) { next?.faults.append(event) }
            if passage.isLost {
                add(FrameNote.Event(kind: .loss, reason: passage.isCut ? "cut" : nil, leg: leg))
                lose(next, at: end, time + passage.delay)
                continue
            }
            if passage.jitter > 0 { add(FrameNote.Event(kind: .jitter, value: passage.jitter, leg: leg)) }
            if passage.places > 0 { add(FrameNote.Event(kind: .reorder, value: Int64(passage.places), leg: leg)) }
            if passage.isDoubled { add(FrameNote.Event(kind: .duplicate, leg: leg)) }
            heard |= deliver(frame, next, at: end, time + passage.delay, spacing: spacing)
            guard passage.isDoubled else { continue }
            next?.faults.removeAll { $0.kind != .bitError }
            // Right behind the first.
            _ = deliver(frame, next, at: end, time + passage.delay + 1000, spacing: spacing)
        }
        return heard
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

    /// Writes down packets of a spacecraft.
    func write(_ marks: [PacketMark], of number: Int) {
        guard let truth else { return }
        for mark in marks { truth.packet(mark, modulus: craft[number].frameModulus, links: recorded[number]) }
    }
}
