internal import Bytes
internal import Capture
internal import Records
internal import Transport

/// Finds the capture packets that units came in, from the one that holds a unit's first octet to the one that completed it.
///
/// A datagram of whole packets is found in the engine's own batch, and nothing is kept of it. Where units may begin in
/// earlier packets (frames, streams, messages, fragments, flows that were not recognised yet) copies of these packets are
/// kept, the latest of them within a limit.
///
///     while engine.next(into: &units) {
///         keeper.keep(engine)                 // every batch, also one without units
///         keeper.find(units, chosen, engine, into: &packets)
///     }
final class PacketKeeper {
    /// A copy of a packet.
    private struct Kept {
        var packet: Packet
        /// The number of the chunk that holds its octets, from 1 on.
        let chunk: Int
        /// The last turn that it has; -1 as long as none of its octets was handed on.
        var turn = -1
        /// The next fragment of the datagram that it is the end of, or a fragment of; -1 where there is no other.
        var part = -1
        /// Whether it was handed out.
        var isOut = false
    }

    /// One payload in the order in which its flow was handed on.
    private struct Turn {
        /// Its packet, by the number in `packets`.
        let kept: Int
        /// The turn of the same flow before; -1 at the flow's beginning.
        let previous: Int
        /// Where its octets stand in the input.
        let offsets: Range<UInt64>
        /// Whether it had waited for a packet that was captured later.
        let hasWaited: Bool
    }

    /// What is known of a flow.
    private struct FlowEnd: BitwiseCopyable {
        var turn = -1
        /// The highest number of a packet that was handed on.
        var packet: UInt64 = 0
    }

    private let chunkSize: Int
    /// Packets of a chunk at most, so that those without octets are bounded, too.
    private static let chunkPackets = 4096

    private let limit: Int
    private let joined: Bool
    private var packets = Trail<Kept>()
    private var turns = Trail<Turn>()
    /// Where the octets of packets are, oldest first, and how many chunks were forgotten.
    private var chunks: [ByteBuffer] = []
    private var forgottenChunks = 0
    private var octets = 0
    private var inLastChunk = 0
    private var spare: ByteBuffer?
    private let ends = Lane<FlowEnd>()
    /// For each packet of the engine's batch its number in `packets`, or that it is not kept.
    private let places = Lane<Int>()
    private static let notKept = -1
    private static let toKeep = -2

    /// How many units were found without their beginning, which was no longer kept.
    private(set) var cut = 0
    /// How many units were not found at all, since they were completed by a packet that was no longer kept.
    private(set) var missing = 0

    /// A keeper of so many octets of packets at most; a single packet that is larger is kept alone.
    ///
    /// - Parameter joined: whether units are joined from others, so that each may begin in an earlier packet.
    init(limit: Int = 64 << 20, joined: Bool = false) {
        self.limit = limit
        self.joined = joined
        chunkSize = min(1 << 20, max(4096, limit / 16))
    }

    /// Keeps what is needed of the engine's last batch.
    func keep(_ engine: Engine) {
        places.removeAll()
        let waiting = engine.transport.waiting
        guard joined || engine.router.reachingBack > 0 || waiting.count > 0 else { return }
        places.resize(to: engine.packets.count, filler: Self.notKept)
        ends.resize(to: max(ends.count, engine.transport.flowCount), filler: FlowEnd())
        mark(engine.packets, engine.payloads, waiting, engine.router)
        copy(engine.packets)
        enter(engine.packets, engine.payloads, waiting, engine.router)
    }

    /// Whether the packet of a payload is kept.
    @inline(__always)
    private func isKept(_ payload: Payload, _ reach: FlowRouter.UnitReach) -> Bool {
        reach == .earlier || (reach == .payload && (joined || payload.marks.contains(.assembled)))
    }

    private func mark(
        _ batch: borrowing Batch<Packet>, _ payloads: borrowing Batch<Payload>, _ waiting: Lane<WaitingPacket>,
        _ router: FlowRouter
    ) {
        let records = payloads.records
        for index in records.indices where isKept(records[index], router.reach(Int(records[index].flow))) {
            if let place = Self.place(of: records[index].packet, in: batch) { places[place] = Self.toKeep }
        }
        for index in 0..<waiting.count {
            if let place = Self.place(of: waiting[index].number, in: batch) { places[place] = Self.toKeep }
        }
    }

    private func copy(_ batch: borrowing Batch<Packet>) {
        for place in 0..<places.count where places[place] == Self.toKeep {
            var packet = batch[place]
            let buffer = chunk(for: packet.extent.count)
            let start = buffer.count
            buffer.append(batch.bytes(of: packet))
            // A chunk has room for what is put into it and so does not move.
            packet.extent = buffer.extent.slice(at: start, count: packet.extent.count)
            places[place] = packets.append(Kept(packet: packet, chunk: forgottenChunks + chunks.count))
            inLastChunk += 1
        }
    }

    /// The chunk that has room for a packet; old ones are forgotten for a new one.
    private func chunk(for count: Int) -> ByteBuffer {
        if let last = chunks.last, inLastChunk < Self.chunkPackets, last.limit - last.count >= count { return last }
        let size = max(chunkSize, count)
        while !chunks.isEmpty, octets + size > limit { forgetChunk() }
        let buffer = size == chunkSize ? spare ?? ByteBuffer(capacity: size) : ByteBuffer(capacity: size)
        spare = nil
        octets += size
        inLastChunk = 0
        chunks.append(buffer)
        return buffer
    }

    private func forgetChunk() {
        let buffer = chunks.removeFirst()
        forgottenChunks += 1
        octets -= buffer.limit
        if buffer.limit == chunkSize {
            buffer.removeAll()
            spare = buffer
        }
        var packet = packets.start
        while packet < packets.end, packets[packet].chunk <= forgottenChunks { packet += 1 }
        packets.forget(before: packet)
        var turn = turns.start
        while turn < turns.end, turns[turn].kept < packet { turn += 1 }
        turns.forget(before: turn)
    }

    /// Enters in which order payloads were handed on, and which fragments belong together.
    private func enter(
        _ batch: borrowing Batch<Packet>, _ payloads: borrowing Batch<Payload>, _ waiting: Lane<WaitingPacket>,
        _ router: FlowRouter
    ) {
        let records = payloads.records
        for index in records.indices where isKept(records[index], router.reach(Int(records[index].flow))) {
            let payload = records[index]
            guard let number = number(of: payload.packet, in: batch) else { continue }
            let flow = Int(payload.flow)
            let end = ends[flow]
            let turn = Turn(
                kept: number, previous: end.turn,
                offsets: payload.offset..<payload.offset &+ UInt64(payload.extent.count),
                hasWaited: payload.packet < end.packet)
            packets[number].turn = turns.append(turn)
            ends[flow] = FlowEnd(turn: packets[number].turn, packet: max(end.packet, payload.packet))
        }
        for index in 0..<waiting.count where waiting[index].completedBy > 0 {
            guard let last = number(of: waiting[index].completedBy, in: batch),
                let part = number(of: waiting[index].number, in: batch), part != last
            else { continue }
            packets[part].part = packets[last].part
            packets[last].part = part
        }
    }

    /// Empties `found` and fills it with the packets that chosen units came in, each once, also if several units or
    /// batches ask for it, and in the order of the capture. They are true until the engine's next batch.
    ///
    /// - Parameter chosen: indexes into `units`.
    func find(
        _ units: borrowing Batch<Unit>, _ chosen: Span<Int32>, _ engine: Engine, into found: inout Batch<Packet>
    ) {
        found.removeAll()
        find(units, chosen, engine.packets, engine.router, into: &found)
        Self.sort(&found)
    }

    private func find(
        _ units: borrowing Batch<Unit>, _ chosen: Span<Int32>, _ batch: borrowing Batch<Packet>,
        _ router: FlowRouter, into found: inout Batch<Packet>
    ) {
        let records = units.records
        let hasKept = places.count > 0
        var last = UInt64.max
        for index in chosen.indices {
            let unit = records[Int(chosen[index])]
            if let place = Self.place(of: unit.packet, in: batch), !hasKept || places[place] == Self.notKept {
                if unit.packet != last { found.append(batch[place]) }
                last = unit.packet
            } else if let number = number(of: unit.packet, in: batch) {
                let first = found.count
                trace(unit, from: number, router.octetsInFront(Int(unit.flow)), into: &found)
                Self.turn(&found, from: first)
            } else {
                missing += 1
            }
        }
    }

    /// Goes back from the packet that completed a unit to the one that holds its first octet, and as many octets of the
    /// flow in front of it as it takes to decode the unit again.
    private func trace(_ unit: Unit, from number: Int, _ octetsInFront: Int, into found: inout Batch<Packet>) {
        take(number, into: &found)
        var turn = packets[number].turn
        var inFront: Int?
        while turn >= turns.start {
            let payload = turns[turn]
            guard payload.kept >= packets.start else { break }
            take(payload.kept, into: &found)
            let offsets = payload.offsets
            if let left = inFront {
                inFront = left - offsets.count
            } else if offsets.contains(unit.offset) {
                inFront = octetsInFront - Int(unit.offset - offsets.lowerBound)
            } else if !payload.hasWaited, offsets.upperBound <= unit.offset {
                // The layers tell the place of a first octet as near as they can: it may stand a little behind its payload.
                inFront = octetsInFront
            }
            if let inFront, inFront <= 0 { return }
            turn = payload.previous
        }
        // At the beginning of a flow there is nothing in front that could be missing.
        if inFront == nil, turn >= 0 { cut += 1 }
    }

    /// Hands a kept packet out, and with the end of a datagram its other fragments.
    private func take(_ number: Int, into found: inout Batch<Packet>) {
        var next = number
        while next >= packets.start {
            if !packets[next].isOut {
                packets[next].isOut = true
                found.append(packets[next].packet)
            }
            next = packets[next].part
        }
    }

    /// Where a packet stands in the engine's batch.
    @inline(__always)
    private static func place(of packet: UInt64, in batch: borrowing Batch<Packet>) -> Int? {
        let records = batch.records
        guard let last = records.indices.last, packet >= records[0].number, packet <= records[last].number else {
            return nil
        }
        // Numbers are in a row unless a filter dropped some.
        let guess = Int(packet &- records[0].number)
        if guess <= last, records[guess].number == packet { return guess }
        let place = firstIndex(0..<records.count) { records[$0].number >= packet }
        return records[place].number == packet ? place : nil
    }

    /// The number in `packets` of a packet that is kept.
    private func number(of packet: UInt64, in batch: borrowing Batch<Packet>) -> Int? {
        if places.count > 0, let place = Self.place(of: packet, in: batch) {
            return places[place] >= packets.start ? places[place] : nil
        }
        let number = Self.firstIndex(packets.start..<packets.end) { packets[$0].packet.number >= packet }
        return number < packets.end && packets[number].packet.number == packet ? number : nil
    }

    /// The first number of a range for which `isBehind` is true, when it is true for all behind it as well.
    private static func firstIndex(_ range: Range<Int>, where isBehind: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Turns the order of the records from `first` on about.
    private static func turn(_ found: inout Batch<Packet>, from first: Int) {
        var (low, high) = (first, found.count - 1)
        while low < high {
            (found[low], found[high]) = (found[high], found[low])
            low += 1
            high -= 1
        }
    }

    private static func isSorted(_ found: borrowing Batch<Packet>) -> Bool {
        let records = found.records
        for index in 1..<max(1, records.count) where records[index - 1].number >= records[index].number { return false }
        return true
    }

    /// Puts packets in order, each once. They mostly are.
    private static func sort(_ found: inout Batch<Packet>) {
        guard !isSorted(found) else { return }
        var all: [Packet] = []
        for index in 0..<found.count { all.append(found[index]) }
        all.sort { $0.number < $1.number }
        found.removeAll()
        var last: UInt64?
        for packet in all where packet.number != last {
            found.append(packet)
            last = packet.number
        }
    }
}
