public import Bytes
public import Capture
internal import Records

/// One capture on its way through the routes.
final class Passage {
    let feed: UnitFeed
    let decoder: RecordDecoder
    let context: RecordContext
    /// Nil where nothing is held back.
    let held: HeldBack?
    /// Values that are missing.
    var parameterLedger = Ledger()

    var engine: Engine { feed.engine }

    init(_ feed: UnitFeed, _ decoder: RecordDecoder, _ context: RecordContext, held: HeldBack?) {
        (self.feed, self.decoder, self.context, self.held) = (feed, decoder, context, held)
    }
}

extension Decoding {
    /// Decodes a capture to its end. Several may be decoded at a time, each by a thread of its own.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read is still decoded.
    /// - Returns: where the octets went.
    public func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(OutputFile.Failure) -> Ledger {
        let (ledger, failure) = attempt(reader, told: told, known: known, progress: progress)
        if let failure { throw failure }
        return ledger
    }

    /// The same; says where the octets went also where what came of them could not be written, and reads no further then.
    func attempt(
        _ reader: any PacketSource, told: ToldLayout?, known: Known, progress: (ReadProgress) -> Bool
    ) -> (ledger: Ledger, failure: OutputFile.Failure?) {
        // The expression was compiled before, so it compiles.
        let filter = captureFilter.flatMap { try? CaptureFilter($0) }
        let feed = UnitFeed(Engine(reader, told: told, known: known, captureFilter: filter), joins: joinsSegments)
        do {
            let passage = try begin(feed)
            try feed.run(progress: progress) { (units, found) throws(OutputFile.Failure) in
                if reader.isLive { try flush() }
                try take(&units, found, passage)
            }
            try release(passage, isEnd: true)
            return (try end(passage), nil)
        } catch {
            feed.giveUp()
            return (feed.ledger, error)
        }
    }

    private func begin(_ feed: UnitFeed) throws(OutputFile.Failure) -> Passage {
        try monitor.sync { () throws(OutputFile.Failure) in
            captures += 1
            try forEachRoute { (route) throws(OutputFile.Failure) in try route.begin(captures, feed.engine.reader) }
            let decoder = decoders.popLast() ?? RecordDecoder(databases, selection: selection)
            decoder.beginCapture()
            return Passage(
                feed, decoder, RecordContext(origins, capture: captures),
                held: reach.map { HeldBack(distance: $0, isLive: feed.engine.reader.isLive) })
        }
    }

    private func end(_ passage: Passage) throws(OutputFile.Failure) -> Ledger {
        var ledger = passage.feed.ledger
        ledger.addRejections(of: passage.parameterLedger)
        try monitor.sync { () throws(OutputFile.Failure) in
            decoders.append(passage.decoder)
            early += passage.held?.early ?? 0
            if let refusal = passage.engine.captureFilterRefusal { captureFilterRefusal = refusal.description }
            try forEachRoute { (route) throws(OutputFile.Failure) in
                try route.end(passage.context.capture, ledger)
            }
        }
        return ledger
    }

    /// Nanoseconds after which somebody who watches wants to see what came.
    private static var flushInterval: Int64 { 100_000_000 }

    /// Writes what waits, a few times a second.
    private func flush() throws(OutputFile.Failure) {
        try monitor.sync { () throws(OutputFile.Failure) in
            let now = SteadyClock.now()
            guard now - flushed >= Self.flushInterval else { return }
            flushed = now
            try forEachRoute { (route) throws(OutputFile.Failure) in try route.flush() }
        }
    }

    /// Takes a batch, also one without units: who keeps packets keeps them all the same.
    private func take(
        _ units: inout Batch<Unit>, _ found: [(key: UInt64, origin: Origin)], _ passage: Passage
    ) throws(OutputFile.Failure) {
        guard passage.held == nil else { return try hold(units, found, passage) }
        try monitor.sync { () throws(OutputFile.Failure) in
            passage.context.add(found)
            sieve.sift(&units, passage.context)
            guard !units.isEmpty else { return try give(units, nil, passage) }
            let decoded = passage.decoder.decode(units, ledger: &passage.parameterLedger)
            decoded.forEach(units) { count($0, $1) }
            try give(units, decoded, passage)
        }
    }

    func count(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch) {
        var (all, known, parts) = (0, 0, 0)
        let types = decoded.types
        for index in 0..<units.count where !units[index].marks.contains(.idle) {
            all += 1
            if types[index] >= 0 { known += 1 }
            if units[index].segment != 3, !units[index].marks.contains(.encapsulation) { parts += 1 }
        }
        packets += all
        explained += known
        segments += parts
    }
}
