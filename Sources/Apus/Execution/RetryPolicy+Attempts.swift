extension RetryPolicy {
    /// Performs `body` until it succeeds, or throws what the last attempt threw. The delays come from the environment of `context`.
    func attempts<Value: Sendable>(
        _ context: NodeContext, _ body: (NodeContext) async throws -> Value
    ) async throws -> Value {
        var number = 1
        while true {
            do {
                return try await body(context.attempt(number))
            } catch let error where context.mayGoOn(after: error) {
                guard number < attempts, accepts(error) else { throw error }
                context.extras?.handle?.discardSent(by: context.body)
                let services = context.site.services
                let delay = delay(after: number, error: error, chance: context.environment.random())
                if let deadline = context.deadline, let remaining = context.remaining, remaining <= delay {
                    throw DeadlineError(activation: context.activation, deadline: deadline, cause: "\(error)")
                }
                services.emit(.retrying(context.activation, attempt: number, error: "\(error)", delay: delay))
                try await context.environment.sleep(for: delay)
                try await services.checkCancelled()
                number += 1
                services.emit(.started(context.activation, attempt: number))
            }
        }
    }
}

extension NodeContext {
    /// Whether the attempt alone is over, not the activation or the whole run.
    func mayGoOn(after error: any Error) -> Bool {
        if error is StoppedError || Task.isCancelled || site.services.isOutOfSteps { return false }
        return body != nil || extras?.handle?.isCompleted != true
    }
}
