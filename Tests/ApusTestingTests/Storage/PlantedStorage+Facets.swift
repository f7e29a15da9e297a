import Apus
import ApusTesting
import Synchronization

extension PlantedStorage {
    /// The same space after a new start.
    func reopened() -> PlantedStorage {
        let again = PlantedStorage(bug, environment: environment)
        let old = state.withLock { $0 }
        var rows = bug == .lastCommitForgotten ? old.beforeLast : old.rows
        if bug == .expiryForgotten { for key in rows.keys { rows[key]?.expires = nil } }
        again.state.withLock { [rows] in
            $0.rows = rows
            $0.effects = old.effects
        }
        return again
    }

    /// The same space after its process was killed.
    func crashed() -> PlantedStorage {
        state.withLock { state in
            state.isGone = true
            guard bug == .halfBatchAfterCrash else { return }
            let writes = state.lastWrites
            state.rows = state.beforeLast
            for write in writes.prefix(max(1, writes.count / 2)) { apply(write, &state) }
        }
        return reopened()
    }

    static func subject(_ bug: StorageBug?) -> StorageSubject<PlantedStorage> {
        StorageSubject { environment in PlantedStorage(bug, environment: environment) }
            .reopening { storage, _ in storage.reopened() }
            .crashing { storage, _ in storage.crashed() }
            .watching()
            .transacting(effect: { $0.count += 1 }, count: { storage in storage.state.withLock { $0.effects } })
    }
}

extension PlantedStorage: WatchableStorage {
    func changes(in range: StorageRange) -> AsyncStream<Void> {
        let (changes, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.watchers.append((range, news)) }
        if bug != .watchWithoutFirst { news.yield() }
        return changes
    }

    func tell(of writes: [StorageBatch.Write]) {
        let told = bug == .deletesUntold ? writes.filter { if case .put = $0 { true } else { false } } : writes
        let concerned = state.withLock { state in
            state.watchers.filter { watcher in told.contains { $0.touches(watcher.range) } }.map(\.news)
        }
        for news in bug == .oneWatcherTold ? Array(concerned.prefix(1)) : concerned { news.yield() }
    }
}

extension PlantedStorage: TransactionalStorage {
    /// The effects of one transaction.
    final class Effects {
        var count = 0
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Effects) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        let effects = Effects()
        do {
            let (value, batch) = try body(effects)
            let count = effects.count
            try state.withLock { state in
                do { try commit(batch, &state) } catch {
                    if bug == .effectDespiteConflict { state.effects += count }
                    throw error
                }
                state.effects += count
            }
            tell(of: batch.writes)
            return value
        } catch {
            let count = effects.count
            if bug == .effectDespiteError, !(error is StorageError) { state.withLock { $0.effects += count } }
            throw error
        }
    }
}
