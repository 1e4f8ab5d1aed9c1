internal import Bytes
internal import CCSDS
internal import Capture
internal import Records

/// What an engine hands out, batch by batch, with the origins that it brings and with segments joined where that is asked
/// for.
///
///     let feed = UnitFeed(engine, joins: true)
///     feed.run(progress: progress) { units, found in … }
///     let ledger = feed.ledger
final class UnitFeed {
    let engine: Engine
    private var finder = OriginFinder()
    /// Parts of one capture are not continued by those of another.
    private let joiner: SegmentJoiner?

    /// - Parameter joins: whether segments are joined.
    init(_ engine: Engine, joins: Bool) {
        self.engine = engine
        joiner = joins ? SegmentJoiner() : nil
    }

    /// Fills `units` with what the engine hands out next, not joined, and gives the origins that were not met before; nil
    /// when the capture has ended.
    func next(into units: inout Batch<Unit>) -> [(key: UInt64, origin: Origin)]? {
        engine.next(into: &units) ? finder.find(units, engine) : nil
    }

    /// Reads to the end, or until `progress` says false: then no further, and what was read comes to its end.
    ///
    /// - Parameter take: gets every batch, also one without units, and the origins that were not met before.
    func run<Failure: Error>(
        progress: (ReadProgress) -> Bool,
        _ take: (inout Batch<Unit>, [(key: UInt64, origin: Origin)]) throws(Failure) -> Void
    ) throws(Failure) {
        var units = Batch<Unit>()
        var joined = Batch<Unit>(capacity: joiner == nil ? 1 : 512)
        while let found = next(into: &units) {
            if !progress(ReadProgress(engine.reader)) { engine.stop() }
            if let joiner {
                joined.removeAll()
                joiner.process(units, into: &joined)
                try take(&joined, found)
            } else {
                try take(&units, found)
            }
        }
    }

    /// Reads no further, and lets nobody have what was read: only the ledger is brought to its end.
    func giveUp() {
        engine.stop()
        var units = Batch<Unit>()
        while engine.next(into: &units) {}
    }

    /// Where the octets went, with the parts that could not be joined.
    var ledger: Ledger {
        var ledger = engine.ledger
        joiner?.enterBroken(into: &ledger)
        return ledger
    }
}
