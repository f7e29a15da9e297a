/// Those who watch ranges of one space, for a storage that tells them itself. A commit looks at each of them.
package final class StorageWatchers: Sendable {
    private struct Watcher {
        var id: UInt64
        var range: StorageRange
        var news: AsyncStream<Void>.Continuation
    }

    private struct State {
        var watchers: [Watcher] = []
        var nextID: UInt64 = 0
    }

    private let state = Guarded(State())

    package init() {}

    /// What ``WatchableStorage/changes(in:)`` promises, as long as every commit is followed by ``notify(of:)``.
    package func changes(in range: StorageRange) -> AsyncStream<Void> {
        let (changes, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextID += 1
            state.watchers.append(Watcher(id: state.nextID, range: range, news: news))
            return state.nextID
        }
        news.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchers.removeAll { $0.id == id } }
        }
        news.yield()
        return changes
    }

    /// Tells those whose range one of `writes` touches. It has to be called after the writes can be read.
    package func notify(of writes: [StorageBatch.Write]) {
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
