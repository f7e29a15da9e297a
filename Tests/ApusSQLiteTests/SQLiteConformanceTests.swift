import Apus
import ApusSQLite
import ApusTesting
import Foundation
import Testing

@Suite struct SQLiteConformanceTests {
    /// Each space has a folder of its own, gone when the test ends.
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var subject: StorageSubject<SQLiteStorage> {
        StorageSubject { [folder] environment in
            try await SQLiteStorage.open(at: folder.path(), environment: environment)
        }
    }

    @Test(arguments: StorageConformance.clauses)
    func `a file meets the contract`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check(subject)
    }

    @Test(arguments: StorageConformance.clauses)
    func `a space in memory meets the contract`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check { environment in try await SQLiteStorage.inMemory(environment: environment) }
    }

    @Test(arguments: StorageConformance.reopeningClauses)
    func `a file meets the contract after it was opened again`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check(
            subject.reopening { [folder] old, environment in
                await old.close()
                return try await SQLiteStorage.open(at: folder.path(), environment: environment)
            })
    }

    @Test(arguments: StorageConformance.watchingClauses)
    func `a file can be watched`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check(subject.watching())
    }

    @Test(arguments: StorageConformance.transactionClauses)
    func `statements and batches commit together`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check(
            subject.transacting { transaction in
                try transaction.execute("CREATE TABLE IF NOT EXISTS effect (id INTEGER PRIMARY KEY, name TEXT)")
                try transaction.execute("INSERT INTO effect (name) VALUES (?)", "effect")
            } count: { storage in
                try await storage.transact { transaction in
                    try transaction.execute("CREATE TABLE IF NOT EXISTS effect (id INTEGER PRIMARY KEY, name TEXT)")
                    let rows = try transaction.query("SELECT count(*) AS count FROM effect")
                    guard case .integer(let count) = rows.first?["count"] else { return (0, StorageBatch()) }
                    return (Int(count), StorageBatch())
                }
            })
    }
}
