import Synchronization

/// Those who watch ranges of one space, for a storage that tells them. A commit looks at each of them.
package final class StorageWatchers: Sendable {
    private struct Watcher {
        var id: UInt64
        var range: StorageRange
        var news: AsyncStream<Void>.Continuation
    }

    private struct State {
        var watchers: [Watcher] = []
        var nextID: UInt64 = 0
        var isOver = false
        /// Looks for what others wrote, while somebody watches.
        var patrol: Task<Void, any Error>?
    }

    private let state = Guarded(State())
    private let watched = Atomic(false)

    package init() {}

    package var isWatched: Bool { watched.load(ordering: .relaxed) }

    /// What ``WatchableStorage/changes(in:)`` promises, as long as every commit is followed by ``notify(of:)``. Where others write,
    /// too, `patrol` starts what looks for that; it is cancelled when nobody watches any more.
    package func changes(
        in range: StorageRange, patrol: () -> Task<Void, any Error>? = { nil }
    ) -> AsyncStream<Void> {
        let (changes, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        news.yield()
        let id = state.withLock { state -> UInt64? in
            if state.isOver { return nil }
            state.nextID += 1
            state.watchers.append(Watcher(id: state.nextID, range: range, news: news))
            watched.store(true, ordering: .relaxed)
            if state.patrol == nil { state.patrol = patrol() }
            return state.nextID
        }
        guard let id else {
            news.finish()
            return changes
        }
        news.onTermination = { [weak self] _ in self?.leave(id) }
        return changes
    }

    private func leave(_ id: UInt64) {
        state.withLock { state in
            state.watchers.removeAll { $0.id == id }
            guard state.watchers.isEmpty, !state.isOver else { return }
            watched.store(false, ordering: .relaxed)
            state.patrol?.cancel()
            state.patrol = nil
        }
    }

    /// Tells those whose range one of `writes` touches. It has to be called after the writes can be read.
    package func notify(of writes: [StorageBatch.Write]) {
        guard isWatched else { return }
        let concerned = state.withLock { state in
            state.watchers.filter { watcher in writes.contains { $0.touches(watcher.range) } }.map(\.news)
        }
        for news in concerned { news.yield() }
    }

    /// Tells all of them, where it is not known what was written.
    package func notifyAll() {
        let all = state.withLock { $0.watchers.map(\.news) }
        for news in all { news.yield() }
    }

    /// Ends all streams, and those that are asked for later.
    package func finish() {
        let all = state.withLock { state in
            state.isOver = true
            state.patrol?.cancel()
            return state.watchers.map(\.news)
        }
        for news in all { news.finish() }
    }

    /// Returns when nothing looks for changes any more.
    package func ended() async { _ = await state.withLock { $0.patrol }?.result }
}

extension StorageBatch.Write {
    /// Whether it may change what is in `range`.
    package func touches(_ range: StorageRange) -> Bool {
        switch self {
        case .put(let key, _, _), .delete(let key): range.contains(key)
        case .deleteRange(let other): range.overlaps(other)
        }
    }
}

extension StorageRange {
    /// Whether a key could be in both.
    package func overlaps(_ other: StorageRange) -> Bool {
        let lower = max(lower, other.lower)
        return contains(lower) && other.contains(lower)
    }
}
