import Apus
import CSQLite

/// The entries as one connection reads and writes them, with all its statements prepared.
final class EntryTable {
    let connection: Connection
    private let begin: Statement
    private let commit: Statement
    private let find: Statement
    private let put: Statement
    private let remove: Statement
    private let removeFrom: Statement
    private let removeRange: Statement
    private let reclaim: Statement
    /// By whether there is an upper bound and whether they descend.
    private let scans: [Statement]

    init(_ connection: Connection) throws(SQLiteFailure) {
        func statement(_ sql: String) throws(SQLiteFailure) -> Statement {
            try Statement(sql, on: connection, isKept: true)
        }
        self.connection = connection
        begin = try statement("BEGIN IMMEDIATE")
        commit = try statement("COMMIT")
        find = try statement("SELECT \(EntryRow.columns) FROM entry WHERE key = ?1")
        put = try statement(
            """
            INSERT INTO entry (key, value, expires, checksum) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE SET \
            value = excluded.value, expires = excluded.expires, checksum = excluded.checksum
            """)
        remove = try statement("DELETE FROM entry WHERE key = ?1")
        removeFrom = try statement("DELETE FROM entry WHERE key >= ?1")
        removeRange = try statement("DELETE FROM entry WHERE key >= ?1 AND key < ?2")
        reclaim = try statement(
            """
            DELETE FROM entry WHERE id IN (
                SELECT id FROM entry WHERE expires IS NOT NULL AND expires <= ?1 ORDER BY expires LIMIT ?2)
            """)
        let scan = "SELECT \(EntryRow.columns), key FROM entry INDEXED BY sqlite_autoindex_entry_1 WHERE key >= ?1"
        scans = [
            try statement(scan + " ORDER BY key"), try statement(scan + " ORDER BY key DESC"),
            try statement(scan + " AND key < ?2 ORDER BY key"), try statement(scan + " AND key < ?2 ORDER BY key DESC"),
        ]
    }

    // MARK: Reading

    /// Calls `body` so that all it reads is from one moment.
    func inOneMoment<Value>(_ body: () throws -> Value) throws -> Value {
        guard !connection.isInTransaction else { return try body() }
        try connection.run("BEGIN")
        defer { connection.rollBack() }
        return try body()
    }

    func read(_ keys: [StorageKey], _ now: WallTime) throws -> [StorageEntry?] {
        guard keys.count > 1 else { return try keys.map { try read($0, now) } }
        return try inOneMoment { try keys.map { try read($0, now) } }
    }

    private func read(_ key: StorageKey, _ now: WallTime) throws -> StorageEntry? {
        try look(at: key, now) { row in row.map { StorageEntry(key, [UInt8]($0.value)) } }
    }

    /// Calls `body` with the row at `key`, or with `nil` if there is none or it has expired.
    private func look<Value>(at key: StorageKey, _ now: WallTime, _ body: (EntryRow?) -> Value) throws -> Value {
        defer { find.reset() }
        try find.bind(key.bytes, at: 1)
        guard try find.step() else { return body(nil) }
        guard let row = key.bytes.withUnsafeBytes({ EntryRow(verifying: find, key: $0) }) else {
            throw StorageError(.corrupt, key: key)
        }
        return body(row.isLive(now) ? row : nil)
    }

    /// Calls `body` with each row of a range in its direction, `nil` for a damaged one, until it returns `false`.
    func scan(_ range: StorageRange, _ body: (StorageKey, EntryRow?) throws -> Bool) throws {
        let statement = scans[(range.upper == nil ? 0 : 2) + (range.isDescending ? 1 : 0)]
        defer { statement.reset() }
        try statement.bind(range.lower.bytes, at: 1)
        if let upper = range.upper { try statement.bind(upper.bytes, at: 2) }
        while try statement.step() {
            let bytes = statement.bytes(3)
            let row = statement.kind(3) == SQLITE_BLOB ? EntryRow(verifying: statement, key: bytes) : nil
            guard try body(StorageKey(bytes: [UInt8](bytes)), row) else { return }
        }
    }

    /// Throws with the first damaged key among the entries asked for.
    func entries(in range: StorageRange, limit: Int, _ now: WallTime) throws -> [StorageEntry] {
        var entries: [StorageEntry] = []
        guard limit > 0 else { return entries }
        try scan(range) { key, row in
            guard let row else { throw StorageError(.corrupt, key: key) }
            if row.isLive(now) { entries.append(StorageEntry(key, [UInt8](row.value))) }
            return entries.count < limit
        }
        return entries
    }
}

// MARK: - Writing, inside a transaction

extension EntryTable {
    func beginTransaction() throws(SQLiteFailure) { try begin.perform() }

    func commitTransaction() throws(SQLiteFailure) { try commit.perform() }

    /// Why the batch can't be applied now; `nil` if it can.
    func refusal(of batch: StorageBatch, _ now: WallTime) throws -> StorageError? {
        for precondition in batch.preconditions {
            do {
                let holds = try look(at: precondition.key, now) { row in
                    switch precondition {
                    case .absent: row == nil
                    case .present: row != nil
                    case .holds(_, let value): row?.holds(value) ?? false
                    }
                }
                if !holds { return StorageError(.conflict, key: precondition.key) }
            } catch let error as StorageError {
                return error
            }
        }
        return nil
    }

    func apply(_ write: StorageBatch.Write) throws(SQLiteFailure) {
        switch write {
        case .put(let key, let value, let expires):
            try store(value, at: key, expires)
        case .delete(let key):
            try remove.bind(key.bytes, at: 1)
            try remove.perform()
        case .deleteRange(let range):
            let statement = range.upper == nil ? removeFrom : removeRange
            try statement.bind(range.lower.bytes, at: 1)
            if let upper = range.upper { try statement.bind(upper.bytes, at: 2) }
            try statement.perform()
        }
    }

    private func store(_ value: [UInt8], at key: StorageKey, _ expires: WallTime?) throws(SQLiteFailure) {
        let outcome = key.bytes.withUnsafeBytes { keyBytes in
            value.withUnsafeBytes { valueBytes in
                Result { () throws(SQLiteFailure) in
                    defer { put.clear() }
                    let checksum = RowChecksum(key: keyBytes, value: valueBytes, expires: expires)
                    try put.bindInPlace(keyBytes, at: 1)
                    try put.bindInPlace(valueBytes, at: 2)
                    if let expires { try put.bind(expires.milliseconds, at: 3) } else { try put.bindNull(at: 3) }
                    try put.bind(Int64(bitPattern: checksum.value), at: 4)
                    try put.perform()
                }
            }
        }
        try outcome.get()
    }

    /// Takes away up to `limit` entries that have expired.
    func reclaim(_ now: WallTime, limit: Int) throws(SQLiteFailure) {
        try reclaim.bind(now.milliseconds, at: 1)
        try reclaim.bind(Int64(limit), at: 2)
        try reclaim.perform()
    }
}
