public import Apus

/// Asks again where that may help, after the wait the policy says, or the longer one the provider asked for.
///
/// A streamed answer of which pieces were handed over is not begun again: its error goes on as it came.
public struct RetryingProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let policy: RetryPolicy
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await attempts { try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        let hasBegun = Guarded(false)
        return try await attempts(while: { !hasBegun.withLock { $0 } }) {
            try await base.stream(request) { event in
                hasBegun.withLock { $0 = true }
                try await receive(event)
            }
        }
    }

    private func attempts<Value>(
        while mayRepeat: () -> Bool = { true }, _ body: () async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await body()
            } catch {
                guard attempt < policy.attempts, policy.accepts(error), mayRepeat(), !Task.isCancelled else {
                    throw error
                }
                let wait = policy.delay(after: attempt, error: error, chance: environment.random())
                try await environment.sleep(for: wait)
                attempt += 1
            }
        }
    }
}

extension LLMProvider {
    /// The same model, asked again where that may help.
    public func retrying(
        _ policy: RetryPolicy = RetryPolicy(
            attempts: 4, backoff: .exponential(first: .seconds(1), factor: 2, limit: .seconds(30))),
        environment: any Environment = .live
    ) -> RetryingProvider<Self> {
        RetryingProvider(base: self, policy: policy, environment: environment)
    }
}
