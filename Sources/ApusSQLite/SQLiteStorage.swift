public import Apus

/// A space in a file, by SQLite: it survives the death of the process and, with the default options, the loss of power.
///
/// One thread writes, and a few read; no thread of Swift's pool ever waits for the disk. Commits that come while another is being
/// written share the next transaction, so a thousand of them cost little more than one. Several processes may use one file.
/// When the last reference goes, the threads end once they have done what they were asked.
public final class SQLiteStorage: TransactionalStorage, WatchableStorage {
    public typealias Transaction = SQLiteTransaction

    let core: StorageCore

    private init(_ core: StorageCore) { self.core = core }

    deinit { core.stop() }

    /// Opens the database at `path`, or creates it with access for its owner alone. It throws
    /// `StorageError(.incompatible)` for a file of another program or of a newer version of this one, which it leaves as it is.
    public static func open(
        at path: String, options: SQLiteOptions = SQLiteOptions(), environment: any Environment = .live
    ) async throws -> SQLiteStorage {
        try await open(DatabaseFile(path: path, options: options, random: { environment.random() }), environment)
    }

    /// A fresh database in memory, for tests of what relies on transactions.
    public static func inMemory(environment: any Environment = .live) async throws -> SQLiteStorage {
        let options = SQLiteOptions()
        return try await open(DatabaseFile(path: nil, options: options, random: { environment.random() }), environment)
    }

    private static func open(_ file: DatabaseFile, _ environment: any Environment) async throws -> SQLiteStorage {
        let core = StorageCore(file, environment)
        try await core.start()
        return SQLiteStorage(core)
    }

    /// Ends all threads once they have done what they were asked, and closes the file. Whoever asks later gets
    /// `StorageError(.closed)`.
    public func close() async {
        core.stop()
        await core.watchers.ended()
        await core.readers.ended()
        await core.writer.ended()
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let now = core.environment.now().wallTime
        return try await core.read { try $0.read(keys, now) }
    }

    /// Damage throws `StorageError(.corrupt)` with the key it was found at: `range.after(key)` goes on behind it, and
    /// ``salvage(_:limit:)`` steps over it.
    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let now = core.environment.now().wallTime
        return try await core.read { try $0.entries(in: range, limit: limit, now) }
    }

    public func commit(_ batch: StorageBatch) async throws {
        guard !batch.isEmpty else { return }
        try await withCheckedThrowingContinuation { continuation in
            if !core.writing.add(.commit(batch, continuation)) {
                continuation.resume(throwing: StorageError(.closed))
            }
        }
    }

    /// The statements share the transaction of other commits. They run on the thread that writes, so they should be few.
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = Kept<Value>()
            let job = TransactJob { transaction in
                let (value, batch) = try body(transaction)
                result.value.withLock { $0 = value }
                return batch
            } finish: { error in
                if let error {
                    continuation.resume(throwing: error)
                } else if let value = result.value.withLock({ $0 }) {
                    continuation.resume(returning: value)
                } else {
                    preconditionFailure("a transaction was committed, and its statements never ran")
                }
            }
            if !core.writing.add(.transact(job)) { continuation.resume(throwing: StorageError(.closed)) }
        }
    }

    /// Commits of this storage show at once; those of other processes when it next looks: see
    /// ``SQLiteOptions/watchInterval``.
    public func changes(in range: StorageRange) -> AsyncStream<Void> {
        core.watchers.changes(in: range) { [core] in
            guard core.file.path != nil, let interval = core.file.options.watchInterval else { return nil }
            // Ends when nobody watches any more; close() waits for it.
            return core.environment.spawn {
                while true {
                    try await core.environment.sleep(for: interval)
                    await withCheckedContinuation { if !core.writing.add(.poll($0)) { $0.resume() } }
                }
            }
        }
    }
}

/// What a transaction will return once it is committed.
private final class Kept<Value: Sendable>: Sendable {
    let value = Guarded<Value?>(nil)
}
