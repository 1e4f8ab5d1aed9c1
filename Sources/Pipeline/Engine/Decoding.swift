internal import CCSDS
internal import Records
public import Capture
public import Mission
public import Bytes

/// Decodes captures with mission databases into a sink: what `decode` does, packet after packet in the order of the
/// capture.
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
        /// Not at all: everything is decoded and thrown away.
        case null
    }

    /// What to write and how.
    public struct Options: Sendable {
        /// How packets are written.
        public var format = Format.table
        /// The header fields and parameters wanted, by name; nil for all.
        public var fields: [String]?
        /// What has columns in a CSV of all fields; nil for every type there is.
        public var contents: Contents?
        /// Whether raw values stand beside the engineering values.
        public var withRaw = false
        /// Whether packets that hold parts of one piece of data are joined by their sequence flags before they are decoded.
        public var joinsSegments = false
        /// Where a database is, or the folder for a CSV file a packet type; nil: packets go into the file.
        public var path: String?
        /// The version of the program, which a database keeps.
        public var version = ""
        /// How text for people is styled.
        public var style = TextStyle.plain

        /// A table of everything.
        public init() {}
    }

    /// A field that nothing has.
    public struct UnknownField: Error, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    private let decoder: RecordDecoder
    private let sink: any RecordSink
    private let joinsSegments: Bool
    /// How many packets and messages the database held before; nil where it is new or there is none.
    public private(set) var rowsBefore: Int?
    private let context = RecordContext()
    /// How many packets were decoded, idle ones not counted.
    public private(set) var packets = 0
    /// How many of them a database explains.
    public private(set) var explained = 0
    /// How many of them are parts of one piece of data that were not joined.
    public private(set) var segments = 0

    /// A decoding into a file.
    public init(_ databases: [Database], into file: OutputFile, _ options: Options) throws {
        let headers = Set(HeaderField.allCases.map(\.rawValue))
        let parameters = options.fields?.filter { !headers.contains($0) }
        decoder = RecordDecoder(databases, selection: parameters.map { .parameters($0) } ?? .all)
        for field in parameters ?? [] {
            guard case .unknown(let others) = decoder.meaning(of: field) else { continue }
            let header = headers.first { $0 == field.lowercased() }
            let nearest = (header.map { [$0] } ?? []) + others
            let near = nearest.isEmpty ? "" : "; near it are \(nearest.prefix(5).joined(separator: ", "))"
            let names = HeaderField.allCases.map(\.rawValue).joined(separator: ", ")
            throw UnknownField(
                description: "no field is called '\(field)'\(near); besides parameters there are \(names)")
        }
        joinsSegments = options.joinsSegments
        let skipsOthers = parameters.map { !$0.isEmpty } ?? false
        let types = decoder.types
        switch options.format {
        case .null: sink = NullSink()
        case .sqlite:
            let only = skipsOthers ? SinkColumns(options.fields, types: types) : nil
            let database = try SQLiteSink(
                path: options.path ?? "", types: types, only: only, version: options.version,
                emptyTable: decoder.emptyTable)
            sink = database
            rowsBefore = database.rowsBefore
        case .jsonl:
            let only = skipsOthers ? SinkColumns(options.fields, types: types) : nil
            sink = JSONLines.sink(file, types: types, withRaw: options.withRaw, only: only)
        case .csv where options.path != nil:
            let only = skipsOthers ? SinkColumns(options.fields, types: types) : nil
            sink = try CSVFolder(
                path: options.path ?? "", types: types, fields: options.fields, withRaw: options.withRaw, only: only)
        case .csv:
            let columns = SinkColumns(options.fields, types: types, contents: options.contents)
            sink = CSVRows.sink(
                file, types: types, columns: columns, withRaw: options.withRaw, skipsOthers: skipsOthers)
        case .table:
            if let fields = options.fields {
                sink = FieldTableSink(
                    file, types: types, columns: SinkColumns(fields, types: types), withRaw: options.withRaw,
                    style: options.style)
            } else {
                sink = TableSink(file, types: types, withRaw: options.withRaw, style: options.style)
            }
        }
    }

    /// Decodes a capture to its end.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read is still decoded.
    /// - Returns: where the octets went.
    public func run(
        _ reader: CaptureReader, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(OutputFile.Failure) -> Ledger {
        let engine = Engine(reader, told: told, known: known)
        let ledgerSink = sink as? any LedgerSink
        try ledgerSink?.begin(reader.name, octets: reader.totalSize)
        var finder = OriginFinder()
        context.beginCapture()
        decoder.beginCapture()
        // Parts of one file are not continued by those of another.
        let joiner = joinsSegments ? SegmentJoiner() : nil
        var units = Batch<Unit>()
        var joined = Batch<Unit>(capacity: joiner == nil ? 1 : 512)
        var parameterLedger = Ledger()
        while engine.next(into: &units) {
            if !progress(ReadProgress(reader)) { engine.stop() }
            guard !units.isEmpty else { continue }
            context.add(finder.find(units, engine))
            if let joiner {
                joined.removeAll()
                joiner.process(units, into: &joined)
                try write(joined, &parameterLedger)
            } else {
                try write(units, &parameterLedger)
            }
        }
        var ledger = engine.ledger
        if let joiner, joiner.broken + joiner.waiting > 0 {
            // The octets of the parts were entered when they were decoded.
            let place = joiner.firstBroken ?? (packet: 0, offset: 0)
            ledger.reject(
                .packet, "segments that are missing their others", count: joiner.broken + joiner.waiting, bytes: 0,
                packet: place.packet, offset: place.offset)
        }
        ledger.addRejections(of: parameterLedger)
        try ledgerSink?.end(ledger)
        return ledger
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) { try sink.finish() }

    private func write(
        _ units: borrowing Batch<Unit>, _ ledger: inout Ledger
    ) throws(OutputFile.Failure) {
        let decoded = decoder.decode(units, ledger: &ledger)
        decoded.forEach(units) { count($0, $1) }
        try sink.write(units, decoded, context)
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
