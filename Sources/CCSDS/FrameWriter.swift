public import Bytes

/// Makes the transfer frames of one spacecraft: packets go into virtual channels, and frames come out, the channel with the least
/// number first, as a coder on board would send them (132.0-B-3, 4.2; 732.0-B-4, 4.2).
///
///     let writer = FrameWriter(layout, spacecraft: 421)
///     writer.append(packet, to: 0)
///     while writer.next(into: buffer) { … }   // full frames
///     if writer.waiting(in: 0) > 0 { writer.fill(0, into: buffer) }   // what is left, filled up with an idle packet
public final class FrameWriter {
    package let layout: FrameLayout
    private let spacecraft: Int
    private let channels: [Seat]
    private var masterCount: UInt8 = 0
    private var header: [UInt8] = []
    /// The operational control field of the frames to come, where they have one: at first a CLCW of COP-1 with nothing to tell.
    public var controlWord: UInt32 = 0x0100_0000
    /// Which frame was made last: its channel, and its count there from 0 on, which never begins anew.
    public private(set) var last: (channel: Int, number: Int) = (0, 0)

    /// The place of a channel, which is there when something came into it.
    private final class Seat {
        var channel: Channel?

        func taken() -> Channel {
            if let channel { return channel }
            let made = Channel()
            channel = made
            return made
        }
    }

    /// Octets of packets that wait in one channel.
    private final class Channel {
        let octets = ByteQueue(capacity: 1 << 14)
        /// Where the first that waits stands among all that there ever were.
        private(set) var position = 0
        /// Where packets begin among all that there ever were, in order.
        private let starts = LaneQueue<Int>()
        /// Frames that were made.
        var frames = 0

        func begin() { starts.append(position + octets.count) }

        /// Where the first packet begins that begins in the next so many octets, from their first one on.
        func pointer(_ room: Int) -> Int? {
            guard let first = starts.first, first < position + room else { return nil }
            return first - position
        }

        /// Moves the next so many octets into a frame.
        func take(_ room: Int, into out: ByteBuffer) {
            octets.take(room, into: out)
            position += room
            while let first = starts.first, first < position { starts.removeFirst() }
        }
    }

    /// The channel of frames with only idle data (732.0-B-4, 4.1.2.3; of TM frames the one that missions mostly take).
    public var idleChannel: Int { layout.kind == .tm ? 7 : Int(AOSFrameHeader.idleVCID) }

    /// A writer of frames of a layout whose zones hold packets; spacecraft and channels lie in the ranges of its kind.
    public init(_ layout: FrameLayout, spacecraft: Int) {
        precondition(layout.problem == nil, "no frame can be laid out like this")
        precondition(spacecraft >= 0 && spacecraft < (layout.kind == .tm ? 1024 : 256), "no such spacecraft id")
        (self.layout, self.spacecraft) = (layout, spacecraft)
        channels = (0..<(layout.kind == .tm ? 8 : 64)).map { _ in Seat() }
    }

    /// Octets of packets that a frame takes.
    public var room: Int {
        let head = layout.kind == .tm ? 6 : 8 + layout.insertZone + (layout.headerErrorControl ? 2 : 0)
        return layout.length - head - (layout.ocf ? 4 : 0) - (layout.hasFECF ? 2 : 0)
    }

    /// Frames of a channel are counted modulo this: 8 bits of TM frames, 24 of AOS frames.
    public var countModulus: Int { layout.kind == .tm ? 1 << 8 : 1 << 24 }

    /// How many channels there may be: 8 of TM frames, 64 of AOS frames.
    public var channelCount: Int { channels.count }

    /// Octets that wait in a channel.
    public func waiting(in channel: Int) -> Int { channels[channel].channel?.octets.count ?? 0 }

    /// Where the next octet of a channel stands among all that there ever were, idle packets too: divided by ``room`` it is the
    /// number of the frame that it goes into.
    public func position(in channel: Int) -> Int {
        channels[channel].channel.map { $0.position + $0.octets.count } ?? 0
    }

    /// Puts a packet behind those that wait in a channel, which is not the idle one.
    public func append(_ packet: RawSpan, to channel: Int) {
        let queue = channels[channel].taken()
        queue.begin()
        queue.octets.append(packet)
    }

    /// Adds the next full frame, its sync marker in front; false where no channel has one.
    public func next(into out: ByteBuffer) -> Bool {
        let room = room
        guard let number = channels.indices.first(where: { waiting(in: $0) >= room }) else { return false }
        fill(number, into: out)
        return true
    }

    /// Adds the next frame of a channel in which something waits, filled up with an idle packet where it is not full.
    public func fill(_ channel: Int, into out: ByteBuffer) {
        guard let queue = channels[channel].channel else { return }
        let room = room
        if queue.octets.count < room { fill(queue, room) }
        // Packets that begin in this frame: the first of them is where the pointer points.
        begin(into: out, channel, queue, pointer: queue.pointer(room) ?? Int(TMFrameHeader.noPacketStarts))
        queue.take(room, into: out)
        end(into: out)
    }

    /// Adds a frame with only idle data.
    public func nextIdle(into out: ByteBuffer) {
        let queue = channels[idleChannel].taken()
        begin(into: out, idleChannel, queue, pointer: Int(TMFrameHeader.onlyIdleData))
        Self.append(pattern: room) { out.append($0) }
        end(into: out)
    }

    /// An idle packet behind what waits; one that needs more room than there is goes on in the next frame (133.0-B-2, 4.1.3.3.4).
    private func fill(_ queue: Channel, _ room: Int) {
        let size = max(7, room - queue.octets.count)
        queue.begin()
        header.removeAll(keepingCapacity: true)
        try? SpacePacketHeader(apid: 0x7FF, sequenceCount: 0, lengthField: UInt16(size - 7)).encode(into: &header)
        let octets = header
        queue.octets.append(octets.octets)
        Self.append(pattern: size - 6) { queue.octets.append($0) }
    }

    /// Adds octets that mean nothing, and look like nothing else.
    private static func append(pattern count: Int, _ append: (RawSpan) -> Void) {
        var left = count
        while left > 0 {
            let part = min(left, pattern.count)
            append(pattern.octets.slice(at: 0, count: part))
            left -= part
        }
    }

    /// A sequence of 2^16 - 1 bits, from its beginning on.
    private static let pattern: [UInt8] = {
        var register: UInt16 = 0xACE1
        return (0..<8192).map { _ in
            let octet = UInt8(truncatingIfNeeded: register)
            for _ in 0..<8 {
                let bit = (register ^ register >> 2 ^ register >> 3 ^ register >> 5) & 1
                register = register >> 1 | bit << 15
            }
            return octet
        }
    }()

    private var frameStart = 0

    /// The header of the next frame of a channel.
    private func begin(into out: ByteBuffer, _ channel: Int, _ queue: Channel, pointer: Int) {
        let count = UInt32(queue.frames % countModulus)
        last = (channel, queue.frames)
        queue.frames += 1
        header.removeAll(keepingCapacity: true)
        out.append(octets: layout.marker)
        frameStart = out.count
        switch layout.kind {
        case .tm:
            try? TMFrameHeader(
                spacecraft: UInt16(spacecraft), vcid: UInt8(channel), hasOperationalControl: layout.ocf,
                masterCount: masterCount, virtualCount: UInt8(truncatingIfNeeded: count),
                firstHeaderPointer: UInt16(pointer)
            ).encode(into: &header)
            masterCount &+= 1
            out.append(octets: header)
        case .aos:
            try? AOSFrameHeader(
                spacecraft: UInt8(spacecraft), vcid: UInt8(channel), count: count,
                hasErrorControl: layout.headerErrorControl
            ).encode(into: &header)
            out.append(octets: header)
            out.appendZeros(layout.insertZone)
            // The header of an M_PDU is five spare bits and the pointer.
            header.removeAll(keepingCapacity: true)
            header.append(big: UInt16(pointer))
            out.append(octets: header)
        }
    }

    private func end(into out: ByteBuffer) {
        header.removeAll(keepingCapacity: true)
        if layout.ocf { header.append(big: controlWord) }
        out.append(octets: header)
        guard layout.hasFECF else { return }
        header.removeAll(keepingCapacity: true)
        let bytes = out.bytes
        header.append(big: CRC16.of(bytes.slice(at: frameStart, count: out.count - frameStart)))
        out.append(octets: header)
    }
}
