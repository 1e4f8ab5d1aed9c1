internal import CCSDS
internal import Query
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
        /// Not at all: everything is decoded and thrown away.
        case null
    }

    /// What to write and how.
    public struct Options: Sendable {
        /// How packets are written.
        public var format = Format.table
        /// The header fields and parameters wanted, by name; nil for all.
        public var fields: [String]?
        /// Which packets are written.
        public var conditions = Conditions()
        /// What has columns in a CSV of all fields; nil for every type there is.
        public var contents: Contents?
        /// Whether raw values stand beside the engineering values.
        public var withRaw = false
        /// Whether packets that hold parts of one piece of data are joined by their sequence flags before they are decoded.
        public var joinsSegments = false
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
    private let context = RecordContext()
    private let filtering: Filtering?
    private let chooser: Chooser
    /// How many packets were written.
    public private(set) var chosen = 0
    /// How many packets were decoded, idle ones not counted.
    public private(set) var packets = 0
    /// How many of them a database explains.
    public private(set) var explained = 0
    /// How many of them are parts of one piece of data that were not joined.
    public private(set) var segments = 0

    /// A decoding into a file.
    ///
    /// - Throws: an ``UnknownField`` or a `FilterError`.
    public init(_ databases: [Database], into file: OutputFile, _ options: Options) throws {
        let checked = try options.conditions.check(databases)
        let parameters = options.fields?.filter { HeaderField.named($0) == nil }
        let wanted = parameters.map { .parameters($0 + (checked?.parameters ?? [])) } ?? Selection.all
        let decoder = RecordDecoder(databases, selection: wanted)
        self.decoder = decoder
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        for field in parameters ?? [] {
            guard case .unknown(let others) = decoder.meaning(of: field) else { continue }
            let header = Names.nearest(to: field, in: HeaderField.allCases.map(\.rawValue))
            let nearest = others + header
            let near = nearest.isEmpty ? "" : "; near it are \(nearest.prefix(5).joined(separator: ", "))"
            let names = HeaderField.printed.map(\.rawValue).joined(separator: ", ")
            throw UnknownField(
                description: "no field is called '\(field)'\(near); besides parameters there are \(names)")
        }
        joinsSegments = options.joinsSegments
        let skipsOthers = parameters.map { !$0.isEmpty } ?? false
        let types = decoder.types
        let shown = options.fields.map { SinkColumns($0, types: types) }
        switch options.format {
        case .null: sink = NullSink()
        case .jsonl:
            let only = skipsOthers ? shown : nil
            sink = JSONLines.sink(file, types: types, withRaw: options.withRaw, only: only, showing: shown)
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

    /// Looks through all files beforehand, where the filter asks for what comes later.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        try filtering?.lookAhead(
            files, decoder.databases, told: told, joinsSegments: joinsSegments, progress: progress)
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
                try write(&joined, &parameterLedger)
            } else {
                try write(&units, &parameterLedger)
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
        return ledger
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) { try sink.finish() }

    private func write(
        _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) throws(OutputFile.Failure) {
        filtering?.sift(&units, context)
        guard !units.isEmpty else { return }
        let decoded = decoder.decode(units, ledger: &ledger)
        decoded.forEach(units) { count($0, $1) }
        chooser.choose(units, decoded, context)
        chosen += chooser.count
        try sink.write(units, decoded, chooser, context)
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
