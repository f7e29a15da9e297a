/// A part of a storage that looks like a whole one: its keys stand below one key of the other.
///
/// Nobody who has only this sees or touches anything else. Keys are longer in the storage beneath, by the prefix and one byte.
public struct PrefixedStorage<Base: Storage>: Storage {
    private let base: Base
    private let prefix: StorageKey

    /// Lets `base` hold the keys below `prefix`.
    public init(_ base: Base, prefix: StorageKey) {
        self.base = base
        self.prefix = prefix
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try await inside {
            zip(keys, try await base.read(keys.map(outer))).map { key, entry in
                entry.map { StorageEntry(key, $0.value) }
            }
        }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await inside {
            try await base.scan(outer(range), limit: limit).map { StorageEntry(inner($0.key), $0.value) }
        }
    }

    public func commit(_ batch: StorageBatch) async throws {
        try await inside { try await base.commit(outer(batch)) }
    }
}

extension PrefixedStorage {
    private func outer(_ key: StorageKey) -> StorageKey {
        StorageKey(bytes: prefix.bytes + [StorageKey.separator] + key.bytes)
    }

    private func inner(_ key: StorageKey) -> StorageKey {
        StorageKey(bytes: Array(key.bytes.dropFirst(prefix.bytes.count + 1)))
    }

    private func outer(_ range: StorageRange) -> StorageRange {
        var outer = StorageRange(
            from: self.outer(range.lower), to: range.upper.map(self.outer) ?? StorageRange.below(prefix).upper)
        outer.isDescending = range.isDescending
        return outer
    }

    private func outer(_ batch: StorageBatch) -> StorageBatch {
        var outer = StorageBatch()
        outer.preconditions = batch.preconditions.map { precondition in
            switch precondition {
            case .absent(let key): .absent(self.outer(key))
            case .present(let key): .present(self.outer(key))
            case .holds(let key, let value): .holds(self.outer(key), value)
            }
        }
        outer.writes = batch.writes.map { write in
            switch write {
            case .put(let key, let value, let expires): .put(self.outer(key), value, expires: expires)
            case .delete(let key): .delete(self.outer(key))
            case .deleteRange(let range): .deleteRange(self.outer(range))
            }
        }
        return outer
    }

    /// Lets errors name the keys that the caller knows.
    private func inside<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch var error as StorageError {
            error.key = error.key.map(inner)
            throw error
        }
    }
}

extension PrefixedStorage: WatchableStorage where Base: WatchableStorage {
    public func changes(in range: StorageRange) -> AsyncStream<Void> { base.changes(in: outer(range)) }
}

extension PrefixedStorage: TransactionalStorage where Base: TransactionalStorage {
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Base.Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        try await inside {
            try await base.transact { transaction in
                let (value, batch) = try body(transaction)
                return (value, outer(batch))
            }
        }
    }
}

extension Storage {
    /// The part of this storage below `prefix`, as a storage of its own.
    public func prefixed(with prefix: StorageKey) -> PrefixedStorage<Self> { PrefixedStorage(self, prefix: prefix) }
}
