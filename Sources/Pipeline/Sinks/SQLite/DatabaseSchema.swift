internal import GRDB
internal import Records

/// The tables and views that stand in every database, whatever its packets are.
enum DatabaseSchema {
    /// Names that no table of packets may have.
    static let reserved = [
        "starlane", "files", "flows", "types", "parameters", "packets", "messages", unknownTable, "ledger_totals",
        "ledger_unclaimed", "ledger_rejections",
    ]
    /// The table of packets that no database explains.
    static let unknownTable = "packets_unknown"

    /// Makes them in a new file.
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(DatabaseFile.applicationID);
                PRAGMA user_version = \(DatabaseFile.edition);
                CREATE TABLE starlane(
                  version TEXT NOT NULL,
                  created TEXT NOT NULL
                );
                CREATE TABLE files(
                  id INTEGER PRIMARY KEY,
                  name TEXT NOT NULL,
                  octets INTEGER,
                  packets INTEGER NOT NULL DEFAULT 0,
                  finished INTEGER NOT NULL DEFAULT 0
                );
                CREATE TABLE flows(
                  id INTEGER PRIMARY KEY,
                  file INTEGER NOT NULL REFERENCES files(id),
                  name TEXT NOT NULL
                );
                CREATE TABLE types(
                  table_name TEXT PRIMARY KEY,
                  type TEXT NOT NULL,
                  dialect TEXT,
                  variant INTEGER NOT NULL,
                  description TEXT NOT NULL
                );
                CREATE TABLE parameters(
                  table_name TEXT NOT NULL REFERENCES types(table_name),
                  column_name TEXT NOT NULL,
                  raw_column TEXT,
                  limit_column TEXT,
                  name TEXT NOT NULL,
                  unit TEXT NOT NULL,
                  description TEXT NOT NULL,
                  kind TEXT NOT NULL,
                  PRIMARY KEY(table_name, column_name)
                );
                CREATE TABLE ledger_totals(
                  file INTEGER PRIMARY KEY REFERENCES files(id),
                  octets INTEGER NOT NULL,
                  decoded INTEGER NOT NULL,
                  overhead INTEGER NOT NULL,
                  idle INTEGER NOT NULL,
                  unclaimed INTEGER NOT NULL,
                  rejected INTEGER NOT NULL,
                  pending INTEGER NOT NULL
                );
                CREATE TABLE ledger_unclaimed(
                  file INTEGER NOT NULL REFERENCES files(id),
                  name TEXT NOT NULL,
                  count INTEGER NOT NULL,
                  octets INTEGER NOT NULL
                );
                CREATE TABLE ledger_rejections(
                  file INTEGER NOT NULL REFERENCES files(id),
                  stage TEXT NOT NULL,
                  reason TEXT NOT NULL,
                  count INTEGER NOT NULL,
                  octets INTEGER NOT NULL,
                  first_packet INTEGER,
                  first_offset INTEGER NOT NULL
                );
                """)
        try makeViews(database)
    }

    /// Enters a type and its parameters beside its table.
    static func describe(
        _ type: PacketType, _ identity: DatabaseTables.Identity, _ layout: TableLayout, table: String,
        _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO types VALUES(?, ?, ?, ?, ?)",
            arguments: [table, type.name, type.dialect, identity.variant, type.description])
        func name(_ place: Int32) -> String? { place > 0 ? layout.fields[Int(place) - 1].name : nil }
        for (parameter, places) in zip(layout.columns.map { type.parameters[$0] }, layout.places) {
            try database.execute(
                sql: "INSERT INTO parameters VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    table, name(places.value), name(places.raw), name(places.limit), parameter.name, parameter.unit,
                    parameter.description, "\(parameter.kind)",
                ])
        }
    }

    /// Makes the views anew that show the packets, or messages, of all tables.
    static func makeViews(_ database: Database) throws {
        let types = try Row.fetchAll(database, sql: "SELECT table_name, type, dialect FROM types ORDER BY rowid")
        var (packets, messages): ([String], [String]) = ([], [])
        for type in types {
            let (table, name): (String, String) = (type[0], type[1])
            if let dialect: String = type[2] {
                messages.append(
                    "SELECT time, \(utc), packet, flow, \(quoted(dialect)), \(quoted(name)) FROM \"\(table)\"")
            } else {
                packets.append("\(packetColumns) \(quoted(name)) FROM \"\(table)\"")
            }
        }
        if try database.tableExists(unknownTable) { packets.append("\(packetColumns) NULL FROM \"\(unknownTable)\"") }
        try makeView(
            "packets", ["time", "utc", "packet", "flow", "spacecraft", "vcid", "apid", "sequence", "type"], packets,
            database)
        try makeView("messages", ["time", "utc", "packet", "flow", "dialect", "type"], messages, database)
    }

    /// Makes the view of a spacecraft, if it is not there.
    static func makeView(ofSpacecraft spacecraft: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                CREATE VIEW IF NOT EXISTS spacecraft_\(spacecraft) AS SELECT * FROM packets WHERE spacecraft = \(spacecraft)
                """)
    }

    private static let packetColumns = "SELECT time, \(utc), packet, flow, spacecraft, vcid, apid, sequence,"

    /// The time as text. SQLite divides towards zero, so times before 1970 need the remainder made positive first.
    private static let utc = {
        let rest = "((time % 1000000000 + 1000000000) % 1000000000)"
        return "strftime('%Y-%m-%dT%H:%M:%S', (time - \(rest)) / 1000000000, 'unixepoch')"
            + " || printf('.%09dZ', \(rest))"
    }()

    private static func makeView(
        _ name: String, _ columns: [String], _ parts: [String], _ database: Database
    ) throws {
        var parts = parts
        if parts.isEmpty {
            parts = ["SELECT \(columns.map { _ in "NULL" }.joined(separator: ", ")) WHERE 0"]
        }
        // A union has at most 500 parts: of more, unions are made.
        while parts.count > mostParts {
            parts = stride(from: 0, to: parts.count, by: mostParts).map { first in
                let some = parts[first..<min(first + mostParts, parts.count)]
                return "SELECT * FROM (\(some.joined(separator: " UNION ALL ")))"
            }
        }
        try database.execute(sql: "DROP VIEW IF EXISTS \(name)")
        try database.execute(
            sql: "CREATE VIEW \(name)(\(columns.joined(separator: ", "))) AS\n"
                + parts.joined(separator: "\nUNION ALL\n"))
    }

    private static let mostParts = 400

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
