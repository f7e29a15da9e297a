/// Performs one activation as its node's policy says: attempts, timeouts, fallback.
struct PolicyRunner<State: GraphState> {
    let node: any Node<State>
    let policy: NodePolicy<State>
    let context: NodeContext
    /// Fires when a region cancels the activation.
    let stop: StopSignal?
    /// A composite takes no place among the nodes that may run at once: its bodies do.
    let isComposite: Bool
    private let planted = Planted()

    private var services: any RunServices { context.site.services }

    /// Returns the state after the node, or throws what the last attempt threw.
    func run(_ before: State) async throws -> State {
        do {
            guard let stop else { return try await retrying(before) }
            return try await guarded(stop: stop) { try await retrying(before) }
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
        guard let timeout = policy.timeout else { return try await perform(before, context) }
        return try await guarded(timeout: timeout) { try await perform(before, context) }
    }

    private func perform(_ before: State, _ context: NodeContext) async throws -> State {
        var state = before
        try await node.run(&state, in: context)
        return state
    }

    /// Performs `body` until it ends, the time is over, or a region cancels it.
    private func guarded<Value: Sendable>(
        timeout: Duration? = nil, stop: StopSignal? = nil, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let environment = context.environment
        let deadline = timeout.map { environment.now().advanced(by: $0) }
        return try await withThrowingTaskGroup(of: Turn<Value>.self) { group in
            group.addImmediateTask(executorPreference: environment.executor) { .ended(try await body()) }
            if let deadline {
                group.addTask {
                    try await environment.sleep(until: deadline)
                    return .late
                }
            }
            if let stop {
                group.addTask { [isComposite] in
                    let outcome = await stop.wait()
                    return outcome == .cancelled || (outcome == .completed && !isComposite) ? .stopped : .goesOn
                }
            }
            defer { group.cancelAll() }
            while let turn = try await group.next() {
                switch turn {
                case .ended(let value): return value
                case .late: throw TimeoutError(activation: context.activation, limit: timeout ?? .zero)
                case .stopped: throw StoppedError()
                case .goesOn: continue
                }
            }
            throw CancellationError()
        }
    }

    private enum Turn<Value: Sendable>: Sendable {
        case ended(Value)
        case late
        case stopped
        case goesOn
    }
}

/// A region cancelled the activation.
struct StoppedError: Error {}
