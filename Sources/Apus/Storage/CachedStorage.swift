/// A storage that remembers what was read from the one beneath. Scans always go through.
///
/// Whatever is committed through this value is seen at once, and never by half. What others commit to the storage beneath is seen
/// when the time to live is over; where it can be watched, ``follow(_:)`` makes that soon after their commits. Until then entries
/// that others wrote in one batch may be seen apart, and an expiry that others set may be noticed late; preconditions are judged
/// by the storage beneath and never by what is remembered.
public struct CachedStorage<Base: Storage>: Storage {
    /// The table, shared by the copies of this value.
    private final class Shelf: Sendable {
        let table: Guarded<CacheTable>

        init(_ table: CacheTable) { self.table = Guarded(table) }
    }

    private let base: Base
    private let environment: any Environment
    private let shelf: Shelf

    /// Remembers about `limit` entries and absences (two at least), each for `staleness` at most.
    public init(_ base: Base, limit: Int, staleness: Duration = .seconds(1), environment: any Environment = .live) {
        self.base = base
        self.environment = environment
        shelf = Shelf(CacheTable(limit: limit, staleness: staleness))
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let start = environment.now()
        if let known = shelf.table.withLock({ $0.entries(at: keys, start) }) { return known }
        let fill = shelf.table.withLock { $0.beginFill(keys) }
        do {
            let entries = try await base.read(keys)
            shelf.table.withLock { $0.endFill(fill, with: entries, keys, start) }
            return entries
        } catch {
            shelf.table.withLock { $0.endFill(fill, with: nil, keys, start) }
            throw error
        }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await base.scan(range, limit: limit)
    }

    public func commit(_ batch: StorageBatch) async throws {
        let commit = shelf.table.withLock { $0.beginCommit(batch.writes) }
        defer { end(commit) }
        try await base.commit(batch)
    }

    private func end(_ commit: UInt64) {
        let now = environment.now()
        shelf.table.withLock { $0.endCommit(commit, now) }
    }
}

extension CachedStorage where Base: WatchableStorage {
    /// Forgets what is remembered of `range` whenever the storage beneath tells of a change there, until the task is cancelled.
    /// Meanwhile entries of that range have no time to live. Each commit to the range, one's own too, makes it forget all of it:
    /// follow ranges that are read much and written little.
    public func follow(_ range: StorageRange) async {
        let changes = base.changes(in: range)
        var following: UInt64?
        for await _ in changes {
            shelf.table.withLock { table in
                table.forget(range)
                if following == nil { following = table.beginFollowing(range) }
            }
        }
        if let following { shelf.table.withLock { $0.endFollowing(following) } }
    }
}

extension CachedStorage: WatchableStorage where Base: WatchableStorage {
    public func changes(in range: StorageRange) -> AsyncStream<Void> {
        let changes = StreamReader(base.changes(in: range))
        return AsyncStream {
            let element: Void? = await changes.next()
            // Whoever looks because of this element has to see what it tells of.
            shelf.table.withLock { $0.forget(range) }
            return element
        }
    }
}

extension CachedStorage: TransactionalStorage where Base: TransactionalStorage {
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Base.Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        let commits = Guarded<[UInt64]>([])
        defer { for commit in commits.withLock({ $0 }) { end(commit) } }
        return try await base.transact { transaction in
            let (value, batch) = try body(transaction)
            let commit = shelf.table.withLock { $0.beginCommit(batch.writes) }
            commits.withLock { $0.append(commit) }
            return (value, batch)
        }
    }
}

extension Storage {
    /// This storage behind a memory of about `limit` entries, each remembered for `staleness` at most.
    public func cached(
        limit: Int, staleness: Duration = .seconds(1), environment: any Environment = .live
    ) -> CachedStorage<Self> {
        CachedStorage(self, limit: limit, staleness: staleness, environment: environment)
    }
}
