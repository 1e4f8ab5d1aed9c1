internal import Bytes
internal import Records

extension MessageFamily {
    /// The columns of one message, which has to be there as long as they are.
    static func table(of message: RawSpan, type index: Int) -> DecodedTable {
        let type = types[index]
        let table = DecodedTable(
            type: type.packetType, typeIndex: index, fields: type.parameters.map { ($0, false) },
            selected: Array(type.parameters.indices))
        table.append(Extent(message), unit: 0)
        decode(table, type: index)
        return table
    }

    /// The first value of a whole message that is not what its layout allows; nil when all are. The offset is that of the
    /// value's first octet where the layout tells it, else that of the message. Slow, for people.
    static func wrongValue(of message: RawSpan) -> (offset: Int, reason: String)? {
        let index = type(of: message)
        guard types.indices.contains(index) else { return nil }
        for column in table(of: message, type: index).columns {
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
