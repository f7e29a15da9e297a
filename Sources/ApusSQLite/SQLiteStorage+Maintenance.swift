public import Apus
import CSQLite
import Foundation

/// What ``SQLiteStorage/check()`` found.
public struct SQLiteCheck: Sendable, Hashable {
    /// What SQLite says about the structure of the file, in its words.
    public internal(set) var problems: [String] = []
    /// The keys of entries that are damaged or can't be found by their key.
    public internal(set) var damaged: [StorageKey] = []
    /// How many entries are as they were written.
    public internal(set) var intact = 0

    public var isIntact: Bool { problems.isEmpty && damaged.isEmpty }
}

/// What ``SQLiteStorage/salvage(_:limit:)`` could still read.
public struct SQLiteSalvage: Sendable, Hashable {
    public internal(set) var entries: [StorageEntry] = []
    /// The keys of damaged entries, as far as they can be read.
    public internal(set) var damaged: [StorageKey] = []
}

extension SQLiteStorage {
    public var statistics: SQLiteStatistics { core.currentStatistics }

    /// Reads the whole file and says what is damaged. It takes a second for some hundred megabytes and stops nobody.
    public func check() async throws -> SQLiteCheck {
        try await maintain { table in
            var check = SQLiteCheck()
            try table.inOneMoment { try table.check(&check) }
            return check
        }
    }

    /// The first `limit` entries of a range, damaged ones counted, that are as they were written, and the keys of the others.
    public func salvage(_ range: StorageRange, limit: Int) async throws -> SQLiteSalvage {
        let now = core.environment.now().wallTime
        return try await core.read { table in
            var salvage = SQLiteSalvage()
            guard limit > 0 else { return salvage }
            try table.scan(range) { key, row in
                if let row {
                    if row.isLive(now) { salvage.entries.append(StorageEntry(key, [UInt8](row.value))) }
                } else {
                    salvage.damaged.append(key)
                }
                return salvage.entries.count + salvage.damaged.count < limit
            }
            return salvage
        }
    }

    /// Copies the database as it is at one moment into a new file, readable for its owner alone; nobody has to wait.
    public func backup(to path: String) async throws {
        try await maintain { [core] table in
            try DatabaseFile.create(path, isNew: true)
            do {
                try table.connection.copy(to: path, core.file)
            } catch {
                unlink(path)
                throw error
            }
        }
    }

    /// Calls `body` with a connection and a thread of its own, so that nobody waits for it.
    private func maintain<Value: Sendable>(
        _ body: @escaping @Sendable (EntryTable) throws -> Value
    ) async throws -> Value {
        guard core.file.path != nil, !core.isUnsettled else { return try await core.read(body) }
        return try await withCheckedThrowingContinuation { continuation in
            core.readers.start("apus-sqlite-care") { [core] in
                do {
                    let table = try EntryTable(try core.file.openForReading())
                    continuation.resume(returning: try body(table))
                } catch {
                    continuation.resume(throwing: publicError(error))
                }
            }
        }
    }
}

extension EntryTable {
    /// Compares each entry with its checksum, and whether the index of the keys leads to it.
    fileprivate func check(_ check: inout SQLiteCheck) throws {
        let structure = try Statement("PRAGMA integrity_check(100)", on: connection)
        while try structure.step() {
            if structure.text(0) != "ok" { check.problems.append(structure.text(0)) }
        }
        let rows = try Statement("SELECT \(EntryRow.columns), key, id FROM entry NOT INDEXED", on: connection)
        let index = try Statement("SELECT id FROM entry WHERE key = ?1", on: connection, isKept: true)
        while try rows.step() {
            let bytes = rows.bytes(3)
            let isIntact = EntryRow(verifying: rows, key: bytes) != nil
            let key = StorageKey(bytes: [UInt8](bytes))
            defer { index.reset() }
            try index.bind(key.bytes, at: 1)
            if try isIntact && index.step() && index.number(0) == rows.number(4) {
                check.intact += 1
            } else {
                check.damaged.append(key)
            }
        }
    }
}

extension Connection {
    fileprivate func copy(to path: String, _ file: DatabaseFile) throws {
        let target = try DatabaseFile(path: path, options: file.options, random: file.random).openEmpty()
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.failure(sqlite3_extended_errcode(target.handle))
        }
        let code = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw target.failure(code) }
        try target.check(end)
    }
}
