import BeiDou
import Bytes
import Records

/// A value of a column as a test writes it down.
enum Cell {
    case number(Double)
    case unsigned(UInt64)
    case text(String)
    /// Seconds since 1970 and nanoseconds.
    case time(Int64, UInt64)
    case label(String)
    case no(Validity)
}

/// Types of messages as the dialects have them, as far as tracks look at them.
enum Made {
    static let gga = type(
        "GGA", .nmea, [time, latitude, longitude, enumeration("quality", ["none", "gnss"]), float("height")])
    static let rmc = type(
        "RMC", .nmea,
        [utc, enumeration("status", ["valid", "void"]), latitude, longitude, float("speed"), float("course")])
    static let gll = type(
        "GLL", .nmea, [latitude, longitude, time, enumeration("status", ["valid", "void"])])
    static let zda = type("ZDA", .nmea, [utc])
    static let dwxx = type(
        "DWXX", .rdss4,
        [
            unsigned("address"), unsigned("queried"), time, longitude, latitude, float("height"), boolean("emergency"),
        ])
    /// Its own time stands in front of that of the position that it carries.
    static let txxx = type(
        "TXXX", .rdss4,
        [unsigned("sender"), time, unsigned("lead"), ParameterInfo.made("text", .string), time, latitude, longitude])
    static let location = type(
        "0x0200", .jtt808,
        [
            .made("phone", .string), unsigned("alarm"), boolean("positioned"), latitude, longitude, float("height"),
            float("speed"), float("course"), utc, .made("status_flags", .list),
        ])
    static let epi = type("EPI", .regional, [time, longitude, latitude])
    static let nps = type("NPS", .regional, [longitude, latitude])
    static let area = type("0x8600", .jtt808, [.made("phone", .string), latitude, longitude])
    static let other = type("0x0002", .jtt808, [.made("phone", .string)])

    static let all = [gga, rmc, gll, zda, dwxx, txxx, location, area, other, epi, nps]

    private static let latitude = float("latitude")
    private static let longitude = float("longitude")
    private static let time = ParameterInfo.made("time_of_day", .string)
    private static let utc = ParameterInfo.made("utc", .time)
    private static func float(_ name: String) -> ParameterInfo { .made(name, .float) }
    private static func unsigned(_ name: String) -> ParameterInfo { .made(name, .unsigned) }
    private static func boolean(_ name: String) -> ParameterInfo { .made(name, .boolean, ["false", "true"]) }
    private static func enumeration(_ name: String, _ labels: [String]) -> ParameterInfo {
        .made(name, .enumeration, labels)
    }
    private static func type(_ name: String, _ dialect: Dialect, _ parameters: [ParameterInfo]) -> MessageType {
        MessageType(name: name, dialect: dialect, title: "", parameters: parameters)
    }
}

extension ParameterInfo {
    static func made(_ name: String, _ kind: ValueKind, _ labels: [String] = []) -> ParameterInfo {
        ParameterInfo(name: "x.\(name)", shortName: name, kind: kind, rawKind: .bytes, labels: labels)
    }
}

/// Messages that are decoded already.
final class TrackMessages {
    private struct Message {
        let type: Int
        let flow: UInt32
        let captured: CaptureTime
        /// By the index of the column.
        var cells: [Int: Cell] = [:]
    }

    let types: [MessageType]
    let reader: PositionReader
    private var messages: [Message] = []
    private let decoded = DecodedBatch()
    private let base: Int

    init(_ types: [MessageType] = Made.all, base: Int = 0, mostTerminals: Int = 1 << 20) {
        self.types = types
        self.base = base
        reader = PositionReader(types: types, base: base, mostTerminals: mostTerminals)
    }

    /// Adds a message; of columns with one name the values are given to the last.
    func add(
        _ name: String, flow: UInt32 = 0, captured: CaptureTime = .unknown, _ values: [String: Cell]
    ) {
        let type = types.firstIndex { $0.name == name } ?? -1
        var message = Message(type: type + base, flow: flow, captured: captured)
        for (name, cell) in values {
            guard let column = types[type].parameters.lastIndex(where: { $0.shortName == name }) else {
                fatalError("\(types[type].name) has no \(name)")
            }
            message.cells[column] = cell
        }
        messages.append(message)
    }

    /// Gives the first column of several with one name a value, in the message added last.
    func setFirst(_ name: String, _ cell: Cell) {
        let message = messages.count - 1
        let parameters = types[messages[message].type - base].parameters
        guard let column = parameters.firstIndex(where: { $0.shortName == name }) else { return }
        messages[message].cells[column] = cell
    }

    /// The positions of what was added since the last call.
    func positions(ends: Bool = true, flowName: (UInt32) -> String = { "flow \($0)" }) -> [Position] {
        var units = Batch<Records.Unit>()
        for (index, message) in messages.enumerated() {
            units.append(
                Records.Unit(
                    extent: .empty, time: message.captured, packet: UInt64(index + 1), offset: UInt64(index * 100),
                    flow: message.flow, channel: .max, apid: 0, sequence: 0, segment: 3, marks: [.message]))
        }
        decoded.begin(types: base + types.count, units: messages.count)
        for (index, message) in messages.enumerated() { decoded.typeIndexes[index] = Int32(message.type) }
        decoded.distribute(units) { type in
            let parameters = types[type - base].parameters
            return DecodedTable(
                type: types[type - base].packetType, typeIndex: type,
                fields: parameters.map { (info: $0, sharesCells: false) }, selected: Array(parameters.indices))
        }
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            for (index, column) in table.columns.enumerated() {
                column.prepare(table.count, filler: .notIncluded)
                for row in 0..<table.count {
                    guard let cell = messages[Int(table.units[row])].cells[index] else { continue }
                    write(cell, column, row, table.arena)
                }
            }
        }
        messages = []
        var positions = Batch<Position>()
        reader.read(units, decoded, into: &positions, flowName: flowName)
        if ends { reader.finish(into: &positions, flowName: flowName) }
        return (0..<positions.count).map { positions[$0] }
    }

    private func write(_ cell: Cell, _ column: Column, _ row: Int, _ arena: ByteBuffer) {
        column.mark(row, .valid)
        switch cell {
        case .number(let number): column.valueCells[row] = number.bitPattern
        case .unsigned(let number): column.valueCells[row] = number
        case .text(let text):
            let start = arena.count
            arena.append(octets: Array(text.utf8))
            column.valueCells[row] = OctetRange(start: start, count: arena.count - start, isInArena: true).cell
        case .time(let seconds, let nanoseconds):
            column.valueCells[row] = UInt64(bitPattern: seconds)
            column.fractions[row] = nanoseconds * 1_000_000_000
        case .label(let label): column.valueCells[row] = UInt64(column.info.labels.firstIndex(of: label) ?? 99)
        case .no(let validity): column.mark(row, validity)
        }
    }
}

/// 2026-03-01T00:00:00Z in seconds since 1970.
let march: Int64 = 1_772_323_200

/// A time of capture so many seconds behind that.
func captured(_ seconds: Double) -> CaptureTime {
    CaptureTime(nanoseconds: march * 1_000_000_000 + Int64(seconds * 1e9))
}
