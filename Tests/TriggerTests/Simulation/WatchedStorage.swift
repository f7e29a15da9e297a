import Apus

/// The space that outlives all hosts of a simulation; a watch sees every commit that it takes.
final class WatchedStorage: Storage {
    let memory: MemoryStorage
    private let environment: any Environment
    private let watch: Guarded<TriggerWatch>

    init(_ environment: any Environment, _ plans: [TriggerPlan]) {
        self.environment = environment
        memory = MemoryStorage(environment: environment)
        watch = Guarded(TriggerWatch(plans))
    }

    var complaints: [String] { watch.withLock { $0.complaints } }
    /// What was stored, for one who looks for a mistake.
    var story: [String] { watch.withLock { $0.story } }
    func complain(_ text: String) { watch.withLock { $0.complain(text) } }
    func created(_ run: RunID) -> Int { watch.withLock { $0.created[run] ?? 0 } }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await memory.read(keys) }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await memory.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        try await memory.commit(batch)
        let now = environment.now().wallTime
        watch.withLock { $0.applied(batch, at: now) }
    }
}
