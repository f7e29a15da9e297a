/// A ``Turnstile`` that tasks wait at.
package final class TurnstileGate: Sendable {
    private struct State {
        var turnstile: Turnstile
        var nextTicket: Turnstile.Ticket = 0
        var waiting: [Turnstile.Ticket: CheckedContinuation<Void, any Error>] = [:]
    }

    private enum Entrance { case admitted, cancelled, waits }

    private let state: Guarded<State>

    package init(capacity: Int) {
        state = Guarded(State(turnstile: Turnstile(capacity: capacity)))
    }

    /// Whether nobody is inside and nobody waits.
    package var isEmpty: Bool {
        state.withLock { $0.turnstile.inside == 0 && $0.turnstile.waiting == 0 && $0.waiting.isEmpty }
    }

    /// Returns when the caller has a place, which it gives back with ``leave()``.
    ///
    /// A task that is cancelled, before or while it waits, gets `CancellationError` and has no place.
    package func enter(priority: Int = 0) async throws {
        try Task.checkCancellation()
        let (ticket, isAdmitted) = state.withLock { state in
            state.nextTicket += 1
            return (state.nextTicket, state.turnstile.hasRoom && state.turnstile.enter(state.nextTicket))
        }
        if !isAdmitted { try await wait(with: ticket, priority: priority) }
    }

    /// Gives a place back; whoever is next has it at once.
    package func leave() {
        let next = state.withLock { state in
            state.turnstile.leave().flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.resume()
    }

    private func wait(with ticket: Turnstile.Ticket, priority: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch join(ticket, priority: priority, continuation) {
                case .admitted: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
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
    /// cancellation can come between.
    private func join(
        _ ticket: Turnstile.Ticket, priority: Int, _ continuation: CheckedContinuation<Void, any Error>
    ) -> Entrance {
        state.withLock { state in
            if Task.isCancelled { return .cancelled }
            if state.turnstile.enter(ticket, priority: priority) { return .admitted }
            state.waiting[ticket] = continuation
            return .waits
        }
    }
}
