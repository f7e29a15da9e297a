/// Those who sleep in the live environment, woken in the order of their deadlines by one task that sleeps until the next.
///
/// A sleep of the runtime takes a timer of the kernel and two kilobytes; here it takes an entry in a heap. Nobody is woken early;
/// late by ``pause`` at most, besides what the machine's load adds.
final class SleepQueue: Sendable {
    static let live = SleepQueue()

    /// The least time from one alarm to the next, so that many deadlines close together share one.
    private static let pause = Duration.microseconds(100)

    private struct State {
        var beds = MinHeap<Bed>()
        /// How many of them were cancelled and are only passed over.
        var cancelled = 0
        var added: UInt64 = 0
        var alarm: Task<Void, Never>?
        /// What the alarm sleeps for.
        var due: Duration = .zero
    }

    private let state = Guarded(State())

    /// Returns when the monotonic clock has reached `deadline`, or throws `CancellationError` promptly when the task is cancelled.
    func sleep(until deadline: Duration) async throws {
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { add(sleeper, until: deadline, $0) }
        } onCancel: {
            cancel(sleeper)
        }
    }

    private func add(
        _ sleeper: Sleeper, until deadline: Duration, _ continuation: CheckedContinuation<Void, any Error>
    ) {
        let isCancelled = state.withLock { state in
            if sleeper.isCancelled { return true }
            sleeper.continuation = continuation
            state.added += 1
            state.beds.insert(Bed(deadline: deadline, ticket: state.added, sleeper: sleeper))
            if state.alarm == nil || deadline < state.due { setAlarm(&state, to: deadline) }
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
    }

    private func cancel(_ sleeper: Sleeper) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            sleeper.isCancelled = true
            guard let continuation = sleeper.continuation.take() else { return nil }
            state.cancelled += 1
            if state.cancelled > 64, state.cancelled > state.beds.count / 2 {
                state.beds.keep { $0.sleeper.continuation != nil }
                state.cancelled = 0
            }
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }
}

extension SleepQueue {
    private func setAlarm(_ state: inout State, to due: Duration) {
        state.alarm?.cancel()
        state.due = due
        // Invariant: those who sleep wait for it, and it ends when nobody does. It belongs to no run, and it comes first.
        state.alarm = Task.detached(priority: .high) { [self] in
            var left = due - SystemClocks.monotonic()
            while (try? await Task.sleep(for: max(left, Self.pause))) != nil, let next = wake() { left = next }
        }
    }

    /// Wakes all who are due; returns the time to the next, or `nil` when this alarm is no longer needed.
    private func wake() -> Duration? {
        var woken: [CheckedContinuation<Void, any Error>] = []
        let left = state.withLock { state -> Duration? in
            // Another alarm has taken over while this one woke up.
            if Task.isCancelled { return nil }
            let now = SystemClocks.monotonic()
            while let first = state.beds.min, first.deadline <= now || first.sleeper.continuation == nil {
                _ = state.beds.popMin()
                if let continuation = first.sleeper.continuation.take() {
                    woken.append(continuation)
                } else {
                    state.cancelled -= 1
                }
            }
            guard let next = state.beds.min else {
                state.alarm = nil
                return nil
            }
            state.due = next.deadline
            return next.deadline - now
        }
        for continuation in woken { continuation.resume() }
        return left
    }
}

/// One who sleeps.
private final class Sleeper: @unchecked Sendable {
    // Invariant: it is touched under the queue's lock only.
    var continuation: CheckedContinuation<Void, any Error>?
    var isCancelled = false
}

/// Where one sleeps: in order of the deadlines, and of their coming for those with the same. It compares without a look at the sleeper.
private struct Bed: Comparable, Sendable {
    let deadline: Duration
    let ticket: UInt64
    let sleeper: Sleeper

    static func == (left: Bed, right: Bed) -> Bool { left.ticket == right.ticket }

    static func < (left: Bed, right: Bed) -> Bool {
        left.deadline == right.deadline ? left.ticket < right.ticket : left.deadline < right.deadline
    }
}
