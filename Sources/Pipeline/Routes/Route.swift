internal import Bytes
internal import Mission
internal import Query
internal import Records

/// What a route is made of: which packets it takes, what it writes of them, and where to.
public struct RouteOptions: Sendable {
    /// How a person calls it.
    public var name = ""
    /// How packets are written.
    public var format = Decoding.Format.table
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

    /// The parameters among the fields; nil where everything is wanted.
    var parameters: [String]? { fields?.filter { HeaderField.named($0) == nil } }
}

/// Packets on their way to one sink.
final class Route {
    let name: String
    let filtering: Filtering?
    let chooser: Chooser
    let sink: any RecordSink
    /// How many packets were chosen.
    private(set) var chosen = 0

    init(_ options: RouteOptions, _ checked: CheckedFilter?, _ decoder: RecordDecoder, _ sink: any RecordSink) {
        name = options.name
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        self.sink = sink
    }

    /// Writes what is chosen of a batch.
    func take(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        chooser.choose(units, decoded, context)
        let count = chooser.count
        guard count > 0 else { return }
        chosen += count
        try sink.write(units, decoded, chooser, context)
    }
}

/// Makes the sinks that write into outlets.
enum SinkMaker {
    static func make(_ options: RouteOptions, _ types: [PacketType], _ outlet: any Outlet) -> any RecordSink {
        let shown = options.fields.map { SinkColumns($0, types: types) }
        // Where parameters were asked for, packets that have none of them are left out.
        let skipsOthers = options.parameters.map { !$0.isEmpty } ?? false
        switch options.format {
        case .null: return NullSink()
        case .jsonl:
            return JSONLines.sink(
                outlet, types: types, withRaw: options.withRaw, only: skipsOthers ? shown : nil, showing: shown)
        case .csv:
            let columns = shown ?? SinkColumns(nil, types: types, contents: options.contents)
            return CSVRows.sink(
                outlet, types: types, columns: columns, withRaw: options.withRaw, skipsOthers: skipsOthers)
        case .table:
            guard let shown else {
                return TableSink(outlet, types: types, withRaw: options.withRaw, style: options.style)
            }
            return FieldTableSink(
                outlet, types: types, columns: shown, withRaw: options.withRaw, style: options.style)
        }
    }
}
