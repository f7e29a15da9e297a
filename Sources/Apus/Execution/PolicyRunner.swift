/// Performs one activation as its node's policy says: attempts, timeouts, fallback.
struct PolicyRunner<State: GraphState> {
    let node: any Node<State>
    let policy: NodePolicy<State>
    var context: NodeContext
    /// Fires when a region cancels the activation.
    let stop: StopSignal?
    private let planted = Planted()
    /// It completes with the results it has when a region asks for that.
    let gathers: Bool

    /// Returns the state after the node, or throws what the last attempt threw.
    func run(_ before: State) async throws -> State {
        if policy.deadline != nil || policy.heartbeat != nil { return try await scoped(before) }
        return try await stoppable(before)
    }

    func stoppable(_ before: State) async throws -> State {
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
        var failure: any Error
        do {
            if policy.layers.isEmpty { return try await retrying(before) }
            let outer = policy.layers.prefix { $0.place.isAroundAttempts }
            return try await within(outer, before, context) { try await retrying($0) }
        } catch let error where context.mayGoOn(after: error) {
            failure = error
        }
        for fallback in policy.fallbacks where fallback.accepts(failure) {
            do {
                context.extras?.handle?.discardSent(by: nil)
                var state = before
                try await fallback.node.run(&state, in: context)
                return state
            } catch let error where context.mayGoOn(after: error) {
                failure = error
            }
        }
        throw failure
    }

    /// Performs `work` inside of layers.
    private func within(
        _ layers: ArraySlice<any NodeLayer<State>>, _ before: State, _ context: NodeContext,
        _ work: @escaping @Sendable (State) async throws -> State
    ) async throws -> State {
        guard let layer = layers.first else { return try await work(before) }
        return try await layer.run(before, in: context) { state in
            try await within(layers.dropFirst(), state, context, work)
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
        if policy.layers.isEmpty { return try await timed(before, context) }
        let inner = policy.layers.drop { $0.place.isAroundAttempts }
        return try await within(inner, before, context) { try await timed($0, context) }
    }

    private func timed(_ before: State, _ context: NodeContext) async throws -> State {
        context.extras?.handle?.discardSent(by: nil)
        context.extras?.ledger?.beginAttempt()
        let pulse = policy.heartbeat == nil ? nil : context.scope?.pulse
        if policy.timeout == nil, pulse == nil { return try await perform(before, context) }
        pulse?.beat(at: context.environment.now())
        return try await context.guarded(by: WorkGuard(timeout: policy.timeout, pulse: pulse)) {
            try await perform(before, context)
        }
    }

    private func perform(_ before: State, _ context: NodeContext) async throws -> State {
        var state = before
        try await node.run(&state, in: context)
        return state
    }
}
