internal import BeiDou
internal import Bytes
internal import CCSDS
internal import Capture
internal import Records
internal import Transport

/// Looks at the packets that go into an archive and says of each member what is in it.
///
/// It takes the same way as a reading of the archive does (``Engine``), so that it knows in front of each member how what
/// decodes stands there.
final class Summariser {
    private let transport = Transport(verifiesChecksums: false)
    private let router = FlowRouter()
    private let counts = PacketLedger()
    private let terminals = TerminalNumbers()
    private var payloads = Batch<Payload>()
    private var units = Batch<Unit>()
    private var ledger = Ledger()
    /// How many interfaces the archive has in front of this source's.
    private let firstInterface: Int

    /// The members so far: where the first packet of each stands in the source, and its number.
    private var members: [(offset: UInt64, packet: UInt64)] = []
    /// What stood when the member at hand began.
    private var start = Start()
    /// For each channel of each flow where the earliest of its packets begins that ended in the member at hand.
    private var earliest: [UInt64: UInt64] = [:]
    /// The earliest packet that was a fragment of a datagram that ended in the member at hand.
    private var earliestFragment = UInt64.max

    private struct Start {
        var rows = PacketLedger.Snapshot()
        var channels: [Int: [ChannelStanding]] = [:]
        var messages: [Int: [Int: Int]] = [:]
        var heldMessages: [Int: UInt64] = [:]
        var payloads: [Int: Int] = [:]
        var surprises: [Int: Int] = [:]
        var interfaces = 0
    }

    /// More sources and kinds than that are not told of a member.
    private static let most = (sources: 256, kinds: 2048)

    /// - Parameter firstInterface: how many interfaces the archive has in front of this source's.
    init(firstInterface: Int) { self.firstInterface = firstInterface }

    /// Looks at a batch that goes into the member at hand.
    ///
    /// - Parameter links: the interfaces, as far as they are known.
    func look(_ batch: borrowing Batch<Packet>, interfaces links: [Interface]) {
        guard !batch.isEmpty else { return }
        interfaces = links.count
        if !hasBegun { begin(batch[0]) }
        units.removeAll()
        transport.process(batch, interfaces: links, into: &payloads, ledger: &ledger)
        router.process(payloads, transport, into: &units, ledger: &ledger)
        counts.process(&units)
        note()
        if hasMessages { terminals.look(units) }
    }

    private var hasBegun = false
    /// Whether there are messages in the batch at hand.
    private var hasMessages = false
    private var interfaces = 0

    private func begin(_ first: Packet) {
        hasBegun = true
        members.append((first.offset, first.number))
        start.rows = counts.snapshot
        for flow in router.standing {
            start.payloads[flow] = transport.payloads(of: flow)
            start.surprises[flow] = surprises(flow)
            if let decoder = router.frameDecoder(flow) { start.channels[flow] = decoder.standings }
            guard let scanner = router.messageScanner(flow) else { continue }
            start.messages[flow] = Self.messages(scanner)
            start.heldMessages[flow] = scanner.heldOffset
        }
    }

    private static func messages(_ scanner: MessageScanner) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: scanner.counts.map { ($0.type, $0.messages) })
    }

    /// Keeps where the units of a batch begin.
    private func note() {
        var index = 0
        hasMessages = false
        while index < units.count {
            // What a flow carries it carries always.
            hasMessages = hasMessages || units[index].marks.contains(.message)
            let key = units[index].originKey
            var offset = units[index].offset
            index += 1
            // A channel's packets mostly come together.
            while index < units.count, units[index].originKey == key {
                offset = min(offset, units[index].offset)
                index += 1
            }
            earliest[key] = min(earliest[key] ?? .max, offset)
        }
        let waiting = transport.waiting
        for index in 0..<waiting.count where waiting[index].completedBy > 0 {
            earliestFragment = min(earliestFragment, waiting[index].number)
        }
    }

    /// What is in the member that ends here; nil where it is more than can be told.
    func summary() -> MemberSummary? {
        var summary = MemberSummary()
        summary.hasInterfaces = interfaces > start.interfaces
        if hasBegun {
            summary.sources = sources()
            summary.unknown = router.takeSampledFlows().map { flow in
                MemberSummary.Unknown(
                    key: key(flow).moved(by: firstInterface), layers: transport.layers(of: flow),
                    isIrregular: surprises(flow) > 0)
            }
            if !summary.unknown.isEmpty { summary.back = backToFragments }
        } else {
            // A member without packets: none begins in it.
            members.append((.max, .max))
        }
        defer {
            hasBegun = false
            terminals.begin()
            earliest.removeAll(keepingCapacity: true)
            earliestFragment = .max
            start = Start()
            start.interfaces = interfaces
        }
        let kinds = summary.sources.reduce(0) { $0 + $1.kinds.count }
        let sources = summary.sources.count + summary.unknown.count
        return sources <= Self.most.sources && kinds <= Self.most.kinds ? summary : nil
    }

    private func sources() -> [MemberSummary.Source] {
        var found: [UInt64: MemberSummary.Source] = [:]
        for (origin, standing, packets) in counts.standings(at: start.rows) {
            found[origin, default: source(origin)].kinds.append(
                MemberSummary.Kind(standing: standing, packets: packets))
        }
        for flow in router.standing {
            if let decoder = router.frameDecoder(flow) { add(decoder, flow, &found) }
            if let scanner = router.messageScanner(flow) { add(scanner, flow, &found) }
            // A flow that is read as a whole is read with all members that have payloads of it.
            let origin = UInt64(flow) << 32 | UInt64(UInt32.max)
            guard found[origin] == nil, transport.payloads(of: flow) != start.payloads[flow] else { continue }
            if router.isWhole(flow) { found[origin] = source(origin) }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Channels whose frames came without ending a packet.
    private func add(_ decoder: FrameDecoder, _ flow: Int, _ found: inout [UInt64: MemberSummary.Source]) {
        let before = start.channels[flow] ?? []
        for (index, standing) in decoder.standings.enumerated() {
            let origin = UInt64(flow) << 32 | UInt64(index)
            guard !before.indices.contains(index) || before[index] != standing else { continue }
            if found[origin] == nil { found[origin] = source(origin) }
        }
    }

    private func add(_ scanner: MessageScanner, _ flow: Int, _ found: inout [UInt64: MemberSummary.Source]) {
        let origin = UInt64(flow) << 32 | UInt64(UInt32.max)
        let before = start.messages[flow] ?? [:]
        // Octets came that end no message.
        if scanner.heldOffset != start.heldMessages[flow] { found[origin] = source(origin) }
        for (type, count) in Self.messages(scanner) where count > before[type] ?? 0 {
            let standing = CountStanding(kind: 0, apid: UInt16(type), sequence: nil)
            found[origin, default: source(origin)].kinds.append(
                MemberSummary.Kind(
                    isMessage: true, standing: standing, packets: count - (before[type] ?? 0),
                    numbers: terminals.numbers(origin: origin, type: type)))
        }
        guard found[origin] != nil else { return }
        found[origin]?.kinds.sort { $0.standing.apid < $1.standing.apid }
        if let held = start.heldMessages[flow] {
            let back = back(to: held)
            found[origin]?.back.raise(to: back)
        }
    }

    /// How often segments were not those that were expected, those that still wait counted as well.
    private func surprises(_ flow: Int) -> Int {
        transport.surprises(of: flow) + (transport.isHolding(flow) ? 1 : 0)
    }

    private func isIrregular(_ flow: Int) -> Bool {
        surprises(flow) != start.surprises[flow] ?? 0 || transport.isHolding(flow) || key(flow).kind == .upperPDU
    }

    private func key(_ flow: Int) -> FlowKey {
        transport.keys(from: flow).first ?? FlowKey(words: [0, 0, 0, 0, 0, 0])
    }

    /// A channel of a flow, without what is in it.
    private func source(_ origin: UInt64) -> MemberSummary.Source {
        let (flow, channel) = (Int(origin >> 32), Int(UInt32(truncatingIfNeeded: origin)))
        let key = key(flow)
        var source = MemberSummary.Source(
            key: key.moved(by: firstInterface), layers: transport.layers(of: flow),
            isWhole: router.isWhole(flow), isIrregular: isIrregular(flow))
        if let decoder = router.frameDecoder(flow) {
            let before = start.channels[flow] ?? []
            let now = decoder.standings
            if before.indices.contains(channel) {
                source.channel = before[channel]
            } else if now.indices.contains(channel) {
                // It began in this member.
                source.channel = now[channel]
                source.channel?.last = nil
            }
        }
        if let offset = earliest[origin] { source.back = back(to: offset) }
        source.back.raise(to: backToFragments)
        return source
    }

    /// How many members lie between the one at hand and the one that holds the first fragment of a datagram.
    private var backToFragments: Int {
        guard earliestFragment != .max else { return 0 }
        return members.count - 1 - (members.lastIndex { $0.packet <= earliestFragment } ?? 0)
    }

    /// How many members lie between the one at hand and the one that holds an octet of the source.
    private func back(to offset: UInt64) -> Int {
        // Mostly it is this one or the one before.
        let place = members.lastIndex { $0.offset <= offset } ?? 0
        return members.count - 1 - place
    }
}

extension Int {
    fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}
