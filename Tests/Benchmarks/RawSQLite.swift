import Apus
import CSQLite
import Foundation

/// SQLite by itself: the same rows in the same table, each in a transaction of its own.
final class RawSQLite {
    private var connection: OpaquePointer?
    private var insert: OpaquePointer?

    init(at path: String) throws {
        try check(sqlite3_open(path, &connection))
        let statements = [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
            """
            CREATE TABLE entry (
                id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL, expires INTEGER,
                checksum INTEGER NOT NULL)
            """,
            "CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL",
        ]
        for sql in statements { try check(sqlite3_exec(connection, sql, nil, nil, nil)) }
        let sql = "INSERT INTO entry (key, value, expires, checksum) VALUES (?1, ?2, NULL, ?3)"
        try check(sqlite3_prepare_v2(connection, sql, -1, &insert, nil))
    }

    deinit {
        sqlite3_finalize(insert)
        sqlite3_close(connection)
    }

    func commit(_ value: [UInt8], at key: StorageKey) throws {
        try key.bytes.withUnsafeBytes { key in
            try value.withUnsafeBytes { value in
                sqlite3_bind_blob(insert, 1, key.baseAddress, Int32(key.count), nil)
                sqlite3_bind_blob(insert, 2, value.baseAddress, Int32(value.count), nil)
                sqlite3_bind_int64(insert, 3, 0x1234_5678_9ABC_DEF0)
                try check(sqlite3_step(insert))
                try check(sqlite3_reset(insert))
            }
        }
    }

    /// What one of many commits takes, one after the other, in µs.
    static func commitTime(at path: String, count: Int = 1_500) throws -> Double {
        let raw = try RawSQLite(at: path)
        let value = [UInt8](repeating: 42, count: 200)
        let time = try ContinuousClock().measure {
            for number in 0..<count { try raw.commit(value, at: StorageKey("row", number)) }
        }
        return time / .microseconds(1) / Double(count)
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else {
            throw MeasureError(what: "SQLite answered \(code)")
        }
    }
}
