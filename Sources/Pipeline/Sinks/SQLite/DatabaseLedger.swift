internal import Bytes
internal import GRDB

/// The inputs and where their octets went, as tables.
enum DatabaseLedger {
    /// Enters an input; gives its number.
    static func begin(_ name: String, octets: UInt64?, _ database: Database) throws -> Int64 {
        try database.execute(
            sql: "INSERT INTO files(name, octets) VALUES(?, ?)", arguments: [name, octets.map { Int64(clamping: $0) }])
        return database.lastInsertedRowID
    }

    /// Enters what became of an input.
    static func end(_ file: Int64, _ ledger: Ledger, _ database: Database) throws {
        try database.execute(sql: "UPDATE files SET finished = 1 WHERE id = ?", arguments: [file])
        try database.execute(
            sql: "INSERT INTO ledger_totals VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                file, ledger.bytes, ledger.decoded, ledger.overhead, ledger.idle, ledger.unclaimedBytes,
                ledger.rejectedBytes, ledger.pending,
            ])
        for row in ledger.unclaimed {
            try database.execute(
                sql: "INSERT INTO ledger_unclaimed VALUES(?, ?, ?, ?)",
                arguments: [file, row.name, row.count, row.bytes])
        }
        for row in ledger.rejections {
            try database.execute(
                sql: "INSERT INTO ledger_rejections VALUES(?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    file, row.stage.rawValue, row.reason, row.count, row.bytes,
                    row.firstPacket > 0 ? Int64(clamping: row.firstPacket) : nil, Int64(clamping: row.firstOffset),
                ])
        }
    }
}
