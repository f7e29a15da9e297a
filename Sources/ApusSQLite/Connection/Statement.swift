import CSQLite

/// A prepared statement; it holds its connection open.
final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection

    /// `sql` is one statement; `isKept` says that it will run often.
    init(_ sql: String, on connection: Connection, isKept: Bool = false) throws(SQLiteFailure) {
        handle = try Self.prepare(sql, on: connection, flags: isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0)
        self.connection = connection
    }

    private static func prepare(
        _ sql: String, on connection: Connection, flags: UInt32
    ) throws(SQLiteFailure) -> OpaquePointer {
        let (code, prepared, rest) = sql.withCString { text -> (Int32, OpaquePointer?, Int) in
            var prepared: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(connection.handle, text, -1, flags, &prepared, &tail)
            return (code, prepared, tail.map { length(of: $0) } ?? 0)
        }
        try connection.check(code)
        if let prepared, rest == 0 { return prepared }
        sqlite3_finalize(prepared)
        throw SQLiteFailure(code: SQLITE_ERROR, message: "one statement is expected")
    }

    deinit { sqlite3_finalize(handle) }

    /// How much there is besides blanks and semicolons.
    private static func length(of text: UnsafePointer<CChar>) -> Int {
        String(cString: text).count { !$0.isWhitespace && $0 != ";" }
    }

    /// Moves on to the next row; `false` if there is none.
    func step() throws(SQLiteFailure) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else { throw connection.failure(code) }
        return false
    }

    /// Performs a statement that has no rows, and makes it ready for the next time.
    func perform() throws(SQLiteFailure) {
        defer { reset() }
        _ = try step()
    }

    func reset() { sqlite3_reset(handle) }

    /// Forgets what is bound.
    func clear() { sqlite3_clear_bindings(handle) }

    // MARK: Parameters, counted from 1

    var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

    func bind(_ number: Int64, at index: Int32) throws(SQLiteFailure) {
        try connection.check(sqlite3_bind_int64(handle, index, number))
    }

    func bind(_ number: Double, at index: Int32) throws(SQLiteFailure) {
        try connection.check(sqlite3_bind_double(handle, index, number))
    }

    func bindNull(at index: Int32) throws(SQLiteFailure) { try connection.check(sqlite3_bind_null(handle, index)) }

    func bind(_ text: String, at index: Int32) throws(SQLiteFailure) {
        var text = text
        let code = text.withUTF8 { bytes in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return sqlite3_bind_text64(
                handle, index, start ?? Self.nothing, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
        }
        try connection.check(code)
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws(SQLiteFailure) {
        let code = bytes.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(
                handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing), UInt64(bytes.count), Self.copied)
        }
        try connection.check(code)
    }

    /// Binds bytes that stay where they are until the statement is reset.
    func bindInPlace(_ bytes: UnsafeRawBufferPointer, at index: Int32) throws(SQLiteFailure) {
        let start = bytes.baseAddress ?? UnsafeRawPointer(Self.nothing)
        try connection.check(sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), nil))
    }

    /// Tells SQLite to copy what is bound.
    // Invariant: the address that SQLite's own macro of this purpose names; it is never called.
    nonisolated(unsafe) private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// An address for what is empty: bound as no address it would be NULL.
    // Invariant: one byte that nobody writes and nobody frees.
    nonisolated(unsafe) private static let nothing: UnsafePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}

// MARK: - Columns, counted from 0; what they return is valid until the next step

extension Statement {
    var columnCount: Int { Int(sqlite3_column_count(handle)) }

    func name(_ column: Int32) -> String { sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "" }

    func kind(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }
}
