internal import Bytes
internal import Records
internal import CCSDS
internal import Mission

/// What sinks say of a packet besides its parameters: where it came from, by one channel of one flow.
struct Origin: Sendable {
    var flow = ""
    var spacecraft: Int?
    var vcid: Int?
    /// Decimals of a second that its times carry.
    var timeDigits = 6

    /// What tells the origins of one capture apart: flow and channel.
    @inline(__always)
    static func key(of unit: Unit) -> UInt64 { UInt64(unit.flow) << 32 | UInt64(unit.channel) }
}

/// The origins that sinks have met, of all captures one behind the other: those of a batch are entered before the batch is
/// written.
final class RecordContext {
    private(set) var origins: [Origin] = []
    private var indexes: [UInt64: Int] = [:]

    /// Begins a capture: its flows are others, whatever their numbers.
    func beginCapture() { indexes.removeAll() }

    /// Enters the origins that a batch brings with it.
    func add(_ found: [(key: UInt64, origin: Origin)]) {
        for (key, origin) in found {
            indexes[key] = origins.count
            origins.append(origin)
        }
    }

    /// Finds origins in a loop, or on another thread; true until the next batch.
    var cursor: OriginCursor { OriginCursor(indexes) }
}

/// Finds the origins of packets one behind the other: a flow's packets mostly come together.
struct OriginCursor {
    private let indexes: [UInt64: Int]
    private var lastKey: UInt64?
    private var lastIndex = 0

    init(_ indexes: [UInt64: Int]) { self.indexes = indexes }

    /// The index of a packet's origin in the context.
    @inline(__always)
    mutating func index(of unit: Unit) -> Int {
        let key = Origin.key(of: unit)
        if key != lastKey { (lastKey, lastIndex) = (key, indexes[key] ?? 0) }
        return lastIndex
    }
}

/// Takes decoded packets, batch by batch, in the order of the capture.
protocol RecordSink: AnyObject {
    /// Writes a batch: the units, and what they decoded to.
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext
    ) throws(OutputFile.Failure)
    /// Writes the parts of a batch, which are in order.
    func write(_ parts: [DecodedPart], _ context: RecordContext) throws(OutputFile.Failure)
    /// Writes what waits, so that who watches something live sees it.
    func flush() throws(OutputFile.Failure)
    /// Writes what is left.
    func finish() throws(OutputFile.Failure)
}

extension RecordSink {
    /// Writes a batch as it was decoded.
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        switch decoded {
        case .whole(let decoded): try write(units, decoded, context)
        case .parts(let parts): try write(parts, context)
        }
    }

    func write(_ parts: [DecodedPart], _ context: RecordContext) throws(OutputFile.Failure) {
        for part in parts { try write(part.units, part.decoded, context) }
    }

    func flush() throws(OutputFile.Failure) {}
}

/// A sink that throws away: for measuring, and for a ledger alone.
final class NullSink: RecordSink {
    func write(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext) {}
    func finish() {}
}

/// The parts of a packet's line that are no parameters; sinks with columns name them so.
enum HeaderField: String, CaseIterable {
    case time, packet, flow, spacecraft, vcid, apid, sequence, type
}
