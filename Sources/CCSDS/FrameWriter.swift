public import Bytes

/// Makes the transfer frames of one spacecraft: packets go into virtual channels, and frames come out, the channel with the least
/// number first, as a coder on board would send them (132.0-B-3, 4.2; 732.0-B-4, 4.2).
///
///     let writer = FrameWriter(layout, spacecraft: 421)
///     writer.append(packet, to: 0)
///     while writer.next(into: buffer) { … }          // full frames
///     while writer.next(into: buffer, fills: true) { … }   // what is left, filled up with an idle packet
public final class FrameWriter {
    private let layout: FrameLayout
    private let spacecraft: Int
    private var channels: [Channel?]
    private var masterCount: UInt8 = 0
    private var header: [UInt8] = []
    /// The operational control field of the frames to come, where they have one: at first a CLCW of COP-1 with nothing to tell.
    public var controlWord: UInt32 = 0x0100_0000
    /// Frames that were made, and those of them with only idle data.
    public private(set) var frames: UInt64 = 0, idleFrames: UInt64 = 0

    /// Octets of packets that wait in one channel.
    private final class Channel {
        let octets = ByteBuffer(capacity: 1 << 14)
        /// Where packets begin among them, in order, from `first` on.
        var starts: [Int] = []
        var first = 0
        var count: UInt32 = 0
    }

    /// The channel of frames with only idle data (732.0-B-4, 4.1.2.3; of TM frames the one that missions mostly take).
    public var idleChannel: Int { layout.kind == .tm ? 7 : Int(AOSFrameHeader.idleVCID) }

    /// A writer of frames of a layout whose zones hold packets; spacecraft and channels lie in the ranges of its kind.
    public init(_ layout: FrameLayout, spacecraft: Int) {
        precondition(layout.problem == nil, "no frame can be laid out like this")
        precondition(spacecraft >= 0 && spacecraft < (layout.kind == .tm ? 1024 : 256), "no such spacecraft id")
        (self.layout, self.spacecraft) = (layout, spacecraft)
        channels = Array(repeating: nil, count: layout.kind == .tm ? 8 : 64)
    }

    /// Octets of packets that a frame takes.
    public var room: Int {
        let head = layout.kind == .tm ? 6 : 8 + layout.insertZone + (layout.headerErrorControl ? 2 : 0)
        return layout.length - head - (layout.ocf ? 4 : 0) - (layout.hasFECF ? 2 : 0)
    }

    /// Octets that wait in a channel.
    public func waiting(in channel: Int) -> Int { channels[channel]?.octets.count ?? 0 }

    /// Octets that wait in all channels.
    public var waiting: Int { channels.reduce(0) { $0 + ($1?.octets.count ?? 0) } }

    /// Puts a packet behind those that wait in a channel, which is not the idle one.
    public func append(_ packet: RawSpan, to channel: Int) {
        let queue = channels[channel] ?? Channel()
        channels[channel] = queue
        queue.starts.append(queue.octets.count)
        queue.octets.append(packet)
    }

    /// Adds the next frame, its sync marker in front; false where no channel has a full frame. With `fills` one that is not
    /// full is filled up with an idle packet; where nothing waits there is none.
    public func next(into out: ByteBuffer, fills: Bool = false) -> Bool {
        let room = room
        guard
            let number = channels.indices.first(where: { waiting(in: $0) >= room })
                ?? (fills ? channels.indices.first { waiting(in: $0) > 0 } : nil),
            let queue = channels[number]
        else { return false }
        if queue.octets.count < room { fill(queue, room) }
        // Packets that begin in this frame: the first of them is where the pointer points.
        var pointer = Int(TMFrameHeader.noPacketStarts)
        if queue.first < queue.starts.count, queue.starts[queue.first] < room { pointer = queue.starts[queue.first] }
        begin(into: out, channel: number, count: queue.count, pointer: pointer)
        let octets = queue.octets
        out.append(octets.bytes.slice(at: 0, count: room))
        end(into: out)
        queue.count = (queue.count + 1) & (layout.kind == .tm ? 0xFF : 0xFF_FFFF)
        queue.octets.removeFirst(room)
        while queue.first < queue.starts.count, queue.starts[queue.first] < room { queue.first += 1 }
        for index in queue.first..<queue.starts.count { queue.starts[index] -= room }
        if queue.first > 256 || queue.first == queue.starts.count {
            queue.starts.removeFirst(queue.first)
            queue.first = 0
        }
        return true
    }

    /// Adds a frame with only idle data.
    public func nextIdle(into out: ByteBuffer) {
        let queue = channels[idleChannel] ?? Channel()
        channels[idleChannel] = queue
        begin(into: out, channel: idleChannel, count: queue.count, pointer: Int(TMFrameHeader.onlyIdleData))
        Self.append(pattern: 0, room, to: out)
        end(into: out)
        queue.count = (queue.count + 1) & (layout.kind == .tm ? 0xFF : 0xFF_FFFF)
        idleFrames += 1
    }

    /// An idle packet behind what waits; one that needs more room than there is goes on in the next frame (133.0-B-2, 4.1.3.3.4).
    private func fill(_ queue: Channel, _ room: Int) {
        let size = max(7, room - queue.octets.count)
        queue.starts.append(queue.octets.count)
        header.removeAll(keepingCapacity: true)
        try? SpacePacketHeader(apid: 0x7FF, sequenceCount: 0, lengthField: UInt16(size - 7)).encode(into: &header)
        queue.octets.append(octets: header)
        Self.append(pattern: 0, size - 6, to: queue.octets)
    }

    /// Octets that mean nothing, and look like nothing else: a sequence of 2^16 - 1 bits.
    private static func append(pattern seed: UInt16, _ count: Int, to out: ByteBuffer) {
        out.append(room: count) { room in
            var register: UInt16 = 0xACE1 ^ seed
            for _ in 0..<count {
                room.append(UInt8(truncatingIfNeeded: register), as: UInt8.self)
                for _ in 0..<8 {
                    let bit = (register ^ register >> 2 ^ register >> 3 ^ register >> 5) & 1
                    register = register >> 1 | bit << 15
                }
            }
        }
    }

    private var frameStart = 0

    private func begin(into out: ByteBuffer, channel: Int, count: UInt32, pointer: Int) {
        header.removeAll(keepingCapacity: true)
        out.append(octets: layout.marker)
        frameStart = out.count
        frames += 1
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
