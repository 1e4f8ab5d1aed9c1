internal import Bytes
internal import Capture
internal import Links
internal import Mission
internal import Query
internal import Records

/// What a route is made of: which packets it takes, what it writes of them, and where to.
public struct RouteOptions: Sendable {
    /// What a capture file holds.
    public enum Payload: String, Sendable, CaseIterable {
        /// The capture's packets that the chosen ones came in.
        case link
        /// The chosen packets themselves, as upper PDUs.
        case packet
    }

    /// How a person calls it.
    public var name = ""
    /// How packets are written.
    public var format = Decoding.Format.table
    /// What a capture file holds.
    public var payload = Payload.link
    /// Where a database is, or the folder for a CSV file a packet type; nil: packets go into an outlet.
    public var path: String?
    /// The version of the program, which a database keeps.
    public var version = ""
    /// Which packets are written.
    public var conditions = Conditions()
    /// The header fields and parameters wanted, by name; nil for all.
    public var fields: [String]?
    /// What has columns in a CSV of all fields; nil for every type there is.
    public var contents: Contents?
    /// Whether raw values stand beside the engineering values.
    public var withRaw = false
    /// How text for people is styled.
    public var style = TextStyle.plain
    /// Whether the others go on when a database or a folder cannot be written.
    public var isDispensable = false

    /// A table of everything.
    public init() {}

    /// The parameters that it writes; nil for all.
    var parameters: [String]? {
        // A capture holds octets and no values.
        format.isOfOctets ? [] : fields?.filter { HeaderField.named($0) == nil }
    }

    /// Why options do not go together, with what does; nil where they do.
    ///
    /// - Parameters:
    ///   - target: where the route leads: a file, a folder, "-", an address.
    ///   - names: how the user calls the options.
    public func problem(
        to target: String, names: (fields: String, format: String) = ("fields", "format")
    ) -> String? {
        let isAddress = SourceAddress.isMeant(by: target)
        if format.isOfOctets, fields != nil {
            return
                "\(format.rawValue) holds whole packets, so \(names.fields) have no meaning in it: leave them out, or "
                + "choose another \(names.format)"
        }
        if format == .sqlite, target == "-" || isAddress {
            return "a database is a file: name one, as in pass.db"
        }
        if format == .geojson, isAddress {
            return "geojson is one document, which a link has no end for: geojsonl is a feature a line"
        }
        return nil
    }
}

extension Decoding.Format {
    /// Whether packets are written octet for octet, and not what they say.
    var isOfOctets: Bool { self == .pcap || self == .pcapng || self == .packets }
}

/// Packets on their way to one sink.
final class Route {
    let name: String
    let filtering: Filtering?
    let sink: Sink
    private let chooser: Chooser
    private let isDispensable: Bool
    private let whole = Lane<Int32>()
    /// How many packets were chosen.
    private(set) var chosen = 0
    /// How many of them a database or a folder has a place for.
    private var places = 0
    /// Why nothing more is written, while the others go on.
    private var failure: OutputFile.Failure?
    /// How many packets were chosen since then, for a sink that writes into an outlet.
    private var refused = 0

    /// What writes.
    enum Sink {
        case records(any RecordSink)
        case capture(CaptureSink)
    }

    init(_ options: RouteOptions, _ checked: CheckedFilter?, _ decoder: RecordDecoder, _ sink: Sink) {
        name = options.name
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        isDispensable = options.isDispensable
        self.sink = sink
    }

    /// Whether its filter asks for what comes later.
    var looksAhead: Bool { filtering?.looksAhead ?? false }

    /// What became of its packets, of which an outlet tells what it knows.
    func tally(_ outlet: OutletTally?) -> OutletTally? {
        if case .records(let sink as any StoringSink) = sink {
            return OutletTally(written: sink.stored, lost: places - sink.stored, failure: failure?.description)
        }
        guard var tally = outlet else { return nil }
        tally.lost += refused
        tally.failure = tally.failure ?? failure?.description
        return tally
    }

    /// Does something with the sink, unless it failed before.
    private func guarding(_ work: () throws(OutputFile.Failure) -> Void) throws(OutputFile.Failure) {
        guard failure == nil else { return }
        do { try work() } catch { try keep(error) }
    }

    /// A failure is kept where the others go on.
    private func keep(_ error: OutputFile.Failure) throws(OutputFile.Failure) {
        failure = error
        guard isDispensable else { throw error }
        // What it has is put in its place.
        if case .records(let sink as CSVFolder) = sink { try? sink.finish() }
    }

    /// Begins an input, which is the capture with a number.
    func begin(_ capture: Int, _ source: any PacketSource) throws(OutputFile.Failure) {
        try guarding { () throws(OutputFile.Failure) in
            switch sink {
            case .records(let sink):
                try (sink as? any LedgerSink)?.begin(capture, source.name, octets: source.totalSize)
            case .capture(let sink): sink.beginCapture(capture)
            }
        }
    }

    /// Writes what is chosen of a batch.
    func take(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ context: RecordContext, _ engine: Engine
    ) throws(OutputFile.Failure) {
        chooser.choose(units, decoded, context)
        let count = chooser.count
        chosen += count
        if case .records(let sink as any StoringSink) = sink {
            place(units, decoded, sink)
        } else if failure != nil {
            refused += count
        }
        guard failure == nil else { return }
        do {
            switch sink {
            case .records(let sink):
                if count > 0 { try sink.write(units, decoded, chooser, context) }
            case .capture(let sink):
                let whole = self.whole
                chooser.gather(decoded, into: whole)
                try sink.write(units, chosen: whole.span, engine: engine, capture: context.capture)
            }
        } catch { try keep(error) }
    }

    private func place(_ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ sink: any StoringSink) {
        var part = 0
        decoded.forEach(units) { _, decoded in
            places += sink.count(decoded, chooser.chosen[part])
            part += 1
        }
    }

    /// A batch without anything of it: who keeps packets keeps them all the same.
    func pass(_ units: borrowing Batch<Unit>, _ engine: Engine, _ capture: Int) throws(OutputFile.Failure) {
        guard case .capture(let sink) = sink, failure == nil else { return }
        let whole = self.whole
        whole.removeAll()
        do { try sink.write(units, chosen: whole.span, engine: engine, capture: capture) } catch { try keep(error) }
    }

    /// Ends the capture with a number.
    func end(_ capture: Int, _ ledger: Ledger) throws(OutputFile.Failure) {
        try guarding { () throws(OutputFile.Failure) in
            switch sink {
            case .records(let sink): try (sink as? any LedgerSink)?.end(capture, ledger)
            case .capture(let sink): sink.endCapture(capture)
            }
        }
    }

    func flush() throws(OutputFile.Failure) {
        try guarding { () throws(OutputFile.Failure) in
            switch sink {
            case .records(let sink): try sink.flush()
            case .capture(let sink): try sink.flush()
            }
        }
    }

    func finish() throws(OutputFile.Failure) {
        try guarding { () throws(OutputFile.Failure) in
            switch sink {
            case .records(let sink): try sink.finish()
            case .capture(let sink): try sink.finish()
            }
        }
    }

    /// What a capture could not hold of what was chosen, in words; nil where nothing is missing.
    var shortfall: String? {
        guard case .capture(let sink) = sink, sink.unitsWithoutBeginning + sink.unitsNotFound > 0 else { return nil }
        return
            "\(sink.unitsWithoutBeginning) packets are written without their beginning, and \(sink.unitsNotFound) not at "
            + "all, since the captured packets that they came in were no longer kept"
    }
}
