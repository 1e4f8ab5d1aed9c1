internal import Bytes
internal import GRDB
internal import Records

/// A sink that is told where its packets come from and where the octets went.
protocol LedgerSink: RecordSink {
    /// Begins a capture; several may be written by turns.
    ///
    /// - Parameters:
    ///   - capture: its number, as origins have it.
    ///   - octets: its size on the disk, where it has one.
    func begin(_ capture: Int, _ name: String, octets: UInt64?) throws(OutputFile.Failure)
    /// Ends a capture.
    func end(_ capture: Int, _ ledger: Ledger) throws(OutputFile.Failure)
}

/// An SQLite database: a table a packet type, made when the first packet of the type comes.
///
/// Batches go in by transactions of a bounded number of rows, each made of whole batches: whatever ends the program, the
/// file holds the packets up to some batch, and nothing of those behind it.
final class SQLiteSink: LedgerSink, StoringSink {
    private let file: DatabaseFile
    private let tables: DatabaseTables
    private let skips: [Bool]
    private let skipsUntyped: Bool
    private let version: String
    private var views = CellViews()
    private let groups = TypeGroups()
    private var origins: [RowOrigin] = []
    /// The captures that were begun and did not end, by number.
    private var inputs: [Int: Input] = [:]
    private var hasInput = false
    private var isInTransaction = false
    private var waitingRows = 0
    private var oldest = ContinuousClock.now

    /// A transaction is ended when it has so many rows.
    private static let mostRows = 50_000
    /// Or when its first row has waited so long: on live input others see what came.
    private static let longestWait = Duration.seconds(1)

    /// How many packets and messages were there before; nil for a new file.
    private(set) var rowsBefore: Int?
    /// How many were committed.
    private(set) var stored = 0

    /// A capture in the database.
    private struct Input {
        /// Its row.
        let id: Int64
        /// How many of its packets are in the tables.
        var rows = 0
        /// Flows of another capture are others, also where they are called the same.
        var flows: [String: Int64] = [:]
    }

    /// Opens a database: a new one, or one of ours whose tables are what would be written.
    ///
    /// - Parameters:
    ///   - columns: what was asked for, where packets that have none of it are left out.
    ///   - shown: what was asked for, which is all that tables have; nil for everything.
    ///   - version: that of the program, which the database keeps.
    ///   - emptyTable: makes an empty table of a type.
    init(
        path: String, types: [PacketType], only columns: SinkColumns?, showing shown: SinkColumns?, version: String,
        emptyTable: (Int) -> DecodedTable
    ) throws(OutputFile.Failure) {
        self.version = version
        skips = types.indices.map { type in columns.map { !$0.shows(type) } ?? false }
        skipsUntyped = columns != nil
        let file = try DatabaseFile(path: path)
        self.file = file
        do throws(OutputFile.Failure) {
            tables = try file.access { database in
                // Waits for others that write, or says so, before anything is read.
                try database.execute(sql: "BEGIN IMMEDIATE")
                if file.isNew { try DatabaseSchema.create(database) }
                let tables = try DatabaseTables(types, showing: shown, database)
                if let difference = try tables.difference(database, emptyTable) {
                    throw OutputFile.Failure(
                        isBrokenPipe: false,
                        description:
                            "\(path) cannot be continued: \(difference); choose another file, or the databases "
                            + "and fields that it was written with")
                }
                try database.execute(sql: "COMMIT")
                return tables
            }
            if !file.isNew {
                rowsBefore = try file.access {
                    try Int.fetchOne($0, sql: "SELECT coalesce(sum(packets), 0) FROM files")
                }
            }
        } catch {
            try? file.close()
            if file.isNew { file.remove() }
            throw error
        }
    }

    func begin(_ capture: Int, _ name: String, octets: UInt64?) throws(OutputFile.Failure) {
        try begin()
        inputs[capture] = try file.access { database in
            if !hasInput {
                try database.execute(
                    sql: "INSERT INTO starlane VALUES(?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", arguments: [version])
            }
            return Input(id: try DatabaseLedger.begin(name, octets: octets, database))
        }
        hasInput = true
    }

    func end(_ capture: Int, _ ledger: Ledger) throws(OutputFile.Failure) {
        guard let input = inputs[capture] else { return }
        try begin()
        try file.access { try DatabaseLedger.end(input.id, ledger, $0) }
        try commit()
        inputs[capture] = nil
    }

    func count(_ decoded: DecodedBatch, _ chosen: Lane<Int32>) -> Int {
        groups.fill(chosen.span, decoded, types: tables.types.count)
        return groups.count(decoded, skips: skips, skipsUntyped: skipsUntyped)
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        if chosen.count > 0 {
            try begin()
            do { try rows(units, decoded, chosen, context) } catch {
                // Not half of a batch: what was committed is whole batches.
                abandon()
                throw error
            }
        }
        // An empty batch is good for this.
        if waitingRows >= Self.mostRows || isInTransaction && .now - oldest >= Self.longestWait { try commit() }
    }

    private func rows(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let groups = self.groups
        groups.fill(chosen.span, decoded, types: tables.types.count)
        let count = groups.count(decoded, skips: skips, skipsUntyped: skipsUntyped)
        try file.access { database in
            try enter(context.origins, database)
            var cursor = context.cursor
            try tables.prepare(decoded, database, skips: skips)
            tables.fill(&views, decoded)
            for type in decoded.typesPresent where !skips[type] {
                let some = groups.units(ofType: type)
                guard some.count > 0, let table = decoded.table(ofType: type) else { continue }
                try tables.write(some, units, decoded, table, views, origins, &cursor, database)
            }
            let unknown = groups.units(ofType: -1)
            if !skipsUntyped, unknown.count > 0 {
                try tables.write(unknown: unknown, units, origins, &cursor, database)
            }
        }
        waitingRows += count
        inputs[context.capture]?.rows += count
    }

    /// Gives the origins that were not met before their numbers.
    private func enter(_ met: [Origin], _ database: Database) throws {
        for origin in met[origins.count...] {
            var flow = inputs[origin.capture]?.flows[origin.flow]
            if flow == nil, let input = inputs[origin.capture] {
                try database.execute(
                    sql: "INSERT INTO flows(file, name) VALUES(?, ?)", arguments: [input.id, origin.flow])
                flow = database.lastInsertedRowID
                inputs[origin.capture]?.flows[origin.flow] = flow
            }
            if let spacecraft = origin.spacecraft {
                try DatabaseSchema.makeView(ofSpacecraft: Int64(spacecraft), database)
            }
            origins.append(
                RowOrigin(
                    flow: flow ?? 0, spacecraft: origin.spacecraft.map(Int64.init), vcid: origin.vcid.map(Int64.init)))
        }
    }

    func flush() throws(OutputFile.Failure) {
        if isInTransaction && .now - oldest >= Self.longestWait { try commit() }
    }

    func finish() throws(OutputFile.Failure) {
        try commit()
        tables.closeStatements()
        try file.close()
        // Where nothing could be read nothing is left behind.
        if !hasInput, file.isNew { file.remove() }
    }

    private func begin() throws(OutputFile.Failure) {
        guard !isInTransaction else { return }
        // Deferred, it could fail in the middle when somebody else has written meanwhile.
        try file.access { try $0.execute(sql: "BEGIN IMMEDIATE") }
        isInTransaction = true
        oldest = .now
    }

    /// Makes what was written so far stay.
    private func commit() throws(OutputFile.Failure) {
        guard isInTransaction else { return }
        do throws(OutputFile.Failure) {
            try file.access { database in
                try tables.commit(database)
                for input in inputs.values {
                    try database.execute(
                        sql: "UPDATE files SET packets = ? WHERE id = ?", arguments: [input.rows, input.id])
                }
                try database.execute(sql: "COMMIT")
            }
        } catch {
            abandon()
            throw error
        }
        stored += waitingRows
        isInTransaction = false
        waitingRows = 0
    }

    /// Takes back what was not committed, and ends: nothing more is written.
    private func abandon() {
        isInTransaction = false
        tables.closeStatements()
        try? file.access { database in
            // A full disk ends the transaction by itself.
            if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
        }
        try? file.close()
    }
}
