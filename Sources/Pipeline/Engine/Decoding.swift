public import Bytes
internal import CCSDS
public import Capture
public import Mission
internal import Query
internal import Records

/// Decodes captures with mission databases and writes what routes choose, packet after packet in the order of the
/// capture: what `decode`, `run` and all commands that write packets do.
///
///     let decoding = try Decoding(databases, [(options, outlet)])
///     let ledger = try decoding.run(reader)
///     try decoding.finish()
public final class Decoding {
    /// How decoded packets are written.
    public enum Format: String, Sendable, CaseIterable {
        /// For people.
        case table
        /// A JSON object a packet, a line each.
        case jsonl
        /// A table of comma-separated values.
        case csv
        /// An SQLite database, a table a packet type.
        case sqlite
        /// A classic capture file.
        case pcap
        /// A capture file whose packets say why they are there.
        case pcapng
        /// Not at all: everything is decoded and thrown away.
        case null
    }

    /// A field that nothing has.
    public struct UnknownField: Error, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    private let databases: [Database]
    private let selection: Selection
    private let joinsSegments: Bool
    private let captureFilter: String?
    /// Why packets cannot be matched with the capture filter; nil while they can.
    public private(set) var captureFilterRefusal: String?
    let routes: [Route]
    /// What leaves out what no route can choose.
    private let sieve: Sieve
    private let origins = OriginList()
    /// How far filters look in sources that cannot be read twice, in nanoseconds; nil: nothing is held back.
    private var reach: Int64?
    /// Packets that were let go before all that filters ask for was known, since there was no room for more.
    public private(set) var early = 0
    /// Decoders that no capture uses at the moment.
    private var decoders: [RecordDecoder] = []
    /// What happens to packets behind their source happens to those of one source at a time.
    private let monitor = Monitor()
    private var flushed: Int64 = 0
    /// How many packets were decoded, idle ones not counted.
    public private(set) var packets = 0
    /// How many of them a database explains.
    public private(set) var explained = 0
    /// How many of them are parts of one piece of data that were not joined.
    public private(set) var segments = 0

    /// A decoding into one outlet or several.
    ///
    /// - Parameters:
    ///   - databases: what explains packets.
    ///   - targets: for each route what it takes and where it writes.
    ///   - joinsSegments: whether packets that hold parts of one piece of data are joined by their sequence flags before
    ///     they are decoded.
    ///   - captureFilter: what packets of the network have to match, in libpcap's language; nil for all.
    /// - Throws: an ``UnknownField``, a `FilterError`, a `CaptureFilter.Refusal`, or what makes a sink fail.
    public init(
        _ databases: [Database], _ targets: [(RouteOptions, any Outlet)], joinsSegments: Bool = false,
        captureFilter: String? = nil
    ) throws {
        self.databases = databases
        self.joinsSegments = joinsSegments
        self.captureFilter = captureFilter
        if let captureFilter { _ = try CaptureFilter(captureFilter) }
        let filters = try targets.map { try $0.0.conditions.check(databases) }
        // What no filter and no sink asks for is not decoded.
        var names: [String]? = []
        for (options, checked) in zip(targets.map(\.0), filters) {
            // A route that throws away asks for nothing beside others; alone it is for measuring what decoding takes.
            let wanted = options.format == .null && options.fields == nil && targets.count > 1 ? [] : options.parameters
            names = wanted.flatMap { wanted in names.map { $0 + wanted + (checked?.parameters ?? []) } }
        }
        selection = names.map { .parameters($0) } ?? .all
        let decoder = RecordDecoder(databases, selection: selection)
        for (options, _) in targets {
            for field in options.parameters ?? [] { try Self.check(field, decoder) }
        }
        routes = try zip(targets, filters).map { target, checked in
            let sink = try SinkMaker.make(target.0, decoder, target.1, joined: joinsSegments)
            return Route(target.0, checked, decoder, sink)
        }
        sieve = Sieve(routes.map { $0.filtering?.filter })
        decoders = [decoder]
    }

    private static func check(_ field: String, _ decoder: RecordDecoder) throws(UnknownField) {
        guard case .unknown(let others) = decoder.meaning(of: field) else { return }
        let nearest = others + Names.nearest(to: field, in: HeaderField.allCases.map(\.rawValue))
        let near = nearest.isEmpty ? "" : "; near it are \(nearest.prefix(5).joined(separator: ", "))"
        let names = HeaderField.printed.map(\.rawValue).joined(separator: ", ")
        throw UnknownField(
            description: "no field is called '\(field)'\(near); besides parameters there are \(names)")
    }

    /// Checks filters and fields of routes without making anything.
    ///
    /// - Throws: what ``init(_:_:joinsSegments:)`` throws.
    public static func check(_ routes: [RouteOptions], _ databases: [Database]) throws {
        _ = try Decoding(
            databases,
            routes.map { options in
                var options = options
                // A database would be made.
                if options.path != nil { options.format = .null }
                return (options, NowhereOutlet())
            })
    }

    /// How a filter is understood, each operation in brackets; as it was typed where it is none.
    public static func explain(_ filter: String) -> String {
        (try? FilterParser.parse(filter)).map(\.description) ?? filter
    }

    /// Looks through all files beforehand, where a filter asks for what comes later. What cannot be read twice is held back
    /// instead, as far as filters look.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        let ahead = routes.filter { $0.filtering?.looksAhead ?? false }
        guard !ahead.isEmpty else { return }
        if let live = files.first(where: { !Prescan.isFile($0) }) {
            try hold(ahead, live)
            return
        }
        for route in ahead {
            try route.filtering?.lookAhead(
                files, databases, told: told, joinsSegments: joinsSegments, progress: progress)
        }
    }

    private func hold(_ ahead: [Route], _ name: String) throws(CannotReadTwice) {
        let name = name == "-" ? "standard input" : name
        var reach: Int64 = 0
        for route in ahead {
            guard let own = route.filtering?.reach else {
                throw CannotReadTwice(name: name, reason: "a 'within' inside of another one needs")
            }
            if case .capture = route.sink {
                throw CannotReadTwice(name: name, reason: "a capture of what 'within' chooses needs")
            }
            reach = max(reach, own)
            route.filtering?.beginHolding()
        }
        self.reach = reach
    }

    /// Decodes a capture to its end. Several may be decoded at a time, each by a thread of its own.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read is still decoded.
    /// - Returns: where the octets went.
    public func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(OutputFile.Failure) -> Ledger {
        // The expression was compiled before, so it compiles.
        let filter = captureFilter.flatMap { try? CaptureFilter($0) }
        let engine = Engine(reader, told: told, known: known, captureFilter: filter)
        try monitor.sync { () throws(OutputFile.Failure) in for route in routes { try route.begin(reader) } }
        var finder = OriginFinder()
        let context = RecordContext(origins)
        let decoder = monitor.sync { decoders.popLast() } ?? RecordDecoder(databases, selection: selection)
        decoder.beginCapture()
        // Parts of one file are not continued by those of another.
        let joiner = joinsSegments ? SegmentJoiner() : nil
        var units = Batch<Unit>()
        var joined = Batch<Unit>(capacity: joiner == nil ? 1 : 512)
        var parameterLedger = Ledger()
        let held = reach.map { HeldBack(distance: $0, isLive: reader.isLive) }
        while engine.next(into: &units) {
            if !progress(ReadProgress(reader)) { engine.stop() }
            if reader.isLive { try flush() }
            guard !units.isEmpty else {
                try pass(units, engine)
                if let held { try release(held, decoder, context, engine, &parameterLedger) }
                continue
            }
            let found = finder.find(units, engine)
            if let joiner {
                joined.removeAll()
                joiner.process(units, into: &joined)
                if let held {
                    look(joined, found, decoder, context, held)
                    try release(held, decoder, context, engine, &parameterLedger)
                } else {
                    try write(&joined, found, decoder, context, engine, &parameterLedger)
                }
            } else if let held {
                look(units, found, decoder, context, held)
                try release(held, decoder, context, engine, &parameterLedger)
            } else {
                try write(&units, found, decoder, context, engine, &parameterLedger)
            }
        }
        if let held {
            try release(held, isEnd: true, decoder, context, engine, &parameterLedger)
            monitor.sync { early += held.early }
        }
        monitor.sync { decoders.append(decoder) }
        var ledger = engine.ledger
        if let joiner, joiner.broken + joiner.waiting > 0 {
            // The octets of the parts were entered when they were decoded.
            let place = joiner.firstBroken ?? (packet: 0, offset: 0)
            ledger.reject(
                .packet, "segments that are missing their others", count: joiner.broken + joiner.waiting, bytes: 0,
                packet: place.packet, offset: place.offset)
        }
        ledger.addRejections(of: parameterLedger)
        try monitor.sync { () throws(OutputFile.Failure) in
            if let refusal = engine.captureFilterRefusal { captureFilterRefusal = refusal.description }
            for route in routes { try route.end(ledger) }
        }
        return ledger
    }

    /// Nanoseconds after which somebody who watches wants to see what came.
    private static let flushInterval: Int64 = 100_000_000

    /// Writes what waits, a few times a second.
    private func flush() throws(OutputFile.Failure) {
        try monitor.sync { () throws(OutputFile.Failure) in
            let now = SteadyClock.now()
            guard now - flushed >= Self.flushInterval else { return }
            flushed = now
            for route in routes { try route.flush() }
        }
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) { for route in routes { try route.finish() } }

    /// How many packets and messages a database held before; nil where it is new or there is none.
    public var rowsBefore: Int? {
        routes.lazy.compactMap { route in
            if case .records(let sink as SQLiteSink) = route.sink { sink.rowsBefore } else { nil }
        }.first
    }

    /// A batch without units: who keeps packets keeps them all the same.
    private func pass(_ units: borrowing Batch<Unit>, _ engine: Engine) throws(OutputFile.Failure) {
        try monitor.sync { () throws(OutputFile.Failure) in for route in routes { try route.pass(units, engine) } }
    }

    private func write(
        _ units: inout Batch<Unit>, _ found: [(key: UInt64, origin: Origin)], _ decoder: RecordDecoder,
        _ context: RecordContext, _ engine: Engine, _ ledger: inout Ledger
    ) throws(OutputFile.Failure) {
        try monitor.sync { () throws(OutputFile.Failure) in
            context.add(found)
            sieve.sift(&units, context)
            guard !units.isEmpty else {
                for route in routes { try route.pass(units, engine) }
                return
            }
            let decoded = decoder.decode(units, ledger: &ledger)
            decoded.forEach(units) { count($0, $1) }
            for route in routes { try route.take(units, decoded, context, engine) }
        }
    }

    /// Looks at packets for what filters ask for, and holds them back.
    private func look(
        _ units: borrowing Batch<Unit>, _ found: [(key: UInt64, origin: Origin)], _ decoder: RecordDecoder,
        _ context: RecordContext, _ held: HeldBack
    ) {
        monitor.sync {
            context.add(found)
            // Values that are missing are entered when the packets are written.
            var ledger = Ledger()
            decoder.decode(units, ledger: &ledger).forEach(units) { units, decoded in
                for route in routes { route.filtering?.look(units, decoded, context) }
            }
        }
        held.hold(units)
    }

    /// Writes what was held back long enough.
    private func release(
        _ held: HeldBack, isEnd: Bool = false, _ decoder: RecordDecoder, _ context: RecordContext, _ engine: Engine,
        _ ledger: inout Ledger
    ) throws(OutputFile.Failure) {
        while let piece = held.next(isEnd: isEnd, isSettled: engine.isSettled) {
            monitor.sync { for route in routes { route.filtering?.settle(before: piece.earliest) } }
            try piece.take { (units) throws(OutputFile.Failure) in
                try write(&units, [], decoder, context, engine, &ledger)
            }
        }
    }

    private func count(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch) {
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
