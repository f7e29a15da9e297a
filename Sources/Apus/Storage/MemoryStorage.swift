/// A space in the memory of the process, for tests, for runs that need not survive it, and as the reference of what a
/// ``Storage`` does. A commit costs a search for each write and a move of at most 512 entries behind a new key.
public final class MemoryStorage: WatchableStorage {
    private let environment: any Environment
    private let table = Guarded(Table())
    private let watchers = StorageWatchers()

    /// `environment` tells when an entry expires.
    public init(environment: any Environment = .live) { self.environment = environment }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let now = environment.now().wallTime
        return table.withLock { table in keys.map { table.entry(at: $0, now) } }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let now = environment.now().wallTime
        let rows = table.withLock { $0.rows.rows(in: range, limit) { $0.isLive(now) } }
        return rows.map { StorageEntry($0.key, $0.value) }
    }

    public func commit(_ batch: StorageBatch) async throws {
        let now = environment.now().wallTime
        try table.withLock { table throws(StorageError) in
            for precondition in batch.preconditions where !table.holds(precondition, now) {
                throw StorageError(.conflict, key: precondition.key)
            }
            for write in batch.writes { table.apply(write) }
            table.reclaim(now)
        }
        watchers.notify(of: batch.writes)
    }

    public func changes(in range: StorageRange) -> AsyncStream<Void> { watchers.changes(in: range) }

    /// How many entries take up memory. What has expired counts until the next commit.
    public var count: Int { table.withLock { $0.rows.count } }
}

extension MemoryStorage {
    private struct Deadline: Sendable, Comparable {
        var expires: WallTime
        var key: StorageKey

        static func < (left: Self, right: Self) -> Bool { left.expires < right.expires }
    }

    private struct Table {
        var rows = SortedRows()
        /// When rows expire, also those that have been replaced since.
        var deadlines = MinHeap<Deadline>()

        func entry(at key: StorageKey, _ now: WallTime) -> StorageEntry? {
            guard let row = rows.row(at: key), row.isLive(now) else { return nil }
            return StorageEntry(key, row.value)
        }

        func holds(_ precondition: StorageBatch.Precondition, _ now: WallTime) -> Bool {
            let entry = entry(at: precondition.key, now)
            switch precondition {
            case .absent: return entry == nil
            case .present: return entry != nil
            case .holds(_, let value): return entry?.value == value
            }
        }

        mutating func apply(_ write: StorageBatch.Write) {
            switch write {
            case .put(let key, let value, let expires):
                rows.put(SortedRows.Row(key: key, value: value, expires: expires))
                if let expires { deadlines.insert(Deadline(expires: expires, key: key)) }
            case .delete(let key): rows.remove(key)
            case .deleteRange(let range): rows.remove(in: range)
            }
        }

        /// Takes out the rows that have expired, and deadlines when most of them are of rows that are gone.
        mutating func reclaim(_ now: WallTime) {
            while let first = deadlines.min, first.expires <= now {
                _ = deadlines.popMin()
                if rows.row(at: first.key)?.expires == first.expires { rows.remove(first.key) }
            }
            if deadlines.count > 2 * rows.count + 64 {
                deadlines.keep { [rows] in rows.row(at: $0.key)?.expires == $0.expires }
            }
        }
    }
}

extension Storage where Self == MemoryStorage {
    /// A fresh space in memory.
    public static var memory: MemoryStorage { MemoryStorage() }
}
