public import Bytes
public import Capture
internal import CCSDS
public import Mission
public import Plot
internal import Query
internal import Records

/// Collects parameters of captures over time, to be drawn: what `plot` does.
public final class Plotting {
    /// What to draw.
    public struct Options: Sendable {
        /// The parameters, by name.
        public var fields: [String]
        /// The parameter that says when; nil: the capture does.
        public var time: String?
        /// Whether packets that hold parts of one piece of data are joined by their sequence flags before they are decoded.
        public var joinsSegments = false

        /// Which packets are drawn.
        public var conditions = Conditions()
        /// What packets of the network have to match, in libpcap's language; nil for all.
        public var captureFilter: String?

        /// Parameters over the time of their capture.
        public init(fields: [String]) { self.fields = fields }
    }

    /// What cannot be drawn, and why.
    public struct Refusal: Error, CustomStringConvertible {
        /// What was found, what is allowed, what to do.
        public let description: String
    }

    /// What found no place in the drawing.
    public struct Counts: Sendable, Equatable {
        /// Values of packets that tell no time, where others do.
        public var untimed = 0
        /// Values of flows and spacecraft beyond those that are kept apart.
        public var crowded = 0
    }

    private let decoder: RecordDecoder
    private let wanted: PlotFields
    private let collector: PlotCollector
    private let joinsSegments: Bool
    private let databases: [Database]
    private let filtering: Filtering?
    private let chooser: Chooser
    private let context = RecordContext()
    private let captureFilter: String?
    /// Why packets cannot be matched with the capture filter; nil while they can.
    public private(set) var captureFilterRefusal: String?

    /// A plot of parameters.
    ///
    /// - Throws: a ``Refusal``, a `FilterError`, a `CaptureFilter.Refusal`.
    public init(_ databases: [Database], _ options: Options) throws {
        let checked = try options.conditions.check(databases)
        let names = options.fields + (options.time.map { [$0] } ?? []) + (checked?.parameters ?? [])
        let decoder = RecordDecoder(databases, selection: .parameters(names))
        (self.decoder, self.databases) = (decoder, databases)
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        captureFilter = options.captureFilter
        if let captureFilter { _ = try CaptureFilter(captureFilter) }
        wanted = try PlotFields(options.fields, time: options.time, decoder)
        collector = PlotCollector(wanted)
        joinsSegments = options.joinsSegments
    }

    /// What found no place.
    public var counts: Counts { collector.counts }
    /// What the horizontal axis counts: time where the first value has one, packets elsewhere.
    public var axis: PlotAxis { collector.axis ?? .time }

    /// The members of an archive that have to be read for it; nil where all of a file is.
    public func slice(of path: String, told: ToldLayout? = nil) -> ArchiveSlice? {
        ArchiveSlice(
            of: path, [filtering?.checked], told: told, hasCaptureFilter: captureFilter != nil, joins: joinsSegments)
    }

    /// Looks through all files beforehand, where the filter asks for what comes later.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        try filtering?.lookAhead(files, databases, told: told, joinsSegments: joinsSegments, progress: progress)
    }

    /// Reads a capture to its end.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read is still drawn.
    /// - Returns: where the octets went.
    public func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) -> Ledger {
        let filter = captureFilter.flatMap { try? CaptureFilter($0) }
        let engine = Engine(reader, told: told, known: known, captureFilter: filter)
        context.beginCapture()
        decoder.beginCapture()
        collector.beginCapture()
        var parameterLedger = Ledger()
        let feed = UnitFeed(engine, joins: joinsSegments)
        feed.run(progress: progress) { units, found in
            guard !units.isEmpty || !found.isEmpty else { return }
            collector.add(found)
            context.add(found)
            take(units, &parameterLedger)
        }
        var ledger = feed.ledger
        ledger.addRejections(of: parameterLedger)
        if let refusal = engine.captureFilterRefusal { captureFilterRefusal = refusal.description }
        return ledger
    }

    private func take(_ units: borrowing Batch<Unit>, _ ledger: inout Ledger) {
        let decoded = decoder.decode(units, ledger: &ledger)
        if filtering != nil { chooser.choose(units, decoded, context) }
        var number = 0
        decoded.forEach(units) {
            collector.take($0, $1, chosen: filtering == nil ? nil : chooser.chosen[number])
            number += 1
        }
    }

    /// The series that have values, in the order of the fields.
    public func finish() throws(Refusal) -> [PlotSeries] {
        let series = collector.series()
        guard series.isEmpty else { return series }
        if collector.counts.untimed > 0 {
            throw Refusal(description: "the packets that have these fields tell no time by --time")
        }
        let names = wanted.names.count == 1 ? "'\(wanted.names[0])' has" : "the fields have"
        throw Refusal(
            description: "\(names) no value in what was read: 'starlane decode' shows the parameters that there are")
    }

    /// Those of the fields that have no value, where others have.
    public var empty: [String] { collector.empty }
}
