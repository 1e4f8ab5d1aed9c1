public import Bytes
public import CCSDS
public import Capture
internal import Transport

/// The way from a capture to its packets: reader, transport, recognition and decoders, stage by stage and batch by batch.
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
    private var state = State.running

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

    /// Empties `units` and fills it with the packets that the next part of the capture completes: often none. False when
    /// the capture has ended and everything is in the ledger. What units point at is gone with the next call.
    public func next(into units: inout Batch<Unit>) -> Bool {
        units.removeAll()
        switch state {
        case .running:
            if reader.next(into: &packets, ledger: &tally) {
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
        counts.enter(&units)
        return true
    }

    /// Where the octets of the capture went: balanced when it has ended.
    public var ledger: Ledger { tally }

    /// What was counted of each APID.
    public var apids: [PacketLedger.Row] { counts.rows }

    /// True when every flow met so far has its verdict.
    var isSettled: Bool { router.waiting == 0 }
}
