internal import GRDB
internal import Glibc

/// A database of Starlane's, new or with what was written before: its connection, and what is said when it fails.
///
/// Used by one thread at a time.
final class DatabaseFile {
    let path: String
    /// True when it was not there before.
    let isNew: Bool
    private let queue: DatabaseQueue

    /// What tells our databases from others (`PRAGMA application_id`): "STLN".
    static let applicationID: Int64 = 0x5354_4C4E
    /// The edition of the tables (`PRAGMA user_version`).
    static let edition: Int64 = 1
    /// How long to wait for another program that writes.
    private static let patience = 5.0

    /// Opens a database to write to it. What is there and is not ours is refused and left as it is.
    init(path: String) throws(OutputFile.Failure) {
        self.path = path
        isNew = try Self.isFree(path)
        var configuration = Configuration()
        configuration.label = "starlane"
        // A transaction spans the writing of several batches.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(Self.patience)
        do {
            // Names with a meaning of their own, like `:memory:`, are names of files here.
            queue = try DatabaseQueue(path: path.hasPrefix("/") ? path : "./" + path, configuration: configuration)
        } catch {
            throw Self.failure(path, error)
        }
        if !isNew { try checkIsOurs() }
        try prepare()
    }

    /// Does something with the connection.
    func access<Result>(_ work: (Database) throws -> Result) throws(OutputFile.Failure) -> Result {
        do { return try queue.inDatabase(work) } catch let failure as OutputFile.Failure { throw failure } catch {
            throw Self.failure(path, error)
        }
    }

    /// Ends the connection: what its journal holds goes into the file.
    func close() throws(OutputFile.Failure) {
        do { try queue.close() } catch { throw Self.failure(path, error) }
    }

    /// Takes away a new file that nothing came into. The connection is closed.
    func remove() { for ending in ["", "-wal", "-shm", "-journal"] { unsafe unlink(path + ending) } }

    /// Words for an error of the database.
    static func failure(_ path: String, _ error: any Error) -> OutputFile.Failure {
        guard let error = error as? DatabaseError else {
            return OutputFile.Failure(isBrokenPipe: false, description: "\(path) cannot be written: \(error)")
        }
        let words =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                "\(path) is locked: another program writes to it; wait until it is done, or choose another file"
            case .SQLITE_FULL: "\(path) cannot be written further: the disk is full; what was committed is in it"
            case .SQLITE_READONLY: "\(path) cannot be written: it is read-only"
            case .SQLITE_CANTOPEN, .SQLITE_PERM: "\(path) cannot be opened for writing: \(cause(error))"
            case .SQLITE_CORRUPT: "\(path) is damaged: \(error.message ?? "its pages do not fit together")"
            default: "\(path) cannot be written: \(cause(error))"
            }
        return OutputFile.Failure(isBrokenPipe: false, description: words)
    }

    private static func cause(_ error: DatabaseError) -> String { error.message ?? "SQLite says \(error.resultCode)" }
}

extension DatabaseFile {
    /// Whether there is nothing at a path, or an empty file; what cannot be a database is refused.
    private static func isFree(_ path: String) throws(OutputFile.Failure) -> Bool {
        func refusal(_ words: String) -> OutputFile.Failure {
            OutputFile.Failure(isBrokenPipe: false, description: words)
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            let isThere = unsafe stat(folder, &status) == 0
            guard isThere, status.st_mode & S_IFMT == S_IFDIR else {
                throw refusal("\(path) cannot be written: there is no folder \(folder)")
            }
            return true
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw refusal("\(path) is a folder: a database is a file, name one in it")
        default: throw refusal("\(path) is no regular file: a database cannot be written to a pipe or a device")
        }
        guard status.st_size > 0 else { return true }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw refusal("\(path) cannot be read: \(unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "")")
        }
        defer { Glibc.close(descriptor) }
        var head = [UInt8](repeating: 0, count: 16)
        let count = unsafe Glibc.read(descriptor, &head, 16)
        guard count == 16, head == Array("SQLite format 3\0".utf8) else {
            throw refusal("\(path) is there and is no SQLite database: choose another file, or remove it")
        }
        return false
    }

    private func checkIsOurs() throws(OutputFile.Failure) {
        try access { database in
            let application = try Int64.fetchOne(database, sql: "PRAGMA application_id")
            let edition = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard application == Self.applicationID else {
                let tables = try String.fetchAll(
                    database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 5")
                let holds = tables.isEmpty ? "no tables" : "the tables \(tables.joined(separator: ", "))"
                throw OutputFile.Failure(
                    isBrokenPipe: false,
                    description: "\(path) is a database of another program, with \(holds): choose another file")
            }
            guard edition == Self.edition else {
                throw OutputFile.Failure(
                    isBrokenPipe: false,
                    description: "\(path) has tables of edition \(edition), and edition \(Self.edition) would be "
                        + "written: choose another file")
            }
        }
    }

    /// How the file is written: a journal that is written ahead, so that a program that is killed loses only what was not
    /// committed, and others read meanwhile.
    private func prepare() throws(OutputFile.Failure) {
        try access { database in
            // Small pages cost a search for every few rows; large ones are written whole for a single row.
            if isNew { try database.execute(sql: "PRAGMA page_size = 8192") }
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA wal_autocheckpoint = 4096;
                    PRAGMA cache_size = -16384;
                    """)
        }
    }
}
