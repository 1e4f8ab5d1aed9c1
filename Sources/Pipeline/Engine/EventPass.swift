internal import BeiDou
internal import Bytes
internal import CCSDS
internal import Capture
internal import Mission
internal import Query
internal import Records

/// A filter that says `within` has to know what comes later, so the files are read a first time.
public struct CannotReadTwice: Error, CustomStringConvertible {
    /// What it was that can be read once only.
    public let name: String
    let reason: String

    init(name: String, reason: String = "'within' needs") { (self.name, self.reason) = (name, reason) }

    /// Words for people.
    public var description: String {
        "\(name) cannot be read twice, as \(reason), which looks ahead: write it to a file first"
    }
}

/// The first reading of files for the conditions of a filter's `within`.
struct EventPass {
    let checked: CheckedFilter
    let databases: [Database]
    let told: ToldLayout?
    let joinsSegments: Bool

    /// Reads the files to their ends, once for each `within`.
    ///
    /// - Parameter progress: called now and then; false ends the reading.
    /// - Returns: when the conditions held.
    func run(_ files: [String], progress: (ReadProgress) -> Bool) throws(CannotReadTwice) -> [EventTimes] {
        for file in files where !Prescan.isFile(file) {
            throw CannotReadTwice(name: file == "-" ? "standard input" : file)
        }
        var known: [EventTimes] = []
        for number in 0..<checked.eventCount {
            let decoder = RecordDecoder(databases, selection: .parameters(checked.parameters))
            let finder = EventFinder(checked, number, known: known, types: decoder.types)
            let context = RecordContext()
            for file in files {
                // What cannot be read is said when it is read again.
                guard let reader = try? CaptureReader.open(file) else { continue }
                look(into: reader, decoder, finder, context, progress: progress)
            }
            known.append(finder.finish())
        }
        return known
    }

    private func look(
        into reader: CaptureReader, _ decoder: RecordDecoder, _ finder: EventFinder, _ context: RecordContext,
        progress: (ReadProgress) -> Bool
    ) {
        let engine = Engine(reader, told: told, known: Prescan.run(path: reader.name, told: told))
        context.beginCapture()
        decoder.beginCapture()
        var ledger = Ledger()
        UnitFeed(engine, joins: joinsSegments).run(progress: progress) { units, found in
            guard !units.isEmpty || !found.isEmpty else { return }
            context.add(found)
            decoder.decode(units, ledger: &ledger).forEach(units) { finder.look($0, $1, context) }
        }
    }
}
