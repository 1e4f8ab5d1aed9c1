internal import Bytes
internal import Capture

/// Packets that are held back: those that are late until their time has come, and those that are put back until others have
/// passed them.
extension FaultInjector {
    /// A packet that waits for its time.
    struct Late: BitwiseCopyable {
        let time: Int64
        /// Which of those of one time came first.
        let sequence: UInt64
        let held: Int32

        func isBefore(_ other: Late) -> Bool {
            time != other.time ? time < other.time : sequence < other.sequence
        }
    }

    /// A packet that waits until so many have passed it.
    struct Behind: BitwiseCopyable {
        let held: Int32
        var count: Int32
    }

    /// Lets a packet wait for its time, and lets those go on whose time has come: that of the latest packet so far.
    func wait(_ passage: Passage, _ bytes: RawSpan, into out: inout Batch<Packet>, _ log: FaultLog) {
        var passage = passage
        if passage.time.isKnown {
            watermark = max(watermark, passage.time.nanoseconds)
            let (time, overflow) = passage.time.nanoseconds.addingReportingOverflow(passage.delay)
            if overflow { passage.delay = 0 } else { passage.packet.time = CaptureTime(nanoseconds: time) }
        } else {
            // Without a time it cannot be late: it goes on now.
            passage.delay = 0
        }
        let time = passage.time.isKnown ? passage.packet.time.nanoseconds : watermark
        // What is in time and in front of all others need not be copied.
        if late.count == 0, time <= watermark { return pass(passage, bytes, into: &out, log) }
        hold(&passage, bytes)
        lateOctets += passage.packet.extent.count
        push(Late(time: time, sequence: sequence, held: keep(passage)))
        sequence &+= 1
        while late.count > 0, late[0].time <= watermark || isOverfull { pass(takeFirst(), into: &out, log) }
    }

    private var isOverfull: Bool { late.count > Self.mostHeld || lateOctets > Self.mostHeldOctets }

    /// Lets a packet pass, or puts it back; those that so many have passed by now go out behind it.
    func pass(_ passage: Passage, _ bytes: RawSpan, into out: inout Batch<Packet>, _ log: FaultLog) {
        guard passage.places > 0 else { return pass(inTurn: passage, into: &out, log) }
        var passage = passage
        hold(&passage, bytes)
        pass(passage, into: &out, log)
    }

    /// The same for one that has a copy.
    private func pass(_ passage: Passage, into out: inout Batch<Packet>, _ log: FaultLog) {
        guard passage.places > 0 else { return pass(inTurn: passage, into: &out, log) }
        let arrival = passage.packet.time
        letPass(arrival, into: &out, log)
        behind.append(Behind(held: keep(passage), count: passage.places))
    }

    private func pass(inTurn passage: Passage, into out: inout Batch<Packet>, _ log: FaultLog) {
        emit(passage, into: &out, log)
        if behind.count > 0 { letPass(passage.packet.time, into: &out, log) }
    }

    /// One packet more has passed those that wait, at a time.
    private func letPass(_ time: CaptureTime, into out: inout Batch<Packet>, _ log: FaultLog) {
        var kept = 0
        for index in 0..<behind.count {
            var waiting = behind[index]
            waiting.count &-= 1
            if waiting.count > 0 {
                behind[kept] = waiting
                kept += 1
            } else {
                go(take(waiting.held), time, into: &out, log)
            }
        }
        behind.resize(to: kept, filler: Behind(held: 0, count: 0))
    }

    /// Lets one go out that was put back, at the time of the packet that it goes behind.
    private func go(_ passage: Passage, _ time: CaptureTime, into out: inout Batch<Packet>, _ log: FaultLog) {
        var passage = passage
        let distance = time.nanoseconds.subtractingReportingOverflow(passage.packet.time.nanoseconds)
        if passage.packet.time.isKnown, time > passage.packet.time, !distance.overflow {
            passage.packet.time.nanoseconds +=
                distance.partialValue - distance.partialValue % max(1, passage.place.step)
        }
        emit(passage, into: &out, log)
    }

    /// Lets all go out, in order.
    func releaseAll(into out: inout Batch<Packet>, _ log: FaultLog) {
        while late.count > 0 { pass(takeFirst(), into: &out, log) }
        let time = lastTime
        for index in 0..<behind.count {
            let waiting = behind[index]
            var passage = take(waiting.held)
            // So many have passed it as there were.
            passage.places -= waiting.count
            go(passage, passage.places > 0 ? time : passage.packet.time, into: &out, log)
        }
        behind.removeAll()
        (watermark, lastTime) = (.min, .unknown)
    }

    private func takeFirst() -> Passage {
        let passage = take(pop().held)
        lateOctets -= passage.packet.extent.count
        return passage
    }

    // What is held back, by its number.

    private func keep(_ passage: Passage) -> Int32 {
        guard freeHeld.count > 0 else {
            held.append(passage)
            return Int32(held.count - 1)
        }
        let index = freeHeld[freeHeld.count - 1]
        freeHeld.resize(to: freeHeld.count - 1, filler: 0)
        held[Int(index)] = passage
        return index
    }

    private func take(_ index: Int32) -> Passage {
        freeHeld.append(index)
        return held[Int(index)]
    }

    // A heap: the two behind place n are at 2n + 1 and 2n + 2, and not before it.

    private func push(_ entry: Late) {
        late.append(entry)
        var at = late.count - 1
        while at > 0, entry.isBefore(late[(at - 1) / 2]) {
            late[at] = late[(at - 1) / 2]
            at = (at - 1) / 2
        }
        late[at] = entry
    }

    private func pop() -> Late {
        let (first, last) = (late[0], late[late.count - 1])
        late.resize(to: late.count - 1, filler: last)
        guard late.count > 0 else { return first }
        var at = 0
        while true {
            var next = at * 2 + 1
            guard next < late.count else { break }
            if next + 1 < late.count, late[next + 1].isBefore(late[next]) { next += 1 }
            guard late[next].isBefore(last) else { break }
            late[at] = late[next]
            at = next
        }
        late[at] = last
        return first
    }
}
