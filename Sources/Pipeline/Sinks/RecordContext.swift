internal import Bytes
internal import CCSDS
internal import Capture
internal import Mission
internal import Transport

/// What sinks say of a packet besides its parameters, looked up once for each channel of each flow.
final class RecordContext {
    /// One channel of one flow.
    struct Origin {
        var flow = ""
        var spacecraft: Int?
        var vcid: Int?
        /// Decimals of a second that its times carry.
        var timeDigits = 6
    }

    private unowned let engine: Engine
    private(set) var origins: [Origin] = []
    private var indexes: [UInt64: Int] = [:]
    private var lastKey = UInt64.max
    private var lastIndex = -1

    init(_ engine: Engine) { self.engine = engine }

    /// The index of a packet's origin in ``origins``.
    @inline(__always)
    func origin(of unit: Unit) -> Int {
        let key = UInt64(unit.flow) << 32 | UInt64(unit.channel)
        return key == lastKey && lastIndex >= 0 ? lastIndex : look(key, unit)
    }

    /// Decimals of a second that the times of an origin carry.
    @inline(__always)
    func digits(of origin: Int) -> Int { origins[origin].timeDigits }

    private func look(_ key: UInt64, _ unit: Unit) -> Int {
        lastKey = key
        if let known = indexes[key] {
            lastIndex = known
            return known
        }
        let flow = engine.flows[Int(unit.flow)]
        var origin = Origin(flow: flow.name)
        let interfaces = engine.reader.interfaces
        if interfaces.indices.contains(Int(flow.key.interface)) {
            origin.timeDigits = interfaces[Int(flow.key.interface)].timeDigits
        }
        if unit.channel != .max, let channels = engine.router.frameDecoder(Int(unit.flow))?.channels {
            origin.spacecraft = channels[Int(unit.channel)].spacecraft
            origin.vcid = channels[Int(unit.channel)].vcid
        }
        lastIndex = origins.count
        indexes[key] = origins.count
        origins.append(origin)
        return lastIndex
    }
}

/// Takes decoded packets, batch by batch, in the order of the capture.
protocol RecordSink: AnyObject {
    /// Writes a batch: the units, and what they decoded to.
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext
    ) throws(OutputFile.Failure)
    /// Writes what is left.
    func finish() throws(OutputFile.Failure)
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
