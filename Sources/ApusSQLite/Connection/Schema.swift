import Apus
import CSQLite

/// What a database of ours is, and the steps that lead from an empty file to the newest form.
enum Schema {
    /// What stands in the header of each of our files: "Apus" in ASCII.
    static let applicationID: Int64 = 0x4170_7573

    /// The statements of step n lead from version n to n + 1. A step that was released never changes.
    ///
    /// Entries have a number of their own, so that many runs that write at once append to the table and scatter only in the index of
    /// their keys: half the time of a table ordered by the keys (measured at 64 runs and 200 bytes), and less for larger values.
    static let steps: [[String]] = [
        [
            """
            CREATE TABLE entry (
                id INTEGER PRIMARY KEY,
                key BLOB NOT NULL UNIQUE,
                value BLOB NOT NULL,
                expires INTEGER, -- milliseconds since 1970
                checksum INTEGER NOT NULL -- over all of the above but the id
            )
            """,
            "CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL",
            "CREATE TABLE apus (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
            "INSERT INTO apus VALUES ('settled', 0)",
            """
            CREATE VIEW readable AS
            SELECT CAST(key AS TEXT) AS key, CAST(value AS TEXT) AS value, length(value) AS bytes,
                strftime('%Y-%m-%dT%H:%M:%SZ', expires / 1000, 'unixepoch') AS expires
            FROM entry ORDER BY entry.key
            """,
        ],
        RunViews.statements,
    ]

    /// Refuses a file that is not ours or newer than we are, and brings an older one up to date.
    static func prepare(_ connection: Connection, isInMemory: Bool) throws {
        _ = try version(of: connection)
        let mode = try journalMode(of: connection)
        guard mode == "wal" || isInMemory else {
            throw StorageError(
                .refused, detail: "this file system has no write-ahead log, only the journal mode \(mode)")
        }
        guard try version(of: connection) < steps.count else { return }
        try connection.run("BEGIN IMMEDIATE")
        do {
            // Another process may have been quicker.
            for step in steps[try version(of: connection)...] {
                for statement in step { try connection.run(statement) }
            }
            try connection.run("PRAGMA application_id = \(applicationID)")
            try connection.run("PRAGMA user_version = \(steps.count)")
            try connection.run("COMMIT")
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// How many steps the file has behind it; it throws if the file is not ours.
    private static func version(of connection: Connection) throws -> Int {
        let identifier = try connection.number("PRAGMA application_id")
        let version = try connection.number("PRAGMA user_version")
        if identifier == applicationID {
            guard version <= steps.count else {
                let found = "its schema has version \(version), this program knows versions up to \(steps.count)"
                throw StorageError(.incompatible, detail: found)
            }
            return Int(version)
        }
        let objects = try connection.number("SELECT count(*) FROM sqlite_schema")
        guard identifier == 0, version == 0, objects == 0 else {
            let found = "it holds \(objects) tables or indexes of another program (application_id \(identifier))"
            throw StorageError(.incompatible, detail: found)
        }
        return 0
    }

    /// Turns the write-ahead log on. SQLite does not wait for others here, so this does.
    private static func journalMode(of connection: Connection) throws -> String {
        var attempts = 0
        while true {
            attempts += 1
            do {
                return try connection.text("PRAGMA journal_mode = WAL")
            } catch {
                guard error.primary == SQLITE_BUSY, attempts < 20 else { throw error }
                sqlite3_sleep(10)
            }
        }
    }
}
