internal import Bytes
internal import CCSDS
internal import Mission

/// A spacecraft that flies: its orbit, its behaviour, its packets, and the frames that they travel in.
final class Spacecraft {
    let vehicle: Vehicle
    let orbit: SGP4
    private let run: BehaviourRun
    private let streams: [PacketStream]
    private let writer: FrameWriter
    private let start: Int64
    /// The id that its frames have.
    let identifier: Int
    /// Nanoseconds that one frame takes on the link.
    let frameTime: Double
    /// Packets that were made while nobody heard, which are not sent.
    private(set) var unheard: UInt64 = 0
    private(set) var packets: UInt64 = 0
    /// The next sequence count of each APID.
    private var counts = [UInt16](repeating: 0, count: 0x800)
    private let packet = ByteBuffer()

    /// - Throws: why its packets cannot be made.
    init(
        _ vehicle: Vehicle, _ plan: TelemetryPlan, _ behaviour: Behaviour, _ encoders: PacketEncoders, seed: UInt64,
        start: Int64
    ) throws {
        self.vehicle = vehicle
        identifier = plan.spacecraft
        self.start = start
        orbit = try SGP4(vehicle.elements)
        let run = BehaviourRun(behaviour, RandomSource(seed: seed, name: vehicle.name))
        self.run = run
        streams = try plan.streams.map { stream in
            try PacketStream(stream, try encoders.encoder(for: stream.type), run, start: start)
        }
        writer = FrameWriter(plan.layout, spacecraft: plan.spacecraft)
        frameTime = Double(8 * (plan.layout.length + plan.layout.marker.count)) / plan.bitRate * 1e9
    }

    /// Seconds between two steps of its behaviour.
    var step: Double { run.behaviour.step }

    /// Flies on up to a second, and puts the packets that are made until then into the channels, in the order of
    /// their times; without contact they are lost.
    func fly(until: Double, inContact: Bool) throws {
        // Steps whose values the packets take: each stands for the time up to the next one.
        run.forget()
        while Double(run.stepsDone) * step < until { try advance(inContact) }
        let packet = packet
        let counts = streams.map { $0.make(until: until) }
        var next = streams.map { _ in 0 }
        while true {
            var earliest: Int?
            for (index, stream) in streams.enumerated() where next[index] < counts[index] {
                if let best = earliest, streams[best].times[next[best]] <= stream.times[next[index]] { continue }
                earliest = index
            }
            guard let index = earliest else { break }
            packets += 1
            let stream = streams[index]
            packet.removeAll()
            stream.append(next[index], to: packet)
            count(packet)
            if inContact { writer.append(packet.bytes, to: stream.channel) } else { unheard += 1 }
            next[index] += 1
        }
    }

    /// Gives a packet the next count of its APID, which several types may share (133.0-B-2, 4.1.3.4.2).
    private func count(_ packet: ByteBuffer) {
        let (apid, flags) = (Int(packet.bytes.u16(at: 0) & 0x7FF), packet.bytes.u16(at: 2) & 0xC000)
        let word = flags | counts[apid]
        counts[apid] = (counts[apid] + 1) & 0x3FFF
        let octets: InlineArray<2, UInt8> = [UInt8(word >> 8), UInt8(word & 0xFF)]
        packet.replace(at: 2, with: octets.span.octets)
    }

    private func advance(_ inContact: Bool) throws {
        let time = start + Int64(Double(run.stepsDone) * step * 1e9)
        let state = try orbit.state(at: time)
        let ground = EarthRotation.ground(state, at: time)
        let place = GeodeticPlace(ground.position)
        var around = BehaviourRun.Surroundings()
        around.sun = Sun.share(seenFrom: state.position, sun: Sun.position(at: time))
        (around.latitude, around.longitude, around.altitude) = (place.latitude, place.longitude, place.height)
        (around.position, around.velocity) = (ground.position * 1000, ground.velocity * 1000)
        around.contact = inContact ? 1 : 0
        run.advance(around)
    }

    /// Adds the frame that goes out next: of what waits, filled up, else one with only idle data.
    func frame(into out: ByteBuffer) {
        if !writer.next(into: out, fills: true) { writer.nextIdle(into: out) }
    }
}
