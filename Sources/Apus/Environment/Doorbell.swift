/// Wakes the one who waits, or lets it not begin to wait if it was rung before.
final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Guarded(State())

    init() {}

    func ring() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }?.resume()
    }

    /// Returns when it rings, at the latest after `duration`, or when the task is cancelled.
    func wait(_ duration: Duration, _ environment: any Environment) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                guard (try? await environment.sleep(for: duration)) != nil else { return }
                self.ring()
            }
            await rung()
            group.cancelAll()
        }
    }

    private func rung() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state -> Bool in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
