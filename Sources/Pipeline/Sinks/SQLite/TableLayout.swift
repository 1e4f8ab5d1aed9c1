internal import Bytes
internal import Records

/// The columns of a packet type's table, and where in a row each parameter stands.
struct TableLayout: Equatable {
    /// A column of the table.
    struct Field: Equatable {
        var name: String
        /// Its declared type: INTEGER, REAL, TEXT, BLOB.
        var declared: String
    }

    /// Where the values of a parameter go: places of the row, counted from 1 on, 0 where it has none.
    struct Places: BitwiseCopyable, Equatable {
        var value: Int32
        var raw: Int32 = 0
        var limit: Int32 = 0
    }

    /// What stands in front of the parameters of a packet.
    static let packetHeader = [
        Field(name: "time", declared: "INTEGER"), Field(name: "packet", declared: "INTEGER"),
        Field(name: "flow", declared: "INTEGER"), Field(name: "spacecraft", declared: "INTEGER"),
        Field(name: "vcid", declared: "INTEGER"), Field(name: "apid", declared: "INTEGER"),
        Field(name: "sequence", declared: "INTEGER"),
    ]
    /// What stands in front of the values of a message.
    static let messageHeader = Array(packetHeader.prefix(3))

    private(set) var fields: [Field]
    /// The columns of the type's table that are written: their places among its parameters.
    let columns: [Int]
    /// For each of them its places in a row.
    private(set) var places: [Places] = []
    /// The place of the column that says which values are not there, or not to be trusted; 0 where there is none.
    private(set) var invalid: Int32 = 0

    /// The columns for a type.
    ///
    /// - Parameters:
    ///   - shared: for each parameter whether its raw value is its value.
    ///   - columns: the parameters that are written; nil for all.
    init(_ type: PacketType, shared: [Bool], columns: [Int]? = nil) {
        let columns = columns ?? Array(type.parameters.indices)
        self.columns = columns
        let type = type.having(columns)
        let shared = columns.map { shared[$0] }
        fields = type.dialect == nil ? Self.packetHeader : Self.messageHeader
        var names = SafeNames(taken: fields.map(\.name) + ["invalid"])
        // Values first: their names should depend on nothing else.
        let values = printedNames(type).map { names.add($0) }
        for (index, parameter) in type.parameters.enumerated() {
            fields.append(Field(name: values[index], declared: parameter.kind.declared))
            var place = Places(value: Int32(fields.count))
            // A label stands for its number, also where the cells are the same.
            if !shared[index] || parameter.kind == .enumeration {
                fields.append(Field(name: names.add(values[index] + "_raw"), declared: parameter.rawKind.declared))
                place.raw = Int32(fields.count)
            }
            if parameter.hasLimits {
                fields.append(Field(name: names.add(values[index] + "_limit"), declared: "TEXT"))
                place.limit = Int32(fields.count)
            }
            places.append(place)
        }
        if !type.parameters.isEmpty {
            fields.append(Field(name: "invalid", declared: "TEXT"))
            invalid = Int32(fields.count)
        }
    }

    /// The columns for a type whose packets were decoded.
    ///
    /// - Parameter chosen: what was asked for; nil for everything that was decoded.
    init(_ table: DecodedTable, showing chosen: SinkColumns?) {
        let columns = chosen.map { chosen in
            table.columns.indices.filter { chosen.shows(type: table.typeIndex, column: $0) }
        }
        self.init(table.type, shared: table.columns.map { $0.valueCells === $0.rawCells }, columns: columns)
    }

    /// The columns for packets that no database explains.
    static var unknown: TableLayout { TableLayout(unknown: ()) }

    private init(unknown: Void) {
        columns = []
        fields =
            Self.packetHeader + [
                Field(name: "protocol", declared: "INTEGER"), Field(name: "octets", declared: "BLOB"),
            ]
    }

    /// The statement that makes the table.
    func creation(_ table: String) -> String {
        let columns = fields.map { field in
            "\"\(field.name)\" \(field.declared)" + (field.name == "flow" ? " NOT NULL REFERENCES flows(id)" : "")
        }
        return "CREATE TABLE \"\(table)\"(\n  \(columns.joined(separator: ",\n  "))\n)"
    }

    /// The statement that puts a row into it.
    func insertion(_ table: String) -> String {
        "INSERT INTO \"\(table)\" VALUES(\(fields.map { _ in "?" }.joined(separator: ",")))"
    }

    /// What a table that is there has otherwise; nil where it is the same.
    func difference(from there: [Field]) -> String? {
        for (mine, other) in zip(fields, there) where mine != other {
            return "has \(other.name) \(other.declared) where \(mine.name) \(mine.declared) would be written"
        }
        if there.count > fields.count { return "has \(there[fields.count].name), which would not be written" }
        if there.count < fields.count { return "has no column for \(fields[there.count].name)" }
        return nil
    }
}

extension PacketType {
    /// The type with some of its parameters alone.
    func having(_ columns: [Int]) -> PacketType {
        PacketType(
            name: name, shortName: shortName, description: description, database: database, mission: mission,
            dialect: dialect, parameters: columns.map { parameters[$0] }, fixedLength: fixedLength)
    }
}

extension ValueKind {
    /// The type of a column that holds such values.
    fileprivate var declared: String {
        switch self {
        case .unsigned, .signed, .boolean: "INTEGER"
        case .float: "REAL"
        case .enumeration, .string, .time, .list: "TEXT"
        case .binary: "BLOB"
        }
    }
}

extension RawKind {
    /// The type of a column that holds such raw values.
    fileprivate var declared: String {
        switch self {
        case .unsigned, .signed: "INTEGER"
        case .float: "REAL"
        case .text: "TEXT"
        case .bytes: "BLOB"
        }
    }
}
