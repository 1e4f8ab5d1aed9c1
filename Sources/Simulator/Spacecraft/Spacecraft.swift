internal import Bytes
internal import CCSDS
internal import Mission
internal import Records

/// A spacecraft that flies: its orbit or path, its behaviour, its packets, and the frames that they travel in.
final class Spacecraft {
    /// What it is called, and what its kind is.
    let name: String
    let vehicle: Vehicle
    let trajectory: Trajectory
    private let flight: Flight
    let run: BehaviourRun
    let streams: [PacketStream]
    private let writer: FrameWriter
    private let start: Int64
    /// The id that its frames have.
    let identifier: Int
    /// Octets of each frame.
    let frameLength: Int
    /// Nanoseconds that one frame takes on the link.
    let frameTime: Double
    var isAOS: Bool { writer.layout.kind == .aos }
    /// Bits a second of the packets that it makes, as far as their size is always the same, and that its frames carry.
    var load: Double { streams.reduce(0) { $0 + $1.rate * Double(8 * $1.packetLength) } }
    var capacity: Double { Double(8 * writer.room) / frameTime * 1e9 }
    /// Frames of a channel are counted modulo this.
    var frameModulus: Int { writer.countModulus }
    /// Whether its frames end with an error control field.
    var framesHaveFECF: Bool { writer.layout.hasFECF }
    /// When it sends nothing, by what happens to it.
    var silences = Spells()

    private let recorder: Recorder?
    private let dump: Int
    /// The state that control words report.
    private let clcw: Int?
    /// Of the packets of each stream that were made last the next one, and how many there are.
    private let next = Lane<Int>(), made = Lane<Int>()
    /// When that one is made, in seconds since the start; infinity where there is none.
    private let due = Lane<Double>()
    /// When what waits in a channel began to, in nanoseconds since 1970-01-01; what a frame left behind begins then.
    private let since = Lane<Int64>()
    /// So long packets wait for their frame to be full, in nanoseconds.
    private let hold: Int64
    /// The next sequence count of each APID.
    private let counts = Lane<UInt16>()
    private let packet = ByteBuffer()

    /// What is true of packets on their way, where that is written down.
    var marks: PacketMarks?
    /// What was made and is never sent.
    var unsent: [PacketMark] = []
    /// Octets of packets that wait in a channel at the most.
    static let mostWaiting = 1 << 20

    /// - Throws: why its packets cannot be made.
    init(
        _ vehicle: Vehicle, name: String, _ trajectory: Trajectory, identifier: Int, _ plan: TelemetryPlan,
        _ behaviour: Behaviour, _ encoders: PacketEncoders, seed: UInt64, start: Int64
    ) throws {
        (self.vehicle, self.name, self.identifier, self.start) = (vehicle, name, identifier, start)
        self.trajectory = trajectory
        let flight = Flight(trajectory, start: start)
        let run = BehaviourRun(behaviour, RandomSource(seed: seed, name: name), in: flight)
        (self.flight, self.run) = (flight, run)
        streams = try plan.streams.map { stream in
            try PacketStream(stream, try encoders.encoder(for: stream.type), run, start: start)
        }
        for lane in [next, made] { lane.resize(to: streams.count, filler: 0) }
        due.resize(to: streams.count, filler: .infinity)
        hold = plan.hold
        writer = FrameWriter(plan.layout, spacecraft: identifier)
        since.resize(to: writer.channelCount, filler: 0)
        counts.resize(to: 0x800, filler: 0)
        frameLength = plan.layout.length
        frameTime = Double(8 * (plan.layout.length + plan.layout.marker.count)) / plan.bitRate * 1e9
        recorder = plan.recorder.map { Recorder(capacity: $0.capacity) }
        dump = plan.recorder?.channel ?? 0
        clcw = plan.clcw.flatMap { told in behaviour.states.firstIndex { $0.name == told.state } }
    }

    /// Seconds between two steps of its behaviour.
    private var step: Double { run.behaviour.step }

    /// Flies on up to a second since the start, and makes the packets up to then, which ``release(until:inContact:)`` hands on.
    ///
    /// - Parameter inContact: whether somebody hears meanwhile, for its behaviour.
    func fly(until: Double, inContact: Bool) throws {
        flight.contact = inContact ? 1 : 0
        // Steps whose states the packets take: each stands for the time up to the next one.
        run.forget()
        while Double(run.stepsDone) * step < until { try run.advance() }
        for (index, stream) in streams.enumerated() {
            made[index] = try stream.make(until: until, tells: marks != nil)
            next[index] = 0
            due[index] = made[index] > 0 ? stream.times[0] : .infinity
        }
    }

    /// Puts the packets that are made up to a time (nanoseconds since 1970-01-01) into the channels, in the order of their times;
    /// without contact they go into its memory, or are lost where it has none.
    func release(until time: Int64, inContact: Bool) {
        let limit = time == .max ? .infinity : Double(time - start) / 1e9
        let due = due
        while true {
            var (earliest, found) = (limit, -1)
            let times = due.span
            for index in times.indices where times[index] < earliest { (earliest, found) = (times[index], index) }
            guard found >= 0 else { return }
            let (stream, number) = (streams[found], next[found])
            hand(on: number, of: stream, inContact)
            next[found] = number + 1
            due[found] = number + 1 < made[found] ? stream.times[number + 1] : .infinity
        }
    }

    /// Sends a packet on its way.
    private func hand(on index: Int, of stream: PacketStream, _ inContact: Bool) {
        let packet = packet
        packet.removeAll()
        stream.append(index, to: packet)
        count(packet)
        let mark = marks == nil ? nil : mark(packet.bytes, index, of: stream)
        if inContact {
            let waiting = writer.waiting(in: stream.channel)
            guard waiting + packet.count <= Self.mostWaiting else { return drop(mark, "no room") }
            put(packet, mark, to: stream.channel, behind: waiting, at: stream.time(index))
        } else if let recorder {
            for mark in recorder.keep(packet.bytes, mark) { drop(mark, "no room") }
        } else {
            drop(mark, "no contact")
        }
    }

    /// Remembers what is never sent, and why.
    private func drop(_ mark: PacketMark?, _ reason: StaticString) {
        guard var mark else { return }
        mark.reason = reason
        unsent.append(mark)
    }

    /// Puts a packet into a channel, behind so many octets that wait there.
    private func put(_ packet: ByteBuffer, _ mark: PacketMark?, to channel: Int, behind waiting: Int, at time: Int64) {
        if waiting == 0 { since[channel] = time }
        if let mark {
            let (place, room) = (writer.position(in: channel), writer.room)
            var settled = PacketMark(text: mark.text, channel: channel)
            settled.frames = place / room...(place + packet.count - 1) / room
            marks?.add(settled)
        }
        writer.append(packet.bytes, to: channel)
    }

    /// The record of a packet, up to its values.
    private func mark(_ packet: RawSpan, _ index: Int, of stream: PacketStream) -> PacketMark {
        var text = TextBuffer(capacity: 1 << 11)
        text.append("{")
        text.member("record", "packet")
        text.member("spacecraft", name)
        text.member("id", identifier)
        text.member("apid", Int(packet.u16(at: 0) & 0x7FF))
        text.member("count", Int(packet.u16(at: 2) & 0x3FFF))
        text.member("type", stream.type)
        text.member("time", CaptureTime(nanoseconds: stream.time(index)), digits: 9)
        text.member("octets", packet.byteCount)
        text.member("values")
        text.append("{")
        stream.write(values: index, to: &text)
        text.append("}")
        return PacketMark(text: text.bytes.copied(), channel: stream.channel)
    }

    /// Gives a packet the next count of its APID, which several types may share (133.0-B-2, 4.1.3.4.2).
    private func count(_ packet: ByteBuffer) {
        let (apid, flags) = (Int(packet.bytes.u16(at: 0) & 0x7FF), packet.bytes.u16(at: 2) & 0xC000)
        packet.store(flags | counts[apid], at: 2)
        counts[apid] = (counts[apid] + 1) & 0x3FFF
    }

    /// A control word of COP-1 that reports on telecommand frames up to a count, of virtual channel 0 (232.0-B-4, 4.2).
    private func controlWord(_ report: Double) -> UInt32 {
        // Of a state that is no number there is nothing to tell.
        0x0100_0000 | UInt32(
            truncatingIfNeeded: Int64(nearest: report.rounded(.down).truncatingRemainder(dividingBy: 256))) & 0xFF
    }

    /// Adds the frame that goes out at a time: a full one of what waits, else one of what is in its memory, else what has waited long
    /// enough, filled up, else one with only idle data. Gives its channel, and its number there from 0 on.
    func frame(into out: ByteBuffer, at time: Int64) -> (channel: Int, number: Int) {
        if let clcw { writer.controlWord = controlWord(run.value(ofState: clcw, at: Double(time - start) / 1e9)) }
        if !writer.next(into: out) {
            unload(at: time)
            if !writer.next(into: out) {
                let late = (0..<since.count).first { writer.waiting(in: $0) > 0 && since[$0] + hold <= time }
                if let late { writer.fill(late, into: out) } else { writer.nextIdle(into: out) }
            }
        }
        if writer.waiting(in: writer.last.channel) > 0 { since[writer.last.channel] = time }
        return writer.last
    }

    /// Lets as much of its memory wait as goes into a frame.
    private func unload(at time: Int64) {
        guard let recorder else { return }
        while !recorder.isEmpty {
            let waiting = writer.waiting(in: dump)
            guard waiting < writer.room else { return }
            packet.removeAll()
            let mark = recorder.take(into: packet)
            put(packet, mark, to: dump, behind: waiting, at: time)
        }
    }

    /// What was made and has not gone, or not as a whole, when all ends.
    func rest() -> [PacketMark] {
        ((marks?.rest() ?? []) + (recorder?.rest() ?? [])).map { PacketMark(text: $0.text, channel: $0.channel) }
    }
}
