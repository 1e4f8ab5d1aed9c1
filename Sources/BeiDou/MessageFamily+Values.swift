internal import Bytes
internal import Records

extension MessageFamily {
    /// The first value of a whole message that is not what its layout allows; nil when all are. The offset is that of the
    /// value's first octet where the layout tells it, else that of the message. Slow, for people.
    static func wrongValue(of message: RawSpan) -> (offset: Int, reason: String)? {
        let index = type(of: message)
        guard types.indices.contains(index) else { return nil }
        let type = types[index]
        let buffer = ByteBuffer(capacity: message.byteCount)
        buffer.append(message)
        let table = DecodedTable(
            type: type.packetType, typeIndex: index, fields: type.parameters.map { ($0, false) },
            selected: Array(type.parameters.indices))
        table.append(buffer.extent, unit: 0)
        decode(table, type: index)
        for column in table.columns {
            let validity = column.validities[0]
            // The lists of codes are open.
            guard validity != .noLabel, let reason = validity.reason else { continue }
            let name = column.info.shortName
            guard validity != .beyondEnd else { return (message.byteCount, "the message ends before its \(name)") }
            let range = OctetRange(cell: column.raws[0])
            guard column.info.rawKind == .bytes, !range.isInArena, range.count > 0,
                range.start + range.count <= message.byteCount
            else { return (0, "\(name): \(reason)") }
            let octets = message.slice(at: range.start, count: min(range.count, 16)).copied()
            let found = octets.map { Hexadecimal.text($0, digits: 2) }.joined(separator: " ")
            return (range.start, "\(name): \(found)\(range.count > 16 ? " …" : "") was found: \(reason)")
        }
        return nil
    }
}
