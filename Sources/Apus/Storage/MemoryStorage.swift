/// A space in the memory of the process, for tests, for runs that need not survive it, and as the reference of what a
/// ``Storage`` does. A commit costs a search for each write and a move of the entries behind a new key.
public final class MemoryStorage: Storage {
    private let environment: any Environment
    private let table = Guarded(Table())

    /// `environment` tells when an entry expires.
    public init(environment: any Environment = .live) { self.environment = environment }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let now = environment.now().wallTime
        return table.withLock { table in keys.map { table.entry(at: $0, now) } }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let now = environment.now().wallTime
        return table.withLock { $0.entries(in: range, limit, now) }
    }

    public func commit(_ batch: StorageBatch) async throws {
        let now = environment.now().wallTime
        try table.withLock { table throws(StorageError) in
            for precondition in batch.preconditions where !table.holds(precondition, now) {
                throw StorageError(.conflict, key: precondition.key)
            }
            for write in batch.writes { table.apply(write) }
        }
    }

    private struct Row {
        var key: StorageKey
        var value: [UInt8]
        var expires: WallTime?

        func isLive(_ now: WallTime) -> Bool { expires.map { now < $0 } ?? true }
    }

    private struct Table {
        /// In the order of their keys.
        var rows: [Row] = []

        /// The position of the first row whose key is not before `key`.
        func position(of key: StorageKey) -> Int {
            var low = 0
            var high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return low
        }

        func entry(at key: StorageKey, _ now: WallTime) -> StorageEntry? {
            let position = position(of: key)
            guard position < rows.count, rows[position].key == key, rows[position].isLive(now) else { return nil }
            return StorageEntry(key, rows[position].value)
        }

        func bounds(of range: StorageRange) -> Range<Int> {
            let start = position(of: range.lower)
            return start..<max(start, range.upper.map(position) ?? rows.count)
        }

        func entries(in range: StorageRange, _ limit: Int, _ now: WallTime) -> [StorageEntry] {
            let bounds = bounds(of: range)
            let live = rows[bounds].lazy.filter { $0.isLive(now) }
            let first = range.isDescending ? Array(live.reversed().prefix(limit)) : Array(live.prefix(limit))
            return first.map { StorageEntry($0.key, $0.value) }
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
                let position = position(of: key)
                let row = Row(key: key, value: value, expires: expires)
                if position < rows.count, rows[position].key == key {
                    rows[position] = row
                } else {
                    rows.insert(row, at: position)
                }
            case .delete(let key):
                let position = position(of: key)
                if position < rows.count, rows[position].key == key { rows.remove(at: position) }
            case .deleteRange(let range):
                rows.removeSubrange(bounds(of: range))
            }
        }
    }
}

extension Storage where Self == MemoryStorage {
    /// A fresh space in memory.
    public static var memory: MemoryStorage { MemoryStorage() }
}
