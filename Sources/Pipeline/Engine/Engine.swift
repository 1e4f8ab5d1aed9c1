public import Bytes
public import Records
public import CCSDS
public import Capture
internal import Transport

/// The way from a capture to its packets: reader, transport, recognition and decoders, stage by stage and batch by
/// batch.
///
///     let engine = Engine(reader)
///     while engine.next(into: &units) { … }
///
/// `inspect`, `decode` and all later commands read through this one path.
public final class Engine {
    /// Where the packets come from.
    public let reader: any PacketSource
    let transport: Transport
    let router: FlowRouter
    private var stations: JoinedStations?
    let counts = PacketLedger()
    /// The packets that the last units came of, until the next call of ``next(into:)``.
    private(set) var packets = Batch<Packet>()
    /// The payloads that the last units came of, in the order in which they were handed on.
    private(set) var payloads = Batch<Payload>()
    private let captureFilter: CaptureFilter?
    private var refusal: CaptureFilter.Refusal?
    private var tally = Ledger()
    private(set) var traffic = Traffic()
    private var seenFirst: [FirstPackets] = []
    private var keptRows: [RowKey: Int] = [:]
    private let inspects: Bool
    private let keepsFrames: Bool
    private var looked = 0
    private var state = State.running

    private var isStopped = false
    /// The members that are read of an archive; nil where all are.
    let slice: ArchiveSlice?
    /// The member that the last packets came from.
    var place: MemberPlace?

    private enum State { case running, transportEnded, ended }

    /// A path that begins at a reader.
    ///
    /// - Parameters:
    ///   - told: what the user says the capture carries.
    ///   - known: what was found out of its flows before, see ``Prescan``.
    ///   - captureFilter: what packets have to match; the others go to the ledger as they are. It serves one engine at a
    ///     time.
    public convenience init(
        _ reader: any PacketSource, told: ToldLayout? = nil, known: Known = Known(), captureFilter: CaptureFilter? = nil
    ) {
        self.init(reader, told: told, known: known, captureFilter: captureFilter, inspects: false)
    }

    /// The same; with `inspects` what only an inspection has a use for is done: checksums are verified, the traffic of
    /// links is counted, and the first packets of each APID are copied. With `keepsFrames` the units are transfer frames
    /// as they arrived, and nothing else is decoded.
    init(
        _ reader: any PacketSource, told: ToldLayout?, known: Known = Known(), captureFilter: CaptureFilter? = nil,
        inspects: Bool = false, keepsFrames: Bool = false
    ) {
        self.reader = reader
        self.captureFilter = captureFilter
        captureFilter?.beginCapture()
        self.inspects = inspects
        self.keepsFrames = keepsFrames
        slice = known.slice.flatMap { $0.isPart ? $0 : nil }
        transport = Transport(verifiesChecksums: inspects)
        stations = known.links.map { JoinedStations($0) }
        router = FlowRouter(
            told: told, known: known.verdicts, of: known.interfaces, leaving: slice?.left ?? [],
            source: FlowRouter.Source(isLive: reader.isLive, isDedicated: reader.isDedicated), keepsFrames: keepsFrames)
    }

    /// Empties `units` and fills it with the packets that the next part of the capture completes: often none. False
    /// when the capture has ended and everything is in the ledger. What units point at is gone with the next call.
    public func next(into units: inout Batch<Unit>) -> Bool {
        units.removeAll()
        switch state {
        case .running:
            // What waits for a live source is read, unless it cannot be looked at.
            if !isStopped || refusal == nil && reader.end(), reader.next(into: &packets, ledger: &tally) {
                if stations == nil { findStations() }
                if let slice, let member = reader.member, member != place { enter(member, slice, ledger: &tally) }
                if let captureFilter { apply(captureFilter) }
                if inspects { traffic.enter(packets) }
                transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &tally)
                stations?.join(&payloads, transport)
                router.process(payloads, transport, into: &units, ledger: &tally)
            } else {
                reader.close(into: &tally)
                packets.removeAll()
                transport.finish(into: &payloads, ledger: &tally)
                stations?.join(&payloads, transport)
                router.process(payloads, transport, into: &units, ledger: &tally)
                state = .transportEnded
            }
        case .transportEnded:
            payloads.removeAll()
            router.finish(transport, into: &units, ledger: &tally)
            state = .ended
        case .ended: return false
        }
        if !keepsFrames { counts.process(&units) }
        if inspects, counts.count > seenFirst.count || (looked < Self.kept.among && !units.isEmpty) {
            keepFirst(units)
        }
        return true
    }

    /// Looks for links that several stations heard; what its first section says of a capture is read with its first packets.
    private func findStations() {
        guard reader.isMerged else { return stations = JoinedStations([:]) }
        let known = Prescan.run(path: reader.name, told: router.told)
        router.know(known.verdicts)
        stations = JoinedStations(known.links ?? [:])
    }

    /// Reads no further, but for what waits for a live source by now: what was read comes to its end with the next calls
    /// of ``next(into:)``, and the ledger balances over it.
    public func stop() { isStopped = true }

    /// Drops what does not match. A filter that cannot look at the packets ends the reading.
    private func apply(_ filter: CaptureFilter) {
        do {
            try filter.apply(to: &packets, interfaces: reader.interfaces, ledger: &tally)
        } catch {
            refusal = error
            isStopped = true
            tally.leave("not looked at by the capture filter", count: packets.count, bytes: packets.octets)
            packets.removeAll()
        }
    }

    /// Why the capture filter cannot be used on this capture, which was read no further; nil when all is well.
    public var captureFilterRefusal: CaptureFilter.Refusal? { refusal }

    /// The first packets of an APID of a channel, kept for finding out what a database says of them.
    struct FirstPackets {
        var octets: [[UInt8]] = []
    }

    /// What tells the rows of ``apids`` apart.
    private struct RowKey: Hashable {
        let flow: UInt32
        let channel: UInt32
        let apid: UInt16
        let kind: PacketCount.Kind

        init(_ row: PacketCount) { (flow, channel, apid, kind) = (row.flow, row.channel, row.apid, row.kind) }

        init(_ unit: Unit) {
            (flow, channel, apid) = (unit.flow, unit.channel, unit.apid)
            kind =
                unit.marks.contains(.encapsulation)
                ? .encapsulation : unit.marks.contains(.telecommand) ? .telecommand : .telemetry
        }
    }

    /// How many packets of each APID are kept, and how many packets of a capture are looked at for them.
    private static let kept = (each: 8, among: 20_000)

    /// The first packets of each row of ``apids``.
    var firstPackets: [FirstPackets] { seenFirst }

    /// Keeps packets of a batch: one for each row, and some more at the beginning, since an APID may carry several types.
    private func keepFirst(_ units: borrowing Batch<Unit>) {
        for row in counts.counts[seenFirst.count...] {
            keptRows[RowKey(row)] = seenFirst.count
            seenFirst.append(FirstPackets())
        }
        for index in 0..<units.count {
            let unit = units[index]
            guard !unit.marks.contains(.message) else { continue }
            guard let row = keptRows[RowKey(unit)], seenFirst[row].octets.count < Self.kept.each else { continue }
            seenFirst[row].octets.append(units.bytes(of: unit).copied())
        }
        looked += units.count
    }

    /// The flows met so far.
    var flows: [Flow] { transport.flows }

    /// The flow with a number.
    func flow(at index: Int) -> Flow { transport.flow(at: index) }

    /// Where the octets of the capture went: balanced when it has ended.
    public var ledger: Ledger { tally }

    /// What was counted of each APID.
    public var apids: [PacketCount] { counts.counts }

    /// True when the capture was read to its end, but for members that nobody asked for.
    var isComplete: Bool {
        state == .ended && (reader.isLive || !isStopped && (slice != nil || !reader.isCutOff))
    }

    /// True when every flow met so far has its verdict.
    var isSettled: Bool { router.waiting == 0 }
}
