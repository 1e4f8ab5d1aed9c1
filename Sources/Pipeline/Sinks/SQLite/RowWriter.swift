internal import Bytes
internal import Records

/// Puts the packets of one type into their table.
struct RowWriter {
    private let statement: RowStatement
    private let places: [TableLayout.Places]
    private let invalid: Int32
    private let isMessage: Bool
    /// For each parameter its name, as the column `invalid` has it, ready to be written.
    private let names: [Extent]
    /// The labels of all parameters.
    private let labels: [Extent]
    /// For each parameter of the type the first of its labels; nil where it is not written.
    let pieces: [(key: Extent, labels: Int32)?]
    /// The row that was written last is of this origin: its numbers stand in their places.
    private var origin = -1

    init(_ statement: RowStatement, _ layout: TableLayout, _ type: PacketType?, _ keys: inout FieldKeys) {
        self.statement = statement
        places = layout.places
        invalid = layout.invalid
        isMessage = type?.dialect != nil
        var (names, labels): ([Extent], [Extent]) = ([], [])
        var pieces = [(key: Extent, labels: Int32)?](repeating: nil, count: type?.parameters.count ?? 0)
        let shown = type?.having(layout.columns)
        let printed: [String] = shown.map { printedNames($0) } ?? []
        for (column, (parameter, name)) in zip(layout.columns, zip(shown?.parameters ?? [], printed)) {
            names.append(
                keys.piece { out in
                    out.append(",")
                    out.appendJSON(name)
                    out.append(":")
                })
            pieces[column] = (.empty, Int32(labels.count))
            guard parameter.kind == .enumeration else { continue }
            for label in parameter.labels { labels.append(keys.piece { $0.append(label) }) }
        }
        (self.names, self.labels, self.pieces) = (names, labels, pieces)
    }

    /// Writes the header of a packet.
    @inline(__always)
    private mutating func header(_ unit: Unit, _ origin: Int, _ origins: [RowOrigin]) {
        if unit.time.isKnown { statement.bind(1, unit.time.nanoseconds) } else { statement.bindNull(1) }
        if unit.packet > 0 { statement.bind(2, unsigned: unit.packet) } else { statement.bindNull(2) }
        if origin != self.origin {
            self.origin = origin
            let known = origins[origin]
            statement.bind(3, known.flow)
            if !isMessage {
                if let spacecraft = known.spacecraft { statement.bind(4, spacecraft) } else { statement.bindNull(4) }
                if let vcid = known.vcid { statement.bind(5, vcid) } else { statement.bindNull(5) }
            }
        }
        guard !isMessage else { return }
        if unit.marks.contains(.encapsulation) {
            statement.bindNull(6)
            statement.bindNull(7)
        } else {
            statement.bind(6, Int64(unit.apid))
            statement.bind(7, Int64(unit.sequence))
        }
    }

    /// Writes packets of the type; false when the database refuses one.
    ///
    /// - Parameter chosen: their indexes in the batch.
    mutating func write(
        _ chosen: Span<Int32>, _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ table: DecodedTable,
        _ views: borrowing CellViews, _ origins: [RowOrigin], _ cursor: inout OriginCursor,
        keptBy keys: borrowing FieldKeys
    ) -> Bool {
        let columns = table.columns
        let rows = decoded.rows
        let first = views.range(of: table.typeIndex).lowerBound
        let isMixed = columns.contains { !$0.isAllValid }
        for index in chosen.indices {
            let number = Int(chosen[index])
            let unit = units[number]
            let row = Int(rows[number])
            header(unit, cursor.index(of: unit), origins)
            for index in places.indices {
                let place = places[index]
                let view = views[first &+ index]
                if view.validity(row, keptBy: views).hasValue {
                    value(view, row, place.value, columns, views, keys)
                    if place.limit > 0 { limit(view.limit(row, keptBy: views), place.limit) }
                } else {
                    statement.bindNull(place.value)
                    if place.limit > 0 { statement.bindNull(place.limit) }
                }
                guard place.raw > 0 else { continue }
                if view.hasRaw(row, keptBy: views) {
                    raw(view, row, place.raw, columns, views)
                } else {
                    statement.bindNull(place.raw)
                }
            }
            if invalid > 0 {
                if isMixed { invalid(row, first, views, keys) } else { statement.bindNull(invalid) }
            }
            guard statement.run() else { return false }
        }
        return true
    }

    /// Writes packets that no database explains.
    mutating func write(
        unknown chosen: Span<Int32>, _ units: borrowing Batch<Unit>, _ origins: [RowOrigin],
        _ cursor: inout OriginCursor
    ) -> Bool {
        for index in chosen.indices {
            let unit = units[Int(chosen[index])]
            header(unit, cursor.index(of: unit), origins)
            if unit.marks.contains(.encapsulation) {
                statement.bind(8, Int64(unit.apid))
            } else {
                statement.bindNull(8)
            }
            statement.bind(9, octets: units.bytes(of: unit))
            guard statement.run() else { return false }
        }
        return true
    }

    @inline(__always)
    private func value(
        _ view: CellView, _ row: Int, _ place: Int32, _ columns: [Column], _ views: borrowing CellViews,
        _ keys: borrowing FieldKeys
    ) {
        let cell = view.value(row, keptBy: views)
        switch view.kind {
        case .float: statement.bind(place, Double(bitPattern: cell))
        case .unsigned: statement.bind(place, unsigned: cell)
        case .signed, .boolean: statement.bind(place, Int64(bitPattern: cell))
        case .enumeration:
            // Labels are pieces of the keys, which live as long as the sink.
            unsafe statement.bind(
                place, text: labels[Int(view.labels) + Int(truncatingIfNeeded: cell)].bytes(keptBy: keys))
        case .string, .list:
            let column = columns[Int(view.column)]
            statement.bind(place, text: column.text(at: row))
        case .binary:
            let column = columns[Int(view.column)]
            statement.bind(place, octets: column.bytes(at: row))
        case .time: time(columns[Int(view.column)], row, place)
        }
    }

    /// A time is text: it may lie outside the years that nanoseconds reach, and has as many decimals as it carries.
    private func time(_ column: Column, _ row: Int, _ place: Int32) {
        var text = TextBuffer(capacity: 64)
        text.append(column.time(at: row), digits: column.info.timeDigits)
        statement.bind(place, copying: text.bytes)
    }

    @inline(__always)
    private func raw(
        _ view: CellView, _ row: Int, _ place: Int32, _ columns: [Column], _ views: borrowing CellViews
    ) {
        let cell = view.raw(row, keptBy: views)
        switch view.rawKind {
        case .unsigned: statement.bind(place, unsigned: cell)
        case .signed: statement.bind(place, Int64(bitPattern: cell))
        case .float: statement.bind(place, Double(bitPattern: cell))
        case .bytes:
            let column = columns[Int(view.column)]
            statement.bind(place, octets: column.rawBytes(at: row))
        case .text:
            let column = columns[Int(view.column)]
            let octets = column.rawBytes(at: row)
            // What is no UTF-8 stands as the octets that it is.
            if octets.isUTF8 { statement.bind(place, text: octets) } else { statement.bind(place, octets: octets) }
        }
    }

    @inline(__always)
    private func limit(_ state: LimitState, _ place: Int32) {
        if state == .nominal { return statement.bindNull(place) }
        var text = TextBuffer(capacity: 16)
        text.append(state.name)
        statement.bind(place, copying: text.bytes)
    }

    /// Why values are not there, or not to be trusted, as JSON lines say it.
    private func invalid(_ row: Int, _ first: Int, _ views: borrowing CellViews, _ keys: borrowing FieldKeys) {
        var text = TextBuffer(capacity: 64)
        for index in names.indices {
            guard let word = views[first &+ index].validity(row, keptBy: views).word else { continue }
            if text.count == 0 { text.append("{") }
            text.append(names[index], keptBy: keys, isFirst: text.count == 1)
            text.append("\"")
            text.append(word)
            text.append("\"")
        }
        if text.count == 0 { return statement.bindNull(invalid) }
        text.append("}")
        statement.bind(invalid, copying: text.bytes)
    }
}

/// An origin as rows have it.
struct RowOrigin: BitwiseCopyable {
    /// The number of its flow in the database.
    var flow: Int64
    var spacecraft: Int64?
    var vcid: Int64?
}
