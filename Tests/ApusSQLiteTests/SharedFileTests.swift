import Apus
import ApusSQLite
import Dispatch
import Testing

/// Several storages, in one process and in several, on one file.
@Suite struct SharedFileTests {
    private let folder: TemporaryFolder
    private let counter = StorageKey("counter")

    init() throws { folder = try TemporaryFolder() }

    private func put(_ text: String, _ storage: SQLiteStorage) async throws {
        var batch = StorageBatch()
        batch.put(Array(text.utf8), at: counter)
        try await storage.commit(batch)
    }

    private func text(_ storage: SQLiteStorage) async throws -> String {
        String(decoding: try await storage.read([counter])[0]?.value ?? [], as: UTF8.self)
    }

    @Test func `processes that count together lose no increment`() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        try await put("0", storage)
        let children = try (0..<3).map { _ in try ChildProcess("count", folder.path(), "40") }
        for child in children { #expect(await child.wait().end == .exited(0)) }
        #expect(try await text(storage) == "120")
        #expect(try await storage.check().isIntact)
        await storage.close()
    }

    @Test func `a commit waits for another that writes, and says so when it takes too long`() async throws {
        var options = SQLiteOptions()
        options.busyTimeout = .milliseconds(20)
        let first = try await SQLiteStorage.open(at: folder.path(), options: options)
        let second = try await SQLiteStorage.open(at: folder.path(), options: options)
        let gate = Gate()
        async let held: Void = first.transact { _ in
            gate.hold()
            return ((), StorageBatch())
        }
        await gate.isHeld()
        await #expect(throws: StorageError(.unavailable)) { try await put("1", second) }
        #expect(try await second.read([counter])[0] == nil)
        gate.release()
        try await held
        try await put("2", second)
        #expect(try await text(first) == "2")
        await first.close()
        await second.close()
    }

    @Test func `commits of another storage are noticed`() async throws {
        var options = SQLiteOptions()
        options.watchInterval = .milliseconds(1)
        let first = try await SQLiteStorage.open(at: folder.path(), options: options)
        let second = try await SQLiteStorage.open(at: folder.path(), options: options)
        var isFirst = true
        for await _ in first.changes(in: .all) {
            if isFirst { try await put("1", second) }
            isFirst = false
            if try await text(first) == "1" { break }
        }
        await first.close()
        await second.close()
    }
}

/// Lets a test hold a thread of the storage, as a slow statement would.
private final class Gate: @unchecked Sendable {
    // Invariant: the semaphore is safe from any thread, and the stream has one reader.
    private let opened = DispatchSemaphore(value: 0)
    private let entered = AsyncStream.makeStream(of: Void.self)

    func hold() {
        entered.continuation.yield()
        opened.wait()
    }

    func isHeld() async { for await _ in entered.stream { return } }

    func release() { opened.signal() }
}
