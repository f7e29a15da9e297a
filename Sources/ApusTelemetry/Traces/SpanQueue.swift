import Apus

/// The spans that wait to be sent, and whoever waits for them.
final class SpanQueue: Sendable {
    private let limit: Int
    private let batch: Int
    private let state = Guarded(State())

    private struct State {
        var spans: [Span] = []
        var isClosed = false
        /// Whether the time of whoever waits is over, or what it waits for is there.
        var isDue = false
        /// Whether a full batch ends the wait.
        var awaitsBatch = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    init(limit: Int, batch: Int) {
        self.limit = max(1, limit)
        self.batch = max(1, batch)
    }

    var count: Int { state.withLock { $0.spans.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes a span in; false if there is no room.
    func put(_ span: Span) -> Bool {
        let (isIn, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard state.spans.count < limit else { return (false, nil) }
            state.spans.append(span)
            guard state.awaitsBatch, state.spans.count >= batch else { return (true, nil) }
            state.isDue = true
            defer { state.waiter = nil }
            return (true, state.waiter)
        }
        waiter?.resume()
        return isIn
    }

    /// The next batch; `nil` if there is none.
    func next() -> [Span]? {
        state.withLock { state in
            guard !state.spans.isEmpty else { return nil }
            let next = Array(state.spans.prefix(batch))
            state.spans.removeFirst(next.count)
            return next
        }
    }

    /// Nobody waits any more.
    func close() { wake { $0.isClosed = true } }

    /// Takes out what is left; returns how many there were.
    func drain() -> Int {
        state.withLock { state in
            defer { state.spans = [] }
            return state.spans.count
        }
    }

    /// Returns when a batch is full, when it is closed, or after so long. One task at a time may wait.
    func wait(_ time: Duration, _ environment: any Environment) async {
        await wait(time, environment, forBatch: true) { $0.isClosed || $0.spans.count >= self.batch }
    }

    /// Returns after so long, or when it is closed meanwhile.
    func pause(_ time: Duration, _ environment: any Environment) async {
        await wait(time, environment, forBatch: false) { _ in false }
    }

    private func wait(
        _ time: Duration, _ environment: any Environment, forBatch: Bool, unless isOver: (State) -> Bool
    ) async {
        let isNeeded = state.withLock { state in
            (state.isDue, state.awaitsBatch) = (isOver(state), forBatch)
            return !state.isDue
        }
        guard isNeeded else { return }
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: environment.executor) {
                if (try? await environment.sleep(for: time)) != nil { self.wake { _ in } }
            }
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    if !state.isDue { state.waiter = continuation }
                    return !state.isDue
                }
                if !waits { continuation.resume() }
            }
            group.cancelAll()
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            state.isDue = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
