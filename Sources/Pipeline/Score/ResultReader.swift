internal import Bytes
internal import Records

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

    let file: String
    private let form: Form
    private let source: any OctetSource
    private let lines: NumberedLines
    private var records: CSVRecords?
    private var columns: ScoreColumns
    /// What was read last.
    private(set) var line = ScoreLine()
    private var heads = ResultHeads()
    /// Of a CSV its names, and which of them are what.
    private var names: [(part: Int?, meaning: ScoreColumn?)] = []
    /// Names of the first object, for who has to be told that none of them is known.
    private var firstNames: [String] = []
    /// Whether any line had an APID, and any a sequence count.
    private var hasAPIDs = false
    private var hasCounts = false
    /// The column or member that each meaning was last taken from.
    var meant: [ScoreColumn: String] { columns.meant }

    /// Opens a file; - is standard input.
    ///
    /// - Parameter truth: the names of the values that the truth has; all others are passed over.
    init(_ file: String, told: [ScoreColumn: String], truth: NameTable) throws(ScoreFailure) {
        self.file = file
        source = try TextSource.open(file, wanted: "JSON lines or CSV")
        lines = NumberedLines(source)
        columns = ScoreColumns(told: told, truth: truth)
        guard let (first, number) = lines.peek() else {
            if let words = TextSource.problem(source) { throw ScoreFailure("\(file) cannot be read: \(words)") }
            form = .jsonLines
            return
        }
        guard !first.contains(where: { $0 < 0x09 }) else {
            throw ScoreFailure(
                "\(file) is no text: name what a decoder wrote, JSON lines or CSV in UTF-8; 'starlane decode \(file) -o "
                    + "mine.jsonl' makes that of a capture")
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
        guard let head = records.next(), head.problem == nil else {
            throw ScoreFailure("\(file), line 1: this is neither a JSON object nor a line of names of columns")
        }
        let fields = head.fields.map { $0.trimmingBlanks }
        self.records = records
        names = columns.read(names: fields)
        try checkTold(fields)
        for column in [ScoreColumn.apid, .count] where meant[column] == nil { throw missing(column, fields) }
    }

    /// Nothing says which packet rows are of.
    private func missing(_ column: ScoreColumn, _ names: [String]) -> ScoreFailure {
        let what = column == .apid ? "the APID" : "the sequence count"
        let found = names.isEmpty ? "" : "; there are \(names.prefix(24).joined(separator: ", "))"
        return ScoreFailure("\(file): no column tells \(what)\(found): say --column \(column.rawValue)=NAME")
    }

    /// Refuses names that were told and that nothing has.
    private func checkTold(_ names: [String]) throws(ScoreFailure) {
        guard let (column, name) = columns.missed.first else { return }
        throw ScoreFailure(
            "\(file): there is no \(name), which --column \(column.rawValue)=\(name) names\(Names.hint(name, in: names)); "
                + "there are \(names.prefix(24).joined(separator: ", "))")
    }

    /// The next line; nil at the end.
    func next() throws(ScoreFailure) -> Line? {
        let line = form == .csv ? nextRecord() : nextObject()
        if line == nil {
            if let words = TextSource.problem(source) { throw ScoreFailure("\(file) cannot be read: \(words)") }
            if !firstNames.isEmpty {
                try checkTold(firstNames)
                if !hasAPIDs { throw missing(.apid, firstNames) }
                if !hasCounts { throw missing(.count, firstNames) }
            }
        }
        return line
    }

    private func nextRecord() -> Line? {
        guard let (number, problem) = records?.next(onto: &line.tape) else { return nil }
        if let problem { return .bad(line: number, problem) }
        let count = line.tape.values.count
        guard count == names.count else { return .bad(line: number, "\(count) fields where \(names.count) names are") }
        Self.take(names, &line, &heads)
        return row(number)
    }

    private static func take(
        _ names: [(part: Int?, meaning: ScoreColumn?)], _ line: inout ScoreLine, _ heads: inout ResultHeads
    ) {
        line.values.removeAll(keepingCapacity: true)
        heads.removeAll()
        for (place, (part, meaning)) in names.enumerated() {
            if let part, !line.tape.isEmpty(at: place) { line.values.append((part, place)) }
            if let meaning { heads.take(line.tape.trimmed(place), as: meaning, rank: 0) }
        }
    }

    private func nextObject() -> Line? {
        while true {
            line.tape.removeAll()
            guard let number = lines.next(behind: &line.tape.octets) else { return nil }
            guard line.tape.octets.contains(where: { $0 > 0x20 }) else { continue }
            guard line.tape.readJSONObject() else { return .bad(line: number, line.tape.problem) }
            columns.read(&line, &heads)
            // Those of the first line that is of a packet, or of the first one.
            if firstNames.isEmpty || !hasAPIDs && heads[.apid] != nil { firstNames = ScoreColumns.names(line.tape) }
            if heads[.count] != nil { hasCounts = true }
            return row(number)
        }
    }

    private func row(_ number: Int) -> Line {
        do throws(ResultRow.Trouble) {
            let row = try ResultRow(line: number, line.tape, heads)
            hasAPIDs = true
            return .row(row)
        } catch {
            switch error {
            case .other:
                if heads[.apid] != nil { hasAPIDs = true }
                return .other
            case .bad(let words):
                hasAPIDs = true
                return .bad(line: number, words)
            }
        }
    }
}

extension ValueTape {
    /// The place of a text without blanks in front and behind.
    fileprivate mutating func trimmed(_ place: Int) -> Int {
        let (start, end) = (Int(values[place].octets.start), Int(values[place].octets.end))
        guard start < end, octets[start] <= 0x20 || octets[end - 1] <= 0x20 else { return place }
        let count = octets.count
        octets += words(at: place).trimmingBlanks.utf8
        add(text: count..<octets.count)
        return values.count - 1
    }
}

extension String {
    /// Without blanks in front and behind.
    var trimmingBlanks: String {
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 else { return self }
        return String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
