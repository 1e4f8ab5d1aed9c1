internal import Bytes
package import Records

/// The columns that every message with a content has: what its octets are, and what they say.
///
/// - `content`: the octets, without an A4 in front of mixed content.
/// - `lead`: the first octet of mixed or code content where it is one of ``ContentLead``.
/// - `text`: Chinese text (with U+FFFD and `.badText` where it is damaged), the digits of a number, mixed content that is
///   text from end to end, the text of a device message. Not included in all other content.
/// - the others: of a position payload (lead A0). A field of it that cannot be is `.malformed`; a payload of another
///   length than 13 octets is `.badSize`.
package struct ContentColumns {
    /// The parameters, one behind the other in a type's list: `lead`, `text`, `content`, and those of a position payload.
    package static func parameters(family: String, type: String) -> [ParameterInfo] {
        func info(
            _ name: String, _ kind: ValueKind, _ raw: RawKind, _ description: String, _ unit: String = ""
        ) -> ParameterInfo {
            ParameterInfo(
                name: "\(family).\(type).\(name)", shortName: name, aliases: ["message.\(name)"],
                description: description, unit: unit, kind: kind, rawKind: raw)
        }
        return [
            info("lead", .unsigned, .unsigned, "first octet, where it says what follows; 164 (A4): a text"),
            info("text", .string, .bytes, "the content as text, where it is one"),
            info("content", .binary, .bytes, "the content as octets"),
            info("time_of_day", .string, .unsigned, "of a position in the content, UTC"),
            info("latitude", .float, .unsigned, "of a position in the content, north positive", "deg"),
            info("longitude", .float, .unsigned, "of a position in the content, east positive", "deg"),
            info("height", .float, .unsigned, "of a position in the content, above mean sea level", "m"),
            info("height_anomaly", .float, .unsigned, "of a position in the content, geoid above the ellipsoid", "m"),
        ]
    }

    private let lead, text, content: Column?
    private let time, latitude, longitude, height, anomaly: Column?
    private let needsPosition: Bool
    private let isNeeded: Bool

    /// The columns of a table, the first of which is the field `first`; they are prepared, every value not included.
    package init(_ table: DecodedTable, first: Int) {
        let columns = (first..<first + 8).map { table.fields[$0] }
        for column in columns { column?.prepare(table.count, filler: .notIncluded) }
        (lead, text, content) = (columns[0], columns[1], columns[2])
        (time, latitude, longitude, height, anomaly) = (columns[3], columns[4], columns[5], columns[6], columns[7])
        needsPosition = columns[3...].contains { $0 != nil }
        isNeeded = columns.contains { $0 != nil }
    }

    /// Writes the values of one row.
    ///
    /// - Parameters:
    ///   - range: the octets of the content, unpacked from hex and with digits packed two in an octet, in the message or in
    ///     the table's arena.
    ///   - bits: how many bits of them count.
    package func write(_ row: Int, _ range: OctetRange, bits: Int, form: ContentForm, in table: DecodedTable) {
        guard isNeeded else { return }
        let shape = withOctets(range, row, table) { ContentShape($0, bits: bits, form: form) }
        if let lead, let octet = shape.lead {
            lead.rawCells[row] = UInt64(octet)
            lead.valueCells[row] = UInt64(octet)
            lead.mark(row, .valid)
        }
        if let content {
            let cell = range.part(at: shape.start, count: shape.count - shape.start).cell
            content.rawCells[row] = cell
            content.valueCells[row] = cell
            content.mark(row, .valid)
        }
        if let text, shape.text != .none { write(shape, to: text, row, range, table) }
        guard shape.isPosition, needsPosition else { return }
        guard shape.count == PositionFields.length else {
            for column in [time, latitude, longitude, height, anomaly] { column?.mark(row, .badSize) }
            return
        }
        write(withOctets(range, row, table) { PositionFields($0) }, row, table)
    }

    /// Gives `read` the octets of a range. What lies in the arena is true until the arena grows.
    private func withOctets<Result>(
        _ range: OctetRange, _ row: Int, _ table: DecodedTable, _ read: (RawSpan) -> Result
    ) -> Result {
        let whole = range.isInArena ? table.arena.extent : table.packets[row]
        // The table keeps its arena, and packets live as long as it is filled.
        return read(unsafe whole.slice(at: range.start, count: range.count).bytes(keptBy: table))
    }

    private func write(
        _ shape: ContentShape, to column: Column, _ row: Int, _ range: OctetRange, _ table: DecodedTable
    ) {
        let octetCount = shape.text == .digits ? (shape.textCount + 1) / 2 : shape.textCount
        let source = range.part(at: shape.textStart, count: octetCount)
        let start = table.arena.count
        // The arena may move while text is added to it: what lies in it is read from a copy.
        let state: Validity =
            if source.isInArena {
                copiedText(shape, source, row, table)
            } else {
                withOctets(source, row, table) { Self.append($0, shape, to: table.arena) }
            }
        guard state != .notIncluded else { return }
        let written = OctetRange(start: start, count: table.arena.count - start, isInArena: true)
        column.rawCells[row] = source.cell
        column.valueCells[row] = written.cell
        column.mark(row, state)
    }

    /// Text whose octets lie in the arena that it is added to.
    private func copiedText(
        _ shape: ContentShape, _ source: OctetRange, _ row: Int, _ table: DecodedTable
    ) -> Validity {
        withOctets(source, row, table) { octets in
            scratch.removeAll()
            scratch.append(octets)
        }
        return Self.append(scratch.bytes, shape, to: table.arena)
    }

    private let scratch = ByteBuffer()

    /// Adds the text of some content; `.notIncluded` when it is none, and then nothing is added.
    static func append(_ octets: RawSpan, _ shape: ContentShape, to buffer: ByteBuffer) -> Validity {
        switch shape.text {
        case .none: return .notIncluded
        case .digits:
            BeiDou.append(digits: shape.textCount, of: octets, to: buffer)
            return .valid
        case .mixed: return GBK.append(octets, to: buffer, controls: .layout) ? .valid : .notIncluded
        case .chinese:
            if GBK.append(octets, to: buffer) { return .valid }
            GBK.appendForgiving(octets, to: buffer)
            return .badText
        }
    }

    private func write(_ fields: PositionFields, _ row: Int, _ table: DecodedTable) {
        if let time {
            time.rawCells[row] = UInt64(fields.time)
            if let parts = fields.timeParts {
                let start = table.arena.count
                append(parts, to: table.arena)
                time.valueCells[row] = OctetRange(start: start, count: 11, isInArena: true).cell
                time.mark(row, .valid)
            } else {
                time.mark(row, .malformed)
            }
        }
        write(fields.latitudeTenths.map { Double($0) / 36_000 }, fields.latitude, to: latitude, row)
        write(fields.longitudeTenths.map { Double($0) / 36_000 }, fields.longitude, to: longitude, row)
        write(fields.height.map(Double.init), fields.rawHeight, to: height, row)
        // Heights of kind 1 have no anomaly.
        guard fields.heightKind != 1 else { return }
        write(fields.heightAnomaly.map(Double.init), fields.rawAnomaly, to: anomaly, row)
    }

    private func write(_ value: Double?, _ raw: UInt32, to column: Column?, _ row: Int) {
        guard let column else { return }
        column.rawCells[row] = UInt64(raw)
        if let value { column.valueCells[row] = value.bitPattern }
        column.mark(row, value == nil ? .malformed : .valid)
    }

    /// Adds `08:49:36.50`.
    private func append(
        _ parts: (hour: UInt32, minute: UInt32, second: UInt32, hundredths: UInt32), to buffer: ByteBuffer
    ) {
        var text = InlineArray<11, UInt8>(repeating: UInt8(ascii: ":"))
        func put(_ value: UInt32, at index: Int) {
            text[index] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
            text[index &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
        }
        put(parts.hour, at: 0)
        put(parts.minute, at: 3)
        put(parts.second, at: 6)
        text[8] = UInt8(ascii: ".")
        put(parts.hundredths, at: 9)
        buffer.append(text.span.octets)
    }
}

extension OctetRange {
    /// A part of a range.
    fileprivate func part(at offset: Int, count: Int) -> OctetRange {
        OctetRange(start: start + offset, count: count, isInArena: isInArena)
    }
}
