internal import Bytes
internal import Records

/// Takes decoded packets, batch by batch, in the order of the capture.
protocol RecordSink: AnyObject {
    /// Writes packets of a batch: the units, what they decoded to, and the indexes of those that are chosen, in order.
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure)
    /// Writes packets of the parts of a batch, which are in order.
    func write(
        _ parts: [DecodedPart], _ chosen: [Lane<Int32>], _ context: RecordContext
    ) throws(OutputFile.Failure)
    /// Hands on what waits, so that who follows a live source sees it.
    func flush() throws(OutputFile.Failure)
    /// Writes what is left.
    func finish() throws(OutputFile.Failure)
}

extension RecordSink {
    /// Writes packets of a batch as it was decoded.
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ chooser: Chooser, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        switch decoded {
        case .whole(let decoded): try write(units, decoded, chooser.chosen[0], context)
        case .parts(let parts): try write(parts, chooser.chosen, context)
        }
    }

    func write(
        _ parts: [DecodedPart], _ chosen: [Lane<Int32>], _ context: RecordContext
    ) throws(OutputFile.Failure) {
        for (part, chosen) in zip(parts, chosen) { try write(part.units, part.decoded, chosen, context) }
    }
}

/// A sink that puts packets where they stay by itself, and not into an outlet.
protocol StoringSink: RecordSink {
    /// How many packets are where they stay.
    var stored: Int { get }
    /// How many of the chosen packets of a batch it has a place for.
    func count(_ decoded: DecodedBatch, _ chosen: Lane<Int32>) -> Int
}

/// A sink that throws away: for measuring, and for a ledger alone.
final class NullSink: RecordSink {
    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) {}
    func flush() {}
    func finish() {}
}
