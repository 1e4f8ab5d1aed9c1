internal import Bytes
internal import CCSDS
internal import Glibc
internal import Records

/// A folder with a CSV file for each packet type, with that type's own columns, made when the first packet of it comes.
///
/// A file is open only while something is written to it, so that there may be more types than a process may have files.
final class CSVFolder: StoringSink {
    private let path: String
    private let names: [String]
    private let skips: [Bool]
    private let skipsUntyped: Bool
    private let typeCount: Int
    /// Out while it writes.
    private var writer: CSVRows?
    private let groups = TypeGroups()
    /// For each type its page, and behind them that of packets without a type; nil where none came yet.
    private var pages: [Page?]
    private(set) var stored = 0

    /// A file, and the text that is to go into it.
    private final class Page {
        let file: OutputFile
        var out = TextBuffer(capacity: 1 << 16)
        /// How many packets the text holds.
        var rows = 0
        init(_ file: OutputFile) { self.file = file }
    }

    /// A text of so many octets goes into its file.
    private static let mostWaiting = 1 << 16

    /// - Parameters:
    ///   - path: a folder, which is made where it is absent.
    ///   - fields: those asked for; nil for all.
    ///   - columns: what was asked for, where packets that have none of it are left out.
    init(
        path: String, types: [PacketType], fields: [String]?, withRaw: Bool, only columns: SinkColumns?
    ) throws(OutputFile.Failure) {
        self.path = path.hasSuffix("/") ? path : path + "/"
        typeCount = types.count
        names = SafeNames.of(types, taken: [Self.unknown]) + [Self.unknown]
        skips = types.indices.map { type in columns.map { !$0.shows(type) } ?? false }
        skipsUntyped = columns != nil
        writer = CSVRows(types, CSVLayout.own(types, fields), withRaw: withRaw)
        pages = Array(repeating: nil, count: types.count + 1)
        guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw OutputFile.failure("the folder \(path) cannot be made")
    }

    private static let unknown = "packets_unknown"

    func count(_ decoded: DecodedBatch, _ chosen: Lane<Int32>) -> Int {
        groups.fill(chosen.span, decoded, types: typeCount)
        return groups.count(decoded, skips: skips, skipsUntyped: skipsUntyped)
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        groups.fill(chosen.span, decoded, types: typeCount)
        writer?.begin(decoded, context.origins)
        for type in decoded.typesPresent where !skips[type] { try write(type, units, decoded, context) }
        if !skipsUntyped { try write(-1, units, decoded, context) }
    }

    private func write(
        _ type: Int, _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let groups = self.groups
        let some = groups.units(ofType: type)
        guard some.count > 0, let page = try page(type), let writer = writer.take() else { return }
        var cursor = context.cursor
        let rows = decoded.rows
        // A local for the loop: what belongs to an object is checked at each use.
        var out = TextBuffer(capacity: 16)
        swap(&out, &page.out)
        for index in some.indices {
            let unit = units[Int(some[index])]
            writer.line(
                unit, units.bytes(of: unit), cursor.index(of: unit), type, Int(rows[Int(some[index])]), decoded, &out)
            page.rows += 1
            if out.count > Self.mostWaiting {
                swap(&out, &page.out)
                try put(page)
                swap(&out, &page.out)
            }
        }
        swap(&out, &page.out)
        self.writer = consume writer
    }

    private func put(_ page: Page) throws(OutputFile.Failure) {
        try page.file.write(&page.out)
        stored += page.rows
        page.rows = 0
        try page.file.setAside()
    }

    private func page(_ type: Int) throws(OutputFile.Failure) -> Page? {
        let index = type >= 0 ? type : typeCount
        if let page = pages[index] { return page }
        let page = Page(try OutputFile(path: "\(path)\(names[index]).csv"))
        try page.file.setAside()
        writer?.header(ofType: type, &page.out)
        pages[index] = page
        return page
    }

    func flush() throws(OutputFile.Failure) {
        for case let page? in pages where page.out.count > 0 { try put(page) }
    }

    /// Puts all files in their places, also when some of them cannot be written further: they end with a whole row.
    func finish() throws(OutputFile.Failure) {
        var failure: OutputFile.Failure?
        for case let page? in pages {
            do throws(OutputFile.Failure) { try put(page) } catch { failure = failure ?? error }
            do throws(OutputFile.Failure) { try page.file.close() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }
}
