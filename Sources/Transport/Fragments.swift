import Bytes

/// What the fragments of one datagram have in common.
struct FragmentKey: Hashable {
    /// Interface and addresses.
    let addresses: FlowKey
    let identification: UInt32
    /// The protocol number in IPv4; 0 in IPv6, where that of the first fragment counts (RFC 8200, section 4.5).
    let protocolNumber: UInt8
}

/// What the header of one fragment says.
struct Piece {
    let key: FragmentKey
    /// What the datagram carries, by this fragment.
    let protocolNumber: UInt8
    /// Where it belongs in the datagram, in octets.
    let offset: Int
    let isLast: Bool
    /// How long the datagram can be at most.
    let limit: Int
}

/// A datagram of which some fragments have come.
struct PartialDatagram {
    let key: FragmentKey
    let serial: Int
    /// Of the fragment that came first.
    let time: CaptureTime
    let packet: UInt64
    let offset: UInt64
    let buffer: ByteBuffer
    /// The packets that brought something new, in the order of the capture.
    var packets: [UInt64] = []
    /// What has come, in order and disjoint.
    var parts: [Range<Int>] = []
    /// Its length, once the last fragment has come.
    var total: Int?
    /// Octets from here on are missing: the snap length cut a fragment.
    var cutAt = Int.max
    /// Octets in the buffer that came in fragments.
    var held = 0
    /// Where its first octet stands in the input, once that has come.
    var firstOffset: UInt64 = 0
    var protocolNumber: UInt8 = 0

    var isComplete: Bool {
        guard let total else { return false }
        return parts.count == 1 && parts[0] == 0..<total
    }

    /// Adds octets from `offset` on, of which `bytes` were captured and `declared` were sent. What is there already
    /// stays. Gives the number of captured octets that are new.
    mutating func add(_ bytes: RawSpan, at offset: Int, declared: Int) -> Int {
        let end = offset + declared
        let captured = offset + bytes.byteCount
        if captured < end { cutAt = min(cutAt, captured) }
        if buffer.count < captured { buffer.appendZeros(captured - buffer.count) }
        // The parts that touch the new one, which become one with it.
        var low = parts.count
        while low > 0, parts[low - 1].upperBound >= offset { low -= 1 }
        var high = low
        var fresh = 0
        var from = offset
        func take(_ range: Range<Int>) -> Int {
            let until = min(range.upperBound, captured)
            guard range.lowerBound < until else { return 0 }
            let count = until - range.lowerBound
            buffer.replace(at: range.lowerBound, with: bytes.slice(at: range.lowerBound - offset, count: count))
            return count
        }
        while high < parts.count, parts[high].lowerBound <= end {
            if from < parts[high].lowerBound { fresh += take(from..<parts[high].lowerBound) }
            from = max(from, parts[high].upperBound)
            high += 1
        }
        if from < end { fresh += take(from..<end) }
        let joined =
            low < high
            ? min(offset, parts[low].lowerBound)..<max(end, parts[high - 1].upperBound) : offset..<end
        parts.replaceSubrange(low..<high, with: CollectionOfOne(joined))
        held += fresh
        return fresh
    }
}

/// Datagrams whose fragments are being put together, oldest first.
struct FragmentTable: ~Copyable {
    private let limits: Limits
    private var datagrams: [FragmentKey: PartialDatagram] = [:]
    /// Keys in the order of their first fragment, with the serial that tells a finished one from its successor.
    private var queue: [(key: FragmentKey, serial: Int)] = []
    private var head = 0
    private var serial = 0
    private var octets = 0

    init(limits: Limits) { self.limits = limits }

    /// Takes a datagram out to be worked on: the one that waits under the key, or a new one.
    mutating func take(_ key: FragmentKey, of parcel: Parcel, offset: UInt64) -> PartialDatagram {
        if let waiting = datagrams.removeValue(forKey: key) {
            octets -= waiting.buffer.count
            return waiting
        }
        serial += 1
        queue.append((key, serial))
        return PartialDatagram(
            key: key, serial: serial, time: parcel.time, packet: parcel.number, offset: offset,
            buffer: ByteBuffer(capacity: 2048))
    }

    /// Puts one back to wait.
    mutating func keep(_ datagram: PartialDatagram) {
        octets += datagram.buffer.count
        datagrams[datagram.key] = datagram
    }

    /// The oldest one, taken out, when there are too many; nil when all can stay.
    mutating func overflow() -> PartialDatagram? {
        if datagrams.count > limits.fragmentedDatagrams || octets > limits.fragmentOctets { return removeOldest() }
        return nil
    }

    /// The oldest one, taken out, when it waited too long at `time`.
    mutating func expired(at time: CaptureTime) -> PartialDatagram? {
        guard time.isKnown, let oldest = peekOldest(), oldest.time.isKnown else { return nil }
        let (age, overflow) = time.nanoseconds.subtractingReportingOverflow(oldest.time.nanoseconds)
        return age > limits.fragmentAge || (overflow && time > oldest.time) ? removeOldest() : nil
    }

    /// Forgets all and says how many octets that were.
    mutating func letGoOfAll() -> Int {
        let held = datagrams.values.reduce(0) { $0 + $1.held }
        datagrams = [:]
        queue = []
        (head, octets) = (0, 0)
        return held
    }

    private mutating func peekOldest() -> PartialDatagram? {
        while head < queue.count {
            if let found = datagrams[queue[head].key], found.serial == queue[head].serial { return found }
            head += 1
        }
        queue.removeAll(keepingCapacity: true)
        head = 0
        return nil
    }

    private mutating func removeOldest() -> PartialDatagram? {
        guard let oldest = peekOldest() else { return nil }
        head += 1
        octets -= oldest.buffer.count
        datagrams[oldest.key] = nil
        return oldest
    }

    /// Drops finished ones from the queue when they are the most of it.
    mutating func tidy() {
        guard queue.count > 2 * datagrams.count + 64 else { return }
        queue = queue[head...].filter { datagrams[$0.key]?.serial == $0.serial }
        head = 0
    }
}
