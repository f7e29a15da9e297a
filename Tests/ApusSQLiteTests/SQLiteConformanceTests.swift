import Apus
import ApusSQLite
import ApusTesting
import Foundation
import SQLiteFaults
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

    @Test(arguments: StorageConformance.crashingClauses)
    func `a file meets the contract after a crash`(_ clause: StorageConformance.Clause) async throws {
        let disk = FaultyDisk(name: clause.name, seed: 1)
        var options = SQLiteOptions()
        options.vfs = disk.name
        let open: @Sendable (any Environment) async throws -> SQLiteStorage = { [folder, options] environment in
            try await SQLiteStorage.open(at: folder.path(), options: options, environment: environment)
        }
        try await clause.check(
            StorageSubject(open: open).crashing { old, environment in
                disk.crash(losingPower: true)
                await old.close()
                disk.heal()
                return try await open(environment)
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
