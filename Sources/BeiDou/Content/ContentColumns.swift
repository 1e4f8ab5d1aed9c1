internal import Bytes
package import Records

/// The columns that every message with a content has: what its octets are, and what they say.
package struct ContentColumns {
    /// The parameters, one behind the other in a type's list: `lead`, `text`, `content`, and those of a position payload.
    package static func parameters(family: String, type: String) -> [ParameterInfo] {
        func info(_ name: String, _ kind: ValueKind, _ raw: RawKind, _ unit: String = "") -> ParameterInfo {
            ParameterInfo(
                name: "\(family).\(type).\(name)", shortName: name, aliases: ["message.\(name)"], unit: unit,
                kind: kind,
                rawKind: raw)
        }
        return [
            info("lead", .unsigned, .unsigned), info("text", .string, .bytes), info("content", .binary, .bytes),
            info("time_of_day", .string, .unsigned), info("latitude", .float, .unsigned, "deg"),
            info("longitude", .float, .unsigned, "deg"), info("height", .float, .unsigned, "m"),
            info("height_anomaly", .float, .unsigned, "m"),
        ]
    }

    private let columns: [Column?]

    /// The columns of a table, the first of which is the field `first`; they are prepared, every value not included.
    package init(_ table: DecodedTable, first: Int) {
        columns = Self.parameters(family: "", type: "").indices.map { table.fields[first + $0] }
        for column in columns { column?.prepare(table.count, filler: .notIncluded) }
    }

    /// Writes the values of one row.
    ///
    /// - Parameters:
    ///   - range: the octets of the content, unpacked from hex and with digits packed two in an octet, in the message or in
    ///     the table's arena.
    ///   - bits: how many bits of them count.
    package func write(_ row: Int, _ range: OctetRange, bits: Int, form: ContentForm, in table: DecodedTable) {}
}
