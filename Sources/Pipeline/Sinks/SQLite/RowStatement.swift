internal import Bytes
internal import GRDB
internal import GRDBSQLite

/// A prepared statement that takes a row a run: values go into it as they stand in the columns, without an object each.
///
/// Used by one thread at a time, between the opening and the closing of its connection.
@safe
struct RowStatement {
    /// Owns the handle.
    private let statement: Statement
    private let handle: SQLiteStatement

    init(_ statement: Statement) {
        self.statement = statement
        unsafe handle = statement.sqliteStatement
    }

    /// Places are counted from 1 on; each is bound anew for every row, or stays as it was.
    @inline(__always)
    func bind(_ place: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(handle, place, value) }

    @inline(__always)
    func bind(_ place: Int32, _ value: Double) {
        // NaN becomes NULL: SQLite has none.
        unsafe sqlite3_bind_double(handle, place, value)
    }

    /// An unsigned number; those that SQLite has no integer for are text, `0x` and sixteen digits, so that they sort behind
    /// all numbers and in their order.
    @inline(__always)
    func bind(_ place: Int32, unsigned value: UInt64) {
        if let number = Int64(exactly: value) { return bind(place, number) }
        var text = TextBuffer(capacity: 32)
        text.append("0x")
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            text.append(TextBuffer.hexDigit(UInt8(truncatingIfNeeded: value >> shift & 15)))
        }
        bind(place, copying: text.bytes)
    }

    @inline(__always)
    func bindNull(_ place: Int32) { unsafe sqlite3_bind_null(handle, place) }

    /// Text in UTF-8 that stays where it is until the row is in.
    @inline(__always)
    func bind(_ place: Int32, text: RawSpan) {
        // SQLite reads it in `run()` at the latest: until then the batch, or the keys, keep it. Afterwards the place still
        // holds the address and is bound anew before the next run.
        unsafe bind(place, text: text, sqlite3_destructor_type?.none)
    }

    /// Text in UTF-8 that SQLite copies.
    func bind(_ place: Int32, copying text: RawSpan) {
        unsafe bind(place, text: text, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }

    @inline(__always)
    private func bind(_ place: Int32, text: RawSpan, _ destructor: sqlite3_destructor_type?) {
        let code = unsafe text.withUnsafeBytes { octets in
            unsafe sqlite3_bind_text64(
                handle, place,
                // No octets are an empty text, and no address would be NULL.
                (octets.baseAddress ?? Self.nowhere).assumingMemoryBound(to: CChar.self), UInt64(octets.count),
                destructor, UInt8(SQLITE_UTF8))
        }
        // What is too long for SQLite is not there; whatever the place held before must not be read again.
        if code != SQLITE_OK { bindNull(place) }
    }

    /// Octets that stay where they are until the row is in.
    @inline(__always)
    func bind(_ place: Int32, octets: RawSpan) {
        let code = unsafe octets.withUnsafeBytes { octets in
            unsafe sqlite3_bind_blob64(
                handle, place, octets.baseAddress ?? Self.nowhere, UInt64(octets.count), nil)
        }
        if code != SQLITE_OK { bindNull(place) }
    }

    /// An address for what has no octets; nothing is read there.
    private static var nowhere: UnsafeRawPointer { unsafe UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped }

    /// Puts the row in; false when SQLite refuses, which its connection says more of.
    @inline(__always)
    func run() -> Bool {
        let isDone = unsafe sqlite3_step(handle) == SQLITE_DONE
        return unsafe sqlite3_reset(handle) == SQLITE_OK && isDone
    }
}
