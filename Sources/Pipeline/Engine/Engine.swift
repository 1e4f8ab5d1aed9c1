public import Bytes
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
    public let reader: CaptureReader
    let transport = Transport()
    let router: FlowRouter
    private let counts = PacketLedger()
    private var packets = Batch<Packet>()
    private var payloads = Batch<Payload>()
    private var tally = Ledger()
    private(set) var traffic = Traffic()
    private var seenFirst: [FirstPacket] = []
    private var state = State.running

    private var isStopped = false

    private enum State { case running, transportEnded, ended }

    /// A path that begins at a reader.
    ///
    /// - Parameters:
    ///   - told: what the user says the capture carries.
    ///   - known: what was found out of its flows before, see ``Prescan``.
    public init(_ reader: CaptureReader, told: ToldLayout? = nil, known: Known = Known()) {
        self.reader = reader
        router = FlowRouter(told: told, known: known.verdicts)
    }

    /// Empties `units` and fills it with the packets that the next part of the capture completes: often none. False
    /// when the capture has ended and everything is in the ledger. What units point at is gone with the next call.
    public func next(into units: inout Batch<Unit>) -> Bool {
        units.removeAll()
        switch state {
        case .running:
            if !isStopped, reader.next(into: &packets, ledger: &tally) {
                traffic.enter(packets)
                transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &tally)
                router.process(payloads, transport, into: &units, ledger: &tally)
            } else {
                transport.finish(into: &payloads, ledger: &tally)
                router.process(payloads, transport, into: &units, ledger: &tally)
                state = .transportEnded
            }
        case .transportEnded:
            router.finish(transport, into: &units, ledger: &tally)
            state = .ended
        case .ended: return false
        }
        counts.process(&units)
        if counts.count > seenFirst.count { keepFirst(units) }
        return true
    }

    /// Reads no further: what was read comes to its end with the next calls of ``next(into:)``, and the ledger balances
    /// over it.
    public func stop() { isStopped = true }

    /// The first packet of an APID of a channel, kept for finding out what a database says of it.
    struct FirstPacket {
        let flow: UInt32
        let channel: UInt32
        let octets: [UInt8]
    }

    /// The first packet of each row of ``apids``, cut after 64 KiB.
    var firstPackets: [FirstPacket] { seenFirst }

    /// Rows are made in the order of the units, so the first packets of new ones are found in one walk.
    private func keepFirst(_ units: borrowing Batch<Unit>) {
        let rows = counts.counts
        for index in 0..<units.count where seenFirst.count < rows.count {
            let row = rows[seenFirst.count]
            let unit = units[index]
            guard unit.flow == row.flow, unit.channel == row.channel, unit.apid == row.apid else { continue }
            seenFirst.append(
                FirstPacket(flow: unit.flow, channel: unit.channel, octets: units.bytes(of: unit).copied()))
        }
    }

    /// The flows met so far.
    var flows: [Flow] { transport.flows }

    /// Where the octets of the capture went: balanced when it has ended.
    public var ledger: Ledger { tally }

    /// What was counted of each APID.
    public var apids: [PacketCount] { counts.counts }

    /// True when every flow met so far has its verdict.
    var isSettled: Bool { router.waiting == 0 }
}
