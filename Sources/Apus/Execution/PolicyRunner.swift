/// Performs one activation as its node's policy says: attempts, timeouts, fallback.
struct PolicyRunner<State: GraphState> {
    let node: any Node<State>
    let policy: NodePolicy<State>
    let context: NodeContext
    /// Fires when a region cancels the activation.
    let stop: StopSignal?
    private let planted = Planted()
    /// It completes with the results it has when a region asks for that.
    let gathers: Bool

    /// Returns the state after the node, or throws what the last attempt threw.
    func run(_ before: State) async throws -> State {
        guard let stop else { return try await attempts(before) }
        if ends(by: stop.outcome) { throw StoppedError() }
        return try await context.guarded(by: WorkGuard(stop: stop, ends: ends)) { try await attempts(before) }
    }

    /// Whether a region that fires so ends the activation; a composite that gathers completes by itself with what it has.
    private func ends(by outcome: CancelOutcome?) -> Bool {
        switch outcome {
        case .cancelled: true
        case .completed: !gathers
        case nil: false
        }
    }

    private func attempts(_ before: State) async throws -> State {
        do {
            return try await retrying(before)
        } catch let error where context.mayGoOn(after: error) {
            guard let fallback = policy.fallback else { throw error }
            context.extras?.handle?.discardSent(by: nil)
            var state = before
            try await fallback.run(&state, in: context)
            return state
        }
    }

    private func retrying(_ before: State) async throws -> State {
        guard let retry = policy.retry else { return try await attempt(before, context) }
        var before = before
        return try await retry.attempts(context) { context in
            if planted(.retryKeepsChange) { try await node.run(&before, in: context) }
            return planted(.retryKeepsChange) ? before : try await attempt(before, context)
        }
    }

    private func attempt(_ before: State, _ context: NodeContext) async throws -> State {
        context.extras?.handle?.discardSent(by: nil)
        context.extras?.ledger?.beginAttempt()
        guard let timeout = policy.timeout else { return try await perform(before, context) }
        return try await context.guarded(by: WorkGuard(timeout: timeout)) { try await perform(before, context) }
    }

    private func perform(_ before: State, _ context: NodeContext) async throws -> State {
        var state = before
        try await node.run(&state, in: context)
        return state
    }
}
