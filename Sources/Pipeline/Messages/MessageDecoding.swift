internal import BeiDou
public import Bytes
internal import Records
internal import Transport

/// Decodes single messages, outside of any capture, into a sink.
public final class MessageDecoding {
    private let decoder = RecordDecoder([])
    private let sink: any RecordSink
    private let context = RecordContext()
    private let chooser = Chooser()

    /// How decoded messages are written into a file: as `decode` writes them.
    ///
    /// - Throws: what makes the sink fail.
    public init(
        into file: OutputFile, format: Decoding.Format, withRaw: Bool, style: TextStyle
    ) throws(OutputFile.Failure) {
        var options = RouteOptions()
        (options.format, options.withRaw, options.style) = (format, withRaw, style)
        sink = try SinkMaker.records(options, decoder, file)
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
        let decoded = decoder.decode(units, ledger: &ledger)
        chooser.choose(units, decoded, context)
        try sink.write(units, decoded, chooser, context)
        return (units.count, ledger)
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) { try sink.finish() }
}
