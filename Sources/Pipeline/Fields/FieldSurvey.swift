public import Bytes
internal import CCSDS
public import Capture
public import Mission
internal import Query
internal import Records

/// Finds out which fields occur in captures, how often, and what their values are: what `fields` does with files.
///
///     let survey = try FieldSurvey(databases, FieldList(databases), FieldSurvey.Options())
///     let ledger = survey.run(reader)
///     for field in survey.finish() { … field.found … }
public final class FieldSurvey {
    /// What is looked at.
    public struct Options: Sendable {
        /// Which packets are looked at.
        public var conditions = Conditions()
        /// What packets of the network have to match, in libpcap's language; nil for all.
        public var captureFilter: String?
        /// Whether packets that hold parts of one piece of data are joined by their sequence flags before they are decoded.
        public var joinsSegments = false

        /// All packets.
        public init() {}
    }

    private let list: FieldList
    private let options: Options
    private let databases: [Database]
    private let decoder: RecordDecoder
    private let filtering: Filtering?
    private let chooser: Chooser
    private let context = RecordContext()
    private let rows = Lane<Int32>()
    private let isChosen = Lane<Bool>()
    private var header: HeaderTally
    /// For each packet type what is counted of its columns; empty where no packet of it came yet.
    private var tallies: [[Entry]]
    /// Why packets cannot be matched with the capture filter; nil while they can.
    public private(set) var captureFilterRefusal: String?
    /// How many packets and messages were looked at.
    public private(set) var packets = 0

    /// A column that belongs to a field.
    private struct Entry {
        let column: Int
        /// The place of the field in the list.
        let field: Int
        var tally: ColumnTally
    }

    /// More parameters than that are not chosen one by one: everything is decoded then.
    private static let mostNames = 40

    /// A survey of the fields of a list.
    ///
    /// - Throws: a `FilterError`, a `CaptureFilter.Refusal`.
    public init(_ databases: [Database], _ list: FieldList, _ options: Options) throws {
        (self.databases, self.list, self.options) = (databases, list, options)
        let checked = try options.conditions.check(databases)
        if let filter = options.captureFilter { _ = try CaptureFilter(filter) }
        let isFew = list.parameters.count <= Self.mostNames
        let names = Array(list.parameters) + (checked?.parameters ?? [])
        let decoder = RecordDecoder(databases, selection: isFew ? .parameters(names) : .all)
        self.decoder = decoder
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        header = HeaderTally(types: decoder.types.count)
        tallies = Array(repeating: [], count: decoder.types.count)
    }

    /// Looks through all files beforehand, where the filter asks for what comes later.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        try filtering?.lookAhead(
            files, databases, told: told, joinsSegments: options.joinsSegments, progress: progress)
    }

    /// Reads a capture to its end.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read counts.
    /// - Returns: where the octets went.
    public func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) -> Ledger {
        let engine = Engine(
            reader, told: told, known: known, captureFilter: options.captureFilter.flatMap { try? CaptureFilter($0) })
        context.beginCapture()
        decoder.beginCapture()
        var parameterLedger = Ledger()
        let feed = UnitFeed(engine, joins: options.joinsSegments)
        feed.run(progress: progress) { units, found in
            guard !units.isEmpty || !found.isEmpty else { return }
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
        chooser.choose(units, decoded, context)
        var number = 0
        decoded.forEach(units) {
            add($0, $1, chooser.chosen[number])
            number += 1
        }
    }

    private func add(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>) {
        guard chosen.count > 0 else { return }
        packets += chosen.count
        header.add(units, decoded, chosen, context)
        isChosen.resize(to: units.count, filler: false)
        isChosen.fill(false)
        for index in 0..<chosen.count { isChosen[Int(chosen[index])] = true }
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            rows.removeAll()
            for row in 0..<table.count where isChosen[Int(table.units[row])] {
                rows.append(Int32(truncatingIfNeeded: row))
            }
            guard rows.count > 0 else { continue }
            if tallies[type].isEmpty { tallies[type] = entries(table) }
            for index in tallies[type].indices {
                tallies[type][index].tally.add(table.columns[tallies[type][index].column], rows)
            }
        }
    }

    /// The columns of a type that belong to fields. What the type has several times under one name is the last of them.
    private func entries(_ table: DecodedTable) -> [Entry] {
        var fields = list.places[table.typeIndex]
        return table.columns.indices.reversed().compactMap { column in
            let info = table.columns[column].info
            return fields.removeValue(forKey: info.name).map {
                Entry(column: column, field: $0, tally: ColumnTally(info))
            }
        }
    }

    /// The fields that occur, in the order of the list, with what was found of them.
    public func finish() -> [Field] {
        var found = list.fields.map { field in
            switch field.owner {
            case .packets, .filters: header.found(field.name, context.origins, decoder.types) ?? Field.Found()
            case .mission, .messages: Field.Found()
            }
        }
        var counts: [[String: Int]] = Array(repeating: [:], count: found.count)
        for entry in tallies.joined() { entry.tally.enter(into: &found[entry.field], &counts[entry.field]) }
        return zip(list.fields, zip(found, counts)).compactMap { field, what in
            var (found, counts) = what
            guard found.packets > 0 else { return nil }
            if !counts.isEmpty { found.enter(counts) }
            var field = field
            field.found = found
            return field
        }
    }
}
