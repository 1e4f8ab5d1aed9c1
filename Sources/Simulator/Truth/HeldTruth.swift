/// The truth of what was simulated: each record is held back until what it is of has left.
final class HeldTruth {
    private let text: TruthText
    /// Of each spacecraft its name, what its frames are counted by, and the taps where it is recorded, with their names.
    private let names: [String], moduli: [Int], places: [[Int]], links: [[String]]
    private let taps: [Tap]
    private var channels = ChannelArrivals()

    /// A packet whose last frame was sent at a time; nil: never.
    private struct HeldPacket {
        var mark: PacketMark
        let spacecraft: Int
        var sent: Int64?
        /// When it had arrived everywhere.
        let latest: Int64
    }

    private var packets: ArraySlice<HeldPacket> = []
    private var frames: ArraySlice<(note: FrameNote, tap: Int, output: UInt64?, key: ArrivalKey)> = []
    private var messages: ArraySlice<(message: TerminalMessage, dropped: UInt64, time: Int64)> = []
    /// The packets that were handed on and have not left, in the order of their numbers; how many have; and the last of these.
    private var handed: ArraySlice<ArrivalKey> = []
    private var left: UInt64 = 0
    private var reached = ArrivalKey.first

    /// - Parameters:
    ///   - names: of all spacecraft.
    ///   - moduli: what frames of each are counted by.
    ///   - taps: where frames arrive.
    init(_ text: TruthText, names: [String], moduli: [Int], taps: [Tap]) {
        (self.text, self.names, self.moduli, self.taps) = (text, names, moduli, taps)
        places = names.indices.map { number in
            taps.indices.filter { taps[$0].spacecraft == number && taps[$0].interface != nil }
        }
        links = places.map { $0.map { taps[$0].name } }
    }

    /// A packet whose last frame was sent, or that never is, which is true at once.
    func hold(_ mark: PacketMark, of spacecraft: Int, sent: Int64?) {
        let latest = max(sent ?? .min, mark.heard?.latest ?? .min)
        let packet = HeldPacket(mark: mark, spacecraft: spacecraft, sent: sent, latest: latest)
        if sent == nil { write(packet) } else { packets.append(packet) }
    }

    /// A frame that was handed on, with the number of its first packet, or was lost.
    func hold(_ note: FrameNote, at key: ArrivalKey, output: UInt64?) {
        frames.append((note, key.tap, output, ArrivalKey(time: note.whole ?? key.time, tap: key.tap)))
    }

    func hold(_ message: TerminalMessage, dropped: UInt64) {
        messages.append((message, dropped, message.received ?? message.sent))
    }

    /// The next packet was handed on.
    func handedOn(_ key: ArrivalKey) { handed.append(key) }

    /// Writes down what is true of the packets up to a number, which have left.
    ///
    /// - Parameter time: all arrivals in front of this time were handed on; nil where that is not so of any.
    func settle(left number: UInt64, handedOnUntil time: Int64? = nil) {
        while left < number, let key = handed.popFirst() { (left, reached) = (left + 1, key) }
        if handed.isEmpty, let time { reached = max(reached, ArrivalKey(time: time, tap: -1)) }
        write(upTo: reached)
    }

    private func write(upTo key: ArrivalKey) {
        while let packet = packets.first, packet.latest < key.time || key == .last {
            write(packets.removeFirst())
        }
        while let frame = frames.first, frame.key <= key { write(frames.removeFirst()) }
        while let first = messages.first, first.time <= key.time {
            text.message(first.message, dropped: first.dropped)
            messages.removeFirst()
        }
    }

    private func write(_ packet: HeldPacket) {
        text.packet(
            packet.mark, sent: packet.sent, modulus: moduli[packet.spacecraft], links: links[packet.spacecraft])
    }

    private func write(_ frame: (note: FrameNote, tap: Int, output: UInt64?, key: ArrivalKey)) {
        let (note, tap) = (frame.note, taps[frame.tap])
        let isLate =
            frame.output != nil && note.looksWhole
            && channels.arrived(note.number, of: note.channel, over: note.connection, at: frame.tap)
        text.faults(note, tap, spacecraft: names[tap.spacecraft], output: frame.output, isLate: isLate)
    }

    /// Ends it.
    ///
    /// - Parameters:
    ///   - number: the number of the packet up to which all have left, where it ended early; nil: all have.
    ///   - all: how many were handed on.
    ///   - rest: what waits in each spacecraft and was never sent.
    ///   - isBroken: whether it broke off, so that it has no end.
    func finish(
        left number: UInt64?, _ all: UInt64, rest: [[PacketMark]], messages counts: TerminalCounts?,
        isInterrupted: Bool,
        isBroken: Bool
    ) {
        settle(left: number ?? all)
        if number == nil { write(upTo: .last) }
        // What was simulated beyond the end has not left, or not everywhere; of the next frame a part may have.
        let begun = handed.first?.time ?? reached.time
        for var packet in packets {
            if let sent = packet.sent, sent > begun {
                (packet.sent, packet.mark.frames, packet.mark.heard) = (nil, nil, nil)
            }
            packet.mark.heard?.leave(upTo: reached, taps: places[packet.spacecraft])
            write(packet)
        }
        for (spacecraft, marks) in rest.enumerated() {
            for mark in marks {
                write(HeldPacket(mark: mark, spacecraft: spacecraft, sent: nil, latest: .min))
            }
        }
        let whole = channels.all.sorted {
            ($0.key.tap, $0.key.channel, $0.key.connection) < ($1.key.tap, $1.key.channel, $1.key.connection)
        }
        for (key, frames) in whole {
            let tap = taps[key.tap]
            text.channel(
                key, frames, modulus: moduli[tap.spacecraft], interface: tap.name,
                spacecraft: names[tap.spacecraft])
        }
        if !isBroken {
            text.end(
                sent: number ?? all, messages: counts.map { number == nil ? $0 : text.messages },
                isInterrupted: isInterrupted)
        }
        text.close()
    }
}
