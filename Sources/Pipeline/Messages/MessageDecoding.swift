internal import BeiDou
public import Bytes
internal import Records
internal import Transport

/// Decodes single messages, outside of any capture, into a sink.
public final class MessageDecoding {
    private let decoder = RecordDecoder([])
    private let sink: any RecordSink
    private let context = RecordContext()

    /// How decoded messages are written into a file: as `decode` writes them.
    public init(into file: OutputFile, format: Decoding.Format, withRaw: Bool, style: TextStyle) {
        let types = decoder.types
        sink =
            switch format {
            case .null: NullSink()
            case .jsonl: JSONLines.sink(file, types: types, withRaw: withRaw, only: nil)
            case .csv:
                CSVRows.sink(
                    file, types: types, columns: SinkColumns(nil, types: types), withRaw: withRaw, skipsOthers: false)
            // Single messages go into no database.
            case .table, .sqlite: TableSink(file, types: types, withRaw: withRaw, style: style)
            }
        context.beginCapture()
        context.add([(key: UInt64(UInt32.max), origin: Origin(flow: "message"))])
    }

    /// Decodes the messages in some octets and writes them.
    ///
    /// - Returns: how many there were, and where the octets went.
    public func decode(_ octets: RawSpan) throws(OutputFile.Failure) -> (messages: Int, ledger: Ledger) {
        var payloads = Batch<Payload>(capacity: 1)
        payloads.append(
            Payload(extent: Extent(octets), time: .unknown, packet: 0, offset: 0, flow: 0))
        var ledger = Ledger()
        ledger.bytes = octets.byteCount
        let scanner = MessageScanner(joinsParts: false)
        var units = Batch<Unit>()
        scanner.process(payloads, at: 0..<1, into: &units, ledger: &ledger)
        scanner.finish(into: &units, ledger: &ledger)
        try sink.write(units, decoder.decode(units, ledger: &ledger), context)
        return (units.count, ledger)
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) { try sink.finish() }
}
