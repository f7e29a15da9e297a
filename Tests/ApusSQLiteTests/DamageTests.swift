import Apus
import ApusSQLite
import ApusTesting
import AsideKit
import CSQLite
import Foundation
import Testing

/// Bytes that changed on the disk are noticed, and only what they belong to is refused.
@Suite(.aside) struct DamageTests {
    private let folder: TemporaryFolder
    private let keys = (0..<40).map { StorageKey("journal", "order-\($0 % 4)", $0) }

    init() throws { folder = try TemporaryFolder() }

    private func value(_ number: Int) -> [UInt8] {
        (0..<(60 + number * 3)).map { UInt8(truncatingIfNeeded: $0 * 7 + number) }
    }

    private func fill() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        var batch = StorageBatch()
        for (number, key) in keys.enumerated() { batch.put(value(number), at: key) }
        try await storage.commit(batch)
        await storage.close()
    }

    /// Runs a statement past the storage, as somebody with the sqlite3 shell would.
    private func change(_ sql: String) {
        var connection: OpaquePointer?
        #expect(sqlite3_open(folder.path(), &connection) == SQLITE_OK)
        #expect(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
        sqlite3_close(connection)
    }

    @Test func `a damaged entry is refused by its key, and the others are there`() async throws {
        try await fill()
        let damaged = keys[8]
        change("UPDATE entry SET value = x'00' || substr(value, 2) WHERE key = CAST('\(damaged)' AS BLOB)")
        let storage = try await SQLiteStorage.open(at: folder.path())
        await #expect(throws: StorageError(.corrupt, key: damaged)) { _ = try await storage.read([damaged]) }
        await #expect(throws: StorageError(.corrupt, key: damaged)) { _ = try await storage.scan(.all, limit: 100) }
        #expect(try await storage.read([keys[7]]).first??.value == value(7))
        let salvage = try await storage.salvage(.all, limit: 100)
        #expect(salvage.damaged == [damaged])
        #expect(salvage.entries.count == 39)
        let behind = try await storage.scan(StorageRange.all.after(damaged), limit: 100)
        #expect(behind == salvage.entries.filter { $0.key > damaged })
        #expect(try await storage.check().damaged == [damaged])
        var batch = StorageBatch()
        batch.create([1], at: damaged)
        await #expect(throws: StorageError(.corrupt, key: damaged)) { try await storage.commit(batch) }
        batch = StorageBatch()
        batch.put([1], at: damaged)
        try await storage.commit(batch)
        #expect(try await storage.check().isIntact)
        await storage.close()
    }

    @Test(arguments: [
        "expires = 4102444800000", "value = CAST(value AS TEXT)", "checksum = checksum + 1", "value = x''",
        "value = value || x'00'", "checksum = 'a'", "expires = 'later'",
    ])
    func `no column of a row can change unnoticed`(_ change: String) async throws {
        try await fill()
        self.change("UPDATE entry SET \(change) WHERE key = CAST('\(keys[5])' AS BLOB)")
        let storage = try await SQLiteStorage.open(at: folder.path())
        await #expect(throws: StorageError(.corrupt, key: keys[5])) { _ = try await storage.read([keys[5]]) }
        #expect(try await storage.check().damaged == [keys[5]])
        await storage.close()
    }

    /// Changes one byte of the file after the other. What is read is what was written, or an error, or nothing where the key itself was
    /// hit; and the check never calls a file with a lost entry intact.
    @Test func `no byte of the file can change and yield a wrong value`() async throws {
        try await fill()
        let file = try Data(contentsOf: URL(filePath: folder.path()))
        var generator = SeededGenerator(seed: 11)
        var refusals = 0
        for _ in 0..<(ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" ? 20_000 : 300) {
            var damaged = file
            let position = Int.random(in: 0..<file.count, using: &generator)
            damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
            try damaged.write(to: URL(filePath: folder.path()))
            guard let storage = try? await SQLiteStorage.open(at: folder.path()) else {
                refusals += 1
                continue
            }
            let isWhole = try await readAll(storage, "byte \(position)")
            let check = try? await storage.check()
            #expect(
                isWhole || check?.isIntact != true, "byte \(position) has lost an entry, and the check says nothing")
            if !isWhole { refusals += 1 }
            await storage.close()
        }
        #expect(refusals > 30)
    }

    /// Whether every entry is as it was written; none may be otherwise.
    private func readAll(_ storage: SQLiteStorage, _ name: String) async throws -> Bool {
        var isWhole = true
        for (number, key) in keys.enumerated() {
            let found = try? await storage.read([key])
            if let entry = found?.first ?? nil {
                #expect(entry.value == value(number), "\(name)")
            } else {
                isWhole = false
            }
        }
        if let scan = try? await storage.scan(.all, limit: 100) {
            for entry in scan {
                let number = keys.firstIndex(of: entry.key)
                #expect(number.map(value) == entry.value, "\(name)")
            }
        } else {
            isWhole = false
        }
        return isWhole
    }
}
