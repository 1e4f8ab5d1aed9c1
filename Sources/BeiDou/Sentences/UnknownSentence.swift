internal import Bytes
internal import Records

/// A sentence that no layout names: who sends it, its name, and what it carries.
///
/// It is an NMEA sentence, whose makers' own names begin with the talker P.
enum UnknownSentence {
    static let type: MessageType = {
        let fields = [
            SentenceField.talker, SentenceField("sentence", .text, "its name behind the talker"),
            SentenceField("body", .body, "what stands behind its name"),
        ]
        return MessageType(
            name: "unknown", dialect: .nmea, title: "sentence that is not known",
            parameters: fields.map { $0.info(family: SentencePlan.family(.nmea), type: "unknown") })
    }()

    static func decode(_ table: DecodedTable) {
        for column in table.fields { column?.prepare(table.count, filler: .valid) }
        for row in 0..<table.count {
            let message = unsafe table.packets[row].bytes(keptBy: table)
            let star = max(1, message.byteCount - 3)
            var comma = 1
            while comma < star, message.u8(at: comma) != ASCII.comma { comma += 1 }
            let isOwn = message.u8(at: 1) == UInt8(ascii: "P")
            let name = min(comma, isOwn ? 2 : 3)
            put(table.fields[0], row, 1, name)
            put(table.fields[1], row, name, comma)
            put(table.fields[2], row, comma + 1, star)
        }
    }

    private static func put(_ column: Column?, _ row: Int, _ start: Int, _ end: Int) {
        guard let column else { return }
        guard end > start else {
            column.rawCells[row] = end == start ? SentenceDecoder.range(start, end) : 0
            return column.mark(row, .notIncluded)
        }
        column.rawCells[row] = SentenceDecoder.range(start, end)
        column.valueCells[row] = SentenceDecoder.range(start, end)
    }

    static func encode(_ values: MessageValues) throws(EncodingRefusal) -> [UInt8] {
        let values = SentenceValues(values)
        try values.refuseOthers(than: type.parameters.map(\.shortName), derived: [])
        let talker = try values.name("talker", digits: 1...2)
        let sentence = try values.name("sentence", digits: 1...20)
        var octets = Array((talker + sentence).utf8)
        if let body = try values.octets("body") { octets += [ASCII.comma] + body }
        return try SentenceWriter.closed(octets)
    }
}
