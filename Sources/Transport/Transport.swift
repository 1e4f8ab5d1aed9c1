public import Bytes
public import Capture

/// Unwraps the packets of one capture: link, internet and transport layer down to payloads, each with its flow.
///
/// Ethernet with VLAN tags and LLC/SNAP, Linux cooked captures, loopback, raw IP, links without layers (USER0 to
/// USER15) and Wireshark's upper PDUs; IPv4 and IPv6 with options, extension headers and fragments; UDP; TCP with each
/// direction as one stream in order.
///
/// Ledger: headers, padding, trailers and octets that came twice are overhead; other protocols are unclaimed by name, and
/// so is, as "cut by the snap length", what is left of a packet whose headers the snap length cut; headers that
/// contradict themselves are rejected with the rest of their packet. Octets of payloads are entered by the next stage.
///
/// One of these belongs to one capture and to one task at a time.
public final class Transport {
    private var unwrapper: Unwrapper

    /// A transport without flows.
    ///
    /// - Parameter verifiesChecksums: false spares the sums over all octets where nobody asks what they say: payloads are
    ///   handed on all the same, without the marks, and counted as unverified.
    public init(limits: Limits = Limits(), verifiesChecksums: Bool = true) {
        unwrapper = Unwrapper(limits: limits, verifiesChecksums: verifiesChecksums)
    }

    /// Unwraps a whole batch of packets.
    ///
    /// - Parameters:
    ///   - packets: the packets, whose bytes stay in place for as long as the payloads are used.
    ///   - interfaces: those of the capture, which `Packet.interface` counts. Later batches may come with more of them;
    ///     what was there does not change.
    ///   - payloads: emptied, then filled, beyond its usual 512 where a batch sets much free that waited. Its extents are
    ///     true until the next call of `process` or `finish` and for as long as those of `packets` are.
    ///   - ledger: where octets that end here are entered.
    public func process(
        _ packets: borrowing Batch<Packet>, interfaces: [Interface], into payloads: inout Batch<Payload>,
        ledger: inout Ledger
    ) {
        unwrapper.process(packets, interfaces: interfaces, into: &payloads, &ledger)
    }

    /// Ends the capture: segments behind a hole that was never filled are handed on behind a gap, and fragments that
    /// still wait are entered as pending. `payloads` is emptied first, as in `process`.
    public func finish(into payloads: inout Batch<Payload>, ledger: inout Ledger) {
        unwrapper.finish(into: &payloads, &ledger)
    }

    /// The flows met so far; `Payload.flow` is an index into them. Made anew at each call.
    public var flows: [Flow] { unwrapper.makeFlows() }

    /// The flow with a number below ``flowCount``, as ``flows`` has it.
    public func flow(at index: Int) -> Flow { unwrapper.makeFlow(index) }

    /// What tells flows apart, from a number on: cheaper than ``flows``.
    public func keys(from index: Int) -> ArraySlice<FlowKey> { unwrapper.flows.keys[index...] }

    /// The layers around a flow's payloads, as one word; see ``meet(_:layers:)``.
    package func layers(of flow: Int) -> UInt64 { unwrapper.flows.tallies[flow].layers.word }

    /// The names of layers that are kept as one word, outermost first.
    package static func names(ofLayers word: UInt64) -> [String] { Layers(word: word).all.map(\.name) }

    /// The number of a flow that was met.
    package func find(_ key: FlowKey) -> Int? { unwrapper.flows.find(key) }

    /// The number of a flow that is known to come; nil where there are too many.
    package func meet(_ key: FlowKey, layers: UInt64) -> Int? {
        unwrapper.flows.index(of: key, layers: Layers(word: layers))
    }

    /// How many payloads of a flow were met, held ones too.
    package func payloads(of flow: Int) -> Int { unwrapper.flows.tallies[flow].packets }

    /// How often the segments of a flow's stream were not those that were expected; 0 for what is no stream.
    package func surprises(of flow: Int) -> Int {
        let stream = Int(unwrapper.flows.tallies[flow].stream)
        guard stream >= 0 else { return 0 }
        let state = unwrapper.streams.all[stream]
        return state.counts.outOfOrder + state.restarts
    }

    /// Whether segments of a flow wait for others.
    package func isHolding(_ flow: Int) -> Bool {
        let stream = Int(unwrapper.flows.tallies[flow].stream)
        return stream >= 0 && !unwrapper.streams.all[stream].held.isEmpty
    }

    /// Packets are left out here: fragments that wait are pending. Streams wait on, since none of theirs are left out.
    package func pass(into ledger: inout Ledger) { ledger.pending += unwrapper.fragments.letGoOfAll() }

    /// Which packets of the last batch wait, and of which fragments it completed the datagram.
    package var waiting: Lane<WaitingPacket> { unwrapper.waiting }

    /// How many flows were met so far, without making the list.
    public var flowCount: Int { unwrapper.flows.keys.count }
}
