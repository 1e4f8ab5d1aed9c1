internal import Bytes
internal import CCSDS
internal import Capture
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
        /// A point for each packet that states a position, in one document (RFC 7946).
        case geojson
        /// A point for each packet that states a position, a line each.
        case geojsonl
        /// A classic capture file.
        case pcap
        /// A capture file whose packets say why they are there.
        case pcapng
        /// The packets and messages themselves, octet for octet.
        case packets
        /// Not at all: everything is decoded and thrown away.
        case null
    }

    /// A field that nothing has.
    public struct UnknownField: Error, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    let databases: [Database]
    let selection: Selection
    let joinsSegments: Bool
    let captureFilter: String?
    /// Why packets cannot be matched with the capture filter; nil while they can.
    public internal(set) var captureFilterRefusal: String?
    let routes: [Route]
    /// What leaves out what no route can choose.
    let sieve: Sieve
    let origins = OriginList()
    /// How far filters look in sources that cannot be read twice, in nanoseconds; nil: nothing is held back.
    var reach: Int64?
    /// For each capture of which packets are held back the earliest time of those that have waited longest.
    var heldSince: [Int: Int64] = [:]
    /// Packets that were let go before all that filters ask for was known, since there was no room for more.
    public internal(set) var early = 0
    /// Decoders that no capture uses at the moment.
    var decoders: [RecordDecoder] = []
    /// How many captures were begun.
    var captures = 0
    /// What happens to packets behind their source happens to those of one source at a time.
    let monitor = Monitor()
    var flushed: Int64 = 0
    /// How many packets were decoded, idle ones not counted.
    public internal(set) var packets = 0
    /// How many of them a database explains.
    public internal(set) var explained = 0
    /// How many of them are parts of one piece of data that were not joined.
    public internal(set) var segments = 0

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
            var wanted = options.format == .null && options.fields == nil && targets.count > 1 ? [] : options.parameters
            if options.format == .geojson || options.format == .geojsonl {
                wanted? += GeoJSONSink.parameters(MissionDecoder.types(of: databases))
            }
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

    /// The members of an archive that have to be read for what the routes choose; nil where all of a file is.
    public func slice(of path: String, told: ToldLayout? = nil) -> ArchiveSlice? {
        ArchiveSlice(
            of: path, routes.map { $0.filtering?.checked }, told: told, hasCaptureFilter: captureFilter != nil,
            joins: joinsSegments)
    }

    /// Looks through all files beforehand, where a filter asks for what comes later. What cannot be read twice is held back
    /// instead, as far as filters look.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        let ahead = routes.filter(\.looksAhead)
        guard !ahead.isEmpty else { return }
        if let live = files.first(where: { !Prescan.isFile($0) }) {
            try beginHolding(ahead, live)
            return
        }
        for route in ahead {
            try route.filtering?.lookAhead(
                files, databases, told: told, joinsSegments: joinsSegments, progress: progress)
        }
    }

    /// Writes what is left. All routes are ended, also when one of them fails.
    public func finish() throws(OutputFile.Failure) {
        try forEachRoute { (route) throws(OutputFile.Failure) in try route.finish() }
    }

    /// Gives a batch to routes, which are those whose filters look ahead, or the others, or all; of one that was not decoded
    /// nothing is chosen. All get it, also when one of them fails.
    func give(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits?, _ passage: Passage, lookingAhead: Bool? = nil
    ) throws(OutputFile.Failure) {
        var failure: OutputFile.Failure?
        for route in routes where lookingAhead == nil || route.looksAhead == lookingAhead {
            do throws(OutputFile.Failure) {
                if let decoded {
                    try route.take(units, decoded, passage.context, passage.engine)
                } else {
                    try route.pass(units, passage.engine, passage.context.capture)
                }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Does something with all routes, also when one of them fails: then the first failure is thrown at the end.
    func forEachRoute(_ work: (Route) throws(OutputFile.Failure) -> Void) throws(OutputFile.Failure) {
        var failure: OutputFile.Failure?
        for route in routes {
            do throws(OutputFile.Failure) { try work(route) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// What captures could not hold of what was chosen, in words for each of them.
    public var shortfalls: [String] { routes.compactMap(\.shortfall) }

    /// How many packets and messages a database held before; nil where it is new or there is none.
    public var rowsBefore: Int? {
        routes.lazy.compactMap { route in
            if case .records(let sink as SQLiteSink) = route.sink { sink.rowsBefore } else { nil }
        }.first
    }
}
