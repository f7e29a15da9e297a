/// A ``Turnstile`` that tasks wait at.
package final class TurnstileGate: Sendable {
    private struct State {
        var turnstile: Turnstile
        var nextTicket: Turnstile.Ticket = 0
        var waiting: [Turnstile.Ticket: CheckedContinuation<Bool, any Error>] = [:]
        var admitted = 0
        var refused = 0
    }

    /// How many there are and were.
    package struct Counts: Sendable {
        package var inside = 0
        package var waiting = 0
        package var admitted = 0
        package var refused = 0
    }

    private let state: Guarded<State>

    package init(capacity: Int, queue: Int = .max) {
        state = Guarded(State(turnstile: Turnstile(capacity: capacity, queue: queue)))
    }

    package var counts: Counts {
        state.withLock { state in
            Counts(
                inside: state.turnstile.inside, waiting: state.turnstile.waiting, admitted: state.admitted,
                refused: state.refused)
        }
    }

    /// Whether nobody is inside and nobody waits.
    package var isEmpty: Bool {
        state.withLock { $0.turnstile.inside == 0 && $0.turnstile.waiting == 0 && $0.waiting.isEmpty }
    }

    /// Returns when the caller has a place, which it gives back with ``leave()``.
    ///
    /// A task that is cancelled, before or while it waits, gets `CancellationError` and has no place. Where the queue is full it returns
    /// false at once, and the caller has no place either.
    @discardableResult
    package func enter(priority: Int = 0) async throws -> Bool {
        try Task.checkCancellation()
        if enterAtOnce() { return true }
        return try await wait(priority: priority)
    }

    /// Whether there is room; then the caller has a place.
    package func enterAtOnce() -> Bool {
        state.withLock { state in
            guard state.turnstile.hasRoom else { return false }
            state.admitted += 1
            return state.turnstile.enter(0) == .admitted
        }
    }

    /// Gives a place back; whoever is next has it at once.
    package func leave() {
        let next = state.withLock { state in
            guard let ticket = state.turnstile.leave() else { return CheckedContinuation<Bool, any Error>?.none }
            state.admitted += 1
            return state.waiting.removeValue(forKey: ticket)
        }
        next?.resume(returning: true)
    }

    private func wait(priority: Int) async throws -> Bool {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch join(ticket, priority: priority, continuation) {
                case .admitted: continuation.resume(returning: true)
                case .full: continuation.resume(returning: false)
                case nil: continuation.resume(throwing: CancellationError())
                case .waits: break
                }
            }
        } onCancel: {
            let withdrawn = state.withLock { state in
                state.turnstile.withdraw(ticket)
                return state.waiting.removeValue(forKey: ticket)
            }
            withdrawn?.resume(throwing: CancellationError())
        }
    }

    /// The ticket joins the line and its continuation is kept in one step, so that neither a leaver nor a
    /// cancellation can come between; `nil` if the task is cancelled already.
    private func join(
        _ ticket: Turnstile.Ticket, priority: Int, _ continuation: CheckedContinuation<Bool, any Error>
    ) -> Turnstile.Entrance? {
        state.withLock { state in
            if Task.isCancelled { return nil }
            let entrance = state.turnstile.enter(ticket, priority: priority)
            switch entrance {
            case .admitted: state.admitted += 1
            case .full: state.refused += 1
            case .waits: state.waiting[ticket] = continuation
            }
            return entrance
        }
    }
}
