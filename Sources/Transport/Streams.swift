import Bytes

/// A segment, or what is new in one, that came ahead of its turn.
struct HeldSegment {
    let sequence: UInt32
    /// Octets of the stream it stands for; the snap length may have cut some at its end.
    let declared: Int
    let buffer: ByteBuffer
    let time: CaptureTime
    let packet: UInt64
    let offset: UInt64
    let marks: Payload.Marks

    /// What it costs to hold it, the memory around its octets included: a stream of one-octet segments is bounded, too.
    var cost: Int { buffer.count + 512 }
}

/// One direction of a TCP connection.
struct Stream {
    let flow: Int
    /// The sequence number of its first octet.
    var base: UInt32
    /// The sequence number of the octet that comes next.
    var next: UInt32
    /// True when octets are missing in front of what is handed on next.
    var hasGap = false
    /// What waits behind a hole, in order and disjoint.
    var held: [HeldSegment] = []
    var heldOctets = 0
    /// Segments seen since the receiver acknowledged the hole.
    var patience = 0
    var isAcknowledged = false
    var counts = StreamCounts()
    /// How often it went on at another number.
    var restarts = 0

    /// How far behind `next` a sequence number stands; negative in front of it. Numbers wrap at 2^32, so half of them are
    /// in front (RFC 9293, section 3.4).
    func distance(_ sequence: UInt32) -> Int { Int(Int32(bitPattern: sequence &- next)) }
}

/// All streams of a capture.
struct StreamTable: ~Copyable {
    let limits: Limits
    var all: [Stream] = []
    /// What held segments cost, in all streams.
    var cost = 0
    /// How many streams hold segments.
    var waiting = 0
    private var pool: [ByteBuffer] = []
    /// The numbers of connections that were opened and have not sent anything, each in the one place its key leads to:
    /// a later one may push it out, so that a scan of ports costs no memory. Then its stream begins at the first octet seen.
    private var opened: [(key: FlowKey, sequence: UInt32)?] = Array(repeating: nil, count: 4096)

    init(limits: Limits) { self.limits = limits }

    func counts(of stream: Int) -> StreamCounts { all[stream].counts }

    private func place(_ key: FlowKey) -> Int {
        let word = key.sourceLow &* 31 ^ key.destinationLow &* 17 ^ key.portsAndInterface >> 32
        return Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 52)
    }

    /// Remembers the sequence number of a flow's first octet.
    mutating func open(_ key: FlowKey, at sequence: UInt32) { opened[place(key)] = (key, sequence) }

    /// Gives back and forgets what ``open(_:at:)`` remembered.
    mutating func takeOpened(_ key: FlowKey) -> UInt32? {
        let place = place(key)
        guard let found = opened[place], found.key == key else { return nil }
        opened[place] = nil
        return found.sequence
    }

    /// A buffer with a copy of `bytes`.
    mutating func copy(_ bytes: RawSpan) -> ByteBuffer {
        let buffer = pool.popLast() ?? ByteBuffer(capacity: bytes.byteCount)
        buffer.removeAll()
        buffer.append(bytes)
        return buffer
    }

    /// Takes a buffer back. Large ones, and more than some, are given up.
    mutating func recycle(_ buffer: ByteBuffer) {
        if pool.count < 1024, buffer.count <= 2048 { pool.append(buffer) }
    }
}
