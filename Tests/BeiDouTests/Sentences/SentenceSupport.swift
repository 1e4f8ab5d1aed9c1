import Bytes
import Foundation
import Records
import Support

import BeiDou

/// One sentence, decoded.
struct ReadSentence {
    let type: MessageType
    let number: Int
    /// Engineering values as text, those that are there.
    var values: [String: String] = [:]
    /// The same, as they are given to an encoder.
    var given: [String: FieldValue] = [:]
    /// Fields as they stand; empty ones that have their columns, too.
    var raws: [String: FieldValue] = [:]
    var states: [String: Validity] = [:]

    init(_ sentence: [UInt8]) {
        self = readAll([sentence])[0]
    }

    init(type: MessageType, number: Int) {
        self.type = type
        self.number = number
    }
}

/// Makes a table of sentences of one type.
func table(_ sentences: [[UInt8]], type: Int, in memory: ByteBuffer, only: Set<String>? = nil) -> DecodedTable {
    let parameters = SentenceFamily.types[type].parameters
    let table = DecodedTable(
        type: SentenceFamily.types[type].packetType, typeIndex: type,
        fields: parameters.map { only?.contains($0.shortName) ?? true ? ($0, false) : nil },
        selected: Array(parameters.indices))
    let before = memory.count
    for sentence in sentences { memory.append(sentence.octets) }
    var start = before
    for (index, sentence) in sentences.enumerated() {
        table.append(memory.extent.slice(at: start, count: sentence.count), unit: index)
        start += sentence.count
    }
    return table
}

/// Decodes sentences of any types, those of one type together.
func readAll(_ sentences: [[UInt8]]) -> [ReadSentence] {
    var rows: [Int: [Int]] = [:]
    for (index, sentence) in sentences.enumerated() {
        rows[SentenceFamily.type(of: sentence.octets), default: []].append(index)
    }
    var out = [ReadSentence?](repeating: nil, count: sentences.count)
    for (type, members) in rows {
        let memory = ByteBuffer()
        let table = table(members.map { sentences[$0] }, type: type, in: memory)
        SentenceFamily.decode(table, type: type)
        for (row, index) in members.enumerated() {
            var read = ReadSentence(type: SentenceFamily.types[type], number: type)
            for column in table.columns { add(column, row, sentences[index], to: &read) }
            out[index] = read
        }
    }
    return out.compactMap { $0 }
}

private func add(_ column: Column, _ row: Int, _ sentence: [UInt8], to read: inout ReadSentence) {
    let name = column.info.shortName
    let state = column.validities[row]
    read.states[name] = state
    let raw = OctetRange(cell: column.raws[row])
    if raw.start > 0, !raw.isInArena { read.raws[name] = .octets(Array(sentence[raw.start..<raw.start + raw.count])) }
    guard state.hasValue else { return }
    let cell = column.values[row]
    switch column.info.kind {
    case .unsigned:
        read.values[name] = "\(cell)"
        read.given[name] = .integer(Int64(cell))
    case .signed:
        read.values[name] = "\(Int64(bitPattern: cell))"
        read.given[name] = .integer(Int64(bitPattern: cell))
    case .float:
        read.values[name] = "\(Double(bitPattern: cell))"
        read.given[name] = .number(Double(bitPattern: cell))
    case .enumeration:
        read.values[name] = column.info.labels[Int(cell)]
        read.given[name] = .text(column.info.labels[Int(cell)])
    case .boolean:
        read.values[name] = column.info.labels[Int(cell)]
        read.given[name] = .boolean(cell == 1)
    case .string:
        let text = String(decoding: column.text(at: row).copied(), as: UTF8.self)
        read.values[name] = text
        read.given[name] = .text(text)
    case .binary:
        let octets = column.bytes(at: row).copied()
        read.values[name] = shown(octets)
        read.given[name] = .octets(octets)
    case .time:
        let text = column.time(at: row).text(digits: column.info.timeDigits)
        read.values[name] = text
        read.given[name] = .text(text)
    case .list:
        let text = String(decoding: column.text(at: row).copied(), as: UTF8.self)
        read.values[name] = text
        read.given[name] = list(text)
    }
}

/// Octets as text where they are printable ASCII, else as hex.
private func shown(_ octets: [UInt8]) -> String {
    if octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(decoding: octets, as: UTF8.self) }
    return octets.map { String(format: "%02X", $0) }.joined()
}

private func list(_ text: String) -> FieldValue {
    guard let values = (try? JSON(text))?.array else { return .text(text) }
    return .list(
        values.map { value in
            if let whole = value.integer { return .integer(Int64(whole)) }
            if let number = value.double { return .number(number) }
            return .text(value.text ?? "null")
        })
}

/// A sentence from what stands between `$` and `*`.
func sentence(_ contents: [UInt8]) -> [UInt8] {
    Array("$".utf8) + contents + Array(String(format: "*%02X", contents.reduce(0, ^)).utf8)
}

func sentence(_ contents: String) -> [UInt8] { sentence(Array(contents.utf8)) }

/// The two tables of sentences that others published. Chinese stands in the tables as UTF-8 and on the line as GBK.
enum SentenceVectors {
    struct Vector {
        let text: String
        let octets: [UInt8]
        let check: String
    }

    static func load() throws -> [Vector] {
        try ["beidou-text", "nmea-beidou"].flatMap { name in
            try Table(fixture("vectors/\(name).tsv")).rows.map { row in
                Vector(text: row["sentence"] ?? "", octets: onTheLine(row["sentence"] ?? ""), check: row["check"] ?? "")
            }
        }
    }

    private static let gbk: [Character: [UInt8]] = [
        "救": [0xBE, 0xC8], "命": [0xC3, 0xFC], "北": [0xB1, 0xB1], "斗": [0xB6, 0xB7], "模": [0xC4, 0xA3],
        "块": [0xBF, 0xE9], "通": [0xCD, 0xA8], "信": [0xD0, 0xC5], "测": [0xB2, 0xE2], "试": [0xCA, 0xD4],
        "混": [0xBB, 0xEC], "发": [0xB7, 0xA2], "式": [0xCA, 0xBD],
    ]

    static func onTheLine(_ text: String) -> [UInt8] { text.flatMap { gbk[$0] ?? Array(String($0).utf8) } }
}

/// What stands at a place of some octets.
func frame(_ octets: [UInt8], at: Int = 0, isLast: Bool) -> Framing {
    SentenceFraming.frame(octets.octets, at: at, isLast: isLast)
}

/// What is wrong with a sentence.
func explain(_ octets: [UInt8]) -> (offset: Int, reason: String)? { SentenceFamily.explain(octets.octets) }
