/// What ends work besides its own end.
struct WorkGuard: Sendable {
    var timeout: Duration?
    /// The work ends when it gives no sign of life.
    var pulse: Pulse?
    var stop: StopSignal?
    /// Whether the stop ends the work when it fires so.
    var ends: @Sendable (CancelOutcome?) -> Bool = { _ in true }
}

extension NodeContext {
    /// Performs `body` until it ends, the time is over, or a stop ends it, which cancels it and is waited for.
    ///
    /// It throws ``TimeoutError``, ``HeartbeatError`` or ``StoppedError``, and ``DeadlineError`` where a deadline comes before the time is
    /// over. The time runs from the call.
    func guarded<Value: Sendable>(
        by limits: WorkGuard, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let environment = environment
        let activation = activation
        var ends: [@Sendable () async throws -> Void] = []
        if let limit = limits.timeout {
            let now = environment.now()
            let late = lateness(limit)
            let end = now.advanced(by: min(limit, remaining ?? limit))
            ends.append {
                try await environment.sleep(until: end)
                throw late
            }
        }
        if let pulse = limits.pulse {
            ends.append {
                while pulse.end > environment.now() { try await environment.sleep(until: pulse.end) }
                throw HeartbeatError(activation: activation, limit: pulse.limit)
            }
        }
        if let stop = limits.stop {
            ends.append { if limits.ends(await stop.wait()) { throw StoppedError() } }
        }
        return try await environment.unless(ends, body)
    }

    /// What is thrown when this much time is over, or less if a deadline comes before.
    private func lateness(_ limit: Duration) -> any Error {
        if let deadline, let remaining, remaining < limit {
            return DeadlineError(activation: activation, deadline: deadline)
        }
        return TimeoutError(activation: activation, limit: limit)
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
