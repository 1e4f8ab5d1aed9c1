internal import Bytes
internal import Records

/// What one unit says, before the flows are looked at.
struct PositionRow: BitwiseCopyable {
    enum State: UInt8, BitwiseCopyable {
        /// Nothing of positions.
        case nothing
        /// A date and no position.
        case date
        /// A position that is valid, or of which nothing is said.
        case position
        /// A position that is said to be none.
        case void
        /// A position that cannot be.
        case absurd
        /// A position of a terminal beyond the bound.
        case crowded
    }

    var state = State.nothing
    var flags: Position.Flags = []
    /// Which kind of sentence it is, below 64.
    var kind: UInt8 = 0
    var datesFlow = false
    var group = TerminalGroup.nmea
    /// The terminal, unless it is the flow.
    var key: TerminalKey?
    var latitude = Double.nan
    var longitude = Double.nan
    var height = Double.nan
    var speed = Double.nan
    var course = Double.nan
    var utc = CaptureTime.unknown
    var timeOfDay: Int64 = -1
}

/// Rows by the number of their unit, filled again and again.
final class PositionScratch {
    let rows = Lane<PositionRow>()

    func begin(units: Int) {
        rows.resize(to: units, filler: PositionRow())
        rows.fill(PositionRow())
    }

    /// Leaves of the rows that are not chosen no more than the date that they tell.
    func keep(_ chosen: Lane<Int32>) {
        var place = 0
        for index in 0..<rows.count {
            if place < chosen.count, chosen[place] == Int32(index) {
                place += 1
            } else if rows[index].state != .nothing {
                rows[index].state = .date
            }
        }
    }
}

extension PositionReader {
    /// Writes what the rows of a table say into the rows of their units, column by column.
    func fill(_ table: DecodedTable, _ plan: PositionColumns, kind: UInt8) {
        let units = table.unitIndexes
        let lane = scratch.rows
        var rows = lane.writable
        for row in 0..<table.count {
            rows[Int(units[row])] = PositionRow(
                state: plan.isPositional ? .position : .date, flags: plan.isEmergency ? [.emergency] : [], kind: kind,
                datesFlow: plan.datesFlow, group: plan.group)
        }
        let columns = table.columns
        if let index = plan.utc {
            let column = columns[index]
            let cells = Cells(column)
            for row in 0..<cells.count where cells.hasValue(row) {
                rows[Int(units[row])].utc = column.time(at: row).captureTime
            }
        }
        if let index = plan.timeOfDay {
            let column = columns[index]
            let cells = Cells(column)
            for row in 0..<cells.count where cells.hasValue(row) {
                rows[Int(units[row])].timeOfDay = timeOfDay(column.text(at: row))
            }
        }
        guard plan.isPositional, let latitude = plan.latitude, let longitude = plan.longitude else { return }
        places(Cells(columns[latitude]), Cells(columns[longitude]), table, plan.isCarrier, &rows)
        if let index = plan.height {
            numbers(Cells(columns[index]), units, &rows) { $0.height = $1.magnitude <= 1e8 ? $1 : .nan }
        }
        if let index = plan.speed {
            numbers(Cells(columns[index]), units, &rows) { $0.speed = $1 >= 0 && $1 <= 1e6 ? $1 : .nan }
        }
        if let index = plan.course {
            numbers(Cells(columns[index]), units, &rows) { $0.course = $1 >= 0 && $1 <= 360 ? $1 : .nan }
        }
        for judge in plan.voids { voids(Cells(columns[judge.column]), judge.mask, units, &rows) }
        emergencies(columns, plan, units, &rows)
        if let index = plan.states { encrypted(columns[index], units, &rows) }
        for index in plan.who { names(columns[index], plan.group, units, &rows) }
    }

    private func places(
        _ latitude: Cells, _ longitude: Cells, _ table: DecodedTable, _ isCarrier: Bool,
        _ rows: inout MutableSpan<PositionRow>
    ) {
        let units = table.unitIndexes
        for row in 0..<table.count {
            let unit = Int(units[row])
            let (north, east) = (latitude.number(row), longitude.number(row))
            if north.magnitude <= 90 && east.magnitude <= 180 {
                rows[unit].latitude = north
                rows[unit].longitude = east
            } else if latitude.isAbsent(row) && longitude.isAbsent(row) {
                rows[unit].state = isCarrier ? .nothing : .void
            } else {
                rows[unit].state = .absurd
            }
        }
    }

    @inline(__always)
    private func numbers(
        _ cells: Cells, _ units: Lane<Int32>, _ rows: inout MutableSpan<PositionRow>,
        _ set: (inout PositionRow, Double) -> Void
    ) {
        for row in 0..<cells.count where cells.hasValue(row) {
            set(&rows[Int(units[row])], cells.number(row))
        }
    }

    private func voids(
        _ cells: Cells, _ mask: UInt64, _ units: Lane<Int32>, _ rows: inout MutableSpan<PositionRow>
    ) {
        for row in 0..<cells.count where cells.hasValue(row) {
            let unit = Int(units[row])
            if mask >> cells.values[row] & 1 == 1 {
                // An empty or impossible place of a void position is no fault.
                if rows[unit].state != .nothing { rows[unit].state = .void }
            } else {
                rows[unit].flags.insert(.valid)
            }
        }
    }

    /// An encrypted place is none that anybody can draw.
    private func encrypted(_ column: Column, _ units: Lane<Int32>, _ rows: inout MutableSpan<PositionRow>) {
        let cells = Cells(column)
        for row in 0..<cells.count where cells.hasValue(row) {
            let text = column.text(at: row)
            guard text.firstIndex(of: Self.encryptedWord, from: 0, stride: 1) != nil else { continue }
            let unit = Int(units[row])
            if rows[unit].state != .nothing { rows[unit].state = .void }
        }
    }

    private static let encryptedWord = Array("coordinates_encrypted".utf8)

    private func emergencies(
        _ columns: [Column], _ plan: PositionColumns, _ units: Lane<Int32>, _ rows: inout MutableSpan<PositionRow>
    ) {
        for judge in plan.emergencies {
            let (cells, mask) = (Cells(columns[judge.column]), judge.mask)
            for row in 0..<cells.count where cells.hasValue(row) && mask >> cells.values[row] & 1 == 1 {
                rows[Int(units[row])].flags.insert(.emergency)
            }
        }
        guard let index = plan.alarmBits else { return }
        let cells = Cells(columns[index])
        for row in 0..<cells.count where cells.hasValue(row) && cells.values[row] & 1 == 1 {
            rows[Int(units[row])].flags.insert(.emergency)
        }
    }

    private func names(
        _ column: Column, _ group: TerminalGroup, _ units: Lane<Int32>, _ rows: inout MutableSpan<PositionRow>
    ) {
        let isText = column.info.kind == .string
        let cells = Cells(column)
        for row in 0..<cells.count where cells.hasValue(row) {
            let unit = Int(units[row])
            guard rows[unit].state == .position else { continue }
            if !isText {
                // Address 0 is nobody's.
                guard cells.values[row] > 0 || rows[unit].key == nil else { continue }
                rows[unit].key = TerminalKey(number: cells.values[row], group)
            } else if column.text(at: row).byteCount > 0 {
                rows[unit].key = register.key(column.text(at: row), group)
                if rows[unit].key == nil { rows[unit].state = .crowded }
            }
        }
    }
}

/// A column for loops over its rows: what belongs to an object is looked up once.
private struct Cells {
    let values: Lane<UInt64>
    private let states: Lane<Validity>
    private let isMixed: Bool
    private let kind: ValueKind
    let count: Int

    init(_ column: Column) {
        values = column.valueCells
        states = column.states
        isMixed = column.isMixed
        kind = column.info.kind
        count = column.count
    }

    /// Whether a row has a value that is to be trusted.
    @inline(__always)
    func hasValue(_ row: Int) -> Bool { !isMixed || states[row] == .valid }

    /// Whether a row has nothing at all.
    func isAbsent(_ row: Int) -> Bool { isMixed && states[row] == .notIncluded }

    /// The number of a row; NaN where there is none.
    @inline(__always)
    func number(_ row: Int) -> Double {
        guard hasValue(row) else { return .nan }
        let cell = values[row]
        switch kind {
        case .float: return Double(bitPattern: cell)
        case .signed: return Double(Int64(bitPattern: cell))
        default: return Double(cell)
        }
    }
}

extension StatedTime {
    /// As captures count, where it lies in their years. A leap second counts as the end of the second before.
    fileprivate var captureTime: CaptureTime {
        let (whole, isLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let rest = Int64(min(attoseconds / 1_000_000_000, 999_999_999))
        let (sum, isLarger) = whole.addingReportingOverflow(rest)
        return isLarge || isLarger ? .unknown : CaptureTime(nanoseconds: sum)
    }
}

/// The nanoseconds since midnight of `08:49:36.50` or `08:49`; -1 for anything else. A leap second counts as the end of the
/// second before.
func timeOfDay(_ text: RawSpan) -> Int64 {
    let colon = UInt8(ascii: ":")
    guard text.byteCount == 5 || text.byteCount >= 8, text.u8(at: 2) == colon else { return -1 }
    let (hours, minutes) = (pair(text, 0), pair(text, 3))
    guard hours < 24, minutes < 60 else { return -1 }
    var nanoseconds = (hours * 60 + minutes) * 60_000_000_000
    guard text.byteCount > 5 else { return nanoseconds }
    let seconds = pair(text, 6)
    guard text.u8(at: 5) == colon, seconds <= 60 else { return -1 }
    nanoseconds += min(seconds, 59) * 1_000_000_000
    var fraction: Int64 = 0
    if text.byteCount > 8 {
        guard text.u8(at: 8) == UInt8(ascii: "."), text.byteCount > 9 else { return -1 }
        var unit: Int64 = 100_000_000
        for index in 9..<text.byteCount {
            let digit = text.u8(at: index) &- 0x30
            guard digit < 10 else { return -1 }
            fraction += Int64(digit) * unit
            unit /= 10
        }
    }
    return nanoseconds + (seconds == 60 ? 999_999_999 : fraction)
}

/// The number of two digits; 100 where they are none.
private func pair(_ text: RawSpan, _ index: Int) -> Int64 {
    let (tens, ones) = (text.u8(at: index) &- 0x30, text.u8(at: index + 1) &- 0x30)
    return tens < 10 && ones < 10 ? Int64(tens) * 10 + Int64(ones) : 100
}
