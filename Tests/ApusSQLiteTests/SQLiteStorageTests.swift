import Apus
import ApusSQLite
import Foundation
import Testing

@Suite struct SQLiteStorageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ options: SQLiteOptions = SQLiteOptions()) async throws -> SQLiteStorage {
        try await SQLiteStorage.open(at: folder.path(), options: options)
    }

    @Test func `what was committed is there after closing and opening`() async throws {
        let first = try await open()
        var batch = StorageBatch()
        for number in 0..<100 { batch.create(Array("value \(number)".utf8), at: StorageKey("journal", number)) }
        try await first.commit(batch)
        await first.close()
        let second = try await open()
        let entries = try await second.scan(.below(StorageKey("journal")), limit: 1_000)
        #expect(entries.map(\.key) == (0..<100).map { StorageKey("journal", $0) })
        #expect(entries.last?.value == Array("value 99".utf8))
        let last = try await second.scan(.below(StorageKey("journal")).descending, limit: 1)
        #expect(last.map(\.key) == [StorageKey("journal", 99)])
        await second.close()
    }

    @Test func `a conflict fails its own batch and no other of its group`() async throws {
        let storage = try await open()
        let counter = StorageKey("counter")
        let refused = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    var batch = StorageBatch()
                    batch.create(Array("\(number)".utf8), at: StorageKey("own", number))
                    if number % 2 == 0 { batch.create([], at: counter) }
                    do {
                        try await storage.commit(batch)
                        return false
                    } catch {
                        #expect(error as? StorageError == StorageError(.conflict, key: counter))
                        return true
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused == 99)
        #expect(try await storage.scan(.below(StorageKey("own")), limit: 1_000).count == 101)
        #expect(storage.statistics.commits == 101)
        #expect(storage.statistics.refusals == 99)
        await storage.close()
    }

    @Test func `compare and swap from many tasks loses no increment`() async throws {
        let storage = try await open()
        let key = StorageKey("counter")
        var first = StorageBatch()
        first.create([0], at: key)
        try await storage.commit(first)
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10 { try await storage.increment(key) }
                }
            }
        }
        #expect(try await storage.read([key]).first??.value == [80])
    }

    @Test func `a closed storage refuses everything`() async throws {
        let storage = try await open()
        await storage.close()
        var batch = StorageBatch()
        batch.put([1], at: StorageKey("a"))
        await #expect(throws: StorageError(.closed)) { try await storage.commit(batch) }
        await #expect(throws: StorageError(.closed)) { _ = try await storage.read([StorageKey("a")]) }
        await #expect(throws: StorageError(.closed)) { try await storage.transact { _ in ((), StorageBatch()) } }
        for await _ in storage.changes(in: .all) {}
    }

    @Test func `a space in memory does the same without a file`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        var batch = StorageBatch()
        batch.put([1, 2, 3], at: StorageKey("a"))
        batch.put([], at: StorageKey("b"))
        try await storage.commit(batch)
        #expect(
            try await storage.read([StorageKey("b"), StorageKey("c"), StorageKey("a")]).map { $0?.value } == [
                [], nil, [1, 2, 3],
            ])
        #expect(try await storage.check().intact == 2)
        await storage.close()
    }
}

extension Storage {
    /// Adds one to the byte at `key`, again until nobody comes between.
    fileprivate func increment(_ key: StorageKey) async throws {
        while true {
            guard let value = try await read([key]).first??.value else { return }
            var batch = StorageBatch()
            batch.require(.holds(key, value))
            batch.put([value[0] + 1], at: key)
            do {
                return try await commit(batch)
            } catch let error as StorageError where error.code == .conflict {}
        }
    }
}
