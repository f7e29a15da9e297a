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
        let activation = activation
        var ends: [@Sendable () async throws -> Void] = []
        if let limit = limits.timeout {
            let deadline = environment.now().advanced(by: limit)
            ends.append {
                try await environment.sleep(until: deadline)
                throw TimeoutError(activation: activation, limit: limit)
            }
        }
        if let stop = limits.stop {
            ends.append { if limits.ends(await stop.wait()) { throw StoppedError() } }
        }
        return try await environment.unless(ends, body)
    }

    /// Performs `body`, which is cancelled and waited for when `limit` is over; then it throws ``TimeoutError``.
    package func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await guarded(by: WorkGuard(timeout: limit), body)
    }
}

/// A region cancelled the activation.
struct StoppedError: Error {}
