import CSQLite

/// A connection to a database, used by one thread at a time.
final class Connection {
    let handle: OpaquePointer
    let patience: Patience
    /// What the statements of a caller may do while ``isGuarded``.
    private let guardian = Guardian()

    /// `name` is a path, or `:memory:`.
    init(_ name: String, flags: Int32, vfs: String?, patience: Patience) throws(SQLiteFailure) {
        handle = try Self.open(name, flags, vfs)
        self.patience = patience
        sqlite3_extended_result_codes(handle, 1)
        patience.attend(handle)
        guardian.attend(handle)
        _ = csqlite_set_option(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        _ = csqlite_set_option(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    }

    private static func open(_ name: String, _ flags: Int32, _ vfs: String?) throws(SQLiteFailure) -> OpaquePointer {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, vfs)
        guard let opened else { throw SQLiteFailure(code: SQLITE_NOMEM, message: "out of memory") }
        if code == SQLITE_OK { return opened }
        let message = String(cString: sqlite3_errmsg(opened))
        let failure = SQLiteFailure(code: sqlite3_extended_errcode(opened), message: message)
        sqlite3_close_v2(opened)
        throw failure
    }

    // Every statement holds its connection, so none is left.
    deinit { sqlite3_close_v2(handle) }

    /// Throws unless `code` says that all is well.
    func check(_ code: Int32) throws(SQLiteFailure) {
        guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }

    func failure(_ code: Int32) -> SQLiteFailure {
        SQLiteFailure(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Performs one statement, its rows unread.
    func run(_ sql: String) throws(SQLiteFailure) {
        let statement = try Statement(sql, on: self)
        while try statement.step() {}
    }

    /// The first column of the first row of a statement.
    func number(_ sql: String) throws(SQLiteFailure) -> Int64 {
        let statement = try Statement(sql, on: self)
        return try statement.step() ? statement.number(0) : 0
    }

    func text(_ sql: String) throws(SQLiteFailure) -> String {
        let statement = try Statement(sql, on: self)
        return try statement.step() ? statement.text(0) : ""
    }

    /// Ends a transaction without its writes; SQLite may have done so already.
    func rollBack() {
        if isInTransaction { try? run("ROLLBACK") }
    }

    /// Calls `body` with all statements held to what a caller may do.
    func guarded<Value>(_ body: () throws -> Value) rethrows -> Value {
        guardian.isWatching = true
        defer { guardian.isWatching = false }
        return try body()
    }
}
