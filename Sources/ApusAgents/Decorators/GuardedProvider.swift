public import Apus

/// Asks a model only when a guard lets it: a breaker, a rate limit, a bulkhead.
public struct GuardedProvider<Base: LLMProvider, Guard: CallGuard>: LLMProvider {
    let base: Base
    let gate: Guard
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await gate.run(in: environment) { try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await gate.run(in: environment) { try await base.stream(request, receive) }
    }
}

extension LLMProvider {
    /// The same model behind a breaker, rate limit, bulkhead or other guard, which it may share with others; the last one written is asked
    /// first.
    public func guarded<Guard: CallGuard>(
        by gate: Guard, environment: any Environment = .live
    ) -> GuardedProvider<Self, Guard> {
        GuardedProvider(base: self, gate: gate, environment: environment)
    }

    /// The same model, not asked while the breaker is open.
    public func breaker(
        _ breaker: CircuitBreaker, environment: any Environment = .live
    ) -> GuardedProvider<Self, CircuitBreaker> {
        guarded(by: breaker, environment: environment)
    }

    /// The same model, asked no more often than the limiter allows.
    public func rateLimited(
        by limiter: RateLimiter, environment: any Environment = .live
    ) -> GuardedProvider<Self, RateLimiter> {
        guarded(by: limiter, environment: environment)
    }

    /// The same model, asked by no more at once than the bulkhead has places for.
    public func bulkhead(
        _ bulkhead: Bulkhead, environment: any Environment = .live
    ) -> GuardedProvider<Self, Bulkhead> {
        guarded(by: bulkhead, environment: environment)
    }
}
