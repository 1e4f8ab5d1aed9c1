internal import Capture
internal import Records

/// Makes the sinks that routes lead to.
enum SinkMaker {
    /// A sink that writes into an outlet, or where its options say.
    static func make(
        _ options: RouteOptions, _ decoder: RecordDecoder, _ outlet: any Outlet, joined: Bool
    ) throws(OutputFile.Failure) -> Route.Sink {
        let comment = options.conditions.filter.map { "chosen by \($0)" }
        switch options.format {
        case .pcap, .pcapng:
            return .capture(
                CaptureSink(
                    outlet, options.format == .pcap ? .pcap : .pcapng, options.payload == .link ? .packets : .units,
                    comment: comment, joined: joined))
        default: return .records(try records(options, decoder, outlet))
        }
    }

    /// A sink of decoded packets.
    static func records(
        _ options: RouteOptions, _ decoder: RecordDecoder, _ outlet: any Outlet
    ) throws(OutputFile.Failure) -> any RecordSink {
        let types = decoder.types
        let shown = options.fields.map { SinkColumns($0, types: types) }
        // Where parameters were asked for, packets that have none of them are left out.
        let only = options.parameters.map { !$0.isEmpty } ?? false ? shown : nil
        switch options.format {
        case .null, .pcap, .pcapng: return NullSink()
        case .packets: return PacketSink(outlet, types: types)
        case .geojson, .geojsonl:
            return GeoJSONSink(
                outlet, decoder: decoder, isCollection: options.format == .geojson, withRaw: options.withRaw,
                showing: shown)
        case .sqlite:
            return try SQLiteSink(
                path: options.path ?? "", types: types, only: only, showing: shown, version: options.version,
                emptyTable: decoder.emptyTable)
        case .jsonl:
            return JSONLines.sink(outlet, types: types, withRaw: options.withRaw, only: only, showing: shown)
        case .csv:
            if let path = options.path {
                return try CSVFolder(
                    path: path, types: types, fields: options.fields, withRaw: options.withRaw, only: only)
            }
            let columns = shown ?? SinkColumns(nil, types: types, contents: options.contents)
            return CSVRows.sink(
                outlet, types: types, columns: columns, withRaw: options.withRaw, skipsOthers: only != nil)
        case .table:
            guard let shown else {
                return TableSink(outlet, types: types, withRaw: options.withRaw, style: options.style)
            }
            return FieldTableSink(
                outlet, types: types, columns: shown, withRaw: options.withRaw, style: options.style)
        }
    }
}
