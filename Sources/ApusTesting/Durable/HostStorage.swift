public import Apus

/// A storage as a ``SimulatedHost`` sees it: nothing of a dead one arrives.
public struct HostStorage: WatchableStorage {
    private let base: MemoryStorage
    private let host: SimulatedHost

    public init(_ base: MemoryStorage, _ host: SimulatedHost) { (self.base, self.host) = (base, host) }

    private func check() throws { if !host.isAlive { throw StorageError(.closed, detail: "its host is dead") } }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try check()
        return try await base.read(keys)
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try check()
        return try await base.scan(range, limit: limit)
    }

    public func commit(_ batch: StorageBatch) async throws {
        try check()
        try await base.commit(batch)
    }

    public func changes(in range: StorageRange) -> AsyncStream<Void> { base.changes(in: range) }
}
