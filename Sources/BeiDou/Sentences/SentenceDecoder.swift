internal import Bytes
internal import Records

/// Fills the columns of a table of sentences: chunks of rows that stay in the nearest cache, in each chunk the places of
/// all columns first, then a loop for each parameter.
struct SentenceDecoder {
    let table: DecodedTable
    let plan: SentencePlan
    /// The places of a chunk's rows, ``SentencePlan/stride`` a row.
    let places: Lane<Int>
    /// Short texts of a chunk, two words a row.
    let texts = Lane<UInt64>()
    /// Lists of a row.
    let list = Lane<UInt8>()

    private static let chunk = 256

    init(_ table: DecodedTable, _ plan: SentencePlan) {
        self.table = table
        self.plan = plan
        places = table.registers
    }

    func run() {
        let count = table.count
        var content: (columns: ContentColumns, field: SentenceOperation, form: SentenceOperation)?
        var work: [(SentenceOperation, Column)] = []
        for operation in plan.operations {
            if let column = table.fields[operation.parameter] {
                column.prepare(count, filler: .valid)
                work.append((operation, column))
            }
            guard case .content(let form) = operation.field.kind else { continue }
            let range = operation.parameter + 1..<operation.parameter + 9
            if table.fields[range].contains(where: { $0 != nil }) {
                let columns = ContentColumns(table, first: operation.parameter + 1)
                content = (columns, operation, plan.operations[form])
            }
        }
        fillTalker()
        guard !work.isEmpty || content != nil else { return }
        let locator = SentenceLocator(plan: plan, places: places)
        places.resize(to: Self.chunk * plan.stride, filler: 0)
        for first in stride(from: 0, to: count, by: Self.chunk) {
            let rows = min(Self.chunk, count - first)
            locator.locate(table, first: first, count: rows)
            for (operation, column) in work { fill(operation, column, first, rows) }
            if let content { fillContent(content.columns, content.field, content.form, first, rows) }
        }
    }

    private func fillTalker() {
        guard let column = table.fields[0] else { return }
        column.prepare(table.count, filler: .valid)
        column.rawCells.fill(OctetRange(start: 1, count: 2, isInArena: false).cell)
        column.valueCells.fill(OctetRange(start: 1, count: 2, isInArena: false).cell)
    }

    /// One parameter over the rows of a chunk.
    private func fill(_ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int) {
        switch operation.field.kind {
        case .text: fillTexts(operation, column, first, rows)
        case .unitLetter(let usual):
            let usual = usual.utf8.first ?? 0
            each(operation, column, first, rows) { message, start, end in
                if end &- start == 1, message.u8(at: start) == usual { return (0, .notIncluded) }
                return message.slice(at: start, count: end &- start).isASCII
                    ? (Self.range(start, end), .valid) : (0, .malformed)
            }
        case .body:
            each(operation, column, first, rows) { _, start, end in (Self.range(start, end), .valid) }
        case .content:
            // What is no ASCII stands as octets in the content's own columns.
            each(operation, column, first, rows) { message, start, end in
                message.slice(at: start, count: end &- start).isASCII
                    ? (Self.range(start, end), .valid) : (0, .notIncluded)
            }
        case .octets: fillOctets(operation, column, first, rows)
        case .number:
            each(operation, column, first, rows) { message, start, end in
                Self.cell(FieldParser.unsigned(message, start, end))
            }
        case .hexNumber:
            each(operation, column, first, rows) { message, start, end in
                Self.cell(FieldParser.hex(message, start, end))
            }
        case .level:
            each(operation, column, first, rows) { message, start, end in
                Self.cell(FieldParser.unsigned(message, start, end).map { $0 == 0 ? 5 : $0 })
            }
        case .minutesSeconds:
            each(operation, column, first, rows) { message, start, end in
                Self.cell(FieldParser.minutesSeconds(message, start, end))
            }
        case .decimal(let times):
            if times != 1 { return fillProducts(times, operation, column, first, rows) }
            each(operation, column, first, rows) { message, start, end in
                Self.cell(FieldParser.decimal(message, start, end))
            }
        case .code: fillCodes(operation.codes, operation, column, first, rows)
        case .flag(let yes, let no):
            let yes = yes.utf8.first ?? 0
            let no = no.utf8.first ?? 0
            each(operation, column, first, rows) { message, start, end in
                let letter = message.u8(at: start)
                guard end &- start == 1, letter == yes || letter == no else { return (0, .malformed) }
                return (letter == yes ? 1 : 0, .valid)
            }
        case .latitude:
            eachPair(operation, column, first, rows) { message, start, end in
                FieldParser.angle(message, start, end, degreeDigits: 2, UInt8(ascii: "N"), UInt8(ascii: "S"))
            }
        case .longitude:
            eachPair(operation, column, first, rows) { message, start, end in
                FieldParser.angle(message, start, end, degreeDigits: 3, UInt8(ascii: "E"), UInt8(ascii: "W"))
            }
        case .variation:
            eachPair(operation, column, first, rows) { message, start, end in
                FieldParser.variation(message, start, end)
            }
        case .timeOfDay:
            eachShort(operation, column, first, rows) { message, start, end in
                FieldParser.timeOfDay(message, start, end)
            }
        case .hourMinute:
            eachShort(operation, column, first, rows) { message, start, end in
                FieldParser.hourMinute(message, start, end)
            }
        case .date:
            eachShort(operation, column, first, rows) { message, start, end in
                FieldParser.date(message, start, end)?.text ?? ShortText()
            }
        case .dayMonthYear:
            eachShort(operation, column, first, rows) { message, start, end in
                FieldParser.dayMonthYear(message, start, end)?.text ?? ShortText()
            }
        case .zone:
            eachShort(operation, column, first, rows) { message, start, end in FieldParser.zone(message, start, end) }
        case .list(let list): fillList(list, operation, column, first, rows)
        case .utc, .system, .satellite, .satellites, .modeLetter, .anyMode, .part:
            fillDerived(operation, column, first, rows)
        }
    }

    // MARK: Cells

    @inline(__always)
    static func range(_ start: Int, _ end: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: start) &<< 32 | UInt64(truncatingIfNeeded: end &- start)
    }

    @inline(__always)
    private static func cell(_ number: UInt64?) -> (UInt64, Validity) {
        if let number { (number, .valid) } else { (0, .malformed) }
    }

    @inline(__always)
    private static func cell(_ number: Double) -> (UInt64, Validity) {
        (number.bitPattern, number.isNaN ? .malformed : .valid)
    }

    /// Holds a chunk's rows to what the lanes have, so that a loop over them need not check each index.
    @inline(__always)
    private func check(_ rows: Int, _ first: Int, _ places: Int, _ raws: Int, _ values: Int, _ states: Int) {
        let end = first &+ rows
        precondition(
            rows &* plan.stride <= places && end <= raws && end <= values && end <= states && end <= table.count,
            "a chunk lies inside its table")
    }

    /// Reads a field of each row that has it, and writes its raw cell and its value.
    @inline(__always)
    func each(
        _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int,
        _ parse: (RawSpan, Int, Int) -> (UInt64, Validity)
    ) {
        eachIndexed(operation, column, first, rows) { _, message, start, end in parse(message, start, end) }
    }

    /// The same for values that look at their place in the chunk.
    @inline(__always)
    private func eachIndexed(
        _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int,
        _ parse: (Int, RawSpan, Int, Int) -> (UInt64, Validity)
    ) {
        let placeLane = places
        let places = placeLane.span
        let extents = table.packets
        let packets = extents.span
        let (from, to, stride) = (operation.from, operation.to, plan.stride)
        let (rawLane, valueLane, stateLane) = (column.rawCells, column.valueCells, column.states)
        var raws = rawLane.writable
        var values = valueLane.writable
        var states = stateLane.writable
        var isMixed = false
        check(rows, first, places.count, raws.count, values.count, states.count)
        for index in 0..<rows {
            let base = index &* stride
            // Every index of the loop lies inside, as was checked in front of it.
            let start = unsafe places[unchecked: base &+ from] &+ 1
            let end = unsafe places[unchecked: base &+ to]
            let row = first &+ index
            guard end > start else {
                unsafe raws[unchecked: row] = end == start ? Self.range(start, end) : 0
                unsafe states[unchecked: row] = .notIncluded
                isMixed = true
                continue
            }
            unsafe raws[unchecked: row] = Self.range(start, end)
            let message = unsafe packets[unchecked: row].bytes(keptBy: table)
            let (value, validity) = parse(index, message, start, end)
            unsafe values[unchecked: row] = value
            if validity != .valid {
                unsafe states[unchecked: row] = validity
                isMixed = true
            }
        }
        if isMixed { column.isMixed = true }
    }

    /// The same for a number and its letter, which are not there when the number is not.
    @inline(__always)
    private func eachPair(
        _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int,
        _ parse: (RawSpan, Int, Int) -> Double
    ) {
        each(operation, column, first, rows) { message, start, end in
            if message.u8(at: start) == ASCII.comma { return (0, .notIncluded) }
            return Self.cell(parse(message, start, end))
        }
    }

    /// The same for a value that is a short text, which is written to the arena for all rows at once.
    @inline(__always)
    private func eachShort(
        _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int,
        _ parse: (RawSpan, Int, Int) -> ShortText
    ) {
        texts.resize(to: 2 * rows, filler: 0)
        let words = texts
        let arena = UInt64(truncatingIfNeeded: table.arena.count)
        eachIndexed(operation, column, first, rows) { index, message, start, end in
            let text = parse(message, start, end)
            words[2 &* index] = text.low
            words[2 &* index &+ 1] = text.high
            let place = arena &+ UInt64(truncatingIfNeeded: 16 &* index)
            let cell = 1 &<< 63 | place &<< 32 | UInt64(truncatingIfNeeded: text.count)
            if text.count > 0 { return (cell, .valid) }
            // Commas alone are columns without a value.
            return (cell, Self.holdsOnlyCommas(message, start, end) ? .notIncluded : .malformed)
        }
        table.arena.append(texts.span.octets)
    }

    /// Numbers multiplied, rounded to seven decimals so that 0.08 kn is 0.14816 km/h and not a neighbour of it.
    private func fillProducts(
        _ times: Double, _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        each(operation, column, first, rows) { message, start, end in
            let number = FieldParser.decimal(message, start, end) * times
            // What is too large, or no number, is left as it is.
            guard abs(number) < 1e9 else { return Self.cell(number) }
            return Self.cell(Double(Int64(number * 1e7 + (number < 0 ? -0.5 : 0.5))) / 1e7)
        }
    }

    private func fillCodes(
        _ codes: CodeTable, _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let labels = codes.labels.span
        if codes.isNumeric {
            each(operation, column, first, rows) { message, start, end in
                guard let number = FieldParser.unsigned(message, start, end) else { return (0, .malformed) }
                guard number < 256, labels[Int(truncatingIfNeeded: number)] != 0xFF else { return (0, .noLabel) }
                return (UInt64(labels[Int(truncatingIfNeeded: number)]), .valid)
            }
        } else {
            each(operation, column, first, rows) { message, start, end in
                let label = labels[Int(message.u8(at: start))]
                return end &- start == 1 && label != 0xFF ? (UInt64(label), .valid) : (0, .noLabel)
            }
        }
    }
}
