internal import BeiDou
internal import Bytes
internal import Records
internal import CCSDS
internal import Transport

/// Brings each flow's payloads to the decoder that its verdict names: recognised once a flow, and then known.
///
/// A flow that is not known yet is held back, in bounds, until there is enough to judge it by; then what was held is
/// decoded first. Ledger: payloads of flows that carry nothing known are unclaimed, by transport protocol and port.
final class FlowRouter {
    /// Octets of all samples together; beyond it the largest is judged by what there is.
    static let sampleLimit = 24 << 20

    enum State {
        case sampling(Sample)
        case frames(FrameDecoder)
        case packets(PacketDecoder)
        case messages(MessageScanner)
        case unclaimed
    }

    /// How far back the units of a flow may reach.
    enum UnitReach {
        /// There are none.
        case none
        /// Each lies in one payload, which is handed on with the batch that brought it.
        case payload
        /// They may begin in earlier payloads, or be handed on later than their payload.
        case earlier
    }

    /// Flows that are not looked at, since what they carry is not asked for and is not read as a whole.
    let left: Set<FlowKey>

    struct Leftover {
        var count = 0
        var bytes = 0
    }

    let told: ToldLayout?
    let keepsFrames: Bool
    private(set) var known: [FlowKey: Verdict]
    private let interfaces: [Verdict]
    let source: Source
    /// What cuts the streams that are to be cut, a place a flow.
    var framers: [StreamFramer?] = []
    var pieces = Batch<Payload>()
    /// The flows that wait for their verdict, of a live source.
    var impatient = ImpatientFlows()
    var states: [State] = []
    var reaches: [UnitReach] = []
    var leftovers: [Leftover] = []
    private(set) var verdicts: [Verdict?] = []
    var keys: [FlowKey] = []
    var sampled = 0
    /// What the units of the last call point into.
    private var touched: [Int] = []
    var retired: [Sample] = []
    var released = Batch<Payload>()

    /// What is to be known of the source that flows come from.
    struct Source {
        /// Whether packets come as they are sent: a flow does not wait for its verdict until there is enough to be sure.
        var isLive = false
        /// Whether all flows are meant for us, so that what is told is told of each of them.
        var isDedicated = false
        /// The time, in nanoseconds of a clock that nobody sets.
        var clock: () -> Int64 = SteadyClock.now
    }

    /// A router that knows some verdicts beforehand, of flows or of all flows of an interface, and what the user told; flows of
    /// `left` it leaves alone. With `keepsFrames` the units are transfer frames, and flows of anything else are left.
    init(
        told: ToldLayout? = nil, known: [FlowKey: Verdict] = [:], of interfaces: [Verdict] = [],
        leaving left: Set<FlowKey> = [],
        source: Source = Source(), keepsFrames: Bool = false
    ) {
        self.told = told
        self.left = left
        self.keepsFrames = keepsFrames
        self.known = known
        self.interfaces = interfaces
        self.source = source
    }

    /// Tells what flows carry that none of was met yet.
    func know(_ verdicts: [FlowKey: Verdict]) { known.merge(verdicts) { _, found in found } }

    /// True when no flow met so far waits for its verdict.
    var waiting = 0

    /// How many flows have units that may reach into earlier batches.
    private(set) var reachingBack = 0

    /// How far back the units of a flow may reach, by what is known of it now.
    func reach(_ flow: Int) -> UnitReach { flow < reaches.count ? reaches[flow] : .earlier }

    /// How many octets of a flow in front of a unit it may take to decode it again: a frame of a stream is cut anywhere.
    func octetsInFront(_ flow: Int) -> Int {
        guard keys[flow].isStream, let decoder = frameDecoder(flow) else { return 0 }
        return decoder.layout.marker.count + decoder.layout.length
    }

    private func set(_ reach: UnitReach, of flow: Int) {
        if reaches[flow] == .earlier { reachingBack -= 1 }
        if reach == .earlier { reachingBack += 1 }
        reaches[flow] = reach
    }

    /// Takes a batch; units point into it or into memory that stays until the next call.
    func process(
        _ payloads: borrowing Batch<Payload>, _ transport: Transport, into units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        beginBatch()
        var index = 0
        let end = payloads.count
        while index < end {
            let flow = payloads[index].flow
            var next = index + 1
            while next < end && payloads[next].flow == flow { next += 1 }
            if Int(flow) >= states.count { meet(transport) }
            run(payloads, index..<next, Int(flow), &units, &ledger)
            index = next
        }
        if source.isLive { judgeOverdue(&units, &ledger) }
    }

    /// Judges what still waits, and ends every flow.
    func finish(_ transport: Transport, into units: inout Batch<Unit>, ledger: inout Ledger) {
        beginBatch()
        if transport.flowCount > states.count { meet(transport) }
        for flow in states.indices {
            endFramer(of: flow, &units, &ledger)
            judge(flow, &units, &ledger)
            // The judgement may have been that the stream is to be cut.
            endFramer(of: flow, &units, &ledger)
            touched.append(flow)
            switch states[flow] {
            case .frames(let decoder):
                decoder.finish(into: &units, ledger: &ledger)
                note(decoder.unfinished, of: flow, .frame, "the file ends inside a frame", &ledger)
            case .packets(let decoder):
                decoder.finish(into: &units, ledger: &ledger)
                note(decoder.unfinished, of: flow, .packet, "the file ends inside a packet", &ledger)
            case .messages(let scanner):
                scanner.finish(into: &units, ledger: &ledger)
                note(scanner.unfinished, of: flow, .message, "the file ends inside a message", &ledger)
            case .sampling, .unclaimed: break
            }
        }
        leave(&ledger)
    }

    /// Payloads of a flow are left out here: what waits for its end is pending.
    func pass(_ flow: Int, _ channel: ChannelStanding?, into ledger: inout Ledger) {
        guard flow < states.count else { return }
        switch states[flow] {
        case .frames(let decoder): if let channel { decoder.pass(channel, into: &ledger) }
        case .messages(let scanner): scanner.pass(into: &ledger)
        case .packets, .sampling, .unclaimed: break
        }
    }

    /// The flows whose payloads were put aside until they have their verdict, since somebody took them from here.
    private var sampledFlows: Set<Int> = []

    /// Those flows, which are forgotten with it.
    func takeSampledFlows() -> [Int] {
        defer { sampledFlows.removeAll(keepingCapacity: true) }
        return sampledFlows.sorted()
    }

    /// The flows whose decoders keep something from one payload to the next: frames, messages, and all streams.
    private(set) var standing: [Int] = []

    /// Whether a flow's verdict is known before its first payload.
    func knows(_ key: FlowKey) -> Bool { verdict(of: key) != nil }

    private func verdict(of key: FlowKey) -> Verdict? {
        if let verdict = known[key] { return verdict }
        return key.kind == .udp || key.kind == .tcp ? interfaces.dropFirst(Int(key.interface)).first : nil
    }

    /// Whether what a flow carries can only be told by who reads all of it: streams, and messages in parts.
    func isWhole(_ flow: Int) -> Bool {
        keys[flow].isStream || keys[flow].kind == .upperPDU || messageScanner(flow)?.hasParts ?? false
    }

    /// The decoder of a flow of frames.
    func frameDecoder(_ flow: Int) -> FrameDecoder? {
        guard flow < states.count, case .frames(let decoder) = states[flow] else { return nil }
        return decoder
    }

    /// The scanner of a flow of messages.
    func messageScanner(_ flow: Int) -> MessageScanner? {
        guard flow < states.count, case .messages(let scanner) = states[flow] else { return nil }
        return scanner
    }

    private func beginBatch() {
        for flow in touched {
            framers[flow]?.beginBatch()
            switch states[flow] {
            case .frames(let decoder): decoder.beginBatch()
            case .packets(let decoder): decoder.beginBatch()
            case .messages(let scanner): scanner.beginBatch()
            case .sampling, .unclaimed: break
            }
        }
        touched.removeAll(keepingCapacity: true)
        retired.removeAll(keepingCapacity: true)
    }

    /// Makes a place for the flows that the transport has met since.
    func meet(_ transport: Transport) {
        guard transport.flowCount > states.count else { return }
        for key in transport.keys(from: states.count) {
            keys.append(key)
            leftovers.append(Leftover())
            reaches.append(.none)
            verdicts.append(nil)
            let isMeant = told != nil && (source.isDedicated || ToldLayout.isMeantFor(key.kind))
            let isCut = isMeant && (key.isStream || key.kind == .udp)
            let framing = verdict(of: key)?.framing ?? (isCut ? told?.framing : nil)
            framers.append(framing.map { StreamFramer($0) })
            let isStream = key.isStream && framing == nil
            if left.contains(key) {
                states.append(.unclaimed)
            } else if let verdict = verdict(of: key) ?? (isMeant ? told?.verdict : nil) {
                states.append(.unclaimed)
                settle(states.count - 1, verdict, isStream: isStream)
            } else {
                states.append(.sampling(Sample(isStream: isStream, isFile: key.kind == .bareStream)))
                set(.earlier, of: states.count - 1)
                waiting += 1
                if source.isLive { impatient.begin(states.count - 1, at: source.clock()) }
            }
        }
    }

    func settle(_ flow: Int, _ verdict: Verdict, isStream: Bool) {
        var verdict = verdict
        verdict.framing = framers[flow]?.framing
        verdicts[flow] = verdict
        guard verdict.isSure, !keepsFrames || verdict.carriesFrames else {
            states[flow] = .unclaimed
            set(.none, of: flow)
            return
        }
        let isAlone = if case .packets = verdict.carrying { !isStream } else { false }
        set(isAlone ? .payload : .earlier, of: flow)
        switch verdict.carrying {
        case .frames(var layout):
            // Frames of a spacecraft that was not in what was looked at say by their error control that they are some.
            if !verdict.isTold, layout.hasFECF { layout.spacecraft = [] }
            states[flow] = .frames(FrameDecoder(layout: layout, isStream: isStream, keepsFrames: keepsFrames))
            standing.append(flow)
        case .packets(let skip):
            states[flow] = .packets(PacketDecoder(skip: skip, isStream: isStream))
            if keys[flow].isStream { standing.append(flow) }
        case .messages:
            states[flow] = .messages(MessageScanner(isLog: keys[flow].kind == .bareStream))
            standing.append(flow)
        case .unknown:
            states[flow] = .unclaimed
            set(.none, of: flow)
        }
    }

    /// Takes payloads of a flow, whose stream is cut first where it is to be.
    func run(
        _ payloads: borrowing Batch<Payload>, _ indices: Range<Int>, _ flow: Int, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        guard let framer = framers[flow] else { return route(payloads, indices, flow, &units, &ledger) }
        touched.append(flow)
        // A batch of its own: the one that is kept is not to be borrowed while others are called.
        var mine = Batch<Payload>(capacity: 1)
        swap(&mine, &pieces)
        mine.removeAll()
        framer.cut(payloads, at: indices, into: &mine, ledger: &ledger)
        route(mine, 0..<mine.count, flow, &units, &ledger)
        swap(&mine, &pieces)
    }

    /// What a stream that is cut ends in.
    private func endFramer(of flow: Int, _ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        guard let framer = framers[flow] else { return }
        var mine = Batch<Payload>(capacity: 1)
        let unfinished = framer.finish(flow: UInt32(flow), time: .unknown, into: &mine, ledger: &ledger)
        note(unfinished, of: flow, .transport, "the file ends inside a piece", &ledger)
        route(mine, 0..<mine.count, flow, &units, &ledger)
    }

    /// Brings payloads of a flow, or the pieces that its stream was cut into, to its decoder.
    func route(
        _ payloads: borrowing Batch<Payload>, _ indices: Range<Int>, _ flow: Int, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        guard !indices.isEmpty else { return }
        switch states[flow] {
        case .packets(let decoder):
            touched.append(flow)
            decoder.process(payloads, at: indices, into: &units, ledger: &ledger)
        case .frames(let decoder):
            touched.append(flow)
            decoder.process(payloads, at: indices, into: &units, ledger: &ledger)
        case .messages(let scanner):
            touched.append(flow)
            scanner.process(payloads, at: indices, into: &units, ledger: &ledger)
        case .unclaimed:
            var bytes = 0
            for index in indices { bytes += payloads[index].extent.count }
            leftovers[flow].count += indices.count
            leftovers[flow].bytes += bytes
        case .sampling(let sample):
            for index in indices {
                let payload = payloads[index]
                sample.append(payload, payloads.bytes(of: payload))
                sampled += payload.extent.count
                sampledFlows.insert(flow)
                guard sample.isFull else { continue }
                let isCut = framers[flow] != nil
                guard judge(flow, mayWait: true, &units, &ledger) else { continue }
                let rest = index + 1..<indices.upperBound
                // What was found out may be that the stream is to be cut from now on.
                if !isCut, framers[flow] != nil {
                    if !rest.isEmpty { run(payloads, rest, flow, &units, &ledger) }
                } else {
                    route(payloads, rest, flow, &units, &ledger)
                }
                return
            }
            if sampled > Self.sampleLimit { judgeLargest(&units, &ledger) }
        }
    }
}
