internal import Bytes
internal import Records
internal import Glibc
internal import Mission

extension TextBuffer {
    /// Adds a point in time that a packet states, as ISO 8601 in UTC with the decimals that it carries.
    mutating func append(_ time: StatedTime, digits: Int) {
        if time.attoseconds >= 1_000_000_000_000_000_000 {
            // Inside a leap second: rare enough for the general way.
            return append(time.text(digits: digits))
        }
        append(secondsSince1970: time.seconds)
        if digits > 0 {
            append(UInt8(ascii: "."))
            var rest = time.attoseconds
            for _ in digits..<18 { rest /= 10 }
            append(rest, digits: digits)
        }
        append(UInt8(ascii: "Z"))
    }

    /// Adds a text, octets or a time that is there, as a JSON string.
    mutating func appendJSON(octetsOf column: Column, _ row: Int) {
        switch column.info.kind {
        case .string: return appendJSON(text: column.text(at: row))
        case .list: return append(column.text(at: row))
        case .binary:
            append(UInt8(ascii: "\""))
            appendHex(column.bytes(at: row))
        default:
            append(UInt8(ascii: "\""))
            append(column.time(at: row), digits: column.info.timeDigits)
        }
        append(UInt8(ascii: "\""))
    }

    /// Adds an engineering value that is there, as people and spreadsheets read it: no quotes, labels for numbers.
    mutating func appendPlain(_ column: Column, _ cell: UInt64, _ row: Int) {
        switch column.info.kind {
        case .unsigned: append(cell)
        case .signed: append(Int64(bitPattern: cell))
        case .float: appendPlain(Double(bitPattern: cell))
        case .enumeration, .boolean:
            let labels = column.info.labels
            if cell < labels.count { append(labels[Int(cell)]) } else { append(cell) }
        case .string, .list: append(column.text(at: row))
        case .binary: appendHex(column.bytes(at: row))
        case .time: append(column.time(at: row), digits: column.info.timeDigits)
        }
    }

    /// Adds an engineering value for people: of a number no more than nine digits, since those behind are the noise of
    /// binary fractions.
    mutating func appendReadable(_ column: Column, _ cell: UInt64, _ row: Int) {
        if column.info.kind == .string { return append(visible: column.text(at: row)) }
        // What a sentence carries without a layout is mostly text: then digits of its octets say less.
        let isAsItStands = column.info.rawKind == .text && cell == column.raws[row]
        if column.info.kind == .binary, isAsItStands, column.bytes(at: row).isASCII {
            return append(visible: column.bytes(at: row))
        }
        guard column.info.kind == .float else { return appendPlain(column, cell, row) }
        appendReadable(Double(bitPattern: cell))
    }

    /// Adds an engineering value that is there for people, with its unit.
    ///
    /// - Parameter isWhole: whether one that is too long for a line is written to its end.
    mutating func appendMeasured(_ column: Column, _ row: Int, isWhole: Bool = false) {
        let cell = column.values[row]
        if isWhole { appendReadable(column, cell, row) } else { appendBounded { $0.appendReadable(column, cell, row) } }
        // A time is printed as a date: what its count was in says nothing there.
        guard !column.info.unit.isEmpty, column.info.kind != .time else { return }
        append(" ")
        append(column.info.unit)
    }

    /// Adds how a value stands to its limits; nothing where all is well.
    mutating func append(_ state: LimitState, _ style: TextStyle) {
        guard state != .nominal else { return }
        append("  ")
        append(state >= .distress ? style.alarm : style.warning)
        append(state.name.uppercased())
        append(style.end)
    }

    /// Adds spacecraft, virtual channel, APID and count of a packet.
    mutating func appendAddress(_ unit: Unit, _ origin: Origin) {
        if let spacecraft = origin.spacecraft, let vcid = origin.vcid {
            append(spacecraft)
            append("/")
            append(vcid)
            append("/")
        }
        append(UInt64(unit.apid))
        if !unit.marks.contains(.encapsulation) {
            append(" #")
            append(UInt64(unit.sequence))
        }
    }

    /// Adds a number with no more than nine digits.
    mutating func appendReadable(_ value: Double) {
        guard value.isFinite, value.magnitude < 1e9, value.magnitude >= 1e-3 else { return appendPlain(value) }
        let scale = pow(10, Double(8 - Int(log10(value.magnitude).rounded(.down))))
        append((value * scale).rounded() / scale)
    }

    /// Adds a raw value for people.
    mutating func appendReadable(raw column: Column, _ cell: UInt64, _ row: Int) {
        guard column.info.rawKind == .text else { return appendPlain(raw: column, cell, row) }
        let octets = column.rawBytes(at: row)
        if octets.isUTF8 { append(visible: octets) } else { appendHex(octets) }
    }

    /// Adds what is written, cut where it is wider than a line or two: the other formats have it whole.
    mutating func appendBounded(_ fill: (inout TextBuffer) -> Void) {
        let start = count
        fill(&self)
        guard columns(from: start) > 96 else { return }
        let characters = bytes.slice(at: start, count: count - start).characters
        truncate(to: start + bytes.slice(at: start, count: count - start).prefix(columns: 88).octets)
        append("… (")
        append(characters)
        append(" characters)")
    }

    /// The columns that what was written since `start` takes on a terminal.
    func columns(from start: Int) -> Int { bytes.slice(at: start, count: count - start).columns }

    /// Adds a text for a terminal: what others wrote neither ends a line nor commands the terminal.
    mutating func append(visible text: RawSpan) {
        var start = 0
        for index in 0..<text.byteCount {
            let octet = text.u8(at: index)
            guard octet < 0x20 || octet == 0x7F else { continue }
            append(text.slice(at: start, count: index - start))
            start = index + 1
            switch octet {
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            default:
                append("\\x")
                appendHex([octet].octets)
            }
        }
        append(text.slice(at: start, count: text.byteCount - start))
    }

    /// Adds a raw value that is there, without quotes.
    mutating func appendPlain(raw column: Column, _ cell: UInt64, _ row: Int) {
        switch column.info.rawKind {
        case .unsigned: append(cell)
        case .signed: append(Int64(bitPattern: cell))
        case .float: appendPlain(Double(bitPattern: cell))
        case .bytes: appendHex(column.rawBytes(at: row))
        case .text:
            let text = column.rawBytes(at: row)
            if text.isUTF8 { append(text) } else { appendHex(text) }
        }
    }

    /// Adds the octets of a field as a JSON string: as the text that they are, else in hex behind `0x`. A text that begins
    /// so itself stands in hex, too: nobody has to guess.
    mutating func appendJSON(rawText octets: RawSpan) {
        let looksHex = octets.byteCount >= 2 && octets.u8(at: 0) == 0x30 && octets.u8(at: 1) == 0x78
        if octets.isUTF8 && !looksHex { return appendJSON(text: octets) }
        append("\"0x")
        appendHex(octets)
        append(UInt8(ascii: "\""))
    }

    /// Adds a number; NaN and the infinities by their names.
    mutating func appendPlain(_ number: Double) {
        if number.isFinite { return append(number) }
        append(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
    }
}

extension Validity {
    /// Why a value is not there, or not to be trusted, in a word for programs; nil where all is well.
    var word: StaticString? {
        switch self {
        case .valid, .notIncluded: nil
        case .beyondEnd: "beyond the end"
        case .badSize: "size not possible"
        case .badString: "string does not end"
        case .badText: "not in its character set"
        case .noLabel: "no label"
        case .notCalibrated: "outside the calibrator"
        case .noTime: "time cannot be told"
        case .outOfRange: "outside the valid range"
        case .malformed: "malformed"
        }
    }
}
