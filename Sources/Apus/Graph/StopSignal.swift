/// A signal that fires at most once and wakes everyone who waits for it.
final class StopSignal: Sendable {
    private struct State {
        var outcome: CancelOutcome?
        var waiting: [Int: CheckedContinuation<CancelOutcome?, Never>] = [:]
        var next = 0
    }

    private let state = Guarded(State())

    init() {}

    /// What it fired with; `nil` before.
    var outcome: CancelOutcome? { state.withLock { $0.outcome } }

    func fire(_ outcome: CancelOutcome) {
        let woken = state.withLock { state in
            guard state.outcome == nil else { return [CheckedContinuation<CancelOutcome?, Never>]() }
            state.outcome = outcome
            defer { state.waiting = [:] }
            return state.waiting.keys.sorted().compactMap { state.waiting[$0] }
        }
        for continuation in woken { continuation.resume(returning: outcome) }
    }

    /// Returns what it fired with, or `nil` when the waiting task is cancelled first.
    func wait() async -> CancelOutcome? {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> CancelOutcome?? in
                    if let outcome = state.outcome { return outcome }
                    if Task.isCancelled { return .some(nil) }
                    state.waiting[ticket] = continuation
                    return .none
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: nil)
        }
    }
}
