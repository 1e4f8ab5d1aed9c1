internal import Bytes

/// Reads what a decoder wrote, row by row: JSON lines, or CSV with a line of names.
final class ResultReader {
    /// What a line is.
    enum Line {
        case row(ResultRow)
        /// Of no packet with an APID.
        case other
        case bad(line: Int, String)
    }

    /// How the file is written.
    enum Form { case jsonLines, csv }

    let form: Form
    private let source: DescriptorSource
    private let file: String
    private let lines: NumberedLines
    private var records: CSVRecords?
    private var columns: ScoreColumns
    /// Of a CSV its names, and which of them are what.
    private var names: [String] = []
    private var places: [ScoreColumn: Int] = [:]
    /// Names of the first object, for who has to be told that none of them is known.
    private var firstNames: [String] = []
    /// Whether any line had an APID.
    private(set) var hasAPIDs = false
    /// The column or member that each meaning was last taken from.
    private(set) var meant: [ScoreColumn: String] = [:]

    /// Opens a file; - is standard input.
    init(_ file: String, told: [ScoreColumn: String]) throws(ScoreFailure) {
        self.file = file
        do {
            source = file == "-" ? DescriptorSource(descriptor: 0, closes: false) : try DescriptorSource(path: file)
        } catch { throw ScoreFailure("\(file) cannot be read: \(error)") }
        guard !source.isFolder else { throw ScoreFailure("\(file) is a folder: name a file of JSON lines or CSV") }
        lines = NumberedLines(source)
        columns = ScoreColumns(told: told)
        guard let (first, number) = lines.peek() else {
            if case .failed(_, let words) = source.ending { throw ScoreFailure("\(file) cannot be read: \(words)") }
            form = .jsonLines
            return
        }
        let start = first.first { $0 > 0x20 }
        if start == UInt8(ascii: "[") {
            throw ScoreFailure(
                "\(file), line \(number): a list stands there where an object or names of columns are wanted: "
                    + "'jq -c .[]' makes a line of each of its objects")
        }
        form = start == UInt8(ascii: "{") ? .jsonLines : .csv
        if form == .csv { try readNames() }
    }

    private func readNames() throws(ScoreFailure) {
        let records = CSVRecords(lines)
        guard var head = records.next(), head.problem == nil else {
            throw ScoreFailure("\(file), line 1: this is neither a JSON object nor a line of names of columns")
        }
        if let first = head.fields.first, first.hasPrefix("\u{FEFF}") { head.fields[0] = String(first.dropFirst()) }
        names = head.fields.map { $0.trimmingBlanks }
        self.records = records
        var ranks: [ScoreColumn: Int] = [:]
        for (place, name) in names.enumerated() {
            guard let (column, rank) = columns.meaning(of: name), rank < ranks[column] ?? .max else { continue }
            (ranks[column], places[column], meant[column]) = (rank, place, name)
        }
        for column in [ScoreColumn.apid, .count] where places[column] == nil { throw missing(column, names) }
        names = names.map { ScoreColumn.lastPart(of: $0) }
    }

    /// Nothing says which packet rows are of.
    private func missing(_ column: ScoreColumn, _ names: [String]) -> ScoreFailure {
        let what = column == .apid ? "the APID" : "the sequence count"
        let found = names.isEmpty ? "" : "; there are \(names.prefix(24).joined(separator: ", "))"
        return ScoreFailure("\(file): no column tells \(what)\(found): say --column \(column.rawValue)=NAME")
    }

    /// The next line; nil at the end.
    func next() throws(ScoreFailure) -> Line? {
        let line = form == .csv ? nextRecord() : nextObject()
        if line == nil {
            if case .failed(_, let words) = source.ending { throw ScoreFailure("\(file) cannot be read: \(words)") }
            if !hasAPIDs, !firstNames.isEmpty { throw missing(.apid, firstNames) }
        }
        return line
    }

    private func nextRecord() -> Line? {
        guard let record = records?.next() else { return nil }
        if let problem = record.problem { return .bad(line: record.line, problem) }
        guard record.fields.count == names.count else {
            return .bad(line: record.line, "\(record.fields.count) fields where \(names.count) names are")
        }
        var heads: [ScoreColumn: JSONText] = [:]
        for (column, place) in places { heads[column] = .text(record.fields[place].trimmingBlanks) }
        var values: [(name: String, value: JSONText)] = []
        values.reserveCapacity(names.count)
        for (name, field) in zip(names, record.fields) where !field.isEmpty { values.append((name, .text(field))) }
        return row(record.line, heads, values)
    }

    private func nextObject() -> Line? {
        while let (octets, number) = lines.next() {
            guard octets.contains(where: { $0 > 0x20 }) else { continue }
            guard let object = JSONText(octets), case .object(let members) = object else {
                return .bad(line: number, "this is no JSON object: \(MessageInput.words(Array(octets.prefix(60))))")
            }
            var walk = ObjectWalk(isOurs: object["parameters"] != nil)
            walk.take(members, 0, &columns)
            if firstNames.isEmpty, !hasAPIDs { firstNames = walk.names }
            meant.merge(walk.meant) { $1 }
            return row(number, walk.heads, walk.values)
        }
        return nil
    }

    private func row(
        _ line: Int, _ heads: [ScoreColumn: JSONText], _ values: [(name: String, value: JSONText)]
    ) -> Line {
        do throws(ResultRow.Trouble) {
            let row = try ResultRow(line: line, heads, values: values)
            hasAPIDs = true
            return .row(row)
        } catch {
            switch error {
            case .other:
                if heads[.apid] != nil { hasAPIDs = true }
                return .other
            case .bad(let words):
                hasAPIDs = true
                return .bad(line: line, words)
            }
        }
    }
}

/// The leaves of an object, and what of them says which packet it is.
private struct ObjectWalk {
    /// Whether it is one of `decode --format jsonl`: then its values are its parameters alone.
    let isOurs: Bool
    var heads: [ScoreColumn: JSONText] = [:]
    var meant: [ScoreColumn: String] = [:]
    var values: [(name: String, value: JSONText)] = []
    private var ranks: [ScoreColumn: Int] = [:]

    init(isOurs: Bool) { self.isOurs = isOurs }

    /// Its names.
    var names: [String] { values.map(\.name) }

    mutating func take(_ members: [(name: String, value: JSONText)], _ depth: Int, _ columns: inout ScoreColumns) {
        for (name, value) in members {
            if isOurs, depth == 0, name == "raw" || name == "limits" || name == "invalid" { continue }
            var value = value
            // Programs that may find a field several times write lists of one.
            if case .list(let list) = value, list.count == 1 { value = list[0] }
            if case .object(let inner) = value {
                take(inner, depth + 1, &columns)
                continue
            }
            if let (column, rank) = columns.meaning(of: name) {
                let rank = rank < 0 ? rank : rank + depth * 1_000
                if rank < ranks[column] ?? .max {
                    (ranks[column], heads[column], meant[column]) = (rank, value, name)
                }
            }
            if !isOurs || depth > 0 { values.append((ScoreColumn.lastPart(of: name), value)) }
        }
    }
}

extension String {
    /// Without blanks in front and behind.
    fileprivate var trimmingBlanks: String {
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 else { return self }
        return String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
