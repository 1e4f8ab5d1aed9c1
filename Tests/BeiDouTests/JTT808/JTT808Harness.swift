import BeiDou
import Bytes
import Records
import Support

/// A value of a decoded message.
struct JTT808Cell {
    let info: ParameterInfo
    let validity: Validity
    /// The value in words, as it would be printed; nil where it is not there.
    let text: String?
    /// The value as it would be given to be written; nil where it is not there.
    let value: FieldValue?
    /// The raw value; nil where it is not there.
    let raw: FieldValue?
}

/// Decodes messages of one type, all columns.
func decodeJTT808(_ messages: [[UInt8]], type: Int) -> [[String: JTT808Cell]] {
    let kind = JTT808Family.types[type]
    let fields: [(info: ParameterInfo, sharesCells: Bool)?] = kind.parameters.map { ($0, false) }
    let table = DecodedTable(
        type: kind.packetType, typeIndex: type, fields: fields, selected: Array(fields.indices))
    let keeper = Arena()
    for (index, message) in messages.enumerated() { table.append(keeper.copy(message.octets), unit: index) }
    JTT808Family.decode(table, type: type)
    return messages.indices.map { row in
        var cells: [String: JTT808Cell] = [:]
        for column in table.columns { cells[column.info.shortName] = cell(column, row) }
        return cells
    }
}

/// Decodes one message of the type that it has.
func decodeJTT808(_ message: [UInt8]) -> [String: JTT808Cell] {
    decodeJTT808([message], type: JTT808Family.type(of: message.octets))[0]
}

private func cell(_ column: Column, _ row: Int) -> JTT808Cell {
    let info = column.info
    let validity = column.validities[row]
    var (text, value, raw): (String?, FieldValue?, FieldValue?)
    if validity.hasRaw {
        raw =
            info.rawKind == .bytes
            ? .octets(column.rawBytes(at: row).copied()) : .integer(Int64(bitPattern: column.raws[row]))
    }
    guard validity.hasValue else { return JTT808Cell(info: info, validity: validity, text: nil, value: nil, raw: raw) }
    let word = column.values[row]
    switch info.kind {
    case .unsigned: (text, value) = ("\(word)", .integer(Int64(bitPattern: word)))
    case .signed: (text, value) = ("\(Int64(bitPattern: word))", .integer(Int64(bitPattern: word)))
    case .float: (text, value) = ("\(Double(bitPattern: word))", .number(Double(bitPattern: word)))
    case .enumeration: (text, value) = (info.labels[Int(word)], .text(info.labels[Int(word)]))
    case .boolean: (text, value) = (word == 1 ? "true" : "false", .boolean(word == 1))
    case .string:
        let string = String(decoding: column.text(at: row).copied(), as: UTF8.self)
        (text, value) = (string, .text(string))
    case .binary:
        let octets = column.bytes(at: row).copied()
        (text, value) = (hex(octets), .octets(octets))
    case .time:
        let time = column.time(at: row).text(digits: 0)
        (text, value) = (time, .text(time))
    case .list:
        let list = String(decoding: column.text(at: row).copied(), as: UTF8.self)
        text = list
        value = (try? JSON(list)).flatMap(\.array).map { .list($0.map(listed)) }
    }
    return JTT808Cell(info: info, validity: validity, text: text, value: value, raw: raw)
}

private func listed(_ json: JSON) -> FieldValue {
    json.integer.map { .integer(Int64($0)) } ?? .text(json.text ?? "?")
}

func hex(_ octets: [UInt8]) -> String {
    octets.map { (($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)) }.joined()
}

/// Header and body of a frame.
func unescaped(_ frame: [UInt8]) -> [UInt8] {
    let buffer = ByteBuffer()
    JTT808Framing.unescape(frame.octets, into: buffer)
    return buffer.bytes.copied()
}

/// What a frame is, when nothing comes behind it.
func framing(_ octets: [UInt8], at place: Int = 0, isLast: Bool = true) -> Framing {
    JTT808Framing.frame(octets.octets, at: place, isLast: isLast)
}

/// The values of a decoded message as they would be given to be written.
func values(_ cells: [String: JTT808Cell], raw: Bool = false, read: Bool = true) -> MessageValues {
    var values = MessageValues()
    for (name, cell) in cells {
        if read, let value = cell.value { values.parameters[name] = value }
        if raw, let value = cell.raw { values.raws[name] = value }
    }
    return values
}

/// The type with a name whose title has some words.
func typeIndex(_ name: String, _ words: String = "") -> Int {
    JTT808Family.types.firstIndex { $0.name == name && $0.title.contains(words) } ?? -1
}

/// Gives a message to a joiner.
func take(_ message: [UInt8], _ joiner: SubpackageJoiner, flow: UInt32 = 0) -> SubpackageJoiner.Outcome {
    joiner.take(message.octets, flow: flow)
}
