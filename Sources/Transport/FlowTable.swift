import Bytes

/// What is counted of a flow, packet by packet.
struct Tally: BitwiseCopyable {
    let layers: Layers
    var packets = 0
    var bytes = 0
    /// The earliest time; the latest that there is as long as none is known.
    var first = CaptureTime(nanoseconds: .max)
    var last = CaptureTime.unknown
    var checksums = ChecksumCounts()
    /// Its stream, an index into the streams; -1 where it has none.
    var stream: Int32 = -1

    /// Counts a payload.
    @inline(__always)
    mutating func count(octets: Int, at time: CaptureTime, _ verdict: Verdict?) {
        packets &+= 1
        bytes &+= octets
        switch verdict {
        case .good: checksums.good &+= 1
        case .wrong: checksums.wrong &+= 1
        case .leftEmpty: checksums.leftEmpty &+= 1
        case .absent: checksums.absent &+= 1
        case .unverified: checksums.unverified &+= 1
        case nil: break
        }
        guard time.isKnown else { return }
        first = min(first, time)
        last = max(last, time)
    }
}

/// A flow met a moment ago. Not private: the compiler (6.3.1, debug) does not bear a private type in a batch that is kept.
struct RecentFlow: BitwiseCopyable {
    let key: FlowKey
    let flow: Int
}

/// The flows met so far, numbered in the order they were met.
///
/// Flows met a moment ago are found in a small table of one place for each key; all of them stand in a table of open
/// addresses, at most half full, whose hash has a random key, so that no capture can be made whose flows all meet in one
/// place.
struct FlowTable: ~Copyable {
    private(set) var keys: [FlowKey] = []
    private(set) var tallies = Batch<Tally>(capacity: 64)
    private var slots: [UInt32]
    private let limit: Int
    private let seeds: (UInt64, UInt64, UInt64, UInt64)
    /// Where flows met a moment ago are found without a search.
    private var recent = Batch<RecentFlow>(capacity: recentCount)
    private static var recentCount: Int { 256 }

    init(limit: Int) {
        self.limit = min(max(limit, 1), 1 << 24)
        slots = Array(repeating: 0, count: 64)
        seeds = (.random(in: 0 ... .max), .random(in: 0 ... .max), .random(in: 0 ... .max), .random(in: 0 ... .max))
        // A key that no packet has: there is no such interface.
        let none = RecentFlow(key: FlowKey(kind: .bareStream, family: .none, ports: .max, interface: .max), flow: 0)
        for _ in 0..<Self.recentCount { recent.append(none) }
    }

    /// The number of the flow, a new one where it was not met before; nil when it is new and there are too many.
    @inline(__always)
    mutating func index(of key: FlowKey, layers: Layers) -> Int? {
        let place = Self.place(of: key)
        let met = recent[place]
        if met.key == key { return met.flow }
        return search(key, layers, place)
    }

    /// The one place among the recent ones. Not random: flows that share one only cost a search.
    @inline(__always)
    private static func place(of key: FlowKey) -> Int {
        let word = key.sourceLow ^ key.destinationLow &<< 32 ^ key.portsAndInterface
        return Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) &>> 56)
    }

    /// The number of a flow that was met before.
    func find(_ key: FlowKey) -> Int? {
        let flow = slots[slot(of: key)]
        return flow == 0 ? nil : Int(flow) - 1
    }

    /// Counts a payload of a flow.
    @inline(__always)
    mutating func count(_ flow: Int, _ reach: Reach, of parcel: Parcel, _ verdict: Verdict? = nil) {
        count(flow, octets: reach.count, at: parcel.time, verdict)
        if parcel.headerIsWrong { tallies[flow].checksums.wrongHeader &+= 1 }
    }

    /// The same for what is told in numbers.
    @inline(__always)
    mutating func count(_ flow: Int, octets: Int, at time: CaptureTime, _ verdict: Verdict?) {
        var records = tallies.mutableRecords
        records[flow].count(octets: octets, at: time, verdict)
    }

    /// Gives a flow its stream.
    mutating func setStream(_ stream: Int, of flow: Int) { tallies[flow].stream = Int32(truncatingIfNeeded: stream) }

    @inline(never)
    private mutating func search(_ key: FlowKey, _ layers: Layers, _ place: Int) -> Int? {
        var slot = slot(of: key)
        if slots[slot] == 0 {
            guard keys.count < limit else { return nil }
            keys.append(key)
            tallies.append(Tally(layers: layers))
            if keys.count * 2 > slots.count {
                grow()
                slot = self.slot(of: key)
            }
            slots[slot] = UInt32(truncatingIfNeeded: keys.count)
        }
        let flow = Int(slots[slot]) - 1
        recent[place] = RecentFlow(key: key, flow: flow)
        return flow
    }

    /// The slot that holds the key, or the free one where it would stand. There always is a free one.
    private func slot(of key: FlowKey) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash(key)) & mask
        while slots[slot] != 0, keys[Int(slots[slot]) &- 1] != key { slot = (slot &+ 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        // The newest key is entered by who grew the table.
        for flow in 0..<keys.count - 1 {
            let slot = slot(of: keys[flow])
            slots[slot] = UInt32(truncatingIfNeeded: flow + 1)
        }
    }

    /// Products of 64 by 64 bits, both halves folded: each bit of the key reaches the low bits of the result.
    private func hash(_ key: FlowKey) -> UInt64 {
        func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let product = a.multipliedFullWidth(by: b)
            return product.high ^ product.low
        }
        let source = mix(key.sourceHigh ^ seeds.0, key.sourceLow ^ seeds.1)
        let destination = mix(key.destinationHigh ^ seeds.2, key.destinationLow ^ seeds.3)
        return mix(mix(source ^ key.portsAndInterface, destination ^ seeds.1) ^ key.rest, seeds.0)
    }
}
