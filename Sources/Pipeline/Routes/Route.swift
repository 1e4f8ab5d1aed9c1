internal import Bytes
internal import Capture
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

    /// A table of everything.
    public init() {}

    /// The parameters that it writes; nil for all.
    var parameters: [String]? {
        // A capture holds octets and no values.
        format == .pcap || format == .pcapng ? [] : fields?.filter { HeaderField.named($0) == nil }
    }
}

/// Packets on their way to one sink.
final class Route {
    let name: String
    let filtering: Filtering?
    let sink: Sink
    private let chooser: Chooser
    private let whole = Lane<Int32>()
    /// How many packets were chosen.
    private(set) var chosen = 0

    /// What writes.
    enum Sink {
        case records(any RecordSink)
        case capture(CaptureSink)
    }

    init(_ options: RouteOptions, _ checked: CheckedFilter?, _ decoder: RecordDecoder, _ sink: Sink) {
        name = options.name
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        self.sink = sink
    }

    /// Begins an input.
    func begin(_ source: any PacketSource) throws(OutputFile.Failure) {
        switch sink {
        case .records(let sink): try (sink as? any LedgerSink)?.begin(source.name, octets: source.totalSize)
        case .capture(let sink): sink.beginCapture()
        }
    }

    /// Writes what is chosen of a batch.
    func take(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ context: RecordContext, _ engine: Engine
    ) throws(OutputFile.Failure) {
        chooser.choose(units, decoded, context)
        let count = chooser.count
        chosen += count
        switch sink {
        case .records(let sink):
            if count > 0 { try sink.write(units, decoded, chooser, context) }
        case .capture(let sink):
            gather(decoded)
            let whole = self.whole
            try sink.write(units, chosen: whole.span, engine: engine)
        }
    }

    /// The chosen packets of all parts of a batch, by their places in the batch.
    private func gather(_ decoded: DecodedUnits) {
        whole.removeAll()
        var start: Int32 = 0
        for (index, chosen) in chooser.chosen.enumerated() {
            for place in 0..<chosen.count { whole.append(start + chosen[place]) }
            if case .parts(let parts) = decoded { start += Int32(parts[index].units.count) }
        }
    }

    /// A batch without anything of it: who keeps packets keeps them all the same.
    func pass(_ units: borrowing Batch<Unit>, _ engine: Engine) throws(OutputFile.Failure) {
        guard case .capture(let sink) = sink else { return }
        let whole = self.whole
        whole.removeAll()
        try sink.write(units, chosen: whole.span, engine: engine)
    }

    /// Ends the input that was begun last.
    func end(_ ledger: Ledger) throws(OutputFile.Failure) {
        if case .records(let sink) = sink { try (sink as? any LedgerSink)?.end(ledger) }
    }

    func flush() throws(OutputFile.Failure) {
        switch sink {
        case .records(let sink): try sink.flush()
        case .capture(let sink): try sink.flush()
        }
    }

    func finish() throws(OutputFile.Failure) {
        switch sink {
        case .records(let sink): try sink.finish()
        case .capture(let sink): try sink.finish()
        }
    }
}
