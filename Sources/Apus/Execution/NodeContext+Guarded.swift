/// What ends work besides its own end.
struct WorkGuard: Sendable {
    var timeout: Duration?
    var stop: StopSignal?
    /// Whether the stop ends the work when it fires so.
    var ends: @Sendable (CancelOutcome?) -> Bool = { _ in true }
}

extension NodeContext {
    /// Performs `body` until it ends, the time is over, or a stop ends it, which cancels it and is waited for.
    ///
    /// It throws ``TimeoutError`` or ``StoppedError``. The time runs from the call.
    func guarded<Value: Sendable>(
        by limits: WorkGuard, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let environment = environment
        let deadline = limits.timeout.map { environment.now().advanced(by: $0) }
        return try await withThrowingTaskGroup(of: Turn<Value>.self) { group in
            group.addImmediateTask(executorPreference: environment.executor) { .ended(try await body()) }
            if let deadline {
                group.addTask {
                    try await environment.sleep(until: deadline)
                    return .late
                }
            }
            if let stop = limits.stop {
                group.addTask { limits.ends(await stop.wait()) ? .stopped : .goesOn }
            }
            defer { group.cancelAll() }
            while let turn = try await group.next() {
                switch turn {
                case .ended(let value): return value
                case .late: throw TimeoutError(activation: activation, limit: limits.timeout ?? .zero)
                case .stopped: throw StoppedError()
                case .goesOn: continue
                }
            }
            throw CancellationError()
        }
    }

    /// Performs `body`, which is cancelled and waited for when `limit` is over; then it throws ``TimeoutError``.
    package func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await guarded(by: WorkGuard(timeout: limit), body)
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
