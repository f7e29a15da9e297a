import Apus
import ApusSQLite
import Testing

@Suite struct TransactionTests {
    private struct Mistake: Error {}

    private func shop() async throws -> SQLiteStorage {
        let storage = try await SQLiteStorage.inMemory()
        try await storage.transact { transaction in
            try transaction.execute(
                "CREATE TABLE sale (id INTEGER PRIMARY KEY, name TEXT UNIQUE, price REAL, picture BLOB)")
            return ((), StorageBatch())
        }
        return storage
    }

    private func sales(_ storage: SQLiteStorage) async throws -> [SQLiteRow] {
        try await storage.transact {
            (try $0.query("SELECT name, price, picture FROM sale ORDER BY id"), StorageBatch())
        }
    }

    @Test func `values go in and out as they are`() async throws {
        let storage = try await shop()
        let name = "Robert'); DROP TABLE sale;-- \u{0} ü"
        try await storage.transact { transaction in
            let changes = try transaction.execute(
                "INSERT INTO sale (name, price, picture) VALUES (?, ?, ?)", .text(name), 1.5, .blob([0, 255]))
            #expect(changes == 1)
            try transaction.execute("INSERT INTO sale (name, picture) VALUES (?, ?)", nil, .blob([]))
            return ((), StorageBatch())
        }
        let rows = try await sales(storage)
        #expect(rows.map(\.values) == [[.text(name), .real(1.5), .blob([0, 255])], [.null, .null, .blob([])]])
        #expect(rows.first?["price"] == .real(1.5))
    }

    @Test func `statements stay out of what is not theirs`() async throws {
        let storage = try await shop()
        var batch = StorageBatch()
        batch.put([1], at: StorageKey("a"))
        try await storage.commit(batch)
        let forbidden = [
            "COMMIT", "ROLLBACK", "SAVEPOINT a", "DELETE FROM entry", "UPDATE ENTRY SET value = x'00'",
            "DROP TABLE entry",
            "ALTER TABLE entry ADD COLUMN a", "CREATE INDEX i ON entry (value)", "DROP INDEX entry_expires",
            "CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END", "DELETE FROM apus", "DROP VIEW readable",
            "PRAGMA user_version = 7", "ATTACH ':memory:' AS other", "VACUUM", "SELECT 1; DELETE FROM sale",
            "SELECT ?", "nonsense",
        ]
        for sql in forbidden {
            await #expect(throws: StorageError.self, "\(sql)") {
                try await storage.transact { transaction in
                    try transaction.execute("INSERT INTO sale (name) VALUES ('x')")
                    try transaction.execute(sql)
                    return ((), StorageBatch())
                }
            }
        }
        #expect(try await sales(storage).isEmpty)
        #expect(try await storage.check().intact == 1)
    }

    @Test func `a statement that rolls everything back harms no other commit`() async throws {
        let storage = try await shop()
        await withTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    var batch = StorageBatch()
                    batch.create([1], at: StorageKey("a", number))
                    let isBad = number % 5 == 0
                    do {
                        guard isBad else { return try await storage.commit(batch) }
                        try await storage.transact { [batch] transaction in
                            try transaction.execute("INSERT INTO sale (name) VALUES ('same')")
                            try transaction.execute("INSERT OR ROLLBACK INTO sale (name) VALUES ('same')")
                            return ((), batch)
                        }
                    } catch {
                        #expect(isBad, "\(error)")
                    }
                }
            }
        }
        #expect(try await storage.scan(.all, limit: 100).count == 40)
        #expect(try await sales(storage).isEmpty)
    }

    @Test func `an error of the caller undoes its statements and comes back as it is`() async throws {
        let storage = try await shop()
        await #expect(throws: Mistake.self) {
            try await storage.transact { transaction in
                try transaction.execute("INSERT INTO sale (name) VALUES ('x')")
                throw Mistake()
            } as Void
        }
        #expect(try await sales(storage).isEmpty)
    }

    @Test func `a transaction can't be used when it is over`() async throws {
        // Invariant: the storage's thread has answered before the test reads it.
        nonisolated(unsafe) var kept: SQLiteTransaction?
        let storage = try await shop()
        try await storage.transact { transaction in
            kept = transaction
            return ((), StorageBatch())
        }
        #expect(throws: StorageError(.closed)) { try kept?.execute("INSERT INTO sale (name) VALUES ('x')") }
    }
}
