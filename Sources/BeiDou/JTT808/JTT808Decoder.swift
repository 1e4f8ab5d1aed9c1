internal import Bytes
package import Records

/// Fills the columns of one table, one loop a column.
struct JTT808Decoder {
    let table: DecodedTable
    let layout: JTT808Kind.Layout
    let places: JTT808Places
    /// Whether the last field takes what is left, so that there is no tail.
    let isOpen: Bool
    var rows: Int { table.count }

    init(_ table: DecodedTable, _ layout: JTT808Kind.Layout) {
        self.table = table
        self.layout = layout
        if case .open = layout.walk { isOpen = true } else { isOpen = false }
        let needsItems = zip(layout.fields, table.fields).contains { $0.slot >= JTT808Slot.tail && $1 != nil }
        places = JTT808Places(table, layout.walk, withItems: needsItems)
    }

    /// Fills one column.
    func fill(_ column: Column, _ field: JTT808Field) {
        switch field.coding {
        case .phone, .flowNumber, .version, .properties, .messageID, .encryption, .total, .index:
            fillHeader(column, field)
        case .number: convert(column, field, JTT808Number())
        case .signed: convert(column, field, JTT808Signed())
        case .scaled(let divisor, let limit): convert(column, field, JTT808Scaled(divisor: divisor, limit: limit))
        case .choice(let shift, let bits, let codes):
            convert(column, field, JTT808Choice(shift: shift, bits: bits, codes: codes))
        case .flag(let bit): convert(column, field, JTT808Flag(bit: UInt64(bit)))
        case .coordinate(let signBit, let limit): fillCoordinate(column, field, signBit: signBit, limit: limit)
        case .flags(let flags): fillFlags(column, field, flags)
        case .time(let hoursAhead): fillTime(column, field, hoursAhead: hoursAhead)
        case .zone: fillZone(column)
        case .identifier: fillIdentifier(column, field)
        case .padded, .text, .countedText: fillText(column, field)
        case .lead, .content: fillContent(column, field)
        case .octets, .extra, .entries: fillOctets(column, field)
        case .numbers, .items, .indices, .settings: fillList(column, field)
        }
    }

    /// Makes a column ready whose field counts from a slot; true when every row has it.
    @inline(__always)
    func begin(_ column: Column, _ slot: Int) -> Bool {
        let isEverywhere = places.present[slot] == rows
        column.prepare(rows, filler: isEverywhere ? .valid : .notIncluded)
        return isEverywhere
    }

    /// Fills a column of whole numbers of 1, 2 or 4 octets by a conversion.
    private func convert<Conversion: JTT808Conversion>(
        _ column: Column, _ field: JTT808Field, _ conversion: Conversion
    ) {
        let isEverywhere = begin(column, field.slot)
        guard places.present[field.slot] > 0 else { return }
        let isShared = column.valueCells === column.rawCells
        let packetLane = table.packets
        let packets = packetLane.span
        let startLane = places.lane
        let starts = startLane.span
        let first = field.slot * rows
        let (offset, width) = (field.offset, field.width)
        let rawCells = column.rawCells
        var raws = rawCells.writable
        let valueCells = column.valueCells
        var values = valueCells.writable
        for row in 0..<rows {
            let start = Int(starts[first &+ row])
            guard start >= 0 else { continue }
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard start &+ offset &+ width <= bytes.byteCount else {
                column.mark(row, .beyondEnd)
                continue
            }
            let raw = conversion.raw(Self.word(bytes, start &+ offset, width))
            if !isShared { raws[row] = raw }
            values[row] = conversion.value(raw)
            let validity = conversion.validity(raw)
            if validity != .valid {
                column.mark(row, validity)
            } else if !isEverywhere {
                column.states[row] = .valid
            }
        }
    }

    @inline(__always)
    static func word(_ bytes: RawSpan, _ at: Int, _ width: Int) -> UInt64 {
        switch width {
        case 1: UInt64(bytes.u8(at: at))
        case 2: UInt64(bytes.u16(at: at))
        default: UInt64(bytes.u32(at: at))
        }
    }

    /// Reads a field that every message of the type has, so many octets of it from `at` on, row by row.
    @inline(__always)
    func each(
        _ column: Column, _ field: JTT808Field, width: Int,
        _ read: (_ bytes: RawSpan, _ at: Int) -> (raw: UInt64, value: UInt64, validity: Validity)
    ) {
        column.prepare(rows, filler: .valid)
        let packetLane = table.packets
        let packets = packetLane.span
        let startLane = places.lane
        let starts = startLane.span
        let first = field.slot * rows
        let rawCells = column.rawCells
        var raws = rawCells.writable
        let valueCells = column.valueCells
        var values = valueCells.writable
        for row in 0..<rows {
            let at = Int(starts[first &+ row]) &+ field.offset
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard at &+ width <= bytes.byteCount else {
                column.mark(row, .beyondEnd)
                continue
            }
            let (raw, value, validity) = read(bytes, at)
            raws[row] = raw
            values[row] = value
            if validity != .valid { column.mark(row, validity) }
        }
    }

    private func fillCoordinate(_ column: Column, _ field: JTT808Field, signBit: Int, limit: UInt64) {
        let offset = field.offset
        each(column, field, width: 4) { bytes, at in
            let raw = UInt64(bytes.u32(at: at))
            let isNegative = bytes.u32(at: at &- offset &+ 4) >> UInt32(signBit) & 1 == 1 && raw != 0
            let degrees = Double(raw) / 1e6
            return (raw, (isNegative ? -degrees : degrees).bitPattern, raw > limit ? .outOfRange : .valid)
        }
    }

    private func fillZone(_ column: Column) {
        column.prepare(rows, filler: .valid)
        let start = table.arena.count
        table.arena.append(octets: Array(JTT808Text.zone.utf8))
        let cell = OctetRange(start: start, count: table.arena.count - start, isInArena: true).cell
        column.rawCells.fill(cell)
        column.valueCells.fill(cell)
    }
}

extension JTT808Family {
    package static func decode(_ table: DecodedTable, type: Int) {
        guard JTT808Kind.layouts.indices.contains(type), table.count > 0 else { return }
        let decoder = JTT808Decoder(table, JTT808Kind.layouts[type])
        for (field, column) in zip(decoder.layout.fields, table.fields) {
            if let column { decoder.fill(column, field) }
        }
    }
}

/// How a word becomes a cell. Static dispatch: the loop is compiled for each.
protocol JTT808Conversion {
    func raw(_ word: UInt64) -> UInt64
    func value(_ raw: UInt64) -> UInt64
    func validity(_ raw: UInt64) -> Validity
}

extension JTT808Conversion {
    @inline(__always) func raw(_ word: UInt64) -> UInt64 { word }
    @inline(__always) func validity(_ raw: UInt64) -> Validity { .valid }
}

struct JTT808Number: JTT808Conversion {
    @inline(__always) func value(_ raw: UInt64) -> UInt64 { raw }
}

/// Two octets in two's complement.
struct JTT808Signed: JTT808Conversion {
    @inline(__always) func value(_ raw: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: raw)))
    }
}

struct JTT808Scaled: JTT808Conversion {
    let divisor: Double
    let limit: UInt64
    @inline(__always) func value(_ raw: UInt64) -> UInt64 { (Double(raw) / divisor).bitPattern }
    @inline(__always) func validity(_ raw: UInt64) -> Validity { raw > limit ? .outOfRange : .valid }
}

struct JTT808Flag: JTT808Conversion {
    let bit: UInt64
    @inline(__always) func raw(_ word: UInt64) -> UInt64 { word &>> bit & 1 }
    @inline(__always) func value(_ raw: UInt64) -> UInt64 { raw }
}

struct JTT808Choice: JTT808Conversion {
    private let shift: UInt64
    private let mask: UInt64
    /// For each code the index of its label, 255: none.
    private let indexes: [UInt8]

    /// Codes lie below 256.
    init(shift: Int, bits: Int, codes: [UInt64]) {
        self.shift = UInt64(shift)
        mask = 1 << UInt64(bits) - 1
        var indexes = [UInt8](repeating: 255, count: 256)
        for (index, code) in codes.enumerated() { indexes[Int(code)] = UInt8(index) }
        self.indexes = indexes
    }

    @inline(__always) func raw(_ word: UInt64) -> UInt64 { word &>> shift & mask }
    @inline(__always) func value(_ raw: UInt64) -> UInt64 { UInt64(indexes[Int(raw & 255)]) }
    @inline(__always) func validity(_ raw: UInt64) -> Validity { indexes[Int(raw & 255)] == 255 ? .noLabel : .valid }
}
