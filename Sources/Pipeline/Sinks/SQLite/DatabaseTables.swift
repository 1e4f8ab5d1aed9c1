internal import Bytes
internal import GRDB
internal import GRDBSQLite
internal import Records

/// The tables of packet types in a database, and what writes into them.
final class DatabaseTables {
    let types: [PacketType]
    /// What was asked for; nil for everything that is decoded.
    private let shown: SinkColumns?
    /// The name of each type's table.
    private var names: [String] = []
    private var identities: [Identity] = []
    /// The tables that were there at the start, by name.
    private let there: Set<String>
    private let hasUnknown: Bool
    private var keys = FieldKeys()
    /// For each type its writer; nil where no packet of it came yet.
    private var writers: [RowWriter?]
    private var unknownWriter: RowWriter?
    private var hasNewTables = false

    /// Finds the tables of a database, and names for those that are not there yet.
    init(_ types: [PacketType], showing shown: SinkColumns?, _ database: Database) throws {
        self.types = types
        self.shown = shown
        writers = Array(repeating: nil, count: types.count)
        let known = try Row.fetchAll(database, sql: "SELECT table_name, type, dialect, variant FROM types")
        var tables: [Identity: String] = [:]
        for row in known { tables[Identity(type: row[1], dialect: row[2], variant: row[3])] = row[0] }
        there = Set(tables.values)
        hasUnknown = try database.tableExists(DatabaseSchema.unknownTable)
        var names = SafeNames(taken: DatabaseSchema.reserved + tables.values)
        var variants: [Identity: Int] = [:]
        for type in types {
            var identity = Identity(type: type.name, dialect: type.dialect, variant: 0)
            variants[identity, default: 0] += 1
            identity.variant = variants[identity] ?? 1
            identities.append(identity)
            self.names.append(tables[identity] ?? names.add(type.tableName))
        }
    }

    /// What tells types apart. Editions of a protocol have messages of the same name: they are told apart by their order.
    struct Identity: Hashable {
        var type: String
        var dialect: String?
        var variant: Int
    }

    /// What the tables that are there have otherwise than would be written; nil where all is the same.
    func difference(_ database: Database, _ emptyTable: (Int) -> DecodedTable) throws -> String? {
        for (type, name) in names.enumerated() where there.contains(name) {
            let columns = try Row.fetchAll(
                database, sql: "SELECT name, type FROM pragma_table_info(?)", arguments: [name])
            let fields = columns.map { TableLayout.Field(name: $0[0], declared: $0[1]) }
            if let difference = TableLayout(emptyTable(type), showing: shown).difference(from: fields) {
                return "its table \(name) \(difference)"
            }
        }
        return nil
    }

    /// Makes views of a batch's columns.
    func fill(_ views: inout CellViews, _ decoded: DecodedBatch) {
        views.fill(decoded, types: types.count) { [writers] type, column in
            // Of types that are not written there are views, too, which nobody reads.
            writers[type]?.pieces[column]
        }
    }

    /// Makes what writers need that a batch needs.
    func prepare(_ decoded: DecodedBatch, _ database: Database, skips: [Bool]) throws {
        for type in decoded.typesPresent where writers[type] == nil && !skips[type] {
            guard let table = decoded.table(ofType: type) else { continue }
            let layout = TableLayout(table, showing: shown)
            if !there.contains(names[type]) {
                try make(layout, names[type], database)
                try DatabaseSchema.describe(
                    types[type], identities[type], layout, table: names[type], database)
            }
            writers[type] = RowWriter(
                RowStatement(try database.makeStatement(sql: layout.insertion(names[type]))), layout, types[type], &keys
            )
        }
    }

    private func make(_ layout: TableLayout, _ name: String, _ database: Database) throws {
        // The connection is open, and asking changes nothing.
        let most = Int(unsafe sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_COLUMN, -1))
        guard layout.fields.count <= most else {
            throw OutputFile.Failure(
                isBrokenPipe: false,
                description:
                    "packets of \(name) need a table of \(layout.fields.count) columns, and SQLite has \(most) at "
                    + "most: choose parameters with --fields")
        }
        try database.execute(sql: layout.creation(name))
        try database.execute(sql: "CREATE INDEX \"\(name)_time\" ON \"\(name)\"(time)")
        hasNewTables = true
    }

    /// Writes packets of a type.
    func write(
        _ chosen: Span<Int32>, _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ table: DecodedTable,
        _ views: borrowing CellViews, _ origins: [RowOrigin], _ cursor: inout OriginCursor, _ database: Database
    ) throws {
        let type = table.typeIndex
        guard writers[type]?.write(chosen, units, decoded, table, views, origins, &cursor, keptBy: keys) == true else {
            throw DatabaseError(resultCode: database.lastErrorCode, message: database.lastErrorMessage)
        }
    }

    /// Writes packets that no database explains.
    func write(
        unknown chosen: Span<Int32>, _ units: borrowing Batch<Unit>, _ origins: [RowOrigin],
        _ cursor: inout OriginCursor, _ database: Database
    ) throws {
        if unknownWriter == nil {
            let name = DatabaseSchema.unknownTable
            if !hasUnknown { try make(.unknown, name, database) }
            let statement = RowStatement(try database.makeStatement(sql: TableLayout.unknown.insertion(name)))
            unknownWriter = RowWriter(statement, .unknown, nil, &keys)
        }
        guard unknownWriter?.write(unknown: chosen, units, origins, &cursor) == true else {
            throw DatabaseError(resultCode: database.lastErrorCode, message: database.lastErrorMessage)
        }
    }

    /// Does what new tables need before they are committed.
    func commit(_ database: Database) throws {
        if hasNewTables { try DatabaseSchema.makeViews(database) }
        hasNewTables = false
    }

    /// Lets go of the statements, so that the connection can end.
    func closeStatements() {
        writers = Array(repeating: nil, count: types.count)
        unknownWriter = nil
    }
}
