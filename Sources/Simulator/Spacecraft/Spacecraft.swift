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
    let run: BehaviourRun
    let streams: [PacketStream]
    /// Parameters that are the same in all packets.
    let fixed: Set<String>
    private let writer: FrameWriter
    private let start: Int64
    /// The id that its frames have.
    let identifier: Int
    /// Nanoseconds that one frame takes on the link.
    let frameTime: Double
    /// Frames of a channel are counted modulo this.
    let frameModulus: Int
    /// When it sends nothing, by what happens to it.
    var silences = Spells()

    private let recorder: Recorder?
    private let dump: Int
    private let clcw: String?
    /// Packets that were made, and those of them that were made while nobody heard and are not kept.
    private(set) var packets: UInt64 = 0, unheard: UInt64 = 0
    /// The next sequence count of each APID.
    private var counts = [UInt16](repeating: 0, count: 0x800)
    private let packet = ByteBuffer()

    /// What is true of packets on their way, where that is written down.
    var marks: PacketMarks?
    /// What was made and is never sent.
    var unsent: [PacketMark] = []

    /// - Throws: why its packets cannot be made.
    init(
        _ vehicle: Vehicle, name: String, _ trajectory: Trajectory, identifier: Int, _ plan: TelemetryPlan,
        _ behaviour: Behaviour, varying: Set<String>, _ encoders: PacketEncoders, seed: UInt64, start: Int64
    ) throws {
        (self.vehicle, self.name, self.identifier, self.start) = (vehicle, name, identifier, start)
        self.trajectory = trajectory
        let run = BehaviourRun(behaviour, RandomSource(seed: seed, name: name))
        self.run = run
        streams = try plan.streams.map { stream in
            try PacketStream(stream, try encoders.encoder(for: stream.type), run, varying: varying, start: start)
        }
        fixed = streams.reduce(into: []) { $0.formUnion($1.fixed) }
        writer = FrameWriter(plan.layout, spacecraft: identifier)
        frameTime = Double(8 * (plan.layout.length + plan.layout.marker.count)) / plan.bitRate * 1e9
        frameModulus = plan.layout.kind == .tm ? 1 << 8 : 1 << 24
        recorder = plan.recorder.map { Recorder(capacity: $0.capacity) }
        dump = plan.recorder?.channel ?? 0
        clcw = plan.clcw
    }

    /// Packets that its memory wrote over.
    var overwritten: UInt64 { recorder?.overwritten ?? 0 }

    /// Seconds between two steps of its behaviour.
    private var step: Double { run.behaviour.step }

    /// Flies on up to a second, and puts the packets that are made until then into the channels, in the order of
    /// their times; without contact they go into its memory, or are lost where it has none.
    func fly(until: Double, inContact: Bool) throws {
        // Steps whose values the packets take: each stands for the time up to the next one.
        run.forget()
        while Double(run.stepsDone) * step < until { try advance(inContact) }
        if let clcw { writer.controlWord = controlWord(UInt32(run.value(of: clcw).map { Int($0) & 0xFF } ?? 0)) }
        let counts = streams.map { $0.make(until: until) }
        if streams.count == 1 {
            for index in 0..<counts[0] { hand(on: index, of: streams[0], inContact) }
            return
        }
        var next = streams.map { _ in 0 }
        while true {
            var earliest: Int?
            for (index, stream) in streams.enumerated() where next[index] < counts[index] {
                if let best = earliest, streams[best].times[next[best]] <= stream.times[next[index]] { continue }
                earliest = index
            }
            guard let index = earliest else { break }
            hand(on: next[index], of: streams[index], inContact)
            next[index] += 1
        }
    }

    /// Sends a packet on its way.
    private func hand(on index: Int, of stream: PacketStream, _ inContact: Bool) {
        let packet = packet
        packets += 1
        packet.removeAll()
        stream.append(index, to: packet)
        count(packet)
        let mark = marks == nil ? nil : mark(packet.bytes, index, of: stream)
        if inContact {
            put(packet, mark, to: stream.channel)
        } else if let recorder {
            unsent += recorder.keep(packet.bytes, mark)
        } else {
            unheard += 1
            if let mark { unsent.append(mark) }
        }
    }

    /// Puts a packet into a channel.
    private func put(_ packet: ByteBuffer, _ mark: PacketMark?, to channel: Int) {
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
        let word = flags | counts[apid]
        counts[apid] = (counts[apid] + 1) & 0x3FFF
        let octets: InlineArray<2, UInt8> = [UInt8(word >> 8), UInt8(word & 0xFF)]
        packet.replace(at: 2, with: octets.span.octets)
    }

    /// A control word of COP-1 that reports on telecommand frames up to a count, of virtual channel 0 (232.0-B-4, 4.2).
    private func controlWord(_ report: UInt32) -> UInt32 { 0x0100_0000 | report }

    private func advance(_ inContact: Bool) throws {
        let time = start + Int64(Double(run.stepsDone) * step * 1e9)
        let ground = try trajectory.ground(at: time)
        let place = GeodeticPlace(ground.position)
        var around = BehaviourRun.Surroundings()
        around.sun = Sun.share(seenFrom: try trajectory.position(at: time), sun: Sun.position(at: time))
        (around.latitude, around.longitude, around.altitude) = (place.latitude, place.longitude, place.height)
        (around.position, around.velocity) = (ground.position * 1000, ground.velocity * 1000)
        around.contact = inContact ? 1 : 0
        run.advance(around)
    }

    /// Adds the frame that goes out next: a full one of what waits, else one of what is in its memory, else what waits filled up,
    /// else one with only idle data. Gives its channel, and its number there from 0 on.
    func frame(into out: ByteBuffer) -> (channel: Int, number: Int) {
        if !writer.next(into: out) {
            unload()
            if !writer.next(into: out, fills: true) { writer.nextIdle(into: out) }
        }
        return writer.last
    }

    /// Lets as much of its memory wait as goes into a frame.
    private func unload() {
        guard let recorder else { return }
        while !recorder.isEmpty, writer.waiting(in: dump) < writer.room {
            packet.removeAll()
            let mark = recorder.take(into: packet)
            put(packet, mark, to: dump)
        }
    }

    /// What was made and is on no way yet when all ends.
    func rest() -> [PacketMark] { (marks?.rest() ?? []) + (recorder?.rest() ?? []) }
}
