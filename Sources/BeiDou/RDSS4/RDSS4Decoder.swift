internal import Bytes
internal import Records

/// Fills the columns of one table of frames with the same layout: field by field, a loop over all rows for each.
struct RDSS4Decoder {
    let table: DecodedTable
    let layout: RDSS4Layout

    /// Fills all columns that are needed.
    func decode() {
        for (index, field) in layout.fields.enumerated() {
            guard let column = table.fields[layout.parameterIndex(ofField: index)] else { continue }
            column.prepare(table.count, filler: .valid)
            decode(field, column)
        }
        contents()
    }

    private func decode(_ field: RDSS4Field, _ column: Column) {
        switch field.meaning {
        case .number(let most): each(field, column) { raw in (raw, raw <= most ? .valid : .outOfRange) }
        case .contentBits, .flag: each(field, column) { raw in (raw, .valid) }
        case .signed:
            let unused = UInt64(64 - field.bits)
            each(field, column) { raw in (UInt64(bitPattern: Int64(bitPattern: raw << unused) >> Int64(unused)), .valid)
            }
        case .labels(let labels): names(field, column, labels)
        case .address: each(field, column) { raw in (raw & 0x1F_FFFF, .valid) }
        case .signMagnitude(let sign, let parts):
            let (bit, below) = (UInt64(1) << UInt64(sign), (UInt64(1) << UInt64(sign)) - 1)
            each(field, column) { raw in
                let size = Int64(truncatingIfNeeded: raw & below)
                return ((Double(raw & bit == 0 ? size : -size) / parts).bitPattern, .valid)
            }
        case .fraction(let parts): each(field, column) { raw in ((Double(raw) / parts).bitPattern, .valid) }
        case .coordinate(let kind): coordinates(field, column, kind)
        case .clock: clocks(field, column)
        case .date: dates(field, column)
        case .feedbackSentence: feedbackSentences(field, column)
        case .feedbackWait: feedbackWaits(field, column)
        case .letters, .octets: runs(field, column, upToCheck: false)
        case .rest: runs(field, column, upToCheck: true)
        case .restText: texts(field, column)
        case .beams: beams(field, column)
        case .receipts(let offset): receipts(field, column, offset: offset)
        case .addresses: addresses(field, column)
        case .extra: extras(column)
        case .contentState: contentStates(field, column)
        case .contentForm: contentForms(field, column)
        }
    }

    /// The octets of a row.
    @inline(__always) @_lifetime(borrow self)
    func frame(_ packets: Span<Extent>, _ row: Int) -> RawSpan {
        // The table keeps its packets until its next batch.
        unsafe packets[row].bytes(keptBy: self)
    }

    /// Reads the number of a field in every row that has it, and writes what `value` makes of it.
    @inline(__always)
    func each(_ field: RDSS4Field, _ column: Column, _ value: (UInt64) -> (cell: UInt64, validity: Validity)) {
        each(field, column) { raw, _, _ in value(raw) }
    }

    /// The same for values that look at more of the frame, or at their row.
    @inline(__always)
    func each(
        _ field: RDSS4Field, _ column: Column,
        _ value: (UInt64, RawSpan, Int) -> (cell: UInt64, validity: Validity)
    ) {
        let (place, width, shift, mask) = (field.place, field.width, UInt64(field.shift), field.mask)
        eachRow(column, shortest: field.shortest) { bytes, row in
            let at = place >= 0 ? place : bytes.byteCount &+ place
            // One load whose last octet is the field's last: fields end at the tenth octet of a frame or behind it.
            let raw = (bytes.u64(at: at &+ width &- 8) &>> shift) & mask
            let (cell, validity) = value(raw, bytes, row)
            return (raw, cell, validity)
        }
    }

    /// Writes what `read` makes of every row that is long enough.
    @inline(__always)
    func eachRow(
        _ column: Column, shortest: Int,
        _ read: (RawSpan, Int) -> (raw: UInt64, cell: UInt64, validity: Validity)
    ) {
        let (lane, rawCells, valueCells, marks) = (table.packets, column.rawCells, column.valueCells, column.states)
        let packets = lane.span
        var raws = rawCells.writable
        var values = valueCells.writable
        var states = marks.writable
        // Kept here: a property of a class costs a check of exclusive access each time.
        var isMixed = false
        for row in 0..<packets.count {
            let bytes = frame(packets, row)
            guard bytes.byteCount >= shortest else {
                states[row] = .beyondEnd
                isMixed = true
                continue
            }
            let (raw, cell, validity) = read(bytes, row)
            // The value last: both are one lane where raw and value are the same.
            raws[row] = raw
            values[row] = cell
            if validity != .valid {
                states[row] = validity
                isMixed = true
            }
        }
        if isMixed { column.isMixed = true }
    }

    private func names(_ field: RDSS4Field, _ column: Column, _ labels: RDSS4Labels) {
        let indexes = labels.indexes.span
        each(field, column) { raw in
            let index = indexes[Int(truncatingIfNeeded: raw & 0xFF)]
            return (UInt64(index), index == 255 ? .noLabel : .valid)
        }
    }

    private func coordinates(_ field: RDSS4Field, _ column: Column, _ kind: RDSS4Coordinate) {
        let most = kind.most
        let (plus, minus) = kind.letters.map { (UInt64($0.plus), UInt64($0.minus)) } ?? (0, 0)
        each(field, column) { raw in
            let (degree, minute) = (raw &>> 24 & 0xFF, raw &>> 16 & 0xFF)
            let (second, tenth, letter) = (raw &>> 8 & 0xFF, raw & 0xFF, raw &>> 32)
            let parts = degree &* 36_000 &+ minute &* 600 &+ second &* 10 &+ tenth
            guard minute < 60, second < 60, tenth < 10, letter == plus || letter == minus else {
                return (0, .malformed)
            }
            let value = Double(parts) / RDSS4Coordinate.partsOfDegree
            let signed = letter == minus && minus != 0 && parts != 0 ? -value : value
            return (signed.bitPattern, parts <= most &* 36_000 ? .valid : .outOfRange)
        }
    }

    private func dates(_ field: RDSS4Field, _ column: Column) {
        let base: UInt64 = field.width == 6 ? 2_000 : 0
        each(field, column) { raw in
            let year = base + raw &>> 40
            let (month, day, hour) = (raw &>> 32 & 0xFF, raw &>> 24 & 0xFF, raw &>> 16 & 0xFF)
            let (minute, second) = (raw &>> 8 & 0xFF, raw & 0xFF)
            guard (1...9_999).contains(year), (1...12).contains(month), hour < 24, minute < 60, second < 60,
                day >= 1, day <= Self.daysInMonth(month, year: year)
            else { return (0, .malformed) }
            let days = StatedTime.days(year: Int(year), month: Int(month), day: Int(day))
            let seconds = Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
            return (UInt64(bitPattern: seconds), .valid)
        }
    }

    static func daysInMonth(_ month: UInt64, year: UInt64) -> UInt64 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}
