internal import Bytes
internal import Records

/// Values that follow from several fields.
extension SentenceDecoder {
    func fillDerived(_ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int) {
        let fields = plan.operations
        switch operation.field.kind {
        case .utc(let time, let date): fillUTC(fields[time], fields[date], column, first, rows)
        case .system(let id, let numbers): fillSystem(fields[id], fields[numbers], column, first, rows)
        case .satellite(let id, let number): fillSatellite(fields[id], fields[number], column, first, rows)
        case .satellites(let id, let numbers): fillSatellites(fields[id], fields[numbers], column, first, rows)
        case .modeLetter(let field, let place):
            fillMode(fields[field], place, operation.codes, column, first, rows)
        case .anyMode(let field): fillAnyMode(fields[field], column, first, rows)
        case .part(let source, let element, let offset, let stride, let counts):
            fillPart(
                of: fields[source], element, offset: offset, stride: stride, counts: counts.map { fields[$0] }, column,
                first, rows)
        default: break
        }
    }

    /// Writes a value of each row, from the message and where the row's places begin. There is no raw value.
    @inline(__always)
    func eachDerived(
        _ column: Column, _ first: Int, _ rows: Int, _ value: (RawSpan, Int) -> (UInt64, Validity)
    ) {
        let extents = table.packets
        let packets = extents.span
        let stride = plan.stride
        let (rawLane, valueLane, stateLane) = (column.rawCells, column.valueCells, column.states)
        var raws = rawLane.writable
        var values = valueLane.writable
        var states = stateLane.writable
        var isMixed = false
        for index in 0..<rows {
            let row = first &+ index
            let message = unsafe packets[row].bytes(keptBy: table)
            let (cell, validity) = value(message, index &* stride)
            raws[row] = 0
            values[row] = cell
            if validity != .valid {
                states[row] = validity
                isMixed = true
            }
        }
        if isMixed { column.isMixed = true }
    }

    // MARK: Time

    private func fillUTC(
        _ time: SentenceOperation, _ date: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let places = places
        let (fractionLane, valueLane) = (column.fractions, column.valueCells)
        var fractions = fractionLane.writable
        var isNumeric = false
        if case .date = date.field.kind { isNumeric = true }
        // Neighbours mostly have the same date.
        var known: (UInt64, Int) = (0, 0)
        let extents = table.packets
        let packets = extents.span
        let stride = plan.stride
        var values = valueLane.writable
        var isMixed = false
        for index in 0..<rows {
            let row = first &+ index
            let base = index &* stride
            let start = places[base &+ time.from] &+ 1
            let end = places[base &+ time.to]
            let from = places[base &+ date.from] &+ 1
            let to = places[base &+ date.to]
            column.rawCells[row] = 0
            guard end >= start &+ 6, to >= from &+ 6 else {
                column.states[row] = .notIncluded
                isMixed = true
                continue
            }
            let message = unsafe packets[row].bytes(keptBy: table)
            let second = FieldParser.secondOfDay(message, start)
            let fraction = end > start &+ 7 ? FieldParser.fraction(message, start &+ 7, end) : 0
            var days = known.1
            var isDated = true
            // The last eight octets tell dates apart: the comma in front of `ddmmyy`, or all digits of `dd,mm,yyyy`.
            let word = message.u64le(at: to &- 8)
            if !isNumeric || word != known.0 || word == 0 {
                let day =
                    isNumeric
                    ? FieldParser.date(message, from, to) : FieldParser.dayMonthYear(message, from, to)
                if let day {
                    days = StatedTime.days(year: day.year, month: day.month, day: day.day)
                    known = (word, days)
                } else {
                    isDated = false
                }
            }
            guard isDated, second >= 0, let fraction else {
                // The fields themselves say what is wrong with them.
                column.states[row] = .notIncluded
                isMixed = true
                continue
            }
            // The leap second follows the last second of its minute.
            let isLeap = second % 60 == 0 && message.u8(at: start &+ 4) == UInt8(ascii: "6")
            values[row] = UInt64(bitPattern: Int64(days &* 86_400 &+ second &- (isLeap ? 1 : 0)))
            fractions[row] = fraction &+ (isLeap ? 1_000_000_000_000_000_000 : 0)
        }
        if isMixed { column.isMixed = true }
    }

    // MARK: Satellites

    /// The system that a sentence's talker, system id and first number tell; nil: none of them does.
    @inline(__always)
    private static func system(_ message: RawSpan, id: (Int, Int), number: UInt64) -> UInt64? {
        // One digit of an id; SiRF puts other things there.
        if id.1 &- id.0 == 1 {
            let digit = message.u8(at: id.0) &- ASCII.zero
            if digit >= 1, digit <= 6 { return UInt64(digit &- 1) }
        }
        switch (message.u8(at: 1), message.u8(at: 2)) {
        case (UInt8(ascii: "B"), UInt8(ascii: "D")), (UInt8(ascii: "G"), UInt8(ascii: "B")),
            (UInt8(ascii: "P"), UInt8(ascii: "Q")):
            return SatelliteSystem.beidou
        case (UInt8(ascii: "G"), UInt8(ascii: "P")):
            return number &- 33 < 32 ? SatelliteSystem.sbas : SatelliteSystem.gps
        case (UInt8(ascii: "G"), UInt8(ascii: "L")): return SatelliteSystem.glonass
        case (UInt8(ascii: "G"), UInt8(ascii: "A")): return SatelliteSystem.galileo
        case (UInt8(ascii: "G"), UInt8(ascii: "Q")), (UInt8(ascii: "Q"), UInt8(ascii: "Z")): return SatelliteSystem.qzss
        case (UInt8(ascii: "G"), UInt8(ascii: "I")): return SatelliteSystem.navic
        default: return system(ofNumber: number)
        }
    }

    /// The system by the range of a number alone, for talkers of several systems.
    private static func system(ofNumber number: UInt64) -> UInt64? {
        switch number {
        case 1...32: SatelliteSystem.gps
        case 33...64: SatelliteSystem.sbas
        case 65...96: SatelliteSystem.glonass
        case 193...200: SatelliteSystem.qzss
        case 141...192, 201...264, 401...437: SatelliteSystem.beidou
        case 301...336: SatelliteSystem.galileo
        default: nil
        }
    }

    /// A number of BeiDou as its system counts, 1 to 63; others as they are.
    @inline(__always)
    static func normalised(_ number: UInt64, _ system: UInt64?) -> UInt64 {
        guard system == SatelliteSystem.beidou, number > 63 else { return number }
        switch number {
        case 201...264: return number &- 200
        case 401...463: return number &- 400
        case 141...200: return number &- 140
        default: return number
        }
    }

    /// The first number of a field, 0 where there is none.
    @inline(__always)
    private static func firstNumber(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        var value: UInt64 = 0
        var place = start
        while place < end {
            let digit = message.u8(at: place) &- ASCII.zero
            if digit >= 10 { break }
            value = value &* 10 &+ UInt64(digit)
            place &+= 1
        }
        return value
    }

    private func fillSystem(
        _ id: SentenceOperation, _ numbers: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let places = places
        eachDerived(column, first, rows) { message, base in
            let ids = (places[base &+ id.from] &+ 1, places[base &+ id.to])
            let number = Self.firstNumber(message, places[base &+ numbers.from] &+ 1, places[base &+ numbers.to])
            if let system = Self.system(message, id: ids, number: number) { return (system, .valid) }
            return (0, .notIncluded)
        }
    }

    private func fillSatellite(
        _ id: SentenceOperation, _ number: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let places = places
        eachDerived(column, first, rows) { message, base in
            let start = places[base &+ number.from] &+ 1
            let end = places[base &+ number.to]
            guard end > start, let number = FieldParser.unsigned(message, start, end) else { return (0, .notIncluded) }
            let ids = (places[base &+ id.from] &+ 1, places[base &+ id.to])
            return (Self.normalised(number, Self.system(message, id: ids, number: number)), .valid)
        }
    }

    private func fillSatellites(
        _ id: SentenceOperation, _ numbers: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let (places, arena, list) = (places, table.arena, list)
        eachDerived(column, first, rows) { message, base in
            let start = places[base &+ numbers.from] &+ 1
            let end = places[base &+ numbers.to]
            guard end > start, !Self.holdsOnlyCommas(message, start, end) else { return (0, .notIncluded) }
            let number = Self.firstNumber(message, start, end)
            let ids = (places[base &+ id.from] &+ 1, places[base &+ id.to])
            let system = Self.system(message, id: ids, number: number)
            let count = Self.writeSatellites(message, start, end, system, into: list)
            guard count > 0 else { return (0, .notIncluded) }
            return Self.append(list, count, to: arena)
        }
    }

    /// Writes the numbers of a field as a list, each in its own system; 0 where one is no number.
    private static func writeSatellites(
        _ message: RawSpan, _ start: Int, _ end: Int, _ system: UInt64?, into list: Lane<UInt8>
    ) -> Int {
        let most = (end &- start) &* 2 &+ 8
        if list.count < most { list.resize(to: most, filler: 0) }
        var out = list.writable
        out[0] = UInt8(ascii: "[")
        var filled = 1
        var place = start
        while place < end {
            var value: UInt64 = 0
            let from = place
            while place < end, place &- from < 6 {
                let digit = message.u8(at: place) &- ASCII.zero
                if digit >= 10 { break }
                value = value &* 10 &+ UInt64(digit)
                place &+= 1
            }
            if place > from {
                if filled > 1 {
                    out[filled] = ASCII.comma
                    filled &+= 1
                }
                let number = normalised(value, system)
                var power: UInt64 = 1
                while power &* 10 <= number { power &*= 10 }
                while power > 0 {
                    out[filled] = ASCII.zero &+ UInt8(truncatingIfNeeded: number / power % 10)
                    filled &+= 1
                    power /= 10
                }
            }
            guard place == end || message.u8(at: place) == ASCII.comma else { return 0 }
            place &+= 1
        }
        out[filled] = UInt8(ascii: "]")
        return filled &+ 1
    }

    // MARK: Modes

    private func fillMode(
        _ field: SentenceOperation, _ place: Int, _ codes: CodeTable, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let places = places
        let labels = codes.labels.span
        eachDerived(column, first, rows) { message, base in
            let start = places[base &+ field.from] &+ 1
            guard start &+ place < places[base &+ field.to] else { return (0, .notIncluded) }
            let label = labels[Int(message.u8(at: start &+ place))]
            return label == 0xFF ? (0, .notIncluded) : (UInt64(label), .valid)
        }
    }

    private func fillAnyMode(_ field: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int) {
        let places = places
        eachDerived(column, first, rows) { message, base in
            let start = places[base &+ field.from] &+ 1
            let end = places[base &+ field.to]
            guard end > start else { return (0, .notIncluded) }
            for place in start..<end where message.u8(at: place) != UInt8(ascii: "N") { return (1, .valid) }
            return (0, .valid)
        }
    }
}
