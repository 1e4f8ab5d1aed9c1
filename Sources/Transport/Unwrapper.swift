import Bytes
import Capture

/// A packet on its way through the layers: what stays the same on the way.
struct Parcel: BitwiseCopyable {
    /// The octets that positions count in: those of the packet, or of a datagram that was put together.
    var extent: Extent
    var time: CaptureTime
    var number: UInt64
    /// Where the first octet of `extent` stands in the input.
    var offset: UInt64
    var interface: UInt32
    /// Octets of the packet that the snap length cut.
    var missing: Int
    var layers: Layers
    /// What every payload of it is marked with.
    var marks: Payload.Marks = []
    /// True when the checksum of its IPv4 header is wrong.
    var headerIsWrong = false
    /// True when a routing header holds the last address, which the checksum of the upper layer counts in.
    var hidesAddress = false
}

/// Where the octets of one layer are.
struct Reach: BitwiseCopyable {
    /// Where it begins.
    var start: Int
    /// Where what was captured of it ends.
    var end: Int
    /// Its length, by what the layer outside says; more than was captured when the packet is cut.
    var declared: Int

    /// Octets that were captured.
    var count: Int { end &- start }
}

/// Takes packets apart, layer by layer. The state of a ``Transport``, in one value so that a batch takes hold of it once.
///
/// Each function takes a layer from its first octet on and sees to all octets from there to the end of the packet:
/// what it parses and what pads is overhead, what is not ours is counted by name, what is broken is rejected, and the
/// rest goes to the function of the next layer or on as a payload.
struct Unwrapper: ~Copyable {
    let limits: Limits
    let verifiesChecksums: Bool
    var flows: FlowTable
    var foreign = ForeignTally()
    var fragments: FragmentTable
    var streams: StreamTable
    var dissectors: [[UInt8]] = []
    /// What was put together for the batch that was handed on last.
    let arena = Arena()
    /// What of the batch waits or has waited.
    let waiting = Lane<WaitingPacket>()
    /// Octets of headers and padding that are not yet in the ledger.
    var overhead = 0
    var linkTypes: [LinkType] = []
    /// The names of the first flows, made when they are asked for; and which interface has a name first.
    var names: [String] = []
    var takenNames: [String: Int] = [:]

    init(limits: Limits, verifiesChecksums: Bool) {
        self.limits = limits
        self.verifiesChecksums = verifiesChecksums
        flows = FlowTable(limit: limits.flows)
        fragments = FragmentTable(limits: limits)
        streams = StreamTable(limits: limits)
    }

    mutating func process(
        _ packets: borrowing Batch<Packet>, interfaces: [Interface], into payloads: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        begin(&payloads)
        // Interfaces are only ever added: those known already are not looked at again.
        while linkTypes.count < interfaces.count { linkTypes.append(interfaces[linkTypes.count].linkType) }
        let records = packets.records
        for index in 0..<records.count {
            let packet = records[index]
            let bytes = packets.bytes(of: packet)
            if plain(packet, bytes, into: &payloads) { continue }
            unwrap(packet, bytes, into: &payloads, &ledger)
        }
        settle(&ledger)
    }

    mutating func finish(into payloads: inout Batch<Payload>, _ ledger: inout Ledger) {
        begin(&payloads)
        releaseAllStreams(into: &payloads)
        ledger.pending += fragments.letGoOfAll()
        settle(&ledger)
    }

    /// The number of an interface's link type.
    func linkNumber(_ interface: UInt32) -> UInt32 { linkTypes[Int(interface)].rawValue }

    private mutating func begin(_ payloads: inout Batch<Payload>) {
        payloads.removeAll()
        arena.reset()
        waiting.removeAll()
    }

    /// Enters what was counted on the way.
    private mutating func settle(_ ledger: inout Ledger) {
        ledger.overhead += overhead
        overhead = 0
        foreign.enter(into: &ledger)
    }

    @inline(never)
    private mutating func unwrap(
        _ packet: Packet, _ bytes: RawSpan, into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        let captured = packet.extent.count
        guard Int(packet.interface) < linkTypes.count else {
            ledger.reject(
                .transport, "no such interface", bytes: captured, packet: packet.number, offset: packet.offset)
            return
        }
        var parcel = Parcel(
            extent: packet.extent, time: packet.time, number: packet.number, offset: packet.offset,
            interface: packet.interface, missing: max(0, Int(packet.originalLength) &- captured),
            layers: Layers(.ethernet))
        let link = linkTypes[Int(packet.interface)]
        if link.rawValue == LinkTypeNumber.ethernet {
            ethernet(bytes, &parcel, into: &payloads, &ledger)
        } else {
            otherLink(link, bytes, &parcel, into: &payloads, &ledger)
        }
    }

    /// Hands a payload on.
    @inline(__always)
    func hand(
        on reach: Reach, of parcel: Parcel, flow: Int, marks: Payload.Marks, into payloads: inout Batch<Payload>
    ) {
        let count = reach.count
        guard count > 0 else { return }
        var marks = marks.union(parcel.marks)
        if reach.declared > count, !marks.contains(.short) { marks.insert(.cut) }
        payloads.append(
            Payload(
                extent: parcel.extent.slice(at: reach.start, count: count), time: parcel.time, packet: parcel.number,
                offset: parcel.offset &+ UInt64(truncatingIfNeeded: reach.start),
                flow: UInt32(truncatingIfNeeded: flow), marks: marks))
    }

    /// A header that is not all there: the snap length's doing where the packet went on, damage where it did not.
    /// `declared` is how much there would be of the layer, by the layer outside.
    mutating func cutHeader(
        _ reach: Reach, needs: Int, _ reason: StaticString, _ parcel: Parcel, _ ledger: inout Ledger
    ) {
        let isCut = parcel.missing > 0 || parcel.marks.contains(.cut)
        if isCut, reach.declared >= needs, !parcel.marks.contains(.short) {
            foreign.leave(.cutHeader, bytes: reach.count)
        } else {
            reject(reach, reason, parcel, &ledger)
        }
    }

    /// Rejects octets of a packet.
    mutating func reject(_ reach: Reach, _ reason: StaticString, _ parcel: Parcel, _ ledger: inout Ledger) {
        ledger.reject(
            .transport, reason, bytes: reach.count, packet: parcel.number,
            offset: parcel.offset &+ UInt64(truncatingIfNeeded: reach.start))
    }
}
