import Apus
import Synchronization

/// Those who want to know when something may have changed.
final class Watchers: Sendable {
    private struct State {
        var watchers: [(number: Int, range: StorageRange, stream: AsyncStream<Void>.Continuation)] = []
        var count = 0
        var isOver = false
        /// Looks for what other processes wrote, while somebody watches.
        var patrol: Task<Void, any Error>?
    }

    private let state = Guarded(State())
    private let watched = Atomic(false)

    var isWatched: Bool { watched.load(ordering: .relaxed) }

    /// A stream of hints, the first at once; `patrol` starts what looks for other processes' commits.
    func watch(_ range: StorageRange, patrol: () -> Task<Void, any Error>?) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        let number = state.withLock { state -> Int? in
            if state.isOver { return nil }
            state.count += 1
            state.watchers.append((state.count, range, continuation))
            watched.store(true, ordering: .relaxed)
            if state.patrol == nil { state.patrol = patrol() }
            return state.count
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.leave(number) }
        return stream
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.watchers.removeAll { $0.number == number }
            guard state.watchers.isEmpty, !state.isOver else { return }
            watched.store(false, ordering: .relaxed)
            state.patrol?.cancel()
            state.patrol = nil
        }
    }

    func tell(of batch: StorageBatch) {
        for stream in state.withLock({
            $0.watchers.filter { watcher in batch.writes.contains { $0.touches(watcher.range) } }.map(\.stream)
        }) {
            stream.yield()
        }
    }

    func tellAll() {
        for stream in state.withLock({ $0.watchers.map(\.stream) }) { stream.yield() }
    }

    /// Ends all streams.
    func finish() {
        let streams = state.withLock { state in
            state.isOver = true
            state.patrol?.cancel()
            return state.watchers.map(\.stream)
        }
        for stream in streams { stream.finish() }
    }

    /// Returns when nothing looks for changes any more.
    func ended() async { _ = await state.withLock { $0.patrol }?.result }
}
